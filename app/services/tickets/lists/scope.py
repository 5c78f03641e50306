"""The scope of a list as SQL conditions, so that each branch can use an index."""

from collections.abc import Iterable, Iterator
from typing import Any, Final
from uuid import UUID

from app.enums import Level, Role
from app.models.ticket import TicketFilters
from app.rules.access import GRID_ROLES, Actor
from app.rules.statuses import OPEN, UNRESOLVED, sql_list
from app.services import content_checks
from app.services.setup import Catalogue

_IS_OPEN: Final = f"status IN {sql_list(OPEN)}"
_IS_UNRESOLVED: Final = f"status IN {sql_list(UNRESOLVED)}"
IS_UNASSIGNED: Final = f"{_IS_UNRESOLVED} AND holder_id IS NULL"
IS_DANGER: Final = "category IN (SELECT c.code FROM category c WHERE c.level = 'E0')"


def in_scope(actor: Actor, query: TicketFilters, catalogue: Catalogue, args: list[Any]) -> Iterator[str]:
    """Yield a condition for each branch of a box; its identifier is appended to `args`."""
    for column, identifiers, extra in sources(actor, query, catalogue):
        for identifier in identifiers:
            args.append(identifier)
            condition = column.format(n=len(args)) if column in LOOKUPS else f"{column} = ${len(args)}"
            yield f"{condition}{extra}"


# A column (or a look-up), the identifiers it must equal one of, and further conditions.
Source = tuple[str, list[Any], str]
# Look-ups stand instead of a column: the ids are read first, because a person follows few tickets.
FOLLOWED: Final = "id = ANY (ARRAY(SELECT f.ticket_id FROM follower f WHERE f.person_id = ${n}))"
# A search must not find what its reader may not see.
_READABLE: Final = f" AND (description IS NULL OR {content_checks.description_passed('ticket')})"
# Likewise the open tickets that departments were called to and not released from, and those that await their report.
# The identifier of these look-ups is a list of organisations.
_CALLED: Final = f"c.called_ids <> '{{{{}}}}' AND c.called_ids && ${{n}}::uuid[] AND c.{_IS_OPEN}"
CALLED: Final = f"id = ANY (ARRAY(SELECT c.id FROM ticket c WHERE {_CALLED}))"
AWAITED: Final = (
    f"id = ANY (ARRAY(SELECT c.id FROM ticket c WHERE {_CALLED} AND c.awaited_ids && ${{n}}::uuid[]))"
)
# And what any of these units holds. The identifier is the list of units: a street's have one branch together.
HELD: Final = "holder_id = ANY (${n}::uuid[])"
LOOKUPS: Final = frozenset({FOLLOWED, CALLED, AWAITED, HELD})
_OFFICE_LEVELS: Final = (Level.STREET, Level.COMMUNITY)
_LEVEL_COLUMNS: Final = {Level.GRID: "grid_id", Level.COMMUNITY: "community_id", Level.STREET: "street_id"}
_OFFICES: Final = frozenset({Role.COMMUNITY, Role.STREET})
_HOLDING: Final = GRID_ROLES | _OFFICES


def sources(actor: Actor, query: TicketFilters, catalogue: Catalogue) -> list[Source]:
    """Return the sources of a box; a ticket is in it if it belongs to one of them."""
    box = query.box or ("inbox" if actor.seats else "mine")
    is_open = f" AND {_IS_OPEN}"
    mine: Source = ("reporter_id", [actor.person_id], "")
    companies = list(actor.seats_by_organisation)
    called: list[Any] = [companies] if companies else []
    if box == "mine":
        return [mine]
    if box == "following":
        return [_following(actor, query, catalogue)]
    if box == "inbox":
        return [
            ("holder_id", actor.units(frozenset(_HOLDING)), is_open),
            ("organisation_id", companies, is_open + " AND organisation_id IS NOT NULL"),
            (AWAITED, called, ""),
        ]
    unassigned: list[Source] = [
        (column, units, f" AND {IS_UNASSIGNED}") for column, units in _levels(actor, catalogue, _OFFICES)
    ]
    if box == "unassigned":
        return unassigned
    if box == "area":
        own = set(offices(actor, catalogue))
        within = [unit.id for unit in catalogue.units.values() if not own.isdisjoint(unit.path)]
        return [(HELD, [within] if within else [], f" AND {_IS_UNRESOLVED}"), *unassigned]
    scope = [(column, units, "") for column, units in _levels(actor, catalogue, _HOLDING | {Role.AUDITOR})]
    of_organisations: list[Source] = [
        ("organisation_id", companies, " AND organisation_id IS NOT NULL"),
        (CALLED, called, ""),
    ]
    return [mine, _following(actor, query, catalogue), *of_organisations, *scope]


def _following(actor: Actor, query: TicketFilters, catalogue: Catalogue) -> Source:
    readable = _READABLE if query.q else ""
    return FOLLOWED, [actor.person_id], f" AND {_visible_to_neighbours(catalogue)}{readable}"


def _visible_to_neighbours(catalogue: Catalogue) -> str:
    """Return the condition of `Catalogue.is_visible_to_neighbours`."""
    private = catalogue.private_categories()
    everywhere = private.pop(None)
    conditions = ["NOT anonymous", f"category NOT IN ({_literals(everywhere)})"]
    conditions += [
        f"((community_id = '{place_id}' OR street_id = '{place_id}') AND category IN ({_literals(codes)})) IS NOT TRUE"
        for place_id, codes in private.items()
    ]
    return " AND ".join(conditions)


def _literals(codes: Iterable[str]) -> str:
    return ", ".join("'" + code.replace("'", "''") + "'" for code in ("", *codes))


def offices(actor: Actor, catalogue: Catalogue) -> list[UUID]:
    """Return the communities and streets in which the actor holds a post, in the order of their posts."""
    units = dict.fromkeys(actor.units(_OFFICES))
    return [
        unit_id
        for unit_id in units
        if (unit := catalogue.units.get(unit_id)) and unit.level in _OFFICE_LEVELS
    ]


def _levels(actor: Actor, catalogue: Catalogue, roles: Iterable[Role]) -> list[tuple[str, list[UUID]]]:
    by_column: dict[str, list[UUID]] = {}
    for unit_id in actor.units(frozenset(roles)):
        unit = catalogue.units.get(unit_id)
        if unit and unit.level in _LEVEL_COLUMNS:
            by_column.setdefault(_LEVEL_COLUMNS[unit.level], []).append(unit_id)
    return list(by_column.items())
