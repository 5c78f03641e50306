"""Finding places: by address, down the tree, by the code in the stairwell, by position."""

import math
import re
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from app import db
from app.errors import Invalid, NotFound
from app.models.place import FoundPlaceOut, PlaceOut, PlacePathOut
from app.rules import address
from app.rules.address import Address
from app.words import LEVEL, Level

MOST: Final = 100  # rows of one answer
EARTH_METRES: Final = 6_371_000
METRES_A_DEGREE: Final = 111_195
_SCENE: Final = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)
_CURSOR: Final = re.compile(r"(-?\d{1,10})\.([0-9a-f]{32})", re.ASCII)

# Words that name something narrow the search; words that name nothing (省, 市, a slip of the pen) are passed over.
# A place whose number is empty is a named one, so both halves live on the index place_number.
_NUMBERED: Final = """
WITH named AS MATERIALIZED (
    SELECT p.id, w.n FROM place p JOIN unnest($3::text[]) WITH ORDINALITY AS w(word, n)
        ON strpos(lower(p.name), w.word) > 0 OR strpos(w.word, lower(p.name)) > 0
    WHERE p.number IS NULL AND p.level <> 'grid'
), candidate AS (
    SELECT coalesce(u.id, b.id) AS id, b.number AS building, u.id IS NOT NULL AS exact, b.path
    FROM place b LEFT JOIN place u ON u.parent_id = b.id AND u.level = 'unit' AND u.number = $2
    WHERE b.level = 'building' AND b.number = ANY($1::text[])
    UNION ALL
    SELECT id, NULL, true, path FROM place
    WHERE cardinality($1::text[]) = 0 AND level = 'unit' AND number = $2 AND EXISTS (SELECT FROM named)
), ranked AS (
    SELECT c.id, c.building, c.exact, count(DISTINCT n.n) AS hits
    FROM candidate c CROSS JOIN unnest(c.path) AS node(id) LEFT JOIN named n ON n.id = node.id
    GROUP BY c.id, c.building, c.exact
)
SELECT p.id, p.parent_id, p.level, p.name, p.label, p.lat, p.lng, r.building, r.exact,
    ARRAY(SELECT a.name FROM unnest(p.path) WITH ORDINALITY AS node(id, n) JOIN place a USING (id) ORDER BY n) AS path
FROM ranked r JOIN place p USING (id)
WHERE r.hits > 0 OR NOT EXISTS (SELECT FROM named)
ORDER BY r.hits DESC, r.exact DESC, length(r.building) DESC, p.label, p.id
LIMIT $4
"""

_NAMED: Final = """
WITH found AS (
    SELECT p.id, count(*) AS hits, min(CASE WHEN lower(p.name) = w.word THEN 0
        WHEN starts_with(lower(p.name), w.word) THEN 1 WHEN strpos(lower(p.name), w.word) > 0 THEN 2 ELSE 3 END) AS off
    FROM place p JOIN unnest($1::text[]) AS w(word)
        ON strpos(lower(p.name), w.word) > 0 OR strpos(w.word, lower(p.name)) > 0
    WHERE p.number IS NULL AND p.level <> 'grid'
    GROUP BY p.id
)
SELECT p.id, p.parent_id, p.level, p.name, p.label, p.lat, p.lng,
    ARRAY(SELECT a.name FROM unnest(p.path) WITH ORDINALITY AS node(id, n) JOIN place a USING (id) ORDER BY n) AS path
FROM found f JOIN place p USING (id)
ORDER BY f.hits DESC, f.off, cardinality(p.path) DESC, p.label, p.id
LIMIT $2
"""

_CHILDREN: Final = """
SELECT id, parent_id, level, name, label, lat, lng, sort FROM place
WHERE ($1::uuid IS NULL OR parent_id = $1) AND ($1::uuid IS NOT NULL OR $2::text IS NOT NULL OR parent_id IS NULL)
    AND (level = $2 OR $2::text IS NULL AND level <> 'grid') AND ended_at IS NULL AND ($3::int8 IS NULL OR (sort, id) > ($3, $4::uuid))
ORDER BY sort, id LIMIT $5
"""

_PATH: Final = """
SELECT p.id, p.parent_id, p.level, p.name, p.label, p.lat, p.lng,
    ARRAY(SELECT a.name FROM unnest(p.path) WITH ORDINALITY AS node(id, n) JOIN place a USING (id) ORDER BY n) AS path,
    CASE WHEN p.level = 'grid' THEN p.label ELSE (
        SELECT g.label FROM unnest(p.path) WITH ORDINALITY AS node(place_id, n)
            JOIN grid_cover USING (place_id) JOIN place g ON g.id = grid_id ORDER BY n DESC LIMIT 1) END AS grid
FROM place p WHERE p.id = $1 OR p.scene = $2 AND p.ended_at IS NULL
"""

