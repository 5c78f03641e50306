"""Searching places by an address as people write it: candidates by number and name, ranked by what they explain."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from app import db
from app.models.place import FoundPlaceOut
from app.rules import address, address_match, address_spelling
from app.rules.address import Address
from app.rules.address_match import Match
from app.services.places.serializers import place_fields
from app.sql import Statement

_CANDIDATES: Final = 300  # places compared with the text

# Words that match the name of a place narrow the search; words that match none (省, 市, a typing error) are ignored.
# The number of a named place is NULL, so both halves use the index place_number.
_BY_NUMBER: Final = Statement("""
WITH name_match AS MATERIALIZED (
    SELECT p.id, w.n FROM place p JOIN unnest(:words::text[], :positions::int[]) AS w(word, n)
        ON strpos(lower(p.name), w.word) > 0 OR strpos(w.word, lower(p.name)) > 0
    WHERE p.number IS NULL AND p.level <> 'grid'
), candidate AS (
    SELECT coalesce(u.id, b.id) AS id, b.number AS building, u.id IS NOT NULL AS exact, b.path
    FROM place b LEFT JOIN place u ON u.parent_id = b.id AND u.level = 'unit' AND u.number = :unit
    WHERE b.level = 'building' AND b.number = ANY(:buildings::text[])
    UNION ALL
    SELECT id, number, true, path FROM place  -- 12-1 may be a building itself
    WHERE level = 'building' AND number = split_part(:joined, '-', 2) AND starts_with(name, :joined)
    UNION ALL
    SELECT b.id, b.number, coalesce(starts_with(b.name, :joined), false), b.path FROM place b JOIN name_match n ON b.parent_id = n.id  -- 2栋 may be 2栋A座
    WHERE b.level = 'building' AND EXISTS (SELECT FROM unnest(:buildings::text[]) AS asked(number) WHERE strpos(b.name, asked.number) > 0)
    UNION ALL
    SELECT id, NULL, true, path FROM place
    WHERE cardinality(:buildings::text[]) = 0 AND level = 'unit' AND number = :unit AND EXISTS (SELECT FROM name_match)
), ranking AS (
    SELECT c.id, c.building, c.exact, count(DISTINCT n.n) AS hits
    FROM candidate c CROSS JOIN unnest(c.path) AS node(id) LEFT JOIN name_match n ON n.id = node.id
    GROUP BY c.id, c.building, c.exact
)
SELECT p.id, p.parent_id, p.level, p.name, p.label, p.lat, p.lng, r.building, r.exact,
    ARRAY(SELECT a.name FROM unnest(p.path) WITH ORDINALITY AS node(id, n) JOIN place a USING (id) ORDER BY n) AS path
FROM ranking r JOIN place p USING (id)
WHERE r.hits > 0 OR NOT EXISTS (SELECT FROM name_match)
ORDER BY r.hits DESC, r.exact DESC, length(r.building) DESC, p.label, p.id
LIMIT :limit
""")

_BY_NAME: Final = Statement("""
WITH ranking AS (
    SELECT p.id, count(*) AS hits, min(CASE WHEN lower(p.name) = w.word THEN 0
        WHEN starts_with(lower(p.name), w.word) THEN 1 WHEN strpos(lower(p.name), w.word) > 0 THEN 2 ELSE 3 END) AS distance
    FROM place p JOIN unnest(:words::text[]) AS w(word)
        ON strpos(lower(p.name), w.word) > 0 OR strpos(w.word, lower(p.name)) > 0
    WHERE p.number IS NULL AND p.level <> 'grid'
    GROUP BY p.id
)
SELECT p.id, p.parent_id, p.level, p.name, p.label, p.lat, p.lng,
    ARRAY(SELECT a.name FROM unnest(p.path) WITH ORDINALITY AS node(id, n) JOIN place a USING (id) ORDER BY n) AS path
FROM ranking r JOIN place p USING (id)
ORDER BY r.hits DESC, r.distance, cardinality(p.path) DESC, p.label, p.id
LIMIT :limit
""")


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place an address may mean, and how well it fits."""

    place: FoundPlaceOut
    match: Match


async def search_places(q: str) -> list[FoundPlaceOut]:
    """Return the places that an address may mean, best match first."""
    return [found.place for found in await find_places(q)]


async def find_places(q: str) -> list[FoundPlace]:
    """Return the places that an address may mean, with how well they fit, best match first."""
    results = dict[UUID, FoundPlace]()
    for reading in address.readings(q):
        for found in await _find_candidates(q, reading):
            known = results.get(found.place.id)
            if known is None or found.match.rank <= known.match.rank:
                results[found.place.id] = found
    return sorted(results.values(), key=lambda found: found.match.rank)


async def _find_candidates(q: str, reading: Address) -> list[FoundPlace]:
    words = [
        (spelling.lower(), n)
        for n, word in enumerate(reading.words)
        for spelling in address_spelling.spellings(word)
    ]
    spellings = [spelling for spelling, _ in words]
    results: list[FoundPlace] = []
    if reading.building or reading.unit:
        rows = await db.execute(
            _BY_NUMBER,
            buildings=_building_numbers(reading),
            unit=reading.unit,
            joined=address.joined_numbers(reading),
            words=spellings,
            positions=[n for _, n in words],
            limit=_CANDIDATES,
        )
        results = [
            _found(q, reading, row, _remainder(reading, row["building"], exact=row["exact"])) for row in rows
        ]
    if words:
        rows = await db.execute(_BY_NAME, words=spellings, limit=_CANDIDATES)
        results += [_found(q, reading, row, reading.within) for row in rows]
    return [found for found in results if found.match.fits]


def _found(q: str, reading: Address, row: asyncpg.Record, remainder: str | None) -> FoundPlace:
    place = FoundPlaceOut(**place_fields(row), path=row["path"], rest=remainder)
    return FoundPlace(place, address_match.match(q, reading, place.label, place.path))


def _building_numbers(query: Address) -> list[str]:
    """Return the numbers the building may have: 944号附1号 is either a building itself or a door of 944号."""
    if query.building is None:
        return []
    whole, _, annex = query.building.partition("附")
    numbers = [query.building, *([whole] if annex else []), *address.marked_numbers(query)]
    is_annex = query.unit is not None and query.unit.startswith("附")
    return [*numbers, f"{query.building}{query.unit}"] if is_annex else numbers


def _remainder(query: Address, building: str | None, *, exact: bool) -> str | None:
    """Return the part of the address below the place; it begins with the unit if the place does not have that unit."""
    if exact or query.unit is None or building == f"{query.building}{query.unit}":
        return query.rest
    if query.building and building and "附" in query.building and building != query.building:
        return f"{query.building.removeprefix(building)}号{query.below or ''}"
    return query.below
