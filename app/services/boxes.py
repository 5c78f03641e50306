"""Lists of tickets, always inside the caller's scope: mine, inbox, following, unassigned, all; newest first, by keyset."""

from typing import Any, Final, cast

from app import db
from app.errors import Invalid
from app.models.ticket import Wanted
from app.rules.access import Actor
from app.rules.facts import Facts
from app.services import auth, catalogue, orders, scopes, searching
from app.services.catalogue import Catalogue
from app.services.orders import ORDERS
from app.services.searching import Words
from app.services.tickets import SHOWN, Seen, parts_of


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
    where = scopes.filters(wanted, args) + searching.condition(words, args)
    branches = [
        branch.format(order=order, within=within, where=where, depth=searching.NEAR)
        for within in scopes.within(actor, wanted, known, args)
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
        _DEEPER.format(within=within, depth=searching.NEAR)
        for within in scopes.within(actor, wanted, known, args)
    )
    return bool(deeper) and (await db.fetch(f"SELECT {deeper} AS deeper", *args))[0]["deeper"]


_DEEPER: Final = "EXISTS (SELECT FROM ticket WHERE {within} AND id < $1 ORDER BY id DESC OFFSET {depth})"
