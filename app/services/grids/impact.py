"""The impact of ending grids: where their tickets are rerouted to, and which posts end."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from app import db, words
from app.enums import Level
from app.models.grid import EndedGridOut, ReroutedOut
from app.rules import routing
from app.rules.routing import Unit
from app.rules.statuses import UNRESOLVED, sql_list
from app.services import setup
from app.services.grids.plan import Plan
from app.services.grids.state import CurrentState
from app.services.setup import Catalogue, today
from app.sql import Statement


async def ended_grids(plan: Plan, state: CurrentState) -> list[EndedGridOut]:
    """Return the grids that end: their open tickets by the unit each will be routed to, and their posts."""
    if not plan.ended:
        return []
    catalogue = await setup.cached_catalogue(state.setup_version)
    rows = await db.execute(_COUNT_TICKETS, grid_ids=[grid.id for grid in plan.ended])
    places = await setup.place_refs(catalogue, [row["place_id"] for row in rows])
    units = _planned_units(plan, state, catalogue)
    counts: dict[UUID, dict[UUID | None, int]] = {}
    for row in rows:
        place = places.get(row["place_id"])
        path = place.path if place else state.community.path
        to = routing.route(path, plan.covers, units, today()).holder_id
        tickets = counts.setdefault(row["holder_id"], {})
        tickets[to] = tickets.get(to, 0) + row["n"]
    return [
        EndedGridOut(
            id=grid.id,
            label=grid.label,
            rerouted=[
                ReroutedOut(to=to, label=units[to].label if to else _UNASSIGNED, tickets=n)
                for to, n in counts.get(grid.id, {}).items()
            ],
            posts=state.posts.get(grid.id, []),
        )
        for grid in plan.ended
    ]


_UNASSIGNED: Final = "社区待分派"
_COUNT_TICKETS: Final = Statement(f"""
SELECT holder_id, place_id, count(*)::int AS n FROM ticket
WHERE holder_id = ANY(:grid_ids::uuid[]) AND status IN {sql_list(UNRESOLVED)}
GROUP BY 1, 2 ORDER BY 3 DESC, 2
""")


def _planned_units(plan: Plan, state: CurrentState, catalogue: Catalogue) -> dict[UUID, Unit]:
    """Return the units after the change; new grids have no posts yet."""
    path = state.community.path
    new_units = {
        grid.id: Unit(grid.id, Level.GRID, grid.label, (*path, grid.id), ())
        for grid in plan.grids
        if grid.id not in state.grids
    }
    return {**catalogue.units, **new_units}


def warning(ended: Sequence[EndedGridOut]) -> str:
    """Return the impact as a sentence that asks for confirmation."""
    grids = words.join((_describe(grid) for grid in ended if grid.posts or grid.rerouted), "；")
    return words.say("{grids}。确认要这样改，请再提交一次并确认", grids=grids)


def _describe(grid: EndedGridOut) -> str:
    parts = [
        words.say("{n}张未办结的工单转给{grid}", n=rerouted.tickets, grid=words.translate(rerouted.label))
        for rerouted in grid.rerouted
    ]
    if grid.posts:
        parts.append(words.say("{n}个岗位终止", n=len(grid.posts)))
    return words.say("撤销{grid}：{parts}", grid=grid.label, parts=words.join(parts, "，"))
