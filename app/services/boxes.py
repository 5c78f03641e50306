"""Lists of tickets, always inside the caller's scope: mine, inbox, following, unassigned, all; newest first, by keyset."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, cast
from uuid import UUID

from app import clock, db
from app.errors import Invalid
from app.models.ticket import Wanted
from app.rules.access import GRID_ROLES, Actor
from app.rules.facts import Facts
from app.rules.lifecycle import OPEN
from app.services import auth, catalogue, orders, searching
from app.services.catalogue import Catalogue
from app.services.orders import ORDERS
from app.services.searching import Words
from app.services.tickets import SHOWN, Seen, parts_of
from app.words import Level, Role

_IS_OPEN: Final = (
    "status IN ("
    + ", ".join(f"'{status}'" for status in ("new", "accepted", "dispatched", "waiting", "resolved"))
    + ")"
)
assert {status.value for status in OPEN} == {"new", "accepted", "dispatched", "waiting", "resolved"}

_OVERDUE: Final = "(resolved_at > resolve_due OR (resolved_at IS NULL AND status IN ('new', 'accepted', 'dispatched', 'waiting') AND (resolve_due < {now} OR (status = 'new' AND accept_due < {now}))))"


async def page(actor: Actor, wanted: Wanted) -> tuple[list[Seen], str | None]:
    """Return one page and the cursor of the next, None at the end."""
    if wanted.order != "new" and wanted.box not in {None, "inbox", "unassigned"}:
        raise Invalid.at("/order", "只有待办列表能按期限排序")
    known, words = await catalogue_for(wanted), await searching.begin(wanted)
    rows, actor, known = await _asked(actor, wanted, known, words)
    if words and words.near and len(rows) <= wanted.limit and await _goes_deeper(actor, wanted, known):
        rows, actor, known = await _asked(actor, wanted, known, await searching.look_up(words.query))
    found = [row for row in rows if row["id"]]
    await catalogue.spots(known, {row["place_id"] for row in found})
    seen = [_seen(cast(Facts, row), actor, known) for row in found[: wanted.limit]]
    more = len(found) > wanted.limit
    return seen, ORDERS[wanted.order].cursor(found[wanted.limit - 1]) if more else None


async def _asked(
    actor: Actor, wanted: Wanted, known: Catalogue, words: Words | None
) -> tuple[list[Any], Actor, Catalogue]:
    """Fetch a page's rows; once more when the actor had changed since they were remembered."""
    for _ in range(2):
        rows = await _rows(actor, wanted, known, words)
        known = await catalogue.current(rows[0]["setup_version"])
        if rows[0]["live"]:
            break
        actor = await auth.read(actor.login_id)
    return rows, actor, known


async def catalogue_for(wanted: Wanted) -> Catalogue:
    """Return the catalogue; Invalid for a category it does not have."""
    known = await catalogue.current()
    if wanted.category and wanted.category not in known.categories:
        known = await catalogue.refresh()
        if wanted.category not in known.categories:
            raise Invalid.at("/category", "没有这个问题类别")
    return known


def _seen(ticket: Facts, actor: Actor, known: Catalogue) -> Seen:
    return Seen(ticket, parts_of(actor, ticket), actor, known)


async def _rows(actor: Actor, wanted: Wanted, known: Catalogue, words: Words | None) -> list[Any]:
    """Fetch one row more than asked for, to know whether there is a next page; at least one row, for its guards."""
    order, (last, *more) = ORDERS[wanted.order], orders.start(wanted)
    args: list[Any] = [actor.login_id, actor.stamp, last, wanted.limit + 1, actor.person_id, *more]
    branch, guards = _NEAR if words and words.near else _BRANCH, args[:]
    where = filters(wanted, args) + searching.condition(words, args)
    branches = [
        branch.format(order=order, within=within, where=where, depth=searching.NEAR)
        for within in _within(actor, wanted, known, args)
    ]
    if not branches:  # somebody without a post asks for the inbox; the guards still need their row
        nothing = _BRANCH.format(order=order, within="$4 < 0", where="")
        return await db.fetch(_PAGE.format(found=nothing, order=order), *guards)
    found = " UNION ALL ".join(branches)
    if len(branches) > 1:
        found = _MERGED.format(branches=found, order=order)
    return await db.fetch(_PAGE.format(found=found, order=order), *args)


# Every branch walks one index from where the page before ended, and stops.
_BRANCH: Final = (
    "(SELECT * FROM {order.source} WHERE {within} AND {order.after}{where} ORDER BY {order.by} LIMIT $4)"
)
_NEAR: Final = """(SELECT * FROM (SELECT * FROM ticket WHERE {within} AND id < $3 ORDER BY id DESC LIMIT {depth}) ticket
WHERE true{where} ORDER BY id DESC LIMIT $4)"""
_MERGED: Final = "SELECT DISTINCT ON ({order.keys}) * FROM ({branches}) f ORDER BY {order.by} LIMIT $4"
_PAGE: Final = f"""
SELECT t.*, {SHOWN.format(person="$5")}, s.version AS setup_version,
       EXISTS (SELECT FROM login l JOIN person p ON p.id = l.person_id
               WHERE l.id = $1 AND l.revoked_at IS NULL AND p.stamp = $2) AS live
FROM setup s LEFT JOIN ({{found}}) t ON true LEFT JOIN person r ON r.id = t.reporter_id
ORDER BY {{order.by}}
"""


async def _goes_deeper(actor: Actor, wanted: Wanted, known: Catalogue) -> bool:
    """Tell whether there is more to search than the newest that were looked through."""
    args: list[Any] = [*orders.start(wanted)]
    deeper = " OR ".join(
        _DEEPER.format(within=within, depth=searching.NEAR) for within in _within(actor, wanted, known, args)
    )
    return bool(deeper) and (await db.fetch(f"SELECT {deeper} AS deeper", *args))[0]["deeper"]


_DEEPER: Final = "EXISTS (SELECT FROM ticket WHERE {within} AND id < $1 ORDER BY id DESC OFFSET {depth})"


def _within(actor: Actor, wanted: Wanted, known: Catalogue, args: list[Any]) -> Iterator[str]:
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
        args.append(clock.now())
        condition = _OVERDUE.format(now=f"${len(args)}")
        where += f" AND {condition}" if wanted.overdue else f" AND NOT coalesce({condition}, false)"
    return where
