"""Pages of tickets in the caller's scope, for the boxes mine, inbox, following, unassigned and all."""

from collections.abc import Sequence
from typing import Any, Final, cast

from app import db
from app.errors import Invalid
from app.models.ticket import TicketFilters, TicketQuery
from app.rules.access import Actor
from app.rules.facts import Facts
from app.services import auth, setup
from app.services.pagination import page_of
from app.services.setup import Catalogue
from app.services.tickets.lists import filters, ordering, scope, search
from app.services.tickets.lists.ordering import ORDERS
from app.services.tickets.lists.search import SearchTerms
from app.services.tickets.unassigned import with_sent_back
from app.services.tickets.view import VIEW_COLUMNS, TicketView, parts_of

WALKED: Final = 2000  # first tickets of a scope that a filtered list is looked for among


async def ticket_page(actor: Actor, query: TicketQuery) -> tuple[list[TicketView], str | None]:
    """Return a page, and the cursor of the next page (None at the end)."""
    if query.order == "due" and query.box not in {None, "inbox", "unassigned", "area"}:
        raise Invalid.at("/order", "只有待办列表能按期限排序")
    catalogue, terms = await catalogue_for(query), await search.begin_search(query)
    rows, actor, catalogue = await _fetch(actor, query, catalogue, terms)
    if terms and terms.near and len(rows) <= query.limit and await _has_older(actor, query, catalogue):
        rows, actor, catalogue = await _fetch(actor, query, catalogue, await search.look_up(terms.query))
    elif len(rows) <= query.limit and _is_walked(query, terms):
        rows, actor, catalogue = await _fetch(actor, query, catalogue, terms, _ALL_BRANCH)
    rows = [row for row in rows if row["id"]]
    page, next_cursor = page_of(rows, query.limit, ORDERS[query.order].cursor)
    return await views_of(page, actor, catalogue), next_cursor


async def _fetch(
    actor: Actor,
    query: TicketQuery,
    catalogue: Catalogue,
    terms: SearchTerms | None,
    branch: str | None = None,
) -> tuple[list[Any], Actor, Catalogue]:
    """Fetch a page's rows; return them with the current actor and catalogue.

    Fetches again if the actor had changed since it was cached.
    """
    for _ in range(2):
        rows = await _fetch_rows(actor, query, catalogue, terms, branch or _branch(query, terms))
        catalogue = await setup.cached_catalogue(rows[0]["setup_version"])
        if rows[0]["session_valid"]:
            break
        actor = await auth.load_actor(actor.login_id)
    return rows, actor, catalogue


def _is_walked(query: TicketQuery, terms: SearchTerms | None) -> bool:
    """Tell whether a list is first looked for among the first tickets of its scope."""
    return terms is None and ORDERS[query.order].is_by_creation and filters.has_any(query)


def _branch(query: TicketQuery, terms: SearchTerms | None) -> str:
    if terms and terms.near:
        return _WALKED_BRANCH.replace("{depth}", str(search.NEWEST_SEARCHED))
    return _WALKED_BRANCH.replace("{depth}", str(WALKED)) if _is_walked(query, terms) else _BRANCH


async def catalogue_for(query: TicketFilters) -> Catalogue:
    """Return the catalogue. Raises Invalid for a query that makes no sense with it."""
    catalogue = await setup.cached_catalogue()
    try:
        filters.require_sensible(query, catalogue)
    except Invalid:
        catalogue = await setup.current_catalogue()
        filters.require_sensible(query, catalogue)
    return catalogue


async def views_of(rows: Sequence[Any], actor: Actor, catalogue: Catalogue) -> list[TicketView]:
    """Return the views of a page's rows, without a row that this catalogue no longer shows the actor."""
    places = await setup.place_refs(catalogue, {row["place_id"] for row in rows})
    tickets = await with_sent_back(cast(Sequence[Facts], rows))
    views = [
        TicketView(
            ticket, places.get(ticket["place_id"]), parts_of(actor, ticket, catalogue), actor, catalogue
        )
        for ticket in tickets
    ]
    return [view for view in views if view.parts]


