"""What acts on disputes change."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from app import clock, db
from app.enums import SHANGHAI, SideRole
from app.errors import Conflict, Forbidden, Invalid
from app.models.act import ActIn
from app.models.dispute import (
    AssignIn,
    DisputeIn,
    MediatorOut,
    PartyActIn,
    PartyIn,
    RecuseIn,
    SettleDisputeIn,
)
from app.models.relationship import EndIn
from app.models.subject import TextIn
from app.rules import disputes as rules
from app.rules.access import Actor
from app.rules.subjects import SubjectPart
from app.services import encryption
from app.services.pagination import cursor_before, page_of
from app.services.subjects.effect import Act, Decide, Effect
from app.services.subjects.sides import Side, insert_sides, mark_sides, new_side, person_exists
from app.services.subjects.view import SubjectView
from app.sql import Statement


async def sides_of_dispute(actor: Actor, form: DisputeIn, row: dict[str, Any]) -> list[Side]:
    """Return the studio and the parties of a new dispute, the one who asks first. Raises Invalid, Forbidden."""
    studio = await db.execute_one(
        _STUDIO,
        organisation_id=form.organisation_id,
        street_id=row["street_id"],
        community_id=row["community_id"],
    )
    if studio is None:
        raise Invalid.at("/organisation_id", "本社区没有这个调解工作室，请重新选择")
    studio_side = new_side(SideRole.STUDIO, organisation_id=form.organisation_id)
    is_studio = form.organisation_id in actor.seats_by_organisation
    asks = [] if is_studio else [new_side(SideRole.PARTY, person_id=actor.person_id)]
    others = [await _party(party, may_name_accounts=is_studio) for party in form.parties]
    if len(asks) + len(others) == 0:
        raise Invalid.at("/parties", "请写明当事人")
    named = [side["person_id"] for side in asks + others if side["person_id"]]
    if len(set(named)) < len(named):
        raise Invalid.at("/parties", "同一个人写了两次")
    return [studio_side, *asks, *others]


_STUDIO: Final = Statement("""
SELECT FROM organisation o WHERE o.id = :organisation_id AND o.kind = 'studio' AND EXISTS (
    SELECT FROM service_area a JOIN place p ON p.id = a.place_id WHERE a.organisation_id = o.id
    AND (p.id = :street_id OR coalesce(:community_id::uuid, :street_id) = ANY(p.path)))
""")


async def _party(party: PartyIn | PartyActIn, *, may_name_accounts: bool) -> Side:
    if party.person_id is not None:
        if not may_name_accounts:
            raise Forbidden("只有调解工作室可以关联当事人的账号，请写姓名")
        if not await person_exists(party.person_id):
            raise Invalid.at("/person_id", "没有这个人，请重新选择")
    side = new_side(SideRole.PARTY, person_id=party.person_id)
    return side | {"sealed": encryption.encrypt(party.name) if party.name else None}


async def _agree(act: Act, _: ActIn) -> Effect:
    one = act.view.subject
    answered = rules.to_answer(one, act.view.parts)
    await mark_sides(act.fetch, answered, agreed_at=act.now)
    parties = rules.sides(one, SideRole.PARTY)
    all_agree = all(side["agreed_at"] or side["id"] in answered for side in parties) and len(parties) > 1
    return Effect({} if all_agree else {"status": "asked"})


async def _add_party(act: Act, form: PartyActIn) -> Effect:
    one = act.view.subject
    if form.person_id and any(side["person_id"] == str(form.person_id) for side in _present(one)):
        raise Conflict("这个人已经是当事人或调解员")
    await insert_sides(act.fetch, one["id"], [await _party(form, may_name_accounts=True)])
    return Effect()


def _present(one: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [side for side in one["sides"] if side["left_at"] is None]


async def _assign(act: Act, form: AssignIn) -> Effect:
    """Name a mediator: of the studio, and no party. Raises Conflict, Invalid."""
    one, person_id = act.view.subject, str(form.person_id)
    if any(side["person_id"] == person_id and side["role"] == SideRole.PARTY for side in _present(one)):
        raise Conflict("当事人不能做自己纠纷的调解员")
    if any(side["person_id"] == person_id for side in _present(one)):
        raise Conflict("这个人已经是调解员")
    (studio,) = rules.sides(one, SideRole.STUDIO)
    if not await act.run(
        _OF_STUDIO, person_id=form.person_id, organisation_id=UUID(studio["organisation_id"]), now=act.now
    ):
        raise Invalid.at("/person_id", "这个人不是本工作室的成员，请重新选择")
    mediator = new_side(SideRole.MEDIATOR, person_id=form.person_id) | {"agreed_at": act.now}
    await insert_sides(act.fetch, one["id"], [mediator])
    return Effect()


_OF_STUDIO: Final = Statement("""
SELECT FROM post p WHERE p.person_id = :person_id AND p.organisation_id = :organisation_id AND p.ended_at IS NULL
UNION ALL
SELECT FROM side m JOIN side g ON g.subject_id = m.subject_id AND g.organisation_id = :organisation_id
JOIN subject s ON s.id = m.subject_id AND s.sort = 'member' AND s.status = 'active'
    AND (s.ends_at IS NULL OR s.ends_at > :now::timestamptz)
