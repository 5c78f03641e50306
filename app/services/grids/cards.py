"""The grids somebody works in, as cards: what each covers, who is responsible, who is away."""

from typing import Final
from uuid import UUID

from app import db
from app.enums import Level, Role
from app.models.grid import CommunityRef, CoverOut, GridCardOut, SeatOut
from app.rules.access import GRID_ROLES, Actor
from app.rules.routing import SUCCESSION, Unit, UnitPost, responsible_post
from app.services import setup
from app.services.setup import Catalogue
from app.sql import Statement


async def my_grids(actor: Actor) -> list[GridCardOut]:
    """Return each grid the actor holds a post in, in the order of their posts."""
    catalogue = await setup.current_catalogue()
    ids = dict.fromkeys(actor.units(GRID_ROLES))
    grids = [unit for grid_id in ids if (unit := catalogue.units.get(grid_id)) and not unit.ended]
    covers: dict[UUID, list[CoverOut]] = {}
    for row in await db.execute(_COVERS, grid_ids=[grid.id for grid in grids]):
        cover = CoverOut(id=row["id"], level=Level(row["level"]), label=row["label"])
        covers.setdefault(row["grid_id"], []).append(cover)
    return [_card(grid, catalogue, covers.get(grid.id, [])) for grid in grids]


_COVERS: Final = Statement("""
SELECT c.grid_id, p.id, p.level, p.label FROM grid_cover c JOIN place p ON p.id = c.place_id
WHERE c.grid_id = ANY(:grid_ids::uuid[]) ORDER BY cardinality(p.path), p.sort, p.id
""")


def _card(grid: Unit, catalogue: Catalogue, covers: list[CoverOut]) -> GridCardOut:
    ancestors = [catalogue.units[unit_id] for unit_id in grid.path if unit_id in catalogue.units]
    community = next(unit for unit in ancestors if unit.level is Level.COMMUNITY)
    responsible = responsible_post(grid, setup.today())
    return GridCardOut(
        id=grid.id,
        label=grid.label,
        community=CommunityRef(id=community.id, label=community.label),
        covers=covers,
        seats=[
            seat for role in SUCCESSION[Level.GRID] for seat in _seats(grid, role, responsible, catalogue)
        ],
    )


def _seats(grid: Unit, role: Role, responsible: UnitPost | None, catalogue: Catalogue) -> list[SeatOut]:
    """Return a seat for each holder of a role, or one vacant seat."""
    occupied = [post for post in grid.posts if post.role is role and post.person_id]
    posts: list[UnitPost | None] = [*occupied] or [None]
    return [
        SeatOut(
            role=role,
            role_name=catalogue.unit_role_name(role, grid.id, post.title if post else None),
            held=post is not None,
            name=post and post.name,
            absent_from=post and post.absent_from,
            absent_until=post and post.absent_until,
            answers=post is not None and post is responsible,
        )
        for post in posts
    ]
