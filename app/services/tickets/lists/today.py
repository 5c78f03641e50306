"""Today's picture: what is to be resolved in each of the caller's communities and streets, and in their parts."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from app import db
from app.enums import Level
from app.models.ticket import TicketFilters
from app.models.today import AreaTodayOut, TodayOut, UnitTodayOut
from app.rules.access import Actor
from app.rules.routing import Unit
from app.services import setup
from app.services.setup import Catalogue
from app.services.tickets.lists import filters, scope

# The level of the parts that an area is divided into.
_PARTS: Final = {Level.STREET: Level.COMMUNITY, Level.COMMUNITY: Level.GRID}
_KINDS: Final = {
    "open": "true",
    "unassigned": scope.IS_UNASSIGNED,
    "danger": scope.IS_DANGER,
    "overdue": "{overdue}",
}


async def read_today(actor: Actor) -> TodayOut:
    """Return the numbers of each community and street in which the actor holds a post, one statement for all."""
    catalogue = await setup.current_catalogue()
    areas = [unit for unit_id in scope.offices(actor, catalogue) if (unit := catalogue.units.get(unit_id))]
    counts = await _count(actor, catalogue) if areas else {}
    return TodayOut(areas=[_area(unit, catalogue, counts) for unit in areas])


async def _count(actor: Actor, catalogue: Catalogue) -> dict[UUID, dict[str, int]]:
    """Count the tickets of the box `area` in each unit they belong to, whoever holds them."""
    args: list[Any] = []
    overdue = filters.overdue(args)
    kinds = ", ".join(f"{kind.format(overdue=overdue)} AS {name}" for name, kind in _KINDS.items())
    conditions = scope.in_scope(actor, TicketFilters(box="area"), catalogue, args)
    tickets = " UNION ".join(_TICKETS.format(kinds=kinds, scope=condition) for condition in conditions)
    rows = await db.fetch(_COUNT.format(tickets=tickets), *args)
    return {row["unit_id"]: {name: row[name] for name in _KINDS} for row in rows}


# A ticket may come from two branches, for somebody with posts at a street and in one of its communities: the union
# has it once.
_TICKETS: Final = (
    "(SELECT id, ARRAY[street_id, community_id, grid_id] AS unit_ids, {kinds} FROM ticket WHERE {scope})"
)
_COUNT: Final = f"""
SELECT unit_id, {", ".join(f"count(*) FILTER (WHERE {name})::int AS {name}" for name in _KINDS)}
FROM ({{tickets}}) ticket, unnest(unit_ids) AS unit(unit_id)
WHERE unit_id IS NOT NULL GROUP BY unit_id
"""
_NOTHING: Final = dict.fromkeys(_KINDS, 0)


def _area(unit: Unit, catalogue: Catalogue, counts: Mapping[UUID, dict[str, int]]) -> AreaTodayOut:
    parts = [
        part
        for part in catalogue.units.values()
        if unit.id in part.path
        and part.level is _PARTS[unit.level]
        and not (part.ended and part.id not in counts)
    ]
    return AreaTodayOut(
        **_unit(unit, catalogue, counts).model_dump(),
        parts=[_unit(part, catalogue, counts) for part in parts],
    )


def _unit(unit: Unit, catalogue: Catalogue, counts: Mapping[UUID, dict[str, int]]) -> UnitTodayOut:
    post = catalogue.responsible_post(unit.id)
    return UnitTodayOut(
        id=unit.id,
        level=unit.level,
        label=unit.label,
        name=post and post.name,
        staffed=post is not None,
        **counts.get(unit.id, _NOTHING),
    )
