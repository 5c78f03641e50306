"""What an office sets up, remembered by each process as long as `setup.version` stands: units, posts, categories, days, hours."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from app import clock, db, log
from app.models.category import Category
from app.models.organisation import OrganisationOut
from app.rules import workdays
from app.rules.escalation import Clocks
from app.rules.facts import Facts
from app.rules.routing import Holding, Unit, answering
from app.rules.workdays import Calendar
from app.services.rulebook import NOTHING, Own, Rulebook
from app.words import KIND, ROLE, SHANGHAI, Kind, Level, Noun, Role

logger = log.get("catalogue")
_PLACES_KEPT: Final = 50_000
_LONGEST: Final = timedelta(days=31)  # the longest limits, 15 working days, end within it


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as tickets refer to it."""

    id: UUID
    label: str
    path: tuple[UUID, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Company:
    """An organisation and the places it serves."""

    id: UUID
    name: str
    kind: Kind
    skills: frozenset[str]
    areas: frozenset[UUID]
    agents: tuple[UUID | None, ...]  # persons; vacant posts have none


@dataclass(frozen=True, slots=True)
class Listener:
    """A webhook that is on, and what it is told of."""

    id: UUID
    events: frozenset[str]

    def hears(self, event: str) -> bool:
        """Tell whether it is told of an event of this type."""
        return event in self.events or f"{event.partition('.')[0]}.*" in self.events


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One version of everything an office sets up."""

    version: int
    categories: Mapping[str, Category]
    calendar: Calendar
    units: Mapping[UUID, Unit]
    covers: Mapping[UUID, UUID]
    organisations: Mapping[UUID, Company]
    category_refs: Mapping[str, Mapping[str, str]]  # as tickets show them
    own: Mapping[UUID, Own] = field(default_factory=dict)  # of streets and communities that have any
    spots: dict[UUID, Spot] = field(default_factory=dict)  # filled as tickets ask for them
    listeners: Mapping[UUID, Sequence[Listener]] = field(default_factory=dict)  # by organisation or office
    _rules: dict[tuple[UUID, ...], Rulebook] = field(default_factory=dict, init=False)  # as places ask

    def rules(self, path: Iterable[UUID | None]) -> Rulebook:
        """Return what counts at a place, by the way down to it: the community's own before the street's before all."""
        speaking = tuple(node for node in path if node is not None and node in self.own) if self.own else ()
        found = self._rules.get(speaking)
        if found is None:
            found = Rulebook(self.categories, self.calendar)
            for node in speaking:
                found = found.under(self.own[node])
            self._rules[speaking] = found
        return found

    def spot(self, ticket: Facts) -> Spot | None:
        """Return the place of a ticket; None where it has a position only. Its spot is read before."""
        return self.spots.get(ticket["place_id"]) if ticket["place_id"] else None

    def path(self, ticket: Facts) -> Sequence[UUID]:
        """Return the way down to where a ticket lies, as far as that is known."""
        spot = self.spot(ticket)
        return spot.path if spot else [u for u in (ticket["street_id"], ticket["community_id"]) if u]

    def rules_at(self, ticket: Facts) -> Rulebook:
        """Return what counts where a ticket lies."""
        return self.rules((ticket["street_id"], ticket["community_id"]))

    def clocks(self, ticket: Facts) -> Clocks:
        """Return the clocks of a ticket's category where it lies."""
        return self.rules_at(ticket).clocks(ticket["category"])

    def category(self, ticket: Facts) -> Category:
        """Return a ticket's category with the figures that count where it lies."""
        return self.rules_at(ticket).categories[ticket["category"]]

    def supposing(self, place_id: UUID, noun: Noun, entries: list[dict[str, Any]]) -> "Catalogue":
        """Return the catalogue as it would be if a place said this of a noun."""
        said = {**self.own.get(place_id, NOTHING), noun: entries}
        return replace(self, own={**self.own, place_id: said})

    def answering(self, unit_id: UUID | None) -> Holding | None:
        """Return who answers for a unit today."""
        unit = self.units.get(unit_id) if unit_id else None
        return answering(unit, today()) if unit else None

    def agents(self, organisation_id: UUID) -> list[UUID | None]:
        """Return the persons who act for an organisation."""
        company = self.organisations.get(organisation_id)
        return list(company.agents) if company else []

    def serving(self, path: Iterable[UUID], category: str | None = None) -> list[OrganisationOut]:
        """Return the organisations that serve a place, the category's default first."""
        path = tuple(path)
        nodes = set(path)
        skill = self.rules(path).categories[category].skill if category else None
        found = [company for company in self.organisations.values() if nodes & company.areas]
        found.sort(
            key=lambda company: (skill not in company.skills, company.kind != Kind.PROPERTY, company.name)
        )
        return [
            OrganisationOut(
                id=company.id,
                name=company.name,
                kind=company.kind,
                kind_name=KIND[company.kind],
                default=n == 0 and skill in company.skills,
            )
            for n, company in enumerate(found)
        ]


def today() -> date:
    """Return the day it is in Shanghai."""
    return clock.now(SHANGHAI).date()


def post_label(role: Role, unit: str) -> str:
    """Return how a post is called: 万寿山社区第四网格 网格长."""
    return f"{unit} {ROLE[role]}"


_current: Catalogue | None = None
_reading: Final = asyncio.Lock()


async def current(version: int | None = None) -> Catalogue:
    """Return the catalogue remembered, or read it anew when it is not `version`."""
    global _current  # noqa: PLW0603 - one per process, replaced whole
    if not _is_of(version):
        async with _reading:
            if not _is_of(version):  # one reads for all who wait
                _current = await _read()
    assert _current
    return _current


def _is_of(version: int | None) -> bool:
    return _current is not None and version in {None, _current.version}


async def refresh() -> Catalogue:
    """Return the catalogue of this moment."""
    row = await db.fetchrow("SELECT version FROM setup")
    return await current(row["version"] if row else None)


def forget() -> None:
    """Remember nothing; for tests and after a restore."""
    global _current  # noqa: PLW0603 - as above
    _current = None


async def _read() -> Catalogue:
    """Read the version first: whatever changes meanwhile shows as a newer one."""
    version = (await db.fetch("SELECT version FROM setup"))[0]["version"]
    categories = await db.fetch("SELECT * FROM category ORDER BY sort, code")
    days = await db.fetch("SELECT date::text, kind FROM calendar_day")
    covers = await db.fetch("SELECT place_id, grid_id FROM grid_cover")
    units = await db.fetch(_UNITS)
    organisations = await db.fetch(_ORGANISATIONS)
    own: dict[UUID, dict[str, list[dict[str, Any]]]] = {}
    for row in await db.fetch("SELECT place_id, noun, own FROM setting WHERE own <> '[]'"):
        own.setdefault(row["place_id"], {})[row["noun"]] = row["own"]
    listeners: dict[UUID, list[Listener]] = {}
    for row in await db.fetch(_LISTENERS):
        listeners.setdefault(row["owner_id"], []).append(Listener(row["id"], frozenset(row["events"])))
    _warn_of_unknown_year(calendar := workdays.load(days))
    return Catalogue(
        version,
        {row["code"]: Category(**row) for row in categories},
        calendar,
        {row["id"]: _unit(row) for row in units},
        {row["place_id"]: row["grid_id"] for row in covers},
        {row["id"]: _company(row) for row in organisations},
        {row["code"]: {name: row[name] for name in ("code", "zh", "en", "level")} for row in categories},
        own,
        listeners=listeners,
    )


_LISTENERS: Final = """
SELECT id, events, coalesce(organisation_id, place_id) AS owner_id FROM webhook
WHERE disabled_at IS NULL AND ended_at IS NULL
"""


_UNITS: Final = """
SELECT u.id, u.level, u.label, u.path, u.ended_at IS NOT NULL AS ended,
       coalesce(array_agg((p.id, p.role, p.person_id, n.name, p.absent_from, p.absent_until) ORDER BY p.id)
                FILTER (WHERE p.id IS NOT NULL), '{}') AS posts
FROM place u
LEFT JOIN post p ON p.place_id = u.id AND p.ended_at IS NULL
LEFT JOIN person n ON n.id = p.person_id
WHERE u.level IN ('street', 'community', 'grid') GROUP BY u.id
"""
_ORGANISATIONS: Final = """
SELECT o.*, ARRAY(SELECT place_id FROM service_area a WHERE a.organisation_id = o.id) AS areas,
       ARRAY(SELECT person_id FROM post p WHERE p.organisation_id = o.id AND p.ended_at IS NULL) AS agents
FROM organisation o
"""


def _unit(row: Any) -> Unit:
    posts = tuple(Holding(post[0], Role(post[1]), *post[2:]) for post in row["posts"])
    return Unit(row["id"], Level(row["level"]), row["label"], tuple(row["path"]), posts, row["ended"])


def _company(row: Any) -> Company:
    return Company(
        row["id"],
        row["name"],
        Kind(row["kind"]),
        frozenset(row["skills"]),
        frozenset(row["areas"]),
        tuple(row["agents"]),
    )


def _warn_of_unknown_year(calendar: Calendar) -> None:
    """Say which years that limits begun today run in are counted Monday to Friday, for want of the notice."""
    for year in sorted({today().year, (today() + _LONGEST).year}):
        if not calendar.knows(year):
            logger.warning("calendar_year_unknown", year=year, falls_back_to="Monday to Friday")


async def spots(catalogue: Catalogue, place_ids: Iterable[UUID | None]) -> None:
    """Make sure the catalogue knows these places: one statement for those it has not met."""
    missing = {place for place in place_ids if place and place not in catalogue.spots}
    if not missing:
        return
    if len(catalogue.spots) > _PLACES_KEPT:
        catalogue.spots.clear()
    rows = await db.fetch(_SPOTS, list(missing))
    catalogue.spots.update(
        {row["id"]: Spot(row["id"], row["label"], tuple(row["path"]), tuple(row["names"])) for row in rows}
    )


_SPOTS: Final = """
SELECT p.id, p.label, p.path, array_agg(a.name ORDER BY n.ord) AS names
FROM place p, unnest(p.path) WITH ORDINALITY AS n(id, ord) JOIN place a ON a.id = n.id
WHERE p.id = ANY($1::uuid[]) AND p.level <> 'grid' GROUP BY p.id
"""
