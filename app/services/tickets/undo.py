"""Undoing the last act: what a ticket remembers of an act that may be undone, and the act that takes it back."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter

from app.models import act as shapes
from app.models.ticket import Ticket
from app.rules import lifecycle
from app.rules.access import Seat
from app.services.ledger import ActionResult, FollowerChange
from app.services.tickets.context import ActionContext

# Of an act's changes, those that its undoing writes anew; and the number of followers, who come and go without an event.
_NOT_RESTORED: Final = frozenset({"updated_at", "version", "timer_at", "followers"})


def memory(context: ActionContext, event: str, seat: Seat, result: ActionResult) -> dict[str, Any]:
    """Return the value of the column `undo` that an act leaves behind.

    `seq`: of its event; if the ticket has another, something else has happened. `post`: whose act it was. `until`: when
    it is too late. `event`, `data`: of its event. `before`: the columns it changed, as they were.
    """
    ticket = dict(context.ticket)
    return {
        "seq": context.ticket["seq"] + 1,
        "post": str(seat.id),
        "until": (context.now + lifecycle.UNDO_PERIOD).isoformat(),
        "event": event,
        "data": result.data,
        "before": {name: ticket[name] for name in result.changes if name not in _NOT_RESTORED},
    }


def undo(context: ActionContext, _: shapes.ActIn) -> ActionResult:
    """Give back the columns as they were before the last act, and the followers it sent elsewhere.

    No clock is begun anew and nothing counts as a pause: due times are those from before the act.
    """
    last = context.ticket["undo"]
    assert last is not None, "the rules allow it only after an act that may be undone"
    before = _columns(last["before"])
    did_it = lifecycle.parts_of_last_act(context.ticket, context.parts)
    return ActionResult(
        before | {"undo": None},
        {"undoes": last["event"], **last["data"]},
        part=next(part for part in did_it if part in lifecycle.MOVES["undo"].parts),
        follower_change=FollowerChange.LEAVE if "merged_into_id" in before else None,
    )


def _columns(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return columns from their JSON: times, ids and lists have their types again."""
    return {name: _type(name).validate_python(value) for name, value in stored.items()}


@cache
def _type(name: str) -> TypeAdapter[Any]:
    annotation: Any = Ticket.model_fields[name].annotation
    return TypeAdapter(annotation)
