"""The grids somebody works in, for themselves: what each covers, who answers for it, who is away."""

from typing import Final
from uuid import UUID

from app import db
from app.models.grid import CommunityRef, CoverOut, GridCardOut, SeatOut
from app.rules.access import GRID_ROLES, Actor
from app.rules.routing import SUCCESSION, Holding, Unit, answering
from app.services import catalogue
from app.services.catalogue import Catalogue
from app.words import ROLE, Level, Role


async def own(actor: Actor) -> list[GridCardOut]:
    """Return the grids somebody holds a post in, each once, in the order of their posts."""
    known = await catalogue.refresh()
    ids = dict.fromkeys(actor.units(GRID_ROLES))
    grids = [unit for grid_id in ids if (unit := known.units.get(grid_id)) and not unit.ended]
    covers: dict[UUID, list[CoverOut]] = {}
    for row in await db.fetch(_COVERS, [grid.id for grid in grids]):
        cover = CoverOut(id=row["id"], level=Level(row["level"]), label=row["label"])
        covers.setdefault(row["grid_id"], []).append(cover)
    return [_card(grid, known, covers.get(grid.id, [])) for grid in grids]


_COVERS: Final = """
SELECT c.grid_id, p.id, p.level, p.label FROM grid_cover c JOIN place p ON p.id = c.place_id
WHERE c.grid_id = ANY($1::uuid[]) ORDER BY cardinality(p.path), p.sort, p.id
"""


def _card(grid: Unit, known: Catalogue, covers: list[CoverOut]) -> GridCardOut:
    above = [known.units[node] for node in grid.path if node in known.units]
    community = next(unit for unit in above if unit.level is Level.COMMUNITY)
    there = answering(grid, catalogue.today())
    return GridCardOut(
        id=grid.id,
        label=grid.label,
        community=CommunityRef(id=community.id, label=community.label),
        covers=covers,
        seats=[seat for role in SUCCESSION[Level.GRID] for seat in _seats(grid, role, there)],
    )


def _seats(grid: Unit, role: Role, there: Holding | None) -> list[SeatOut]:
    """Return who holds a role; one seat that is vacant when nobody does."""
    held = [post for post in grid.posts if post.role is role and post.person_id]
    holdings: list[Holding | None] = [*held] or [None]
    return [
        SeatOut(
            role=role,
            role_name=ROLE[role],
            held=post is not None,
            name=post and post.name,
            absent_from=post and post.absent_from,
            absent_until=post and post.absent_until,
            answers=post is not None and post is there,
        )
        for post in holdings
    ]
