"""The catalogue: one version of an office's setup, cached by each process until `setup.version` rises."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from app import clock, db, log, process_state, words
from app.enums import DISPATCHED_TO, SHANGHAI, Level, OrganisationKind, Role, SettingKind
from app.labels import ORGANISATION_KIND
from app.models.category import Category
from app.models.organisation import OrganisationOut
from app.rules import access, workdays
from app.rules.escalation import Clocks
from app.rules.facts import Facts
from app.rules.opinions import OPINION_DAYS
from app.rules.routing import StandIn, Unit, UnitPost, responsible_post, stand_in
from app.rules.titles import NO_TITLES, NamedPost, Titles, title_of, titles_of
from app.rules.workdays import Calendar
from app.services.setup.rulebook import NO_OVERRIDES, Overrides, Rulebook

logger = log.get("catalogue")
_LONGEST_LIMIT: Final = timedelta(days=31)  # 15 working days, the longest limit, fit into it


@dataclass(frozen=True, slots=True)
class Company:
    """An organisation and the places it serves."""

    id: UUID
    name: str
    kind: OrganisationKind
    skills: frozenset[str]
    areas: frozenset[UUID]
    agents: tuple[UUID | None, ...]  # person ids; None for a vacant post


@dataclass(frozen=True, slots=True)
class Listener:
    """An enabled webhook and the events it receives, as types or patterns such as `ticket.*`."""

    id: UUID
    events: frozenset[str]

    def receives(self, event: str) -> bool:
        """Tell whether the webhook receives events of this type."""
        return event in self.events or f"{event.partition('.')[0]}.*" in self.events


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One version of the setup. Immutable, except for its cache of rulebooks."""

    version: int
    categories: Mapping[str, Category]
    calendar: Calendar
    units: Mapping[UUID, Unit]  # in the order in which they are shown
    covers: Mapping[UUID, UUID]
    organisations: Mapping[UUID, Company]
    category_refs: Mapping[str, Mapping[str, str]]  # as tickets are serialized, but for the name
    own: Mapping[UUID, Overrides] = field(default_factory=dict)  # by street or community, if it has any
    listeners: Mapping[UUID, Sequence[Listener]] = field(default_factory=dict)  # by organisation or place
    _rules: dict[tuple[UUID, ...], Rulebook] = field(default_factory=dict, init=False)  # filled on demand
    _titles: dict[tuple[UUID, ...], Titles] = field(default_factory=dict, init=False)  # the same

    def category_ref(self, code: str) -> dict[str, str]:
        """Return a category as tickets are serialized, named in the language of the request."""
        ref = self.category_refs[code]
        return {**ref, "name": words.name(ref["zh"], ref["en"])}

    def rules(self, path: Iterable[UUID | None]) -> Rulebook:
        """Return the rulebook of a place by its path. A community's overrides take precedence over the street's."""
        nodes = tuple(node for node in path if node is not None and node in self.own) if self.own else ()
        rulebook = self._rules.get(nodes)
        if rulebook is None:
            rulebook = Rulebook(self.categories, self.calendar)
            for node in nodes:
                rulebook = rulebook.with_overrides(self.own[node])
            self._rules[nodes] = rulebook
        return rulebook

    def titles(self, path: Iterable[UUID]) -> Titles:
        """Return what posts are called at a place. A community's titles of a role take precedence over the street's."""
        nodes = tuple(node for node in path if SettingKind.TITLES in self.own.get(node, NO_OVERRIDES))
        if not nodes:
            return NO_TITLES
        titles = self._titles.get(nodes)
        if titles is None:
            titles = {}
            for node in nodes:
                titles = {**titles, **titles_of(self.own[node][SettingKind.TITLES])}
            self._titles[nodes] = titles
        return titles

    def opinion_days(self, path: Iterable[UUID | None]) -> int:
        """Return after how many days an opinion at a place is overdue: the limit of the nearest office that has its own."""
        nodes = [node for node in path if node]
        own = (self.own.get(node, NO_OVERRIDES).get(SettingKind.OPINIONS) for node in reversed(nodes))
        return next((entries[0]["days"] for entries in own if entries), OPINION_DAYS)

    def lapse_day(self, path: Iterable[UUID | None]) -> str | None:
        """Return the day of the year on which points at a place lapse, by the nearest office that has its own; None: never."""
        nodes = [node for node in path if node]
        own = (self.own.get(node, NO_OVERRIDES).get(SettingKind.POINTS) for node in reversed(nodes))
        return next((str(entries[0]["lapse"]) for entries in own if entries), None)

    def role_name(self, post: NamedPost) -> str:
        """Return what a post is called where it is held: 网格长, or 网格总长 where the office says so."""
        return title_of(post, self.titles(post.path or ()))

    def unit_role_name(self, role: Role, unit_id: UUID | None, title: str | None = None) -> str:
        """Return what a post of a unit is called; without a title, what its role usually is."""
        unit = self.units.get(unit_id) if unit_id else None
        if unit is None:
            return self.role_name(NamedPost(role, None, None))
        return self.role_name(NamedPost(role, unit.level, unit.path, title))

    def title_of_seat(self, seat: access.Seat) -> str | None:
        """Return the title chosen for somebody's post in a unit."""
        unit = self.units.get(seat.unit_id) if seat.unit_id else None
        return next((post.title for post in unit.posts if post.id == seat.id), None) if unit else None

    def post_label(self, post: NamedPost, unit: str) -> str:
        """Return the display name of a post: 万寿山社区第四网格 网格长."""
        return f"{unit} {self.role_name(post)}"

    def rules_at(self, ticket: Facts) -> Rulebook:
        """Return the rulebook of a ticket's place."""
        return self.rules((ticket["street_id"], ticket["community_id"]))

    def clocks(self, ticket: Facts) -> Clocks:
        """Return the clocks of a ticket's category at its place."""
        return self.rules_at(ticket).clocks(ticket["category"])

    def category(self, ticket: Facts) -> Category:
        """Return a ticket's category with the limits that apply at its place."""
        return self.rules_at(ticket).categories[ticket["category"]]

    def is_public(self, category: str, path: Iterable[UUID | None]) -> bool:
        """Tell whether neighbours at a place may see that there are reports of a category."""
        return self.rules(path).categories[category].public and category not in access.PRIVATE_CATEGORIES

    def is_visible_to_neighbours(self, ticket: Facts) -> bool:
        """Tell whether neighbours may see that a ticket exists."""
        return access.is_visible_to_neighbours(ticket, public=self.category(ticket).public)

    def dangers(self) -> list[str]:
        """Return the codes of the categories that are dangers."""
        return [code for code, category in self.categories.items() if category.level == "E0"]

    def private_categories(self) -> dict[UUID | None, list[str]]:
        """Return the codes of the categories whose tickets neighbours may not see: everywhere (None), and of each office
        that made some private, there.
        """
        everywhere = [code for code in self.categories if not self.is_public(code, ())]
        offices = {
            place_id: [code for code in self.categories if not self.is_public(code, (place_id,))]
            for place_id in self.own
        }
        return {None: everywhere} | {
            place_id: codes for place_id, codes in offices.items() if codes != everywhere
        }

    def with_settings(self, place_id: UUID, kind: SettingKind, entries: list[dict[str, Any]]) -> "Catalogue":
        """Return this catalogue with a place's overrides of one kind replaced by `entries`."""
        overrides = {**self.own.get(place_id, NO_OVERRIDES), kind: entries}
        return replace(self, own={**self.own, place_id: overrides})

    def responsible_post(self, unit_id: UUID | None) -> UnitPost | None:
        """Return the post that is responsible for a unit today."""
        unit = self.units.get(unit_id) if unit_id else None
        return responsible_post(unit, today()) if unit else None

    def stand_in(self, unit_id: UUID | None) -> StandIn | None:
        """Return who stands in for the head of a unit today; None while a head is available."""
        unit = self.units.get(unit_id) if unit_id else None
        return stand_in(unit, today()) if unit else None

    def reachable_unit(self, path: Iterable[UUID | None]) -> Unit | None:
        """Return the lowest unit of a path from the street down that has a number for the public."""
        units = [self.units[node] for node in path if node and node in self.units]
        return next((unit for unit in reversed(units) if unit.phone and not unit.ended), None)

    def agents(self, organisation_id: UUID) -> list[UUID | None]:
        """Return the persons who act for an organisation; None for a vacant post."""
        company = self.organisations.get(organisation_id)
        return list(company.agents) if company else []

    def serving(
        self, path: Iterable[UUID], category: str | None = None, *, below: Collection[UUID] = ()
    ) -> list[OrganisationOut]:
        """Return the organisations that serve a place. The category's default, if there is one, comes first.

        Those that serve only one of the places `below` it come after them.
        """
        path = tuple(path)
        nodes = set(path)
        skill = self.rules(path).categories[category].skill if category else None
        companies = [
            company
            for company in self.organisations.values()
            if company.kind in DISPATCHED_TO and (nodes | set(below)) & company.areas
        ]
        companies.sort(
            key=lambda company: (
                not nodes & company.areas,
                skill not in company.skills,
                company.kind != OrganisationKind.PROPERTY,
                company.name,
            )
        )
        return [
            OrganisationOut(
                id=company.id,
                name=company.name,
                kind=company.kind,
                kind_name=ORGANISATION_KIND[company.kind],
                default=n == 0 and skill in company.skills and bool(nodes & company.areas),
            )
            for n, company in enumerate(companies)
        ]


