"""Webhook endpoints of an organisation or an office: listed, added, changed and ended, each with its audit entry."""

from typing import Final
from uuid import UUID

from app import clock, db, ids
from app.errors import Conflict, Forbidden, NotFound
from app.models.webhook import (
    EndedWebhookOut,
    WebhookChangeIn,
    WebhookIn,
    WebhookMadeOut,
    WebhookOut,
    WebhookRow,
)
from app.rules.access import Actor
from app.services import audit, encryption, idempotency, setup
from app.services.idempotency import IdempotencyKey
from app.services.pagination import cursor_before, page_of
from app.services.webhooks import signing_secrets
from app.services.webhooks.owners import Owner, owners
from app.services.webhooks.url_check import check_url
from app.sql import Statement

MAX_PER_OWNER: Final = 20
MAX_ATTEMPTS: Final = 10  # to add an endpoint while others change the setup


def _owner_ids(actor: Actor) -> list[UUID]:
    return [owner.id for owner in owners(actor)]


async def endpoint_page(actor: Actor, limit: int, cursor: str | None) -> tuple[list[WebhookOut], str | None]:
    """Return one page of the actor's webhooks, newest first, and the cursor of the next page."""
    rows: list[WebhookRow] = await db.execute(
        _SELECT_PAGE, owner_ids=_owner_ids(actor), before=cursor_before(cursor), limit=limit + 1
    )
    page, next_cursor = page_of(rows, limit)
    return [_serialize(row) for row in page], next_cursor


async def load_endpoint(actor: Actor, webhook_id: UUID) -> WebhookRow:
    """Return one of the actor's webhooks. Raises NotFound for any other, whether it exists or not."""
    row: WebhookRow | None = await db.execute_one(
        _SELECT_ONE, owner_ids=_owner_ids(actor), webhook_id=webhook_id
    )
    if row is None:
        raise NotFound
    return row


_OWN: Final = """
SELECT * FROM webhook
WHERE ended_at IS NULL AND (organisation_id = ANY(:owner_ids::uuid[]) OR place_id = ANY(:owner_ids::uuid[]))
"""
_SELECT_PAGE: Final = Statement(f"{_OWN} AND id < :before ORDER BY id DESC LIMIT :limit")
_SELECT_ONE: Final = Statement(f"{_OWN} AND id = :webhook_id")


def _serialize(row: WebhookRow) -> WebhookOut:
    return WebhookOut(
        id=row["id"],
        url=row["url"],
        events=row["events"],
        organisation_id=row["organisation_id"],
        place_id=row["place_id"],
        created_at=row["created_at"],
        active=row["disabled_at"] is None,
        disabled_at=row["disabled_at"],
        disabled_for=row["disabled_for"],
        failing_since=row["failing_since"],
    )


async def add_endpoint(actor: Actor, form: WebhookIn, key: str | None) -> tuple[WebhookMadeOut, bool]:
    """Add a webhook, once per idempotency key; return it, and whether this repeats an earlier request.

    Raises Forbidden for somebody else's owner, Invalid for an unacceptable URL, Conflict when the owner has 20 already,
    Gone for a repeat after it has ended.
    """
    owner = next((owner for owner in owners(actor) if form.owner_id in {None, owner.id}), None)
    if owner is None:
        raise Forbidden("您不能为这个单位设置推送")
    url = await check_url(form.url)

    async def insert(bound_key: IdempotencyKey | None) -> UUID:
        return await _insert(actor, owner, form, url, bound_key)

    return await idempotency.create_once(actor, key, f"webhook {owner.id}", form, insert, _load_made)


async def _load_made(webhook_id: UUID) -> WebhookMadeOut:
    """Return a webhook with its secret. Raises NotFound when it has ended, even if it was made a moment ago."""
    row: WebhookRow | None = await db.execute_one(_SELECT_BY_ID, webhook_id=webhook_id)
    secret = await signing_secrets.current_secret(webhook_id)
    if row is None or secret is None:
        raise NotFound
    return WebhookMadeOut(**_serialize(row).model_dump(), secret=secret)


_SELECT_BY_ID: Final = Statement("SELECT * FROM webhook WHERE id = :webhook_id AND ended_at IS NULL")


