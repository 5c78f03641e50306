"""How many tickets wait in a box: each of its sources is walked by its own index as far as a badge counts, and no further."""

from typing import Any, Final

from app import db
from app.models.counts import BoxCountsOut, CountsOut
from app.models.ticket import Box, Wanted
from app.rules.access import Actor
from app.services import catalogue, scopes
from app.services.catalogue import Catalogue

MOST: Final = 999  # as unread notices: a badge says 999+, not a scan of years
_BOXES: Final[tuple[Box, ...]] = ("inbox", "unassigned")
# Moments of rules.escalation that are done: the first is the reminder at 80 %.
_REMINDED: Final = "((status = 'new' AND accept_step > 0) OR (status IN ('new', 'accepted', 'dispatched') AND resolve_step > 0))"
# Of the caller's organisations ($1): the ticket is theirs, or their part of a call runs; taken or not.
_THEIRS: Final = "status = 'dispatched' AND organisation_id = ANY ($1::uuid[])"
_PART: Final = """EXISTS (SELECT FROM jsonb_array_elements(called) c WHERE (c ->> 'organisation_id')::uuid = ANY ($1::uuid[])
    AND c ->> 'reported_at' IS NULL AND c ->> 'released_at' IS NULL AND (c ->> 'acknowledged_at' IS NULL) = {untaken})"""
_CALLED: Final = "awaited_ids && $1::uuid[]"
_AWAITED: Final = "CASE WHEN {called} THEN {part} ELSE {theirs} AND (acknowledged_at IS NULL) = {untaken} END"


def _awaited(untaken: str) -> str:
    part = _PART.format(untaken=untaken)
    return _AWAITED.format(called=_CALLED, part=part, theirs=_THEIRS, untaken=untaken)


_KINDS: Final[dict[str, str]] = {
    "open": "true",
    "due_soon": f"{_REMINDED} AND NOT coalesce({{overdue}}, false)",
    "overdue": "{overdue}",
    "new": "status = 'new'",
    "accepted": "status = 'accepted'",
    "dispatched": "status = 'dispatched' AND claim IS NULL",
    "claimed": "status = 'dispatched' AND claim IS NOT NULL",
    "waiting": "status = 'waiting'",
    "resolved": "status = 'resolved'",
    "to_take": _awaited("true"),
    "to_do": _awaited("false"),
}
assert set(_KINDS) == set(BoxCountsOut.model_fields)


async def count(actor: Actor) -> CountsOut:
    """Return how many tickets there are in each box of the caller's."""
    known = await catalogue.refresh()
    args: list[Any] = [list(actor.organisation_ids)]
    overdue = scopes.overdue(args)
    kinds = ", ".join(
        f"least(count(*) FILTER (WHERE {kind.format(overdue=overdue)}), {MOST})::int AS {name}"
        for name, kind in _KINDS.items()
    )
    rows = await db.fetch(
        " UNION ALL ".join(_counted(actor, box, known, kinds, args) for box in _BOXES), *args
    )
    found = {row["box"]: BoxCountsOut(**{name: row[name] for name in _KINDS}) for row in rows}
    return CountsOut(**found)


_BOX: Final = "SELECT '{box}' AS box, {kinds} FROM ({found}) ticket"
_BRANCH: Final = "(SELECT * FROM ticket WHERE {within} LIMIT {most})"
_NONE: Final = "SELECT * FROM ticket WHERE false"


def _counted(actor: Actor, box: Box, known: Catalogue, kinds: str, args: list[Any]) -> str:
    """Return the statement that counts a box, its values added to `args`; a ticket of two sources counts once."""
    places = scopes.within(actor, Wanted(box=box), known, args)
    branches = [_BRANCH.format(within=place, most=MOST + 1) for place in places]
    found = " UNION ALL ".join(branches) or _NONE
    if len(branches) > 1:
        found = f"SELECT DISTINCT ON (id) * FROM ({found}) f"
    return _BOX.format(box=box, kinds=kinds, found=found)
