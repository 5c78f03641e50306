"""The tickets of a list by ids and versions alone: frozen, to act on them in turn."""

from typing import Any, Final

from app import db
from app.models.bulk import MAX_COUNTED, MAX_SELECTED, SelectionOut
from app.models.ticket import TicketFilters, TicketQuery
from app.rules.access import Actor
from app.services.setup import Catalogue
from app.services.tickets.lists import filters, inbox, scope, search
from app.services.tickets.lists.search import SearchTerms

WALKED: Final = 2 * MAX_COUNTED  # newest tickets of a scope that a filtered selection is looked for among


async def select_tickets(actor: Actor, form: TicketFilters) -> SelectionOut:
    """Return the tickets that match, newest first, up to MAX_SELECTED, and their number up to MAX_COUNTED."""
    catalogue = await inbox.catalogue_for(form)
    terms = await search.begin_search(TicketQuery(q=form.q))
    if terms and terms.near:
        terms = await search.look_up(terms.query)
    walked = terms is None and filters.has_any(form)
    rows = await _fetch(actor, form, catalogue, terms, _WALKED_BRANCH if walked else _BRANCH)
    if walked and len(rows) < MAX_COUNTED:
        rows = await _fetch(actor, form, catalogue, terms, _ALL_BRANCH)
    first = rows[:MAX_SELECTED]
    return SelectionOut(
        ids=[row["id"] for row in first], versions=[row["version"] for row in first], total=len(rows)
    )


async def _fetch(
    actor: Actor, form: TicketFilters, catalogue: Catalogue, terms: SearchTerms | None, branch: str
) -> list[Any]:
    args: list[Any] = [MAX_COUNTED]
    where = await filters.matching(form, catalogue, args) + search.search_condition(terms, args)
    branches = [
        branch.format(scope=condition + filters.bounds(form), where=where, depth=WALKED)
        for condition in scope.in_scope(actor, form, catalogue, args)
    ]
    return await db.fetch(_SELECT.format(branches=" UNION ".join(branches)), *args) if branches else []


_BRANCH: Final = "(SELECT id, version FROM ticket WHERE {scope}{where} ORDER BY id DESC LIMIT $1)"
# As a page of a list (decision 26): looked for among the newest tickets of the scope, which is enough where one in two
# matches; else found by the indexes of the filters. OFFSET 0: PostgreSQL would walk through all tickets of the scope.
_WALKED_BRANCH: Final = """(SELECT id, version FROM (
    SELECT * FROM ticket WHERE {scope} ORDER BY id DESC LIMIT {depth}
) ticket WHERE true{where} ORDER BY id DESC LIMIT $1)"""
_ALL_BRANCH: Final = """(SELECT id, version FROM (
    SELECT id, version FROM ticket WHERE {scope}{where} OFFSET 0
) found ORDER BY id DESC LIMIT $1)"""
_SELECT: Final = "SELECT id, version FROM ({branches}) t ORDER BY id DESC LIMIT $1"