def today() -> date:
    """Return the current date in Shanghai."""
    return clock.now(SHANGHAI).date()


_current: Catalogue | None = None
_load_lock: Final = asyncio.Lock()


async def cached_catalogue(version: int | None = None) -> Catalogue:
    """Return the cached catalogue; load it if there is none or it has another version than `version`."""
    global _current  # noqa: PLW0603 - one per process, replaced whole
    if not _is_current(version):
        async with _load_lock:
            if not _is_current(version):  # loaded while this call waited for the lock
                _current = await _load()
    assert _current
    return _current


def _is_current(version: int | None) -> bool:
    return _current is not None and version in {None, _current.version}


async def current_catalogue() -> Catalogue:
    """Return the catalogue of the current version, after asking the database for the version."""
    row = await db.fetchrow("SELECT version FROM setup")
    return await cached_catalogue(row["version"] if row else None)


@process_state.on_forget
def _forget() -> None:
    global _current  # noqa: PLW0603 - as above
    _current = None


async def _load() -> Catalogue:
    """Load the catalogue, the version first: a change while loading then shows as a newer version."""
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
    _warn_of_unknown_year(calendar := workdays.load_calendar(days))
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


_POST_FIELDS: Final = ("person_id", "name", "absent_from", "absent_until", "title")
# Skills as one text: the driver reads no array inside a record.
_UNITS: Final = """
SELECT u.id, u.level, u.label, u.path, u.ended_at IS NOT NULL AS ended, u.phone,
       coalesce(array_agg((p.id, p.role, array_to_string(p.skills, ' '), p.person_id, n.name, p.absent_from, p.absent_until, p.title) ORDER BY p.id)
                FILTER (WHERE p.id IS NOT NULL), '{}') AS posts
FROM place u
LEFT JOIN post p ON p.place_id = u.id AND p.ended_at IS NULL
LEFT JOIN person n ON n.id = p.person_id
WHERE u.level IN ('street', 'community', 'grid') GROUP BY u.id ORDER BY cardinality(u.path), u.sort, u.id
"""
_ORGANISATIONS: Final = """
SELECT o.*, ARRAY(SELECT place_id FROM service_area a WHERE a.organisation_id = o.id) AS areas,
       ARRAY(SELECT person_id FROM post p WHERE p.organisation_id = o.id AND p.ended_at IS NULL) AS agents
FROM organisation o
"""


