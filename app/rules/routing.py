"""Whose ticket it is: the most specific grid cover, and who answers in a unit today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.words import Level, Role


@dataclass(frozen=True, slots=True)
class Holding:
    """A post in a unit: who holds it and when they are away."""

    id: UUID
    role: Role
    person_id: UUID | None
    name: str | None = None
    absent_from: date | None = None
    absent_until: date | None = None

    def answers(self, today: date) -> bool:
        """Tell whether somebody holds the post and is not away on `today` (Asia/Shanghai)."""
        if self.person_id is None:
            return False
        if self.absent_from is None or today < self.absent_from:
            return True
        return self.absent_until is not None and today > self.absent_until


@dataclass(frozen=True, slots=True)
class Unit:
    """A street, community or grid that can hold a ticket."""

    id: UUID
    level: Level
    label: str
    path: tuple[UUID, ...]  # from the street to itself
    posts: tuple[Holding, ...]
    ended: bool = False  # a grid that is no more: it has a name for the tickets it had, and nothing else


@dataclass(frozen=True, slots=True)
class Route:
    """Where a ticket goes. `holder_id` None: the community's unassigned queue."""

    street_id: UUID | None
    community_id: UUID | None
    grid_id: UUID | None
    level: int
    holder_id: UUID | None


# 网格长 → 副网格长 → 值班; a member never answers for the unit.
SUCCESSION: Final = {
    Level.GRID: (Role.HEAD, Role.DEPUTY, Role.DUTY),
    Level.COMMUNITY: (Role.COMMUNITY,),
    Level.STREET: (Role.STREET,),
}


def answering(unit: Unit, today: date) -> Holding | None:
    """Return who answers for `unit` on `today`: the first in succession who is there."""
    for role in SUCCESSION[unit.level]:
        for post in unit.posts:
            if post.role is role and post.answers(today):
                return post
    return None


def grid_of(path: Sequence[UUID], covers: Mapping[UUID, UUID]) -> UUID | None:
    """Return the grid that covers a place: the cover nearest to it on its `path` (street first) wins."""
    return next((covers[node] for node in reversed(path) if node in covers), None)


def route(
    path: Sequence[UUID], covers: Mapping[UUID, UUID], units: Mapping[UUID, Unit], today: date
) -> Route:
    """Route by place: its grid when somebody answers there, else its community, else nobody yet."""
    covering = grid_of(path, covers)
    grid = units.get(covering) if covering else None
    if grid and grid.ended:
        grid = None
    above = {unit.level: unit.id for node in (grid.path if grid else path) if (unit := units.get(node))}
    street, community = above.get(Level.STREET), above.get(Level.COMMUNITY)
    if grid is None:
        return Route(street, community, None, 1, None)
    if answering(grid, today):
        return Route(street, community, grid.id, 1, grid.id)
    return Route(street, community, grid.id, 2, community)