_NEAREST: Final = """
SELECT id FROM (
    SELECT id, 2 * $5 * asin(least(1, sqrt(power(sin(radians(lat - $1) / 2), 2)
        + cos(radians($1)) * cos(radians(lat)) * power(sin(radians(lng - $2) / 2), 2)))) AS metres
    FROM place WHERE level = 'building' AND lat BETWEEN $1 - $3 AND $1 + $3 AND lng BETWEEN $2 - $4 AND $2 + $4
) near WHERE metres <= $6 ORDER BY metres, id LIMIT 1
"""


async def search(q: str, limit: int = 10) -> list[FoundPlaceOut]:
    """Find what an address may mean, best match first: building with unit, building, then estates by name."""
    said = address.parse(q)
    if said is None:
        return []
    most, words = _bounded(limit), [word.lower() for word in said.words]
    found: list[FoundPlaceOut] = []
    if said.building or said.unit:
        rows = await db.fetch(_NUMBERED, _buildings(said), said.unit, words, most)
        found = [_found(row, _left(said, row["building"], exact=row["exact"])) for row in rows]
    if words and len(found) < most:
        rows = await db.fetch(_NAMED, words, most - len(found))
        found += [_found(row, said.within) for row in rows]
    return found


async def children(
    parent_id: UUID | None, level: Level | None, limit: int = 20, cursor: str | None = None
) -> tuple[list[PlaceOut], str | None]:
    """List places below `parent_id` (none: streets, or all of `level`) and the cursor of the next page.

    Grids lie beside the address tree: they come only when asked for by level.
    """
    most, (sort, last) = _bounded(limit), _read_cursor(cursor)
    rows = await db.fetch(_CHILDREN, parent_id, level, sort, last, most + 1)
    items = [PlaceOut(**_named(row)) for row in rows[:most]]
    more = len(rows) > most
    return items, f"{rows[most - 1]['sort']}.{items[-1].id.hex}" if more else None


async def get(place_id: UUID) -> PlacePathOut:
    """Return a place with its way down from the street and the grid that answers for it."""
    return _path(await db.fetch(_PATH, place_id, None))


async def by_scene(scene: str) -> PlacePathOut:
    """Return the place whose code was scanned."""
    return _path(await db.fetch(_PATH, None, scene) if _SCENE.fullmatch(scene) else [])


async def scene_of(place_id: UUID) -> str:
    """Return what the code of a place says."""
    row = await db.fetchrow("SELECT scene FROM place WHERE id = $1 AND ended_at IS NULL", place_id)
    if row is None:
        raise NotFound
    scene: str = row["scene"]
    return scene


async def nearest_building(lat: float, lng: float, metres: float = 300) -> UUID | None:
    """Return the building nearest to a GCJ-02 position (degrees), none farther than `metres`."""
    if not (abs(lat) <= 90 and abs(lng) <= 180):  # refuses NaN too
        return None
    high = metres / METRES_A_DEGREE
    wide = min(360.0, high / max(math.cos(math.radians(lat)), 1e-6))
    rows = await db.fetch(_NEAREST, float(lat), float(lng), high, wide, float(EARTH_METRES), float(metres))
    return rows[0]["id"] if rows else None


def _buildings(said: Address) -> list[str]:
    """Return the numbers the building may go by: 944号附1号 is a building of its own, or a door of 944号."""
    if said.building is None:
        return []
    whole, _, annex = said.building.partition("附")
    numbers = [said.building, *([whole] if annex else [])]
    return [*numbers, said.building + said.unit] if said.unit and said.unit.startswith("附") else numbers


def _left(said: Address, building: str | None, *, exact: bool) -> str | None:
    """Return what the address says below the place found: with the unit's own text where there is no such unit."""
    if exact or said.unit is None or building == f"{said.building}{said.unit}":
        return said.rest
    if said.building and building and building != said.building:
        return f"{said.building.removeprefix(building)}号{said.below or ''}"
    return said.below


def _found(row: Any, rest: str | None) -> FoundPlaceOut:
    return FoundPlaceOut(**_named(row), path=row["path"], rest=rest)


def _path(rows: list[Any]) -> PlacePathOut:
    if not rows:
        raise NotFound
    return PlacePathOut(**_named(rows[0]), path=rows[0]["path"], grid=rows[0]["grid"])


def _named(row: Any) -> dict[str, Any]:
    columns: Iterable[str] = ("id", "parent_id", "level", "name", "label", "lat", "lng")
    return {column: row[column] for column in columns} | {"level_name": LEVEL[Level(row["level"])]}


def _bounded(limit: int) -> int:
    return max(1, min(limit, MOST))


def _read_cursor(cursor: str | None) -> tuple[int | None, UUID | None]:
    if not cursor:
        return None, None
    parts = _CURSOR.fullmatch(cursor)
    if parts is None:
        raise Invalid.at("/cursor", "翻页位置无效，请从第一页重新开始")
    return int(parts[1]), UUID(parts[2])
