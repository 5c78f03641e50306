"""Actions that pause or resume the resolve clock: wait, ask, resume, answer; and appeal."""

from datetime import datetime
from typing import Any

from app.enums import SHANGHAI, PauseKind, Status
from app.errors import Invalid
from app.models import act as shapes
from app.rules import escalation, lifecycle
from app.rules.access import Part
from app.services.ledger import ActionResult, Pause
from app.services.tickets.context import (
    ActionContext,
    acknowledgement,
    one_level_up,
    with_accept_limit,
    with_resolve_due,
)


def wait(context: ActionContext, form: shapes.WaitIn) -> ActionResult:
    return _pause(context, PauseKind.WAIT, form.reason, form.until)


def ask(context: ActionContext, form: shapes.AskIn) -> ActionResult:
    result = _pause(context, PauseKind.ASK, lifecycle.QUESTION_REASON, form.until)
    result.text = form.text
    return result


def resume(context: ActionContext, _: shapes.ActIn | None) -> ActionResult:
    changes, at = end_pause(context)
    return ActionResult(changes, pause_ended_at=at)


def answer(context: ActionContext, form: shapes.AnswerIn | shapes.CommentIn) -> ActionResult:
    changes, at = end_pause(context)
    return ActionResult(
        changes, text=form.text, photo_ids=form.photo_ids, event="answered", pause_ended_at=at
    )


def appeal(context: ActionContext, form: shapes.AppealIn) -> ActionResult:
    """Reopen a rejected ticket one level up. The time it was rejected does not count towards the resolve limit."""
    ticket, now = context.ticket, context.now
    began_at = ticket["rejected_at"] or ticket["updated_at"]
    changes = {
        **one_level_up(context),
        "status": Status.NEW,
        "appeals": ticket["appeals"] + 1,
        "rejected_at": None,
        "appeal_until": None,
        "pauses": [*ticket["pauses"], began_at, now],
    }
    data = {"level": changes["level"], "unit": str(changes["holder_id"])}
    changes = with_resolve_due(context, with_accept_limit(context, changes))
    return ActionResult(
        changes, data, form.text, opened_pause=Pause(PauseKind.APPEAL, began_at, now, ended_at=now)
    )


def end_pause(context: ActionContext) -> tuple[dict[str, Any], datetime]:
    """Return the changes that end the open pause, and when it ends: now, or at its planned end if that has passed."""
    ticket = context.ticket
    assert ticket["paused_until"] is not None, "the ticket is not paused"
    at = min(context.now, ticket["paused_until"])
    changes = {
        "status": ticket["status_before"],
        "status_before": None,
        "pauses": [*ticket["pauses"][:-1], at],
        "paused_until": None,
        "paused_for": None,
    }
    return with_resolve_due(context, changes), at


def _pause(context: ActionContext, kind: PauseKind, reason: str, until: datetime) -> ActionResult:
    part, ticket = _part_for_pause(context, until), context.ticket
    changes = {
        **acknowledgement(context),
        "status": Status.WAITING,
        "status_before": ticket["status"],
        "waits": ticket["waits"] + 1,
        "pauses": [*ticket["pauses"], context.now, until],
        "paused_until": until,
        "paused_for": reason,
    }
    return ActionResult(
        with_resolve_due(context, changes),
        {"reason": reason, "until": until.isoformat()},
        part=part,
        opened_pause=Pause(kind, context.now, until, reason),
    )


def _part_for_pause(context: ActionContext, until: datetime) -> Part:
    """Return the part of the caller that may pause until then. Raises Invalid if none may."""
    if not context.now < until <= context.now + lifecycle.MAX_PAUSE:
        raise Invalid.at("/until", "请填写一年以内的将来时间")
    latest = escalation.workday_deadline(lifecycle.PAUSE_WORKDAYS, context.now, context.clocks)
    above = lifecycle.superior_part(context.parts)
    if until <= latest and not context.ticket["waits"]:
        return context.part
    if above is None:
        day = f"{latest.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        raise Invalid.at("/until", f"最多挂起{lifecycle.PAUSE_WORKDAYS}个工作日（{day}以前），更久请上级决定")
    return above
