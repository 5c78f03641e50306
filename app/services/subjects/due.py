"""Doors of a grid or community by their last visit, the one unvisited for longest first; nobody is counted by person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app import clock, db, words
from app.enums import ActivitySort, CareNeed, Level, Role
from app.errors import Forbidden, NotFound
from app.labels import LEVEL
from app.models.activity import DoorOut
from app.rules import activities
from app.rules.access import STAFF, Actor
from app.services import setup
from app.services.pagination import bad_cursor, page_of
from app.sql import Statement

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)  # of a door that was never visited


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFilter:
    """Whose doors, and by which visits."""

    place_id: UUID
    kind: ActivitySort
    need: CareNeed
    level: Level
    paired: bool = False  # only rooms that somebody looks after, due as agreed or as the office has called
    until: datetime | None = None  # of those: due by then


async def due_page(
    actor: Actor, query: DueFilter, limit: int, cursor: str | None
) -> tuple[list[DoorOut], str | None]:
    """Return a page of doors and the next cursor. Raises NotFound for a unit that the caller does not work in, Invalid."""
    unit = (await setup.current_catalogue()).units.get(query.place_id)
    own = {seat.unit_id for seat in actor.seats if seat.role in STAFF}
    if unit is None or own.isdisjoint(unit.path):
        raise NotFound
    if query.paired:
        _require_office(actor, unit.path)
    since, after = _position(cursor)
    values: dict[str, Any] = {"place_id": unit.id, "since": since, "after": after, "limit": limit + 1}
    if query.paired:
        rows = await db.execute(_OF_PAIRS, **values, until=query.until)
    else:
        statement = _OF_ROOMS if query.level is Level.ROOM else _OF_UNITS
        rows = await db.execute(statement, **values, is_grid=unit.level is Level.GRID, sort=query.kind)
    page, next_cursor = page_of(rows, limit, lambda row: f"{row['last_at'].isoformat()}_{row['id']}")
    if query.paired:
        return [_paired(row) for row in page], next_cursor
    cadence = timedelta(days=activities.CADENCE_DAYS[query.kind][query.need])
    return [_door(row, cadence) for row in page], next_cursor


def _require_office(actor: Actor, path: Collection[UUID]) -> None:
    """Raise Forbidden for a member of a grid: which households have somebody is for its head, and who is above."""
    roles = STAFF - {Role.MEMBER}
    if not any(seat.role in roles and seat.unit_id in path for seat in actor.seats):
        raise Forbidden("结对的住户只给网格长和社区看")


def _position(cursor: str | None) -> tuple[datetime, UUID]:
    """Return the last visit and the id after which a page starts. Raises Invalid."""
    if not cursor:
        return datetime(1, 1, 1, tzinfo=UTC), UUID(int=0)
    at, _, identifier = cursor.partition("_")
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise bad_cursor()
        return moment.astimezone(UTC), UUID(identifier)
    except (ValueError, OverflowError):
        raise bad_cursor() from None


def _door(row: Any, cadence: timedelta) -> DoorOut:
    last_at = None if row["last_at"] == _EPOCH else row["last_at"]
    due_at = last_at and last_at + cadence
    return _out(row, due_at, overdue=due_at is None or due_at <= clock.now())


def _paired(row: Any) -> DoorOut:
    due_at = row["due_at"]
    return _out(row, due_at, overdue=due_at is not None and due_at <= clock.now())


def _out(row: Any, due_at: datetime | None, *, overdue: bool) -> DoorOut:
    return DoorOut(
        id=row["id"],
        label=row["label"],
        level=row["level"],
        level_name=words.say(LEVEL[Level(row["level"])]),
        last_at=None if row["last_at"] == _EPOCH else row["last_at"],
        due_at=due_at,
        overdue=overdue,
    )


# Below a community, or what a grid covers and no other grid does more closely. `{door}`: which place a visit was at.
_PAGE: Final = """
WITH below AS (
    SELECT p.id, p.label, p.level, p.path FROM place p
    WHERE p.ended_at IS NULL AND {doors} AND NOT :is_grid::bool AND :place_id::uuid = ANY(p.path)
    UNION ALL
    SELECT p.id, p.label, p.level, p.path FROM place p
    WHERE p.ended_at IS NULL AND {doors} AND :is_grid
      AND p.path && ARRAY(SELECT place_id FROM grid_cover WHERE grid_id = :place_id)
      AND :place_id = (SELECT c.grid_id FROM unnest(p.path) WITH ORDINALITY u(id, n) JOIN grid_cover c ON c.place_id = u.id
                       ORDER BY u.n DESC LIMIT 1)
), visited AS (
    SELECT {door} AS id, max(s.starts_at) AS last_at FROM subject s JOIN place l ON l.id = s.place_id
    WHERE s.kind = 'activity' AND s.sort = :sort AND s.status = 'closed' AND :place_id IN (s.grid_id, s.community_id, s.street_id)
    GROUP BY 1
), door AS (
    SELECT b.id, b.label, b.level, coalesce(v.last_at, 'epoch'::timestamptz) AS last_at
    FROM below b LEFT JOIN visited v USING (id)
)
SELECT * FROM door WHERE (last_at, id) > (:since::timestamptz, :after::uuid) ORDER BY last_at, id LIMIT :limit
"""
_OF_UNITS: Final = Statement(
    _PAGE.format(
        doors="""(p.level = 'unit' OR (p.level = 'building'
            AND NOT EXISTS (SELECT FROM place u WHERE u.parent_id = p.id AND u.level = 'unit' AND u.ended_at IS NULL)))""",
        door="CASE WHEN l.level = 'room' THEN l.parent_id ELSE l.id END",
    )
)
_OF_ROOMS: Final = Statement(_PAGE.format(doors="p.level = 'room'", door="l.id"))
# A room that several look after is one door, due as the first of them has agreed.
_OF_PAIRS: Final = Statement("""
SELECT l.id, l.label, l.level, coalesce(max(s.visited_at), 'epoch'::timestamptz) AS last_at, min(s.due_at) AS due_at
FROM subject s JOIN place l ON l.id = s.place_id
WHERE s.kind = 'relationship' AND s.sort = 'pairing' AND s.status IN ('active', 'vacant')
  AND :place_id::uuid IN (s.grid_id, s.community_id, s.street_id) AND (:until::timestamptz IS NULL OR s.due_at <= :until)
GROUP BY l.id HAVING (coalesce(max(s.visited_at), 'epoch'), l.id) > (:since::timestamptz, :after::uuid)
ORDER BY 4, 1 LIMIT :limit
""")
