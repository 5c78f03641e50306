"""Giving an organisation API keys, and taking them back; each with its audit entry in one statement."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.errors import Conflict, Invalid, NotFound
from app.models.api_key import KeyIn, KeyOut, KeyRevokedOut, MadeKeyOut
from app.rules.access import Actor
from app.services import audit, catalogue, ledger, passes
from app.services.notices import before
from app.services.once import REMEMBERED, once

LONGEST: Final = timedelta(days=365)
LIVE: Final = 2  # one in use, and the one that takes its place
ATTEMPTS: Final = 10

_KEY: Final = (
    "SELECT k.*, l.revoked_at FROM api_key k JOIN login l ON l.id = k.login_id WHERE k.organisation_id = $1"
)
_PAGE: Final = f"{_KEY} AND k.id < $2 ORDER BY k.id DESC LIMIT $3"


async def page(organisation_id: UUID, limit: int, cursor: str | None) -> tuple[list[KeyOut], str | None]:
    """Return an organisation's keys, newest first, those that are over too."""
    rows = await db.fetch(_PAGE, organisation_id, before(cursor), limit + 1)
    items = [KeyOut(**_shown(row)) for row in rows[:limit]]
    return items, str(items[-1].id) if len(rows) > limit else None


def _shown(row: Any) -> dict[str, Any]:
    return {name: row[name] for name in KeyOut.model_fields}


async def add(actor: Actor, organisation_id: UUID, form: KeyIn, under: str | None) -> tuple[MadeKeyOut, bool]:
    """Make a key, once per Idempotency-Key; Conflict when two are live. A repeat does not show the key again."""
    key = passes.make()
    made, replayed = await once(
        actor,
        under,
        f"key {organisation_id}",
        form,
        lambda written: _make(actor, organisation_id, form, key, written),
    )
    row = await db.fetchrow(f"{_KEY} AND k.id = $2", organisation_id, made)
    assert row is not None, "keys are never deleted"
    return MadeKeyOut(**_shown(row), **({} if replayed else {"key": key})), replayed


async def _make(actor: Actor, organisation_id: UUID, form: KeyIn, key: str, under: ledger.Key | None) -> UUID:
    key_id, now = ids.new(), clock.now()
    said = (form.name, form.scopes, passes.digest(key), key[: passes.HINT], _expiry(form.expires_at, now))
    for _ in range(ATTEMPTS):
        version = (await catalogue.refresh()).version
        by = (actor.person_id, under and under.key, under and under.digest, now)
        who = (ids.new(), ids.new(), ids.new(), audit.came_from.get())
        row = await db.fetchrow(_MAKE, *by, version, organisation_id, LIVE, key_id, *said, *who)
        assert row is not None, "one row, whatever was written"
        if row["made"]:
            return key_id
        if row["live"] >= LIVE:
            raise Conflict("这个单位已有两个有效的密钥，请先吊销一个")
    raise Conflict("有人正在修改设置，请稍后再试")


def _expiry(asked: datetime | None, now: datetime) -> datetime:
    expires = asked or now + LONGEST
    if not now < expires <= now + LONGEST:
        raise Invalid.at("/expires_at", "有效期要在以后，最长一年")
    return expires


# Written only when nobody changed the setup meanwhile: two who make one at once must not leave three live.
# What keys do is done by the organisation as a person, so that the key after this one finds its photos and reports.
_MAKE: Final = f"""
WITH live AS (
    SELECT count(*) AS n FROM api_key k JOIN login l ON l.id = k.login_id
    WHERE k.organisation_id = $6 AND l.revoked_at IS NULL AND k.expires_at > $4
), renewed AS (
    UPDATE setup SET version = version + 1 FROM live WHERE version = $5 AND live.n < $7 RETURNING version
), acting AS (
    INSERT INTO person (id, created_at, name, organisation_id) SELECT $14, $4, o.name, o.id FROM organisation o, renewed
    WHERE o.id = $6 ON CONFLICT (organisation_id) DO UPDATE SET name = excluded.name RETURNING id
), sign_in AS (
    INSERT INTO login (id, person_id, kind, created_at, rotated_at) SELECT $15, id, 'key', $4, $4 FROM acting RETURNING id
), made AS (
    INSERT INTO api_key (id, organisation_id, login_id, name, scopes, digest, hint, created_at, expires_at)
    SELECT $8, $6, id, $9, $10, $11, $12, $4, $13 FROM sign_in RETURNING id
), remembered AS ({REMEMBERED}), noted AS (
    INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
    SELECT $16, $4, 'key_made', $1, $6, $17, jsonb_build_object('key', id, 'scopes', $10::text[]) FROM made
)
SELECT live.n AS live, (SELECT id FROM made) AS made FROM live
"""


async def revoke(actor: Actor, organisation_id: UUID, key_id: UUID) -> KeyRevokedOut:
    """End a key, from its next request on; ending it again changes nothing. NotFound for another organisation's."""
    by = (clock.now(), ids.new(), actor.person_id, audit.came_from.get())
    row = await db.fetchrow(_REVOKE, organisation_id, key_id, *by)
    if row is None:
        raise NotFound
    return KeyRevokedOut(id=key_id, revoked_at=row["revoked_at"])


_REVOKE: Final = """
WITH meant AS (
    SELECT k.id, k.login_id, l.revoked_at FROM api_key k JOIN login l ON l.id = k.login_id
    WHERE k.organisation_id = $1 AND k.id = $2
), ended AS (
    UPDATE login SET revoked_at = $3 FROM meant WHERE login.id = meant.login_id AND login.revoked_at IS NULL
    RETURNING meant.id
), noted AS (
    INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
    SELECT $4, $3, 'key_revoked', $5, $1, $6, jsonb_build_object('key', id) FROM ended
)
SELECT coalesce(revoked_at, $3) AS revoked_at FROM meant
"""