async def _insert(actor: Actor, owner: Owner, form: WebhookIn, url: str, key: IdempotencyKey | None) -> UUID:
    webhook_id, sealed = ids.new(), encryption.encrypt(signing_secrets.generate_secret())
    for _ in range(MAX_ATTEMPTS):
        row = await db.execute_one(
            _INSERT,
            version=(await setup.current_catalogue()).version,
            owner_id=owner.id,
            max_per_owner=MAX_PER_OWNER,
            webhook_id=webhook_id,
            organisation_id=owner.organisation_id,
            place_id=owner.place_id,
            url=url,
            events=form.events,
            secret_id=ids.new(),
            sealed=sealed,
            actor_id=actor.person_id,
            now=clock.now(),
            **idempotency.key_values(key),
            **audit.entry_values(),
        )
        assert row is not None, "the count always returns a row"
        if row["created_id"]:
            return webhook_id
        if row["existing"] >= MAX_PER_OWNER:
            raise Conflict(f"最多设置{MAX_PER_OWNER}个推送地址，请先删除不用的")
    raise Conflict("有人正在修改设置，请稍后再试")


def _insert_entry(type_: str, source: str) -> str:
    return audit.insert_entry(
        type_,
        subject="coalesce(organisation_id, place_id)",
        data="jsonb_build_object('webhook', id)",
        source=source,
    )


# Inserts only if nobody has changed the setup since `version`: requests at the same time cannot exceed the maximum.
_INSERT: Final = Statement(f"""
WITH count_webhook AS (
    SELECT count(*) AS n FROM webhook WHERE ended_at IS NULL AND coalesce(organisation_id, place_id) = :owner_id
), bump_version AS (
    {setup.bump_version("FROM count_webhook c WHERE version = :version AND c.n < :max_per_owner RETURNING version")}
), insert_webhook AS (
    INSERT INTO webhook (id, organisation_id, place_id, url, events, created_at)
    SELECT :webhook_id, :organisation_id, :place_id, :url, :events, :now FROM bump_version
    RETURNING id, organisation_id, place_id
), insert_secret AS (
    INSERT INTO webhook_secret (id, webhook_id, sealed) SELECT :secret_id, id, :sealed FROM insert_webhook
), insert_key AS ({idempotency.insert_key("insert_webhook")}),
insert_audit AS ({_insert_entry("webhook_added", "insert_webhook")})
SELECT c.n AS existing, (SELECT id FROM insert_webhook) AS created_id FROM count_webhook c
""")


async def change_endpoint(actor: Actor, webhook: WebhookRow, form: WebhookChangeIn) -> WebhookOut:
    """Change what the form gives. A webhook that is enabled again continues with the deliveries that still wait.

    Raises Invalid for an unacceptable URL, NotFound when it has ended meanwhile.
    """
    url = await check_url(form.url) if form.url and form.url != webhook["url"] else None
    row: WebhookRow | None = await db.execute_one(
        _UPDATE,
        webhook_id=webhook["id"],
        url=url,
        events=form.events,
        active=form.active,
        actor_id=actor.person_id,
        now=clock.now(),
        **audit.entry_values(),
    )
    if row is None:
        raise NotFound
    return _serialize(row)


_UPDATE: Final = Statement(f"""
WITH update_webhook AS (
    UPDATE webhook SET url = coalesce(:url, url), events = coalesce(:events::text[], events),
        disabled_at = CASE WHEN :active THEN NULL WHEN NOT :active THEN coalesce(disabled_at, :now) ELSE disabled_at END,
        disabled_for = CASE WHEN :active THEN NULL WHEN NOT :active THEN coalesce(disabled_for, 'owner')
                            ELSE disabled_for END,
        failing_since = CASE WHEN :active OR :url::text IS NOT NULL THEN NULL ELSE failing_since END
    WHERE id = :webhook_id AND ended_at IS NULL RETURNING *
), bump_version AS ({setup.bump_version("FROM update_webhook")}),
insert_audit AS ({_insert_entry("webhook_changed", "update_webhook")})
SELECT * FROM update_webhook
""")


async def end_endpoint(actor: Actor, webhook: WebhookRow) -> EndedWebhookOut:
    """End a webhook and delete its secrets. Nothing more is sent to it, waiting deliveries included."""
    now = clock.now()
    await db.execute(
        _END, webhook_id=webhook["id"], actor_id=actor.person_id, now=now, **audit.entry_values()
    )
    return EndedWebhookOut(id=webhook["id"], ended_at=now)


_END: Final = Statement(f"""
WITH end_webhook AS (
    UPDATE webhook SET ended_at = :now WHERE id = :webhook_id AND ended_at IS NULL RETURNING *
), bump_version AS ({setup.bump_version("FROM end_webhook")}), delete_secret AS (
    DELETE FROM webhook_secret USING end_webhook w WHERE webhook_id = w.id
)
{_insert_entry("webhook_ended", "end_webhook")}
""")