def _unit(row: Any) -> Unit:
    posts = tuple(_post(*post) for post in row["posts"])
    return Unit(
        row["id"], Level(row["level"]), row["label"], tuple(row["path"]), posts, row["ended"], row["phone"]
    )


def _post(post_id: UUID, role: str, skills: str, *others: Any) -> UnitPost:
    fields = dict(zip(_POST_FIELDS, others, strict=True))
    return UnitPost(post_id, Role(role), skills=frozenset(skills.split()), **fields)


def _company(row: Any) -> Company:
    return Company(
        row["id"],
        row["name"],
        OrganisationKind(row["kind"]),
        frozenset(row["skills"]),
        frozenset(row["areas"]),
        tuple(row["agents"]),
    )


def _warn_of_unknown_year(calendar: Calendar) -> None:
    """Log each year that limits starting today may reach and whose holidays are not known."""
    for year in sorted({today().year, (today() + _LONGEST_LIMIT).year}):
        if not calendar.has_year(year):
            logger.warning("calendar_year_unknown", year=year, falls_back_to="Monday to Friday")


def bump_version(source: str = "") -> str:
    """Return the UPDATE that makes every process reload its catalogue. With `FROM <cte>`, only if that has rows."""
    return f"UPDATE setup SET version = version + 1 {source}".rstrip()
