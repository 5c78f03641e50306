"""Where a list looks: the columns a caller's scope is found by, and what its filters ask of a ticket."""

from collections.abc import Iterable, Iterator
from typing import Any, Final
from uuid import UUID

from app import clock
from app.models.ticket import Wanted
from app.rules.access import GRID_ROLES, Actor
from app.rules.lifecycle import OPEN
from app.services.catalogue import Catalogue
from app.words import Level, Role

_IS_OPEN: Final = (
    "status IN ("
    + ", ".join(f"'{status}'" for status in ("new", "accepted", "dispatched", "waiting", "resolved"))
    + ")"
)
assert {status.value for status in OPEN} == {"new", "accepted", "dispatched", "waiting", "resolved"}

_OVERDUE: Final = "(resolved_at > resolve_due OR (resolved_at IS NULL AND status IN ('new', 'accepted', 'dispatched', 'waiting') AND (resolve_due < {now} OR (status = 'new' AND accept_due < {now}))))"


def within(actor: Actor, wanted: Wanted, known: Catalogue, args: list[Any]) -> Iterator[str]:
    """Yield where each branch of a box looks, its identifier added to `args`."""
    for column, identifiers, extra in sources(actor, wanted, known):
        for identifier in identifiers:
            args.append(identifier)
            among = column.format(n=len(args)) if column in LOOKED_UP else f"{column} = ${len(args)}"
            yield f"{among}{extra}"


Source = tuple[str, list[Any], str]  # identifiers; a list of them as one where all are looked up together
# Instead of a column: the tickets a person follows, few, are read first and looked at one by one.
FOLLOWED: Final = "id = ANY (ARRAY(SELECT f.ticket_id FROM follower f WHERE f.person_id = ${n}))"
# Likewise the open tickets departments were called to and are not released from; and of those, the ones that await them.
_CALLED: Final = f"c.called_ids <> '{{{{}}}}' AND c.called_ids && ${{n}}::uuid[] AND c.{_IS_OPEN}"
CALLED: Final = f"id = ANY (ARRAY(SELECT c.id FROM ticket c WHERE {_CALLED}))"
AWAITED: Final = (
    f"id = ANY (ARRAY(SELECT c.id FROM ticket c WHERE {_CALLED} AND c.awaited_ids && ${{n}}::uuid[]))"
)
LOOKED_UP: Final = frozenset({FOLLOWED, CALLED, AWAITED})
_LEVEL_COLUMNS: Final = {Level.GRID: "grid_id", Level.COMMUNITY: "community_id", Level.STREET: "street_id"}
_HOLDING: Final = GRID_ROLES | {Role.COMMUNITY, Role.STREET}


def sources(actor: Actor, wanted: Wanted, known: Catalogue) -> list[Source]:
    """Return where a box looks: a column, the identifiers it must be one of, and what else must hold."""
    box = wanted.box or ("inbox" if actor.seats else "mine")
    is_open = f" AND {_IS_OPEN}"
    mine: Source = ("reporter_id", [actor.person_id], "")
    companies = list(actor.organisation_ids)
    called: list[Any] = [companies] if companies else []
    following: Source = (FOLLOWED, [actor.person_id], "")
    if box == "mine":
        return [mine]
    if box == "following":
        return [following]
    if box == "inbox":
        return [
            ("holder_id", actor.units(frozenset(_HOLDING)), is_open),
            ("organisation_id", companies, is_open + " AND organisation_id IS NOT NULL"),
            (AWAITED, called, ""),
        ]
    if box == "unassigned":
        return [
            (column, units, f"{is_open} AND holder_id IS NULL")
            for column, units in _levels(actor, known, _HOLDING - GRID_ROLES)
        ]
    scope = [(column, units, "") for column, units in _levels(actor, known, _HOLDING | {Role.AUDITOR})]
    ours: list[Source] = [
        ("organisation_id", companies, " AND organisation_id IS NOT NULL"),
        (CALLED, called, ""),
    ]
    return [mine, following, *ours, *scope]


def _levels(actor: Actor, known: Catalogue, roles: Iterable[Role]) -> list[tuple[str, list[UUID]]]:
    by_column: dict[str, list[UUID]] = {}
    for unit_id in actor.units(frozenset(roles)):
        unit = known.units.get(unit_id)
        if unit and unit.level in _LEVEL_COLUMNS:
            by_column.setdefault(_LEVEL_COLUMNS[unit.level], []).append(unit_id)
    return list(by_column.items())


def overdue(args: list[Any]) -> str:
    """Return the condition that a ticket missed a limit, the present added to `args`."""
    args.append(clock.now())
    return _OVERDUE.format(now=f"${len(args)}")


def filters(wanted: Wanted, args: list[Any]) -> str:
    """Return the conditions of a list's filters, their values added to `args`."""
    where = ""
    for column in ("status", "category"):
        if getattr(wanted, column):
            args.append(getattr(wanted, column))
            where += f" AND {column} = ${len(args)}"
    if wanted.place_id:
        args.append(wanted.place_id)
        where += (
            f" AND EXISTS (SELECT FROM place p WHERE p.id = ticket.place_id AND ${len(args)} = ANY (p.path))"
        )
    if wanted.overdue is not None:
        condition = overdue(args)
        where += f" AND {condition}" if wanted.overdue else f" AND NOT coalesce({condition}, false)"
    return where
