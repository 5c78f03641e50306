"""What acts on subjects change. Each function runs in the transaction that has locked the subject, and may query it."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from app.enums import AttendanceStatus, SubjectKind
from app.errors import Invalid
from app.models.activity import CloseIn, ConfirmPeopleIn, PeopleIn, RescheduleIn
from app.models.fields import Strict
from app.models.opinion import ToProjectIn, ToTicketIn, ToTopicIn
from app.models.project import PostponeIn
from app.models.ticket import TicketIn
from app.models.topic import ReleaseTopicIn
from app.rules import topics
from app.services import tickets
from app.services.subjects import dispute_effects, offer_effects, relationship_effects, survey_effects
from app.services.subjects.effect import Act, Decide, Effect, conclude, nothing, say
from app.services.subjects.pairings import note_visit
from app.services.subjects.speakers import CONTACT
from app.services.subjects.venues import book
from app.sql import Statement


async def _to_ticket(act: Act, form: ToTicketIn) -> Effect:
    opinion, actor = act.view.subject, act.view.actor
    report = TicketIn(
        category=form.category,
        description=form.description or opinion["text"],
        place_id=opinion["place_id"],
    )
    speaker = opinion["person_id"] or (opinion["author_id"] if opinion["post_id"] is None else None)
    contact = {name: opinion[name] for name in CONTACT}
    ticket_id = await tickets.submit_within(
        act.fetch, actor, report, act.view.catalogue, reporter_id=speaker, contact=contact
    )
    return Effect({"ticket_id": ticket_id}, {"ticket": str(ticket_id)})


async def _tell(act: Act, _: Strict) -> Effect:
    return Effect({"told_at": act.now})


async def _to_topic(act: Act, form: ToTopicIn) -> Effect:
    return await _to_subject(act, SubjectKind.TOPIC, form.topic_id, "/topic_id", form.title)


async def _to_project(act: Act, form: ToProjectIn) -> Effect:
    if form.title and not form.due_at:
        raise Invalid.at("/due_at", "新立项目要写明完成日期")
    return await _to_subject(
        act, SubjectKind.PROJECT, form.project_id, "/project_id", form.title, due_at=form.due_at
    )


async def _to_subject(
    act: Act, kind: SubjectKind, subject_id: UUID | None, pointer: str, title: str | None, **columns: Any
) -> Effect:
    opinion = act.view.subject
    if subject_id is not None:
        community = opinion["community_id"]
        if not await act.run(_SAME_COMMUNITY, subject_id=subject_id, kind=kind, community_id=community):
            raise Invalid.at(pointer, "本社区没有这一项，或它已经结束，请重新选择")
    else:
        subject_id = await act.open_related(kind, title=title, source_id=opinion["id"], **columns)
    return Effect({"outcome_id": subject_id}, {str(kind): str(subject_id)})


_SAME_COMMUNITY: Final = Statement("""
SELECT FROM subject WHERE id = :subject_id AND kind = :kind AND community_id = :community_id AND ended_at IS NULL
""")


async def _release(_: Act, form: ReleaseTopicIn) -> Effect:
    changes: dict[str, Any] = {"released": True}
    return Effect(changes | ({"threshold": form.threshold} if form.threshold else {}))


async def _support(act: Act, _: Strict) -> Effect:
    topic, person_id = act.view.subject, act.view.actor.person_id
    await act.run(_INSERT_SUPPORTER, subject_id=topic["id"], person_id=person_id, at=act.now)
    count = topic["supporters"] + 1
    if topics.is_carried(topic, count):
        return Effect({"supporters": count, "status": "set"}, {"supporters": count}, event="carried")
    return Effect({"supporters": count})


async def _withdraw_support(act: Act, _: Strict) -> Effect:
    topic = act.view.subject
    await act.run(_DELETE_SUPPORTER, subject_id=topic["id"], person_id=act.view.actor.person_id)
    return Effect({"supporters": topic["supporters"] - 1})


_INSERT_SUPPORTER: Final = Statement(
    "INSERT INTO supporter (subject_id, person_id, at) VALUES (:subject_id, :person_id, :at)"
)
_DELETE_SUPPORTER: Final = Statement(
    "DELETE FROM supporter WHERE subject_id = :subject_id AND person_id = :person_id"
)


async def _set(_: Act, __: Strict) -> Effect:
    return Effect({"released": True})


async def _postpone(act: Act, form: PostponeIn) -> Effect:
    if form.due_at <= act.view.subject["due_at"]:
        raise Invalid.at("/due_at", "新的日期要晚于原来的日期")
    return Effect({"due_at": form.due_at}, {"due": form.due_at.isoformat()}, form.text)


async def _publish(act: Act, _: Strict) -> Effect:
    activity = act.view.subject
    await book(act.fetch, activity, activity["starts_at"], activity["ends_at"])
    return Effect({"released": True})


async def _reschedule(act: Act, form: RescheduleIn) -> Effect:
    await book(act.fetch, act.view.subject, form.starts_at, form.ends_at)
    times = {"starts_at": form.starts_at, "ends_at": form.ends_at}
    return Effect(dict(times), {name: at.isoformat() for name, at in times.items()}, form.text)


async def _sign_up(act: Act, _: Strict) -> Effect:
    activity = act.view.subject
    full = activity["capacity"] is not None and activity["signed_up"] >= activity["capacity"]
    status = AttendanceStatus.WAITING if full else AttendanceStatus.SIGNED_UP
    await act.run(
        _INSERT_ATTENDANCE,
        subject_id=activity["id"],
        person_id=act.view.actor.person_id,
        status=status,
        at=act.now,
    )
    column = "waiting" if full else "signed_up"
    return Effect({column: activity[column] + 1}, {"waiting": full})


async def _cancel_sign_up(act: Act, _: Strict) -> Effect:
    """Take back a sign-up. Whoever has waited longest gets the place."""
    activity = act.view.subject
    (gone,) = await act.run(_DELETE_ATTENDANCE, subject_id=activity["id"], person_id=act.view.actor.person_id)
    if gone["status"] == AttendanceStatus.WAITING:
        return Effect({"waiting": activity["waiting"] - 1})
    moved = await act.run(_MOVE_UP, subject_id=activity["id"])
    if moved:
        data = {"moved_up": str(moved[0]["person_id"])}
        return Effect({"waiting": activity["waiting"] - 1}, data, event="moved_up")
    return Effect({"signed_up": activity["signed_up"] - 1})


_INSERT_ATTENDANCE: Final = Statement("""
INSERT INTO attendance (subject_id, person_id, status, at) VALUES (:subject_id, :person_id, :status, :at)
""")
_DELETE_ATTENDANCE: Final = Statement("""
DELETE FROM attendance WHERE subject_id = :subject_id AND person_id = :person_id RETURNING status
""")
_MOVE_UP: Final = Statement("""
UPDATE attendance SET status = 'signed_up' WHERE subject_id = :subject_id AND person_id = (
    SELECT person_id FROM attendance WHERE subject_id = :subject_id AND status = 'waiting' ORDER BY at, person_id LIMIT 1
) RETURNING person_id
""")


async def _check_in(act: Act, form: PeopleIn) -> Effect:
    return await _tick(act, form, _CAME, at=act.now)


async def _confirm(act: Act, form: ConfirmPeopleIn) -> Effect:
    seat = act.view.parts[_part(act, "confirm")]
    assert seat, "only posts confirm"
    effect = await _tick(act, form, _CONFIRM, hours=form.hours, post_id=seat.id)
    if form.hours is not None:
        effect.data["hours"] = form.hours
    return effect


def _part(act: Act, action: str) -> Any:
    return next(part for part in act.view.parts if part in act.view.life.moves[action].parts)


async def _tick(act: Act, form: PeopleIn, statement: Statement, **values: Any) -> Effect:
    done = await act.run(statement, subject_id=act.view.subject["id"], people=form.people, **values)
    if len(done) < len(form.people):
        raise Invalid.at("/people", "名单里有人没有报名，或者还没有签到，请刷新名单")
    return Effect(data={"people": [str(person_id) for person_id in form.people]})


_CAME: Final = Statement("""
UPDATE attendance SET status = 'came', came_at = :at
WHERE subject_id = :subject_id AND person_id = ANY(:people::uuid[]) AND status IN ('signed_up', 'waiting', 'came')
RETURNING person_id
""")
_CONFIRM: Final = Statement("""
UPDATE attendance SET status = 'confirmed', hours = :hours::numeric, post_id = :post_id
WHERE subject_id = :subject_id AND person_id = ANY(:people::uuid[]) AND status IN ('came', 'confirmed')
RETURNING person_id
""")


async def _close(act: Act, form: CloseIn) -> Effect:
    part = _part(act, "close")
    await note_visit(act.fetch, act.view.actor, act.view.subject, part, act.view.parts[part])
    counts = {"headcount": form.headcount, "visited": form.households}
    counted = {name: count for name, count in counts.items() if count is not None}
    said = {"result": form.text} if form.text else {}
    return Effect(counted | said, dict(counted), form.text)


DECISIONS: Final[Mapping[SubjectKind, Mapping[str, Decide]]] = {
    SubjectKind.OPINION: {
        "answer": conclude,
        "note": conclude,
        "withdraw": nothing,
        "tell": _tell,
        "to_ticket": _to_ticket,
        "to_topic": _to_topic,
        "to_project": _to_project,
    },
    SubjectKind.TOPIC: {
        "release": _release,
        "support": _support,
        "withdraw_support": _withdraw_support,
        "set": _set,
        "decline": conclude,
        "discuss": nothing,
        "decide": conclude,
        "do": nothing,
        "finish": say,
        "review": say,
    },
    SubjectKind.PROJECT: {
        "start": nothing,
        "report": say,
        "postpone": _postpone,
        "finish": conclude,
        "review": say,
        "cancel": conclude,
    },
    SubjectKind.ACTIVITY: {
        "publish": _publish,
        "reschedule": _reschedule,
        "cancel": conclude,
        "sign_up": _sign_up,
        "cancel_sign_up": _cancel_sign_up,
        "start": nothing,
        "check_in": _check_in,
        "close": _close,
        "confirm": _confirm,
        "minutes": conclude,
    },
    SubjectKind.SURVEY: survey_effects.DECISIONS,
    SubjectKind.OFFER: offer_effects.OFFER_DECISIONS,
    SubjectKind.RESERVATION: offer_effects.RESERVATION_DECISIONS,
    SubjectKind.RELATIONSHIP: relationship_effects.DECISIONS,
    SubjectKind.DISPUTE: dispute_effects.DECISIONS,
}
