"""Writing the replies of an office: whoever holds a post there may."""

from typing import Final
from uuid import UUID

from app import clock, db, ids
from app.errors import Conflict, Invalid, NotFound, StaleSettings
from app.models.reply import ReplyChangeIn, ReplyIn, ReplyOut
from app.rules.access import STAFF, Actor
from app.services import idempotency, setup
from app.services.idempotency import IdempotencyKey
from app.services.replies.listing import serialize
from app.services.replies.search import initials
from app.sql import Statement

MAX_REPLIES: Final = 500  # of one office
_LOAD: Final = Statement("SELECT * FROM reply WHERE id = :reply_id AND unit_id = ANY (:units::uuid[])")


async def load_reply(actor: Actor, reply_id: UUID) -> ReplyOut:
    """Return a reply of one of the caller's offices. Raises NotFound for any other."""
    units = actor.units(STAFF)
    row = await db.execute_one(_LOAD, reply_id=reply_id, units=units)
    if row is None:
        raise NotFound
    return serialize(row, await setup.current_catalogue(), units)


async def create_reply(actor: Actor, form: ReplyIn, key: str | None) -> tuple[ReplyOut, bool]:
    """Write a reply of the office of one's first post, once per idempotency key; return it, and whether this repeats
    an earlier request.
    """

    async def insert(bound: IdempotencyKey | None) -> UUID:
        await _require_category(form.category)
        row = await db.execute_one(
            _INSERT,
            reply_id=ids.new(),
            unit_id=actor.units(STAFF)[0],
            actor_id=actor.person_id,
            category=form.category,
            action=form.action,
            text=form.text,
            initials=initials(form.text),
            max=MAX_REPLIES,
            now=clock.now(),
            **idempotency.key_values(bound),
        )
        if row is None:
            raise Conflict(f"最多保存{MAX_REPLIES}条常用语，请先删除不用的")
        return UUID(str(row["id"]))

    return await idempotency.create_once(
        actor, key, "reply", form, insert, lambda reply_id: load_reply(actor, reply_id)
    )


_INSERT: Final = Statement(f"""
WITH insert_reply AS (
    INSERT INTO reply (id, unit_id, category, action, text, initials, changed_at)
    SELECT :reply_id, :unit_id, :category, :action, :text, :initials, :now
    WHERE (SELECT count(*) FROM reply WHERE unit_id = :unit_id) < :max
    RETURNING id
), insert_key AS ({idempotency.insert_key("insert_reply")})
SELECT id FROM insert_reply
""")


async def _require_category(category: str | None) -> None:
    if category and category not in (await setup.current_catalogue()).categories:
        raise Invalid.at("/category", "没有这个问题类别")


async def change_reply(actor: Actor, reply: ReplyOut, form: ReplyChangeIn) -> ReplyOut:
    """Change what the form gives. Raises Invalid, StaleSettings when somebody was faster."""
    await _require_category(form.category)
    category = form.category if "category" in form.model_fields_set else reply.category
    row = await db.execute_one(
        _UPDATE,
        reply_id=reply.id,
        version=form.version,
        category=category,
        action=form.action,
        text=form.text,
        initials=initials(form.text) if form.text else None,
        now=clock.now(),
    )
    if row is None:
        now = await load_reply(actor, reply.id)
        raise StaleSettings(version=now.version)
    return await load_reply(actor, reply.id)


_UPDATE: Final = Statement("""
UPDATE reply SET category = :category, action = coalesce(:action, action), text = coalesce(:text, text),
    initials = coalesce(:initials, initials), version = version + 1, changed_at = :now
WHERE id = :reply_id AND version = :version RETURNING id
""")


async def delete_reply(reply: ReplyOut) -> None:
    """Delete a reply."""
    await db.execute(_DELETE, reply_id=reply.id)


_DELETE: Final = Statement("DELETE FROM reply WHERE id = :reply_id")
