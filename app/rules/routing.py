"""Which unit a ticket goes to, and which post is responsible in a unit on a given day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from app.enums import Level, Role


@dataclass(frozen=True, slots=True)
class UnitPost:
    """A post in a unit: who holds it and when they are absent."""

    id: UUID
    role: Role
    person_id: UUID | None
    name: str | None = None
    absent_from: date | None = None
    absent_until: date | None = None
    title: str | None = None  # the office's own name for it
    skills: frozenset[str] = frozenset()

    def is_available(self, today: date) -> bool:
        """Tell whether somebody holds the post and is not absent on `today` (Asia/Shanghai)."""
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
    posts: tuple[UnitPost, ...]
    ended: bool = False  # an abolished grid: kept for the label of the tickets it had
    phone: str | None = None  # its number for the public


@dataclass(frozen=True, slots=True)
class Route:
    """Where a ticket goes. `holder_id` None: the community's unassigned queue."""

    street_id: UUID | None
    community_id: UUID | None
    grid_id: UUID | None
    level: int
    holder_id: UUID | None


# 网格长 → 副网格长 → 值班; a member is never responsible for the unit.
SUCCESSION: Final = {
    Level.GRID: (Role.HEAD, Role.DEPUTY, Role.DUTY),
    Level.COMMUNITY: (Role.COMMUNITY,),
    Level.STREET: (Role.STREET,),
}


def responsible_post(unit: Unit, today: date) -> UnitPost | None:
    """Return the post that is responsible for `unit` on `today`: the first available one in the order of succession."""
    for role in SUCCESSION[unit.level]:
        for post in unit.posts:
            if post.role is role and post.is_available(today):
                return post
    return None


@dataclass(frozen=True, slots=True)
class StandIn:
    """Who is responsible for a unit instead of its head; `post` None: nobody in the unit.

    `absent` is the post that is away; None: there is no head.
    """

    unit: Unit
    role: Role
    absent: UnitPost | None
    post: UnitPost | None

    @property
    def until(self) -> date | None:
        """Return the last day of the absence, None if it is open or the post is vacant."""
        return self.absent.absent_until if self.absent else None


def stand_in(unit: Unit, today: date) -> StandIn | None:
    """Return who stands in for the head of `unit` on `today`; None while a head is available."""
    role, post = SUCCESSION[unit.level][0], responsible_post(unit, today)
    if post and post.role is role:
        return None
    absent = next((one for one in unit.posts if one.role is role and one.person_id), None)
    return StandIn(unit, role, absent, post)


def answering_units(
    path: Sequence[UUID], covers: Mapping[UUID, UUID], units: Mapping[UUID, Unit]
) -> list[Unit]:
    """Return the units that answer for a place, the narrowest first: its grid, its community, its street."""
    covering = covering_grid(path, covers)
    grid = units.get(covering) if covering else None
    nodes = grid.path if grid and not grid.ended else path
    return [unit for node in reversed(nodes) if (unit := units.get(node)) and not unit.ended]


def who_answers(units: Iterable[Unit], today: date, skill: str | None = None) -> tuple[Unit, UnitPost] | None:
    """Return who answers on `today`: in the first of `units` where somebody does, whoever has the skill, else whoever is
    responsible. A member answers for a skill only.
    """
    for unit in units:
        skilled = skilled_posts(unit, today, skill) if skill else []
        post = skilled[0] if skilled else responsible_post(unit, today)
        if post:
            return unit, post
    return None


def skilled_posts(unit: Unit, today: date, skill: str) -> list[UnitPost]:
    """Return the available posts of a unit that have a skill: in the order of succession, members last."""
    order = (*SUCCESSION[unit.level], Role.MEMBER)
    posts = [
        post
        for post in unit.posts
        if skill in post.skills and post.role in order and post.is_available(today)
    ]
    return sorted(posts, key=lambda post: order.index(post.role))


def next_in_line(unit: Unit, post_id: UUID, day: date) -> UnitPost | None:
    """Return who answers for `unit` while the holder of a post is away on `day`; None: nobody in the unit."""
    others = tuple(post for post in unit.posts if post.id != post_id)
    return responsible_post(replace(unit, posts=others), day)


def covering_grid(path: Sequence[UUID], covers: Mapping[UUID, UUID]) -> UUID | None:
    """Return the grid that covers a place: the nearest cover on its `path` (street first)."""
    return next((covers[node] for node in reversed(path) if node in covers), None)


def route(
    path: Sequence[UUID], covers: Mapping[UUID, UUID], units: Mapping[UUID, Unit], today: date
) -> Route:
    """Route by place: to its grid if a post there is available, else to its community, else to the unassigned queue."""
    covering = covering_grid(path, covers)
    grid = units.get(covering) if covering else None
    if grid and grid.ended:
        grid = None
    above = {unit.level: unit.id for node in (grid.path if grid else path) if (unit := units.get(node))}
    street, community = above.get(Level.STREET), above.get(Level.COMMUNITY)
    if grid is None:
        return Route(street, community, None, 1, None)
    if responsible_post(grid, today):
        return Route(street, community, grid.id, 1, grid.id)
    return Route(street, community, grid.id, 2, community)


def route_to_grid(grid: Unit, units: Mapping[UUID, Unit], today: date) -> Route:
    """Route to this grid, whatever place it is about: to its community if nobody in the grid is available."""
    return route(grid.path, {grid.id: grid.id}, units, today)
