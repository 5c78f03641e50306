"""The grids of a community as the API shows them."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from app import db
from app.enums import Level
from app.models.grid import CoverOut, GridOut, GridPostOut, GridsOut
from app.rules import routing
from app.rules.routing import SUCCESSION
from app.rules.statuses import OPEN, sql_list
from app.rules.titles import NamedPost, Titles, title_of
from app.services.grids.state import CurrentState, Grid, Node, load_state
from app.sql import Statement


async def read_grids(community_id: UUID) -> GridsOut:
    """Return the grids of a community, each with the number of its open tickets."""
    state = await load_state(community_id)
    rows = await db.execute(_COUNT_OPEN, grid_ids=list(state.grids))
    open_tickets = {row["holder_id"]: row["n"] for row in rows}
    return GridsOut(
        place_id=state.community.id,
        label=state.community.label,
        version=state.version,
        grids=[_serialize(grid, state, open_tickets.get(grid.id, 0)) for grid in state.grids.values()],
        without_grid=uncovered_buildings(state.nodes.values(), state.covers),
    )


_COUNT_OPEN: Final = Statement(f"""
SELECT holder_id, count(*)::int AS n FROM ticket
WHERE holder_id = ANY(:grid_ids::uuid[]) AND status IN {sql_list(OPEN)} GROUP BY 1
""")


def _serialize(grid: Grid, state: CurrentState, open_tickets: int) -> GridOut:
    covers = [place_id for place_id, grid_id in state.covers.items() if grid_id == grid.id]
    posts = state.posts.get(grid.id, [])
    return GridOut(
        **{name: getattr(grid, name) for name in ("id", "code", "name", "label")},
        covers=[state.nodes[place_id].to_out() for place_id in covers if place_id in state.nodes],
        posts=[*_vacant_posts(posts, state.titles), *posts],
        open_tickets=open_tickets,
    )


def _vacant_posts(posts: Iterable[GridPostOut], titles: Titles) -> list[GridPostOut]:
    """Return the roles responsible for a grid to which nobody has been invited."""
    present = {post.role for post in posts}
    missing = [role for role in SUCCESSION[Level.GRID] if role not in present]
    return [
        GridPostOut(
            id=None,
            role=role,
            role_name=title_of(NamedPost(role, Level.GRID, None), titles),
            person=None,
        )
        for role in missing
    ]


def uncovered_buildings(nodes: Iterable[Node], covers: Mapping[UUID, UUID]) -> list[CoverOut]:
    """Return the buildings without a grid. A building counts as covered if each of its units is."""
    nodes = list(nodes)
    with_covered_units, with_uncovered_units = set[UUID](), set[UUID]()
    for node in nodes:
        if node.level is Level.UNIT:
            covered = routing.covering_grid(node.path, covers)
            (with_covered_units if covered else with_uncovered_units).add(node.parent_id)
    return [
        node.to_out()
        for node in nodes
        if node.level is Level.BUILDING
        and routing.covering_grid(node.path, covers) is None
        and (node.id in with_uncovered_units or node.id not in with_covered_units)
    ]
