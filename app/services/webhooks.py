"""Webhooks of an organisation or an office: added, changed, ended; each with its audit entry."""

from typing import Any, Final, NamedTuple
from uuid import UUID

from app import clock, db, ids
from app.errors import Conflict, Forbidden, NotFound
from app.models.webhook import (
    EndedWebhookOut,
    WebhookChangeIn,
    WebhookIn,
    WebhookMadeOut,
    WebhookOut,
)
from app.rules.access import Actor
from app.services import audit, catalogue, ledger, signing, vault
from app.services.notices import before
from app.services.once import REMEMBERED, once
from app.services.receivers import checked
from app.words import Role

MOST: Final = 20  # of one owner
ATTEMPTS: Final = 10


class Owner(NamedTuple):
    """Whose a webhook is: an organisation, or a community or street."""

    organisation_id: UUID | None = None
    place_id: UUID | None = None

    @property
    def id(self) -> UUID:
        """The one that is set."""
        owner = self.organisation_id or self.place_id
        assert owner is not None
        return owner


def owners(actor: Actor) -> list[Owner]:
    """Return for whom somebody manages webhooks, narrowest first; Forbidden for nobody."""
    found = [
        Owner(seat.organisation_id) if seat.organisation_id else Owner(None, seat.unit_id)
        for seat in actor.seats
        if seat.organisation_id or seat.role in {Role.COMMUNITY, Role.STREET}
    ]
    if not found:
        raise Forbidden
    return found


_WEBHOOK: Final = """
SELECT * FROM webhook WHERE ended_at IS NULL AND (organisation_id = ANY($1::uuid[]) OR place_id = ANY($1::uuid[]))
"""
_PAGE: Final = f"{_WEBHOOK} AND id < $2 ORDER BY id DESC LIMIT $3"


async def page(actor: Actor, limit: int, cursor: str | None) -> tuple[list[WebhookOut], str | None]:
    """Return one's own webhooks, newest first."""
    rows = await db.fetch(_PAGE, [owner.id for owner in owners(actor)], before(cursor), limit + 1)
    items = [WebhookOut(**_shown(row)) for row in rows[:limit]]
    return items, str(items[-1].id) if len(rows) > limit else None


def _shown(row: Any) -> dict[str, Any]:
    same = ("id", "url", "events", "organisation_id", "place_id", "created_at")
    shown = {name: row[name] for name in (*same, "disabled_at", "disabled_for", "failing_since")}
    return shown | {"active": row["disabled_at"] is None}


async def scope(actor: Actor, webhook_id: UUID) -> Any:
    """Return one of one's own webhooks; NotFound for any other, as for one that does not exist."""
    row = await db.fetchrow(f"{_WEBHOOK} AND id = $2", [owner.id for owner in owners(actor)], webhook_id)
    if row is None:
        raise NotFound
    return row


async def add(actor: Actor, form: WebhookIn, key: str | None) -> tuple[WebhookMadeOut, bool]:
    """Add a webhook, once per key. Invalid for an address nothing is sent to, Conflict for the twenty-first."""
    mine = owners(actor)
    owner = next((one for one in mine if form.owner_id in {None, one.id}), None)
    if owner is None:
        raise Forbidden("您不能为这个单位设置推送")
    url = await checked(form.url)
    made, replayed = await once(
        actor, key, f"webhook {owner.id}", form, lambda under: _insert(actor, owner, form, url, under)
    )
    row = await db.fetchrow("SELECT * FROM webhook WHERE id = $1", made)
    assert row is not None, "webhooks are ended, never deleted"
    return WebhookMadeOut(**_shown(row), secret=await signing.newest(made)), replayed


