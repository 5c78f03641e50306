"""A cache of places as tickets refer to them, in each process, for one version of the setup."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app import db, process_state
from app.rules.facts import Facts
from app.services.setup.catalogue import Catalogue
from app.sql import Statement

MAX_PLACES: Final = 50_000


@dataclass(frozen=True, slots=True)
class PlaceRef:
    """A place as tickets refer to it; `path` and `names` go from the street down to it."""

    id: UUID
    label: str
    path: tuple[UUID, ...]
    names: tuple[str, ...]


class _Cache:
    """The places of one version of the setup."""

    def __init__(self) -> None:
        self.version = -1
        self.places: dict[UUID | None, PlaceRef] = {}

    def of(self, version: int) -> dict[UUID | None, PlaceRef]:
        """Return the cache of a version. For a version older than the cached one it is empty and not stored."""
        if version < self.version:
            return {}
        if version > self.version or len(self.places) > MAX_PLACES:
            self.version, self.places = version, {}
        return self.places

    def forget(self) -> None:
        """Clear the cache."""
        self.__init__()  # type: ignore[misc]  # resets it to a new instance


_cache: Final = _Cache()
process_state.on_forget(_cache.forget)


async def place_refs(catalogue: Catalogue, place_ids: Iterable[UUID | None]) -> dict[UUID | None, PlaceRef]:
    """Return those of these places that exist and are neither grids nor rooms. Places not cached are loaded by one statement."""
    unique_ids, cached = {place_id for place_id in place_ids if place_id}, _cache.of(catalogue.version)
    refs: dict[UUID | None, PlaceRef] = {
        place_id: cached[place_id] for place_id in unique_ids if place_id in cached
    }
    if missing := list(unique_ids - refs.keys()):
        rows = await db.execute(_PLACES, place_ids=missing)
        refs |= {
            row["id"]: PlaceRef(row["id"], row["label"], tuple(row["path"]), tuple(row["names"]))
            for row in rows
        }
        cached.update(refs)
    return refs


async def place_ref(catalogue: Catalogue, place_id: UUID | None) -> PlaceRef | None:
    """Return a place, or None if it does not exist, is a grid or a room."""
    return (await place_refs(catalogue, [place_id])).get(place_id) if place_id else None


def path_of(ticket: Facts, place: PlaceRef | None) -> Sequence[UUID]:
    """Return the path to a ticket's place; for a ticket with only a position, its street and community."""
    return place.path if place else [unit for unit in (ticket["street_id"], ticket["community_id"]) if unit]


_PLACES: Final = Statement("""
SELECT p.id, p.label, p.path, array_agg(a.name ORDER BY n.ord) AS names
FROM place p, unnest(p.path) WITH ORDINALITY AS n(id, ord) JOIN place a ON a.id = n.id
WHERE p.id = ANY(:place_ids::uuid[]) AND p.level NOT IN ('grid', 'room') GROUP BY p.id
""")
