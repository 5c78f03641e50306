"""Reading places: down the tree, by id, by QR code, by position."""

import math
import re
from typing import Final
from uuid import UUID

import asyncpg

from app import db
from app.enums import Level
from app.errors import CodeReplaced, NotFound
from app.models.place import PlaceOut, PlacePathOut
from app.services.pagination import bad_cursor, page_of
from app.services.places.serializers import place_fields
from app.sql import Statement

EARTH_RADIUS_METRES: Final = 6_371_000
METRES_PER_DEGREE: Final = 111_195
_SCENE: Final = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
_CURSOR: Final = re.compile(r"(-?\d{1,10})\.([0-9a-f]{32})", re.ASCII)

_CHILDREN: Final = Statement("""
SELECT id, parent_id, level, name, label, lat, lng, sort FROM place
WHERE (:parent_id::uuid IS NULL OR parent_id = :parent_id)
    AND (:parent_id::uuid IS NOT NULL OR :level::text IS NOT NULL OR parent_id IS NULL)
    AND (level = :level OR :level::text IS NULL AND level <> 'grid') AND level <> 'room' AND ended_at IS NULL
    AND (:last_sort::int8 IS NULL OR (sort, id) > (:last_sort, :last_id::uuid))
ORDER BY sort, id LIMIT :limit
""")

_PATH: Final = Statement("""
SELECT p.id, p.parent_id, p.level, p.name, p.label, p.lat, p.lng,
    ARRAY(SELECT a.name FROM unnest(p.path) WITH ORDINALITY AS node(id, n) JOIN place a USING (id) ORDER BY n) AS path,
    CASE WHEN p.level = 'grid' THEN p.label ELSE (
        SELECT g.label FROM unnest(p.path) WITH ORDINALITY AS node(place_id, n)
            JOIN grid_cover USING (place_id) JOIN place g ON g.id = grid_id ORDER BY n DESC LIMIT 1) END AS grid
FROM place p WHERE p.id = :place_id OR p.scene = :scene AND p.ended_at IS NULL
""")

_FORMER: Final = Statement("SELECT place_id FROM former_scene WHERE scene = :scene")

# The haversine formula, on the buildings of a rectangle around the position.
_NEAREST: Final = Statement("""
SELECT id FROM (
    SELECT id, 2 * :radius::float8 * asin(least(1, sqrt(power(sin(radians(lat - :lat) / 2), 2)
        + cos(radians(:lat)) * cos(radians(lat)) * power(sin(radians(lng - :lng) / 2), 2)))) AS metres
    FROM place WHERE level = 'building' AND lat BETWEEN :lat - :lat_range AND :lat + :lat_range
        AND lng BETWEEN :lng - :lng_range AND :lng + :lng_range
) nearby WHERE metres <= :max_metres ORDER BY metres, id LIMIT 1
""")


async def child_places(
    parent_id: UUID | None, level: Level | None, limit: int = 20, cursor: str | None = None
) -> tuple[list[PlaceOut], str | None]:
    """Return the places below `parent_id` (none: streets, or all of `level`) and the cursor of the next page.

    Grids are not part of the address tree: they are returned only if `level` asks for them. Rooms are households: nobody lists them.
    """
    last_sort, last_id = _parse_cursor(cursor)
    rows = await db.execute(
        _CHILDREN, parent_id=parent_id, level=level, last_sort=last_sort, last_id=last_id, limit=limit + 1
    )
    page, next_cursor = page_of(rows, limit, lambda row: f"{row['sort']}.{row['id'].hex}")
    return [PlaceOut(**place_fields(row)) for row in page], next_cursor


async def get_place(place_id: UUID) -> PlacePathOut:
    """Return a place with its path from the street and the grid responsible for it. Raises NotFound."""
    return _to_path_out(await db.execute_one(_PATH, place_id=place_id, scene=None))


async def get_place_by_scene(scene: str) -> PlacePathOut:
    """Return the place of a scanned QR code. Raises NotFound, and CodeReplaced for one that was replaced."""
    if not _SCENE.fullmatch(scene):
        raise NotFound
    row = await db.execute_one(_PATH, place_id=None, scene=scene)
    if row is None and await db.execute_one(_FORMER, scene=scene):
        raise CodeReplaced
    return _to_path_out(row)


async def get_scene(place_id: UUID) -> str:
    """Return the scene in the QR code of a place. Raises NotFound."""
    row = await db.fetchrow("SELECT scene FROM place WHERE id = $1 AND ended_at IS NULL", place_id)
    if row is None:
        raise NotFound
    scene: str = row["scene"]
    return scene


async def nearest_building(lat: float, lng: float, max_metres: float = 300) -> UUID | None:
    """Return the building nearest to a GCJ-02 position (degrees); None if all are farther than `max_metres`."""
    if not (abs(lat) <= 90 and abs(lng) <= 180):  # refuses NaN too
        return None
    lat_range = max_metres / METRES_PER_DEGREE
    lng_range = min(360.0, lat_range / max(math.cos(math.radians(lat)), 1e-6))
    row = await db.execute_one(
        _NEAREST,
        lat=float(lat),
        lng=float(lng),
        lat_range=lat_range,
        lng_range=lng_range,
        radius=float(EARTH_RADIUS_METRES),
        max_metres=float(max_metres),
    )
    return row["id"] if row else None


def _to_path_out(row: asyncpg.Record | None) -> PlacePathOut:
    if row is None:
        raise NotFound
    return PlacePathOut(**place_fields(row), path=row["path"], grid=row["grid"])


def _parse_cursor(cursor: str | None) -> tuple[int | None, UUID | None]:
    """Return the sort key and the id of the last place of the previous page."""
    if not cursor:
        return None, None
    parts = _CURSOR.fullmatch(cursor)
    if parts is None:
        raise bad_cursor()
    return int(parts[1]), UUID(parts[2])
