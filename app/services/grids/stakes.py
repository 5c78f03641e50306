"""What becomes of the grids that go: where their tickets are rerouted to, which posts end."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from app import db
from app.models.grid import EndedGridOut, ReroutedOut
from app.rules import routing
from app.rules.routing import Unit
from app.services import catalogue
from app.services.catalogue import Catalogue, today
from app.services.grids.planning import Plan
from app.services.grids.standing import Standing
from app.words import Level


async def ended(plan: Plan, standing: Standing) -> list[EndedGridOut]:
    """Return what becomes of the grids that go: their tickets routed as they will be, their posts."""
    if not plan.gone:
        return []
    known = await catalogue.current(standing.setup_version)
    rows = await db.fetch(_AT_STAKE, [grid.id for grid in plan.gone])
    await catalogue.spots(known, [row["place_id"] for row in rows])
    units = _units(plan, standing, known)
    counted: dict[UUID, dict[UUID | None, int]] = {}
    for row in rows:
        spot = known.spot(row)
        path = spot.path if spot else standing.community.path
        to = routing.route(path, plan.covers, units, today()).holder_id
        tickets = counted.setdefault(row["holder_id"], {})
        tickets[to] = tickets.get(to, 0) + row["n"]
    return [
        EndedGridOut(
            id=grid.id,
            label=grid.label,
            rerouted=[
                ReroutedOut(to=to, label=units[to].label if to else _QUEUE, tickets=n)
                for to, n in counted.get(grid.id, {}).items()
            ],
            posts=standing.posts.get(grid.id, []),
        )
        for grid in plan.gone
    ]


_QUEUE: Final = "社区待分派"
_AT_STAKE: Final = """
SELECT holder_id, place_id, count(*)::int AS n FROM ticket
WHERE holder_id = ANY($1::uuid[]) AND status IN ('new', 'accepted', 'dispatched', 'waiting') GROUP BY 1, 2 ORDER BY 3 DESC, 2
"""


def _units(plan: Plan, standing: Standing, known: Catalogue) -> dict[UUID, Unit]:
    """Return the units as they will be: nobody answers in a new grid yet."""
    path = standing.community.path
    made = {
        grid.id: Unit(grid.id, Level.GRID, grid.label, (*path, grid.id), ())
        for grid in plan.grids
        if grid.id not in standing.grids
    }
    return {**known.units, **made}


def warning(gone: Sequence[EndedGridOut]) -> str:
    """Return what is at stake, in a sentence."""
    return (
        "；".join(_said(one) for one in gone if one.posts or one.rerouted)
        + "。确认要这样改，请再提交一次并确认"
    )


def _said(one: EndedGridOut) -> str:
    parts = [f"{moved.tickets}张未办结的工单转给{moved.label}" for moved in one.rerouted]
    if one.posts:
        parts.append(f"{len(one.posts)}个岗位终止")
    return f"撤销{one.label}：" + "，".join(parts)
