"""API keys of an organisation: list, add, revoke."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from app import clock, db, ids
from app.errors import Conflict, Invalid, NotFound
from app.models.api_key import KeyIn, KeyOut, KeyRevokedOut, MadeKeyOut
from app.rules.access import Actor
from app.services import audit, auth, idempotency, posts, setup
from app.services.idempotency import create_once
from app.services.pagination import cursor_before, page_of
from app.sql import Statement

MAX_KEY_LIFETIME: Final = timedelta(days=365)
MAX_LIVE_KEYS: Final = 2  # per organisation: the one in use and its replacement
MAX_TRIES: Final = 10  # of an insert that loses against other changes of the setup


class KeyRow(NamedTuple):
    """A key with the end of its login."""

    id: UUID
    name: str
    scopes: list[str]
    hint: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


_SELECT: Final = """
SELECT k.id, k.name, k.scopes, k.hint, k.created_at, k.expires_at, k.last_used_at, l.revoked_at
FROM api_key k JOIN login l ON l.id = k.login_id WHERE k.organisation_id = :organisation_id
"""
_SELECT_ONE: Final = Statement(f"{_SELECT} AND k.id = :key_id")
_PAGE: Final = Statement(f"{_SELECT} AND k.id < :before ORDER BY k.id DESC LIMIT :limit")


async def key_page(organisation_id: UUID, limit: int, cursor: str | None) -> tuple[list[KeyOut], str | None]:
    """Return a page of an organisation's keys, newest first, revoked and expired ones included, and the next cursor."""
    rows = await db.execute(
        _PAGE, organisation_id=organisation_id, before=cursor_before(cursor), limit=limit + 1
    )
    page, next_cursor = page_of(rows, limit)
    return [_serialize(KeyRow(**row)) for row in page], next_cursor


def _serialize(row: KeyRow) -> KeyOut:
    return KeyOut(**row._asdict())


async def add_key(
    actor: Actor, organisation_id: UUID, form: KeyIn, key: str | None
) -> tuple[MadeKeyOut, bool]:
    """Add an API key, once per idempotency key; also return whether this is a repeat, which does not show the key again.

    Raises Conflict if MAX_LIVE_KEYS are live already, Invalid for an expiry in the past or too far ahead.
    """
    api_key = auth.make_key()
    row, replayed = await create_once(
        actor,
        key,
        f"key {organisation_id}",
        form,
        lambda bound_key: _insert(actor, organisation_id, form, api_key=api_key, key=bound_key),
        lambda key_id: _load(organisation_id, key_id),
    )
    secret = {} if replayed else {"key": api_key}
    return MadeKeyOut(**row._asdict(), **secret), replayed


async def issue_key(organisation: str | None, form: KeyIn) -> tuple[MadeKeyOut, str]:
    """Add an API key of an organisation given by name or code on the command line; also return the organisation's name.

    Raises as `add_key`, NotFound for an unknown organisation, and Conflict for an ambiguous name.
    """
    owner = await posts.find_organisation(organisation)
    api_key = auth.make_key()
    key_id = await _insert(None, owner.id, form, api_key=api_key, key=None)
    return MadeKeyOut(**(await _load(owner.id, key_id))._asdict(), key=api_key), owner.name


async def _load(organisation_id: UUID, key_id: UUID) -> KeyRow:
    row = await db.execute_one(_SELECT_ONE, organisation_id=organisation_id, key_id=key_id)
    if row is None:
        raise NotFound
    return KeyRow(**row)


async def _insert(
    actor: Actor | None,
    organisation_id: UUID,
    form: KeyIn,
    *,
    api_key: str,
    key: idempotency.IdempotencyKey | None,
) -> UUID:
    key_id, now = ids.new(), clock.now()
    expires_at = _expiry(form.expires_at, now)
    for _ in range(MAX_TRIES):
        row = await db.execute_one(
            _INSERT,
            actor_id=actor.person_id if actor else None,
            organisation_id=organisation_id,
            now=now,
            version=(await setup.current_catalogue()).version,
            max_live=MAX_LIVE_KEYS,
            person_id=ids.new(),
            login_id=ids.new(),
            key_id=key_id,
            name=form.name,
            scopes=form.scopes,
            digest=auth.key_digest(api_key),
            hint=api_key[: auth.HINT_LENGTH],
            expires_at=expires_at,
            **idempotency.key_values(key),
            **audit.entry_values(),
        )
        assert row is not None, "an aggregate without GROUP BY returns one row"
        if row["created_id"]:
            return key_id
        if row["live"] >= MAX_LIVE_KEYS:
            raise Conflict("这个单位已有两个有效的密钥，请先吊销一个")
    raise Conflict("有人正在修改设置，请稍后再试")


