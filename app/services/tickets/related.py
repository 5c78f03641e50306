"""Tickets that have to do with another: at the same place, by the same person, of the same kind nearby, split from it.

Each list is the caller's own list of everything in scope, narrowed: who may see what is asked anew for every ticket.
"""

from collections.abc import Callable
from typing import Any, Final

from app.enums import Origin
from app.models.ticket import RelatedQuery, Relation
from app.services.tickets import lists
from app.services.tickets.view import TicketView
from app.services.tickets.visibility import sees_reporter

_ESTATE: Final = 2  # in a path from the street down; without an estate, the place itself


def _same_place(view: TicketView) -> dict[str, Any] | None:
    return {"same_place_id": view.place.id} if view.place else None


def _same_person(view: TicketView) -> dict[str, Any] | None:
    """Narrow to what the reporter reported. What staff report is about others, and what is anonymous about nobody."""
    ticket = view.ticket
    named = ticket["reporter_id"] and not ticket["anonymous"] and ticket["origin"] == Origin.RESIDENT
    return {"reporter_id": ticket["reporter_id"]} if named and sees_reporter(view) else None


def _similar(view: TicketView) -> dict[str, Any] | None:
    if view.place is None:
        return None
    return {
        "category": [view.ticket["category"]],
        "place_id": [[*view.place.path[_ESTATE:], view.place.id][0]],
    }


def _split(view: TicketView) -> dict[str, Any]:
    return {"split_from_id": view.ticket["id"]}


_NARROWED: Final[dict[Relation, Callable[[TicketView], dict[str, Any] | None]]] = {
    "place": _same_place,
    "person": _same_person,
    "similar": _similar,
    "split": _split,
}


async def related_page(
    view: TicketView, relation: Relation, limit: int, cursor: str | None
) -> tuple[list[TicketView], str | None]:
    """Return a page of the tickets that have to do with a ticket, newest first, and the next cursor.

    A page of the same person's may be short: it leaves out tickets whose reporter the caller may not know.
    """
    narrowed = _NARROWED[relation](view)
    query = RelatedQuery(
        box="all", limit=limit, cursor=cursor, except_id=view.ticket["id"], **(narrowed or {})
    )
    views, next_cursor = await lists.ticket_page(view.actor, query)
    if narrowed is None:
        return [], None
    if relation == "person":
        views = [other for other in views if sees_reporter(other)]
    return views, next_cursor