WHERE m.person_id = :person_id AND m.left_at IS NULL
""")


async def mediator_page(
    view: SubjectView, limit: int, cursor: str | None
) -> tuple[list[MediatorOut], str | None]:
    """Return a page of who of the studio mediates a dispute or may be named to, and the next cursor.

    Raises Forbidden for all but who heads it.
    """
    one = view.subject
    if SubjectPart.STUDIO not in view.parts:
        raise Forbidden("只有调解工作室负责人可以指定调解员")
    (studio,) = rules.sides(one, SideRole.STUDIO)
    rows = await db.execute(
        _CHOICES,
        organisation_id=UUID(studio["organisation_id"]),
        parties=[side["person_id"] for side in rules.sides(one, SideRole.PARTY) if side["person_id"]],
        now=clock.now(),
        before=cursor_before(cursor),
        limit=limit + 1,
    )
    mediators = {side["person_id"] for side in rules.sides(one, SideRole.MEDIATOR)}
    page, next_cursor = page_of(rows, limit, lambda row: str(row["person_id"]))
    return [MediatorOut(**row, mediates=str(row["person_id"]) in mediators) for row in page], next_cursor


_CHOICES: Final = Statement("""
SELECT n.id AS person_id, n.name, bool_or(x.is_head) AS is_head FROM (
    SELECT p.person_id, true AS is_head FROM post p WHERE p.organisation_id = :organisation_id AND p.ended_at IS NULL
    UNION ALL
    SELECT m.person_id, false FROM side m JOIN side g ON g.subject_id = m.subject_id AND g.organisation_id = :organisation_id
    JOIN subject s ON s.id = m.subject_id AND s.sort = 'member' AND s.status = 'active'
        AND (s.ends_at IS NULL OR s.ends_at > :now::timestamptz)
    WHERE m.left_at IS NULL
) x JOIN person n ON n.id = x.person_id AND n.erased_at IS NULL
WHERE NOT n.id = ANY(:parties::uuid[]) AND n.id < :before GROUP BY n.id, n.name ORDER BY n.id DESC LIMIT :limit
""")


async def _recuse(act: Act, form: RecuseIn) -> Effect:
    """Take a mediator off: themselves, or whom the studio names."""
    one = act.view.subject
    is_own = form.person_id is None
    who = str(form.person_id or act.view.actor.person_id)
    if not is_own and SubjectPart.STUDIO not in act.view.parts:
        raise Forbidden("只有调解工作室负责人可以让别的调解员回避")
    gone = [side["id"] for side in rules.sides(one, SideRole.MEDIATOR) if side["person_id"] == who]
    if not gone:
        raise Invalid.at("/person_id", "这个人不是本事项的调解员")
    await mark_sides(act.fetch, gone, left_at=act.now)
    return Effect(encrypted={"text": form.text})


async def _say(_: Act, form: TextIn | EndIn) -> Effect:
    return Effect(encrypted={"text": form.text})


async def _nothing(_: Act, __: ActIn) -> Effect:
    return Effect()


async def _settle(act: Act, form: SettleDisputeIn) -> Effect:
    """Record the agreement. Its days are kept beside it, so that the clock can remind of them."""
    today = act.now.astimezone(SHANGHAI).date()
    if not act.view.subject["created_at"].astimezone(SHANGHAI).date() <= form.effective_on <= today:
        raise Invalid.at("/effective_on", "协议生效的日子不能晚于今天，也不能早于申请调解的日子")
    if form.return_visit_on < today:
        raise Invalid.at("/return_visit_on", "回访的日子不能早于今天")
    changes = {
        "starts_at": midnight(form.effective_on),
        "ends_at": end_of_day(rules.last_day_for_court(form.effective_on)),
        "due_at": end_of_day(form.return_visit_on),
    }
    return Effect(changes, {"form": form.form}, encrypted={"form": form.form, **form.agreement.model_dump()})


def midnight(day: date) -> datetime:
    """Return the moment in Shanghai with which a day begins."""
    return datetime.combine(day, time(), SHANGHAI)


def end_of_day(day: date) -> datetime:
    """Return the moment in Shanghai with which a day ends."""
    return midnight(day + timedelta(days=1))


async def _apply(_: Act, __: ActIn) -> Effect:
    """Note that both have been to the court: nobody is reminded of it any more."""
    return Effect({"ends_at": None})


async def _visit(act: Act, form: TextIn) -> Effect:
    return Effect({"due_at": None, "visited_at": act.now}, encrypted={"text": form.text})


DECISIONS: Final[Mapping[str, Decide]] = {
    "agree": _agree,
    "withdraw": _say,
    "add_party": _add_party,
    "assign": _assign,
    "recuse": _recuse,
    "start": _nothing,
    "record": _say,
    "settle": _settle,
    "fail": _say,
    "apply": _apply,
    "perform": _say,
    "breach": _say,
    "visit": _visit,
    "file": _nothing,
}