def _expiry(requested: datetime | None, now: datetime) -> datetime:
    expires_at = requested or now + MAX_KEY_LIFETIME
    if not now < expires_at <= now + MAX_KEY_LIFETIME:
        raise Invalid.at("/expires_at", "有效期要在以后，最长一年")
    return expires_at


_AUDIT_INSERT: Final = audit.insert_entry(
    "key_made",
    subject=":organisation_id",
    source="insert_api_key",
    data="jsonb_build_object('key', id, 'scopes', :scopes::text[])",
)
# Inserts only if the setup's version is unchanged: two inserts at once could otherwise leave three live keys.
# All keys of an organisation act as one person, so that a new key still sees the photos and tickets of the old one.
_INSERT: Final = Statement(f"""
WITH live_keys AS (
    SELECT count(*) AS n FROM api_key k JOIN login l ON l.id = k.login_id
    WHERE k.organisation_id = :organisation_id AND l.revoked_at IS NULL AND k.expires_at > :now
), bump_version AS (
    {setup.bump_version("FROM live_keys")} WHERE version = :version AND live_keys.n < :max_live RETURNING version
), upsert_person AS (
    INSERT INTO person (id, created_at, name, organisation_id)
    SELECT :person_id, :now, o.name, o.id FROM organisation o, bump_version
    WHERE o.id = :organisation_id ON CONFLICT (organisation_id) DO UPDATE SET name = excluded.name RETURNING id
), insert_login AS (
    INSERT INTO login (id, person_id, kind, created_at, rotated_at)
    SELECT :login_id, id, 'key', :now, :now FROM upsert_person RETURNING id
), insert_api_key AS (
    INSERT INTO api_key (id, organisation_id, login_id, name, scopes, digest, hint, created_at, expires_at)
    SELECT :key_id, :organisation_id, id, :name, :scopes, :digest, :hint, :now, :expires_at FROM insert_login RETURNING id
), insert_key AS ({idempotency.insert_key("insert_api_key")}),
insert_audit AS ({_AUDIT_INSERT})
SELECT live_keys.n AS live, (SELECT id FROM insert_api_key) AS created_id FROM live_keys
""")


async def revoke_key(actor: Actor, organisation_id: UUID, key_id: UUID) -> KeyRevokedOut:
    """Revoke a key, with effect from its next request on; a repeat changes nothing.

    Raises NotFound for a key of another organisation.
    """
    row = await db.execute_one(
        _REVOKE,
        organisation_id=organisation_id,
        key_id=key_id,
        actor_id=actor.person_id,
        now=clock.now(),
        **audit.entry_values(),
    )
    if row is None:
        raise NotFound
    return KeyRevokedOut(id=key_id, revoked_at=row["revoked_at"])


_AUDIT_REVOKE: Final = audit.insert_entry(
    "key_revoked",
    subject=":organisation_id",
    source="revoke_login",
    data="jsonb_build_object('key', key_id)",
)
_REVOKE: Final = Statement(f"""
WITH select_key AS (
    SELECT k.id, k.login_id, l.revoked_at FROM api_key k JOIN login l ON l.id = k.login_id
    WHERE k.organisation_id = :organisation_id AND k.id = :key_id
), revoke_login AS (
    UPDATE login l SET revoked_at = :now FROM select_key k WHERE l.id = k.login_id AND l.revoked_at IS NULL
    RETURNING k.id AS key_id
), insert_audit AS ({_AUDIT_REVOKE})
SELECT coalesce(revoked_at, :now) AS revoked_at FROM select_key
""")
