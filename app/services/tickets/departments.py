"""Departments called to a ticket (吹哨报到): actions (call up, take, report, release), limits, serialization."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app import words
from app.errors import Invalid
from app.models import act as shapes
from app.rules import departments, escalation, lifecycle
from app.rules.access import Part
from app.rules.departments import DepartmentCall
from app.rules.escalation import MOMENTS, DueAction
from app.rules.facts import Facts
from app.services.setup import Catalogue
from app.services.tickets.context import ActionContext, ActionResult

_NEEDS_ALL_REPORTS: Final = frozenset({"resolve", "merge"})


def pending_reports_error(action: str, ticket: Facts, catalogue: Catalogue) -> str | None:
    """Return why an action must wait for reports: a sentence that names the departments. None if it need not wait."""
    if action not in _NEEDS_ALL_REPORTS or not ticket["awaited_ids"]:
        return None
    names = words.join(sorted(catalogue.organisations[one].name for one in ticket["awaited_ids"]), "、")
    return f"还在等{names}报到，不能“{lifecycle.MOVES[action].label}”"


def call_up(context: ActionContext, form: shapes.CallUpIn) -> ActionResult:
    """Call departments to the ticket. The acknowledge clock of each starts now."""
    if errors := list(_errors(context, form.organisation_ids)):
        raise Invalid(errors[0]["detail"], errors=errors)
    minutes = context.catalogue.category(context.ticket).acknowledge_minutes
    calls = [
        _with_due(DepartmentCall(one, context.now, minutes, context.now), context.clocks)
        for one in form.organisation_ids
    ]
    data = {"organisations": [str(one) for one in form.organisation_ids]}
    return ActionResult(departments.call_columns(context.ticket, calls), data, form.text)


def _errors(context: ActionContext, organisation_ids: list[UUID]) -> Iterator[dict[str, str]]:
    """Yield an error for each organisation that cannot be called."""
    serving = {company.id for company in context.catalogue.serving(context.place_path)}
    for n, one in enumerate(organisation_ids):
        if one in organisation_ids[:n]:
            detail = "这个单位重复了"
        elif one not in serving:
            detail = "这个单位不服务工单所在的地点"
        elif one in context.ticket["awaited_ids"]:
            detail = "已经向这个单位吹哨，还在等它报到"
        elif one == context.ticket["organisation_id"]:
            detail = "工单已经派给这个单位，不用再吹哨"
        else:
            continue
        yield {"pointer": f"/organisation_ids/{n}", "detail": detail}


def _with_due(call: DepartmentCall, clocks: escalation.Clocks) -> DepartmentCall:
    return replace(call, due=escalation.call_due_at(call, 100, clocks))


def take(context: ActionContext, _: shapes.ActIn) -> ActionResult:
    """Acknowledge the dispatch to the caller's organisation, or else its call. The acknowledge clock stops."""
    if lifecycle.part_to_take(context.ticket, context.parts) is Part.PARTNER:
        return ActionResult({"acknowledged_at": context.now, "acknowledge_due": None}, part=Part.PARTNER)
    call = departments.acknowledge(_own_call(context), context.now)
    return ActionResult(departments.call_columns(context.ticket, [call]), part=Part.DEPARTMENT)


def report(context: ActionContext, form: shapes.ReportIn) -> ActionResult:
    """Report what the caller's organisation has done, which ends its call; acknowledge it if it was not yet."""
    call = replace(departments.acknowledge(_own_call(context), context.now), reported_at=context.now)
    return ActionResult(
        departments.call_columns(context.ticket, [call]), text=form.text, photo_ids=form.photo_ids
    )


def _own_call(context: ActionContext) -> DepartmentCall:
    seat = context.parts[Part.DEPARTMENT]
    call = departments.active_call(context.ticket, seat.organisation_id if seat else None)
    assert call is not None, "a department with the part DEPARTMENT has an active call"
    return call


def release(context: ActionContext, form: shapes.ReleaseIn) -> ActionResult:
    """End the call of an organisation that is not needed after all."""
    call = departments.active_call(context.ticket, form.organisation_id)
    if call is None:
        raise Invalid.at("/organisation_id", "没有在等这个单位报到")
    changes = departments.call_columns(context.ticket, [replace(call, released_at=context.now)])
    return ActionResult(changes, {"organisation": str(form.organisation_id)}, form.reason)


def remind(ticket: Facts, due: DueAction) -> dict[str, Any]:
    """Return the changes that mark a moment of a department's clock as done."""
    call = departments.active_call(ticket, due.organisation_id)
    assert call is not None, "only an active call has moments"
    return departments.call_columns(ticket, [replace(call, step=due.step + 1)])


def recomputed_calls(ticket: Facts, minutes: int, clocks: escalation.Clocks) -> dict[str, Any]:
    """Return the changes that set the limit of unacknowledged calls to `minutes`; none if there are no such calls."""
    calls = [
        _with_due(replace(call, minutes=minutes), clocks) for call in departments.unacknowledged_calls(ticket)
    ]
    return departments.call_columns(ticket, calls) if calls else {}


def steps_to_repeat(ticket: Facts, now: datetime, clocks: escalation.Clocks) -> dict[str, Any]:
    """Return the changes by which moments that a new limit moves into the future happen again.

    None if there are no unacknowledged calls.
    """
    calls = [
        replace(call, step=_step(call, now, clocks)) for call in departments.unacknowledged_calls(ticket)
    ]
    return departments.call_columns(ticket, calls) if calls else {}


def _step(call: DepartmentCall, now: datetime, clocks: escalation.Clocks) -> int:
    done = MOMENTS["called"][: call.step]
    return sum(escalation.call_due_at(call, moment.percent, clocks) <= now for moment in done)


def serialize_calls(
    ticket: Facts, catalogue: Catalogue, now: datetime, *, full: bool
) -> list[dict[str, Any]]:
    """Return a ticket's calls as CalledOut.

    Unless `full` (for residents): only calls that were not released, and only who has reported and who is late.
    """
    if not full:
        return [
            _public_fields(call, catalogue, now)
            for call in departments.read_calls(ticket)
            if call.released_at is None
        ]
    return [
        {
            **_public_fields(call, catalogue, now),
            "organisation": {"id": call.organisation_id, "name": _name(call, catalogue)},
            "called_at": call.called_at,
            "due": call.due,
            "acknowledged_at": call.acknowledged_at,
            "released_at": call.released_at,
        }
        for call in departments.read_calls(ticket)
    ]


def _public_fields(call: DepartmentCall, catalogue: Catalogue, now: datetime) -> dict[str, Any]:
    late = call.is_late(now)
    return {"organisation": {"name": _name(call, catalogue)}, "reported_at": call.reported_at, "late": late}


def _name(call: DepartmentCall, catalogue: Catalogue) -> str:
    return catalogue.organisations[call.organisation_id].name
