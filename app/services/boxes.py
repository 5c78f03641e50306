"""Lists of tickets, always inside the caller's scope: mine, inbox, following, unassigned, all; newest first, by keyset."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

from app import clock, db
from app.errors import Invalid
from app.models.ticket import Wanted
from app.rules import search
from app.rules.access import GRID_ROLES, Actor
from app.rules.facts import Facts
from app.rules.lifecycle import OPEN
from app.services import auth, catalogue
from app.services.catalogue import Catalogue
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
    before = _cursor(wanted.cursor)
    known = await catalogue_for(wanted)
    words = await _words(wanted)
    for _ in range(2):  # once more when the actor had changed since they were remembered
        rows = await _rows(actor, wanted, before, known, words)
        known = await catalogue.current(rows[0]["setup_version"])
        if rows[0]["live"]:
            break
        actor = await auth.read(actor.login_id)
    found = [row for row in rows if row["id"]]
    await catalogue.spots(known, {row["place_id"] for row in found})
    seen = [_seen(cast(Facts, row), actor, known) for row in found[: wanted.limit]]
    more = len(found) > wanted.limit
    return seen, str(seen[-1].ticket["id"]) if more else None


async def catalogue_for(wanted: Wanted) -> Catalogue:
    """Return the catalogue; Invalid for a category it does not have."""
    known = await catalogue.current()
    if wanted.category and wanted.category not in known.categories:
        known = await catalogue.refresh()
        if wanted.category not in known.categories:
            raise Invalid.at("/category", "没有这个问题类别")
    return known


@dataclass(frozen=True, slots=True)
class _Words:
    """What to search for, and the tickets it is found in where they are few."""

    query: str
    few: list[UUID] | None


FEW: Final = 2000


async def _words(wanted: Wanted) -> _Words | None:
    """Look a search up first: few tickets are then looked at one by one, many are met soon on the way from the newest."""
    if wanted.q is None:
        return None
    query = search.query(wanted.q)
    if query is None:
        raise Invalid.at("/q", "请输入要找的字")
    rows = await db.fetch(_FEW, query, FEW + 1)
    return _Words(query, [row["ticket_id"] for row in rows] if len(rows) <= FEW else None)


_FEW: Final = "SELECT ticket_id FROM ticket_words WHERE words @@ $1::text::tsquery LIMIT $2"
# A subquery of its own, so that it is asked ticket by ticket on the way and never first of all tickets.
_HAS: Final = " AND (SELECT w.words @@ ${n}::text::tsquery FROM ticket_words w WHERE w.ticket_id = ticket.id)"


def _having(words: _Words | None, args: list[Any]) -> str:
    if words is None:
        return ""
    args.append(words.query if words.few is None else words.few)
    return _HAS.format(n=len(args)) if words.few is None else f" AND id = ANY (${len(args)}::uuid[])"


def _seen(ticket: Facts, actor: Actor, known: Catalogue) -> Seen:
    return Seen(ticket, parts_of(actor, ticket), actor, known)


def _cursor(given: str | None) -> UUID:
    try:
        return UUID(given) if given else UUID(int=2**128 - 1)
    except ValueError:
        raise Invalid.at("/cursor", "翻页位置无效，请从第一页开始") from None


async def _rows(
    actor: Actor, wanted: Wanted, before: UUID, known: Catalogue, words: _Words | None
) -> list[Any]:
    """Fetch one row more than asked for, to know whether there is a next page; at least one row, for its guards."""
    args: list[Any] = [actor.login_id, actor.stamp, before, wanted.limit + 1, actor.person_id]
    where = filters(wanted, args) + _having(words, args)
    branches = [
        _branch(column, identifier, extra + where, args)
        for column, identifiers, extra in sources(actor, wanted, known)
        for identifier in identifiers
    ]
    if not branches:  # somebody without a post asks for the inbox; the guards still need their row
        return await db.fetch(_PAGE.format(found=_NOTHING), *args[:5])
    found = branches[0] if len(branches) == 1 else _MERGED.format(branches=" UNION ALL ".join(branches))
    return await db.fetch(_PAGE.format(found=found), *args)


_NOTHING: Final = "SELECT * FROM ticket WHERE id < $3 LIMIT 0 * $4"
_MERGED: Final = "SELECT DISTINCT ON (id) * FROM ({branches}) f ORDER BY id DESC LIMIT $4"
_PAGE: Final = f"""
SELECT t.*, {SHOWN.format(person="$5")}, s.version AS setup_version,
       EXISTS (SELECT FROM login l JOIN person p ON p.id = l.person_id
               WHERE l.id = $1 AND l.revoked_at IS NULL AND p.stamp = $2) AS live
FROM setup s LEFT JOIN ({{found}}) t ON true LEFT JOIN person r ON r.id = t.reporter_id
ORDER BY t.id DESC
"""


def _branch(column: str, identifier: Any, where: str, args: list[Any]) -> str:
    """Return the newest of one unit: every branch walks one index backwards and stops."""
    args.append(identifier)
    among = column.format(n=len(args)) if column in LOOKED_UP else f"{column} = ${len(args)}"
    return f"(SELECT * FROM ticket WHERE {among} AND id < $3{where} ORDER BY id DESC LIMIT $4)"


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