async def _fetch_rows(
    actor: Actor, query: TicketQuery, catalogue: Catalogue, terms: SearchTerms | None, branch: str
) -> list[Any]:
    """Fetch one row more than a page has, to tell whether there is a next page.

    There is always at least one row: it carries the version of the setup and whether the session is valid.
    """
    order, (last_id, *last_values) = ORDERS[query.order], ordering.start_after(query)
    args: list[Any] = [
        *(actor.login_id, actor.auth_version, last_id, query.limit + 1, actor.person_id),
        *last_values,
    ]
    guards, bounds = args[:], filters.bounds(query)
    where = await filters.matching(query, catalogue, args) + search.search_condition(terms, args)
    branches = [
        branch.format(order=order, scope=condition + bounds, where=where)
        for condition in scope.in_scope(actor, query, catalogue, args)
    ]
    if not branches:  # the inbox of somebody without a post: no tickets, but the one row is needed
        no_rows = _BRANCH.format(order=order, scope="$4 < 0", where="")
        return await db.fetch(_PAGE.format(rows=no_rows, order=order), *guards)
    rows = " UNION ALL ".join(branches)
    if len(branches) > 1:
        rows = _MERGED.format(branches=rows, order=order)
    return await db.fetch(_PAGE.format(rows=rows, order=order), *args)


# Each branch scans one index from the end of the page before, up to the size of a page.
_BRANCH: Final = (
    "(SELECT * FROM {order.source} WHERE {scope} AND {order.after}{where} ORDER BY {order.by} LIMIT $4)"
)
# Looks only at the first tickets of the scope: what many of them match is found there, whatever else there is.
_WALKED_BRANCH: Final = """(SELECT * FROM (
    SELECT * FROM ticket WHERE {scope} AND {order.after} ORDER BY {order.by} LIMIT {depth}
) ticket WHERE true{where} ORDER BY {order.by} LIMIT $4)"""
# What few of them match is found by the indexes of the filters, and sorted by id alone: whole tickets are four times as
# slow. OFFSET 0: without it PostgreSQL takes filters to have nothing to do with each other, hopes for a full page soon,
# and walks through all tickets of the scope.
_ALL_BRANCH: Final = """(SELECT * FROM ticket WHERE id = ANY (ARRAY(
    SELECT id FROM (SELECT id FROM ticket WHERE {scope} AND {order.after}{where} OFFSET 0) found
    ORDER BY {order.by} LIMIT $4
)) ORDER BY {order.by})"""
_MERGED: Final = "SELECT DISTINCT ON ({order.keys}) * FROM ({branches}) f ORDER BY {order.by} LIMIT $4"
_PAGE: Final = f"""
SELECT t.*, {VIEW_COLUMNS.format(person="$5")}, s.version AS setup_version,
       EXISTS (SELECT FROM login l JOIN person p ON p.id = l.person_id
               WHERE l.id = $1 AND l.revoked_at IS NULL AND p.stamp = $2) AS session_valid
FROM setup s LEFT JOIN ({{rows}}) t ON true LEFT JOIN person r ON r.id = t.reporter_id
ORDER BY {{order.by}}
"""


async def _has_older(actor: Actor, query: TicketQuery, catalogue: Catalogue) -> bool:
    """Tell whether the scope has tickets older than the newest that were searched."""
    args: list[Any] = [*ordering.start_after(query)]
    has_older = " OR ".join(
        _HAS_OLDER.format(scope=condition, depth=search.NEWEST_SEARCHED)
        for condition in scope.in_scope(actor, query, catalogue, args)
    )
    return bool(has_older) and (await db.fetch(f"SELECT {has_older} AS has_older", *args))[0]["has_older"]


_HAS_OLDER: Final = "EXISTS (SELECT FROM ticket WHERE {scope} AND id < $1 ORDER BY id DESC OFFSET {depth})"