async def _insert(actor: Actor, owner: Owner, form: WebhookIn, url: str, under: ledger.Key | None) -> UUID:
    webhook_id, sealed = ids.new(), vault.seal(signing.secret())
    for _ in range(ATTEMPTS):
        version = (await catalogue.refresh()).version
        by = (actor.person_id, under and under.key, under and under.digest, clock.now())
        made = (webhook_id, owner.organisation_id, owner.place_id, url, form.events, ids.new(), sealed)
        row = await db.fetchrow(
            _INSERT, *by, version, owner.id, MOST, *made, ids.new(), audit.came_from.get()
        )
        assert row is not None, "one row, whatever was written"
        if row["made"]:
            return webhook_id
        if row["there"] >= MOST:
            raise Conflict(f"最多设置{MOST}个推送地址，请先删除不用的")
    raise Conflict("有人正在修改设置，请稍后再试")


# Written only when nobody changed the setup meanwhile: of many at once, no more than twenty come to be.
_INSERT: Final = f"""
WITH there AS (
    SELECT count(*) AS n FROM webhook WHERE ended_at IS NULL AND coalesce(organisation_id, place_id) = $6
), renewed AS (
    UPDATE setup SET version = version + 1 FROM there WHERE version = $5 AND there.n < $7 RETURNING version
), made AS (
    INSERT INTO webhook (id, organisation_id, place_id, url, events, created_at)
    SELECT $8, $9, $10, $11, $12, $4 FROM renewed RETURNING id
), secret AS (
    INSERT INTO webhook_secret (id, webhook_id, sealed) SELECT $13, id, $14 FROM made
), remembered AS ({REMEMBERED}), noted AS (
    INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
    SELECT $15, $4, 'webhook_added', $1, $6, $16, jsonb_build_object('webhook', id) FROM made
)
SELECT there.n AS there, (SELECT id FROM made) AS made FROM there
"""


async def change(actor: Actor, webhook: Any, form: WebhookChangeIn) -> WebhookOut:
    """Change what is given. What was off and is on again goes on with what still waits."""
    url = await checked(form.url) if form.url and form.url != webhook["url"] else None
    said = (webhook["id"], url, form.events, form.active, clock.now())
    row = await db.fetchrow(_CHANGE, *said, ids.new(), actor.person_id, audit.came_from.get())
    if row is None:
        raise NotFound
    return WebhookOut(**_shown(row))


_CHANGE: Final = """
WITH changed AS (
    UPDATE webhook SET url = coalesce($2, url), events = coalesce($3::text[], events),
        disabled_at = CASE WHEN $4 THEN NULL WHEN NOT $4 THEN coalesce(disabled_at, $5) ELSE disabled_at END,
        disabled_for = CASE WHEN $4 THEN NULL WHEN NOT $4 THEN coalesce(disabled_for, 'owner') ELSE disabled_for END,
        failing_since = CASE WHEN $4 OR $2::text IS NOT NULL THEN NULL ELSE failing_since END
    WHERE id = $1 AND ended_at IS NULL RETURNING *
), renewed AS (
    UPDATE setup SET version = version + 1 FROM changed
), noted AS (
    INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
    SELECT $6, $5, 'webhook_changed', $7, coalesce(organisation_id, place_id), $8, jsonb_build_object('webhook', id)
    FROM changed
)
SELECT * FROM changed
"""


async def end(actor: Actor, webhook: Any) -> EndedWebhookOut:
    """End a webhook: it is sent nothing any more, and what waited for it is dropped."""
    now = clock.now()
    await db.fetch(_END, webhook["id"], now, ids.new(), actor.person_id, audit.came_from.get())
    return EndedWebhookOut(id=webhook["id"], ended_at=now)


_END: Final = """
WITH ended AS (
    UPDATE webhook SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL RETURNING *
), renewed AS (
    UPDATE setup SET version = version + 1 FROM ended
), forgotten AS (
    DELETE FROM webhook_secret USING ended WHERE webhook_id = ended.id
)
INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
SELECT $3, $2, 'webhook_ended', $4, coalesce(organisation_id, place_id), $5, jsonb_build_object('webhook', id) FROM ended
"""
