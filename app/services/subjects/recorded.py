"""Activities that are over when they are written down: a visit or a patrol, with what was said there, in one transaction."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app import db
from app.enums import SubjectKind
from app.errors import Invalid
from app.models.activity import ActivityIn, DoneIn
from app.models.opinion import OpinionIn
from app.models.relationship import RelationshipIn
from app.rules import activities
from app.rules.access import Actor
from app.rules.subjects import Parts, SubjectPart
from app.services import ledger, places
from app.services.subjects.photos import require_photos
from app.services.subjects.speakers import require_may_name, speaker_columns
from app.sql import Statement

_OTHER_CLOCK: Final = timedelta(minutes=10)  # a phone's may be fast by that
_LATEST: Final = timedelta(days=activities.RECORDED_DAYS)


def require_over(form: ActivityIn, now: datetime) -> None:
    """Raise Invalid for the times of an activity that is not over, or was too long ago to be written down now."""
    if form.ends_at > now + _OTHER_CLOCK:
        raise Invalid.at("/ends_at", "活动还没有结束，不能记为已结束")
    if form.starts_at < now - _LATEST:
        raise Invalid.at("/starts_at", f"只能补记{activities.RECORDED_DAYS}天以内的活动")


async def heard_at(form: ActivityIn, part: SubjectPart) -> list[dict[str, Any]]:
    """Return the columns of the opinions that were said at an activity.

    Raises Forbidden for a speaker whom only staff may name, Invalid for what is no telephone number.
    """
    require_may_name(part, *(heard.on_behalf_of for heard in form.opinions))
    return [
        {"sort": heard.kind, "text": heard.text}
        | await speaker_columns(heard.on_behalf_of, f"/opinions/{number}/on_behalf_of/phone")
        for number, heard in enumerate(form.opinions)
    ]


async def room_of(fetch: db.Fetch, form: ActivityIn | OpinionIn | RelationshipIn) -> UUID:
    """Return the room that a visit, an opinion or a pairing names. Raises Invalid at a place that has no rooms."""
    assert form.room, "asked for only where it is set"
    room_id = await places.room_within(fetch, form.place_id, form.room)
    if room_id is None:
        raise Invalid.at("/room", "请先选择哪栋哪单元，再填门牌号")
    return room_id


async def helpers_parts(actor: Actor, form: ActivityIn) -> Parts:
    """Return the part of somebody who looks after the household they visit, though it lies outside their own units."""
    rows = await db.execute(
        _HELPS,
        place_id=form.place_id,
        room=form.room,
        posts=[seat.id for seat in actor.seats],
    )
    seats = {seat.id: seat for seat in actor.seats}
    return {SubjectPart.HELPER: seats[rows[0]["post_id"]]} if rows else {}


_HELPS: Final = Statement("""
SELECT x.post_id FROM place r JOIN subject s ON s.place_id = r.id AND s.kind = 'relationship' AND s.status = 'active'
JOIN side x ON x.subject_id = s.id AND x.role = 'helper' AND x.agreed_at IS NOT NULL AND x.left_at IS NULL
WHERE r.level = 'room' AND r.name = :room::text AND r.parent_id = :place_id AND x.post_id = ANY(:posts::uuid[]) LIMIT 1
""")


def counts(done: DoneIn) -> dict[str, int]:
    """Return what was counted, by column."""
    counted = {"headcount": done.headcount, "visited": done.households}
    return {name: count for name, count in counted.items() if count is not None}


async def close_at_once(
    fetch: db.Fetch, actor: Actor, row: dict[str, Any], parts: Parts, part: SubjectPart, done: DoneIn
) -> None:
    """Write the end of an activity that the transaction has just opened, as `close` would."""
    await require_photos(fetch, actor.person_id, done.photo_ids, "/done/photo_ids")
    seat = parts.get(part)
    entry = ledger.Entry(
        ticket_id=row["id"],
        seq=2,
        at=row["created_at"],
        type=f"{SubjectKind.ACTIVITY}.closed",
        part=part,
        person_id=actor.person_id,
        post_id=seat.id if seat else None,
        data=dict(counts(done)),
        text=done.text,
        photo_ids=done.photo_ids,
        subject=row["kind"],
    )
    changes = {"status": "closed", "version": 2, "ended_at": row["created_at"], "result": done.text}
    if done.acts:
        changes["acts"] = list(done.acts)
    await ledger.record_on_subject(fetch, entry, changes | counts(done))
