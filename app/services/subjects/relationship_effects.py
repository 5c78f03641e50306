"""What acts on relationships change."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from app.enums import SideRole
from app.errors import Invalid
from app.models.act import ActIn
from app.models.relationship import AdmitIn, AssessIn, CallIn, EndIn, HandOverIn
from app.rules import relationships as rules
from app.rules.subjects import HEADS, SubjectPart
from app.services.subjects.effect import Act, Decide, Effect
from app.services.subjects.sides import insert_sides, mark_sides, new_side, require_helper
from app.sql import Statement


def there(relationship: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the sides that have not left."""
    return [side for side in relationship["sides"] if side["left_at"] is None]


def first_due(cadence_days: int | None, now: datetime) -> datetime | None:
    """Return when a household is to be visited for the first time."""
    return now + timedelta(days=cadence_days) if cadence_days else None


async def _agree(act: Act, _: ActIn) -> Effect:
    """Agree. It is in force once nobody's word is missing; a new helper takes over from the one before."""
    one = act.view.subject
    answered = rules.to_answer(one, act.view.parts)
    await mark_sides(act.fetch, answered, agreed_at=act.now)
    sides = there(one)
    takes_over = any(side["id"] in answered and side["role"] == SideRole.HELPER for side in sides)
    former = [
        side["id"] for side in sides if takes_over and side["role"] == SideRole.HELPER and side["agreed_at"]
    ]
    await mark_sides(act.fetch, former, left_at=act.now)
    if any(side["agreed_at"] is None and side["id"] not in answered for side in sides):
        return Effect()
    begins = (
        {} if one["starts_at"] else {"starts_at": act.now, "due_at": first_due(one["cadence_days"], act.now)}
    )
    return Effect({"status": "active", **begins})


async def _end(act: Act, form: EndIn) -> Effect:
    """End it. A helper who leaves a household leaves a task for the office, with the day on which it is due."""
    one, parts = act.view.subject, act.view.parts
    said = {"text": form.text}
    if one["status"] == "proposed" or not rules.is_pairing(one) or not HEADS.isdisjoint(parts):
        return Effect(encrypted=said)
    if rules.offers(one, parts):
        await mark_sides(act.fetch, rules.to_answer(one, parts), left_at=act.now)
        return Effect({"status": one["status"]}, event="declined", encrypted=said)
    if SubjectPart.HELPER not in parts:
        return Effect(encrypted=said)
    own = {side["id"] for side in one["own_sides"] if side["role"] == SideRole.HELPER}
    await mark_sides(act.fetch, sorted(own), left_at=act.now)
    return Effect({"status": "vacant"}, event="vacated", encrypted=said)


async def _hand_over(act: Act, form: HandOverIn) -> Effect:
    """Ask another helper. The one before stays until they agree: the household is never without one for that."""
    one = act.view.subject
    helpers = [side for side in there(one) if side["role"] == SideRole.HELPER]
    if any(side["post_id"] == str(form.post_id) for side in helpers):
        raise Invalid.at("/post_id", "这个岗位已经是帮扶人，请选择别的岗位")
    await require_helper(form.post_id, one)
    asked_before = [side["id"] for side in helpers if side["agreed_at"] is None]
    await mark_sides(act.fetch, asked_before, left_at=act.now)
    await insert_sides(act.fetch, one["id"], [new_side(SideRole.HELPER, post_id=form.post_id)])
    return Effect(data={"post": str(form.post_id)}, encrypted={"text": form.text})


async def _admit(act: Act, form: AdmitIn) -> Effect:
    """Take somebody who lives there for the household, or for another of it. Raises Invalid for whoever does not say so."""
    one, person_id = act.view.subject, str(form.person_id)
    if person_id not in {each["person_id"] for each in one["to_admit"] or ()}:
        raise Invalid.at("/person_id", "这个人没有登记住在这一户，或已经确认过了")
    household = [side for side in there(one) if side["role"] == SideRole.HOUSEHOLD]
    if nobody := next((side for side in household if side["person_id"] is None), None):
        await act.run(_ADMIT, side_id=nobody["id"], person_id=form.person_id)
    else:
        other = new_side(SideRole.HOUSEHOLD, person_id=form.person_id, place_id=one["place_id"])
        await insert_sides(
            act.fetch, one["id"], [other | {"agreed_at": act.now}]
        )  # its word is given already
    return Effect(data={"person": person_id})


_ADMIT: Final = Statement("UPDATE side SET person_id = :person_id WHERE id = :side_id AND person_id IS NULL")


async def _assess(act: Act, form: AssessIn) -> Effect:
    one = act.view.subject
    days = rules.days_between(form.need)
    due_at = (one["visited_at"] or act.now) + timedelta(days=days)
    changes: dict[str, Any] = {"cadence_days": days, "due_at": due_at}
    if form.sudden:
        changes |= {"due_at": act.now + timedelta(hours=rules.SUDDEN_HOURS), "called_at": act.now}
    return Effect(changes | {"reminded_at": None}, {"days": days}, encrypted={"text": form.text})


async def _call(act: Act, form: CallIn) -> Effect:
    return called(act.view.subject, form.due_at, act.now)


def called(pairing: Mapping[str, Any], due_at: datetime, now: datetime) -> Effect:
    """Return what a call for a visit changes: it is due by then, or earlier if it was. Raises Invalid for the past."""
    if due_at <= now:
        raise Invalid.at("/due_at", "走访的期限要晚于现在")
    due = min(pairing["due_at"] or due_at, due_at)
    return Effect({"due_at": due, "called_at": now}, {"due": due_at.isoformat()})


DECISIONS: Final[Mapping[str, Decide]] = {
    "agree": _agree,
    "end": _end,
    "hand_over": _hand_over,
    "admit": _admit,
    "assess": _assess,
    "call": _call,
}
