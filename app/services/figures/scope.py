"""Whose figures somebody may read: those of the places they hold a post at, and of what lies within."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app import db
from app.enums import Level, Role
from app.errors import Forbidden, NotFound
from app.rules.access import STAFF, Actor
from app.services import setup

_READERS: Final = STAFF | {Role.AUDITOR}


@dataclass(frozen=True, slots=True)
class FigurePlace:
    """A place to count: a street, community, grid, or what lies below."""

    id: UUID
    label: str
    level: Level
    path: tuple[UUID, ...]


def require_reader(actor: Actor) -> None:
    """Raise Forbidden for a caller who is neither staff nor auditor."""
    if not actor.units(_READERS):
        raise Forbidden("只有工作人员和监督员可以查看统计")


async def figure_place(actor: Actor, place_id: UUID | None) -> FigurePlace:
    """Return the place asked for, or the widest of the caller's own. Raises NotFound outside the caller's scope."""
    own = actor.units(_READERS)
    if place_id is None:
        units = (await setup.current_catalogue()).units
        place_id = min(own, key=lambda unit: len(units[unit].path) if unit in units else 99)
    place = await find_place(place_id)
    covered = {*place.path, *place.covered_by}
    if covered.isdisjoint(own):
        raise NotFound
    return place.place


@dataclass(frozen=True, slots=True)
class _Found:
    place: FigurePlace
    path: tuple[UUID, ...]
    covered_by: tuple[UUID, ...]  # the grid that covers it, if any


async def find_place(place_id: UUID) -> _Found:
    """Return a place with the grid that covers it. Raises NotFound if there is none."""
    row = await db.fetchrow(_PLACE, place_id)
    if row is None:
        raise NotFound
    path = tuple(row["path"])
    place = FigurePlace(row["id"], row["label"], Level(row["level"]), path)
    return _Found(place, path, (row["grid_id"],) if row["grid_id"] else ())


_PLACE: Final = """
SELECT p.id, p.label, p.level, p.path,
       (SELECT g.grid_id FROM unnest(p.path) WITH ORDINALITY AS node(place_id, n) JOIN grid_cover g USING (place_id)
        ORDER BY n DESC LIMIT 1) AS grid_id
FROM place p WHERE p.id = $1
"""
