"""Counts of the tickets in a box. Each source is scanned by its own index, only as far as a badge counts."""

from typing import Any, Final

from app import db
from app.models.counts import BoxCountsOut, CountsOut
from app.models.ticket import Box, TicketFilters
from app.rules import deadlines
from app.rules.access import Actor
from app.services import setup
from app.services.setup import Catalogue
from app.services.tickets.lists import filters, scope

MAX_COUNT: Final = 999  # a badge shows 999+; counting further would scan years of tickets
_BOXES: Final[tuple[Box, ...]] = ("inbox", "unassigned")
# Due soon: past the first moment of a clock, the reminder at 80 % of the limit (rules.escalation).
_REMINDED: Final = deadlines.reminded_sql()
# $1 are the caller's organisations. The ticket waits for one of them as its partner, or as a department called to it.
# `{unacknowledged}` selects those that have not acknowledged (true) or those that have (false).
_DISPATCHED_TO: Final = "status = 'dispatched' AND organisation_id = ANY ($1::uuid[])"
_CALL: Final = """EXISTS (SELECT FROM jsonb_array_elements(called) c WHERE (c ->> 'organisation_id')::uuid = ANY ($1::uuid[])
    AND c ->> 'reported_at' IS NULL AND c ->> 'released_at' IS NULL
    AND (c ->> 'acknowledged_at' IS NULL) = {unacknowledged})"""
_IS_CALLED: Final = "awaited_ids && $1::uuid[]"
_WAITING_FOR_ORGANISATION: Final = (
    "CASE WHEN {is_called} THEN {call} ELSE {dispatched} AND (acknowledged_at IS NULL) = {unacknowledged} END"
)


def _waiting_for_organisation(unacknowledged: str) -> str:
    call = _CALL.format(unacknowledged=unacknowledged)
    return _WAITING_FOR_ORGANISATION.format(
        is_called=_IS_CALLED, call=call, dispatched=_DISPATCHED_TO, unacknowledged=unacknowledged
    )


_KINDS: Final[dict[str, str]] = {
    "open": "true",
    "due_soon": f"{_REMINDED} AND NOT {{overdue}}",
    "overdue": "{overdue}",
    "new": "status = 'new'",
    "accepted": "status = 'accepted'",
    "dispatched": "status = 'dispatched' AND claim IS NULL",
    "claimed": "status = 'dispatched' AND claim IS NOT NULL",
    "waiting": "status = 'waiting'",
    "resolved": "status = 'resolved'",
    "to_take": _waiting_for_organisation("true"),
    "to_do": _waiting_for_organisation("false"),
}
assert set(_KINDS) == set(BoxCountsOut.model_fields)


async def count_boxes(actor: Actor) -> CountsOut:
    """Return the number of tickets in each of the caller's boxes, by kind, at most MAX_COUNT each."""
    catalogue = await setup.current_catalogue()
    args: list[Any] = [list(actor.seats_by_organisation)]
    overdue = filters.overdue(args)
    kinds = ", ".join(
        f"least(count(*) FILTER (WHERE {kind.format(overdue=overdue)}), {MAX_COUNT})::int AS {name}"
        for name, kind in _KINDS.items()
    )
    rows = await db.fetch(
        " UNION ALL ".join(_count_sql(actor, box, catalogue, kinds, args) for box in _BOXES), *args
    )
    counts = {row["box"]: BoxCountsOut(**{name: row[name] for name in _KINDS}) for row in rows}
    return CountsOut(**counts)


_BOX: Final = "SELECT '{box}' AS box, {kinds} FROM ({rows}) ticket"
_BRANCH: Final = "(SELECT * FROM ticket WHERE {scope} LIMIT {limit})"
_NONE: Final = "SELECT * FROM ticket WHERE false"


def _count_sql(actor: Actor, box: Box, catalogue: Catalogue, kinds: str, args: list[Any]) -> str:
    """Return the SQL that counts a box; its values are appended to `args`. A ticket of two sources counts once."""
    conditions = scope.in_scope(actor, TicketFilters(box=box), catalogue, args)
    branches = [_BRANCH.format(scope=condition, limit=MAX_COUNT + 1) for condition in conditions]
    rows = " UNION ALL ".join(branches) or _NONE
    if len(branches) > 1:
        rows = f"SELECT DISTINCT ON (id) * FROM ({rows}) t"
    return _BOX.format(box=box, kinds=kinds, rows=rows)
