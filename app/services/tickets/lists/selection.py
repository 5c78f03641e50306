"""The tickets of a list by ids and versions alone: frozen, to act on them in turn."""

from typing import Any, Final

from app import db
from app.models.bulk import MAX_COUNTED, MAX_SELECTED, SelectionOut
from app.models.ticket import TicketFilters, TicketQuery
from app.rules.access import Actor
from app.services.tickets.lists import filters, inbox, scope, search


async def select_tickets(actor: Actor, form: TicketFilters) -> SelectionOut:
    """Return the tickets that match, newest first, up to MAX_SELECTED, and their number up to MAX_COUNTED."""
    catalogue = await inbox.catalogue_for(form)
    terms = await search.begin_search(TicketQuery(q=form.q))
    if terms and terms.near:
        terms = await search.look_up(terms.query)
    args: list[Any] = [MAX_COUNTED]
    where = await filters.matching(form, catalogue, args) + search.search_condition(terms, args)
    branches = [
        _BRANCH.format(scope=condition, where=where)
        for condition in scope.in_scope(actor, form, catalogue, args)
    ]
    if not branches:
        return SelectionOut(ids=[], versions=[], total=0)
    rows = await db.fetch(_SELECT.format(branches=" UNION ".join(branches)), *args)
    first = rows[:MAX_SELECTED]
    return SelectionOut(
        ids=[row["id"] for row in first], versions=[row["version"] for row in first], total=len(rows)
    )


_BRANCH: Final = "(SELECT id, version FROM ticket WHERE {scope}{where} ORDER BY id DESC LIMIT $1)"
_SELECT: Final = "SELECT id, version FROM ({branches}) t ORDER BY id DESC LIMIT $1"
