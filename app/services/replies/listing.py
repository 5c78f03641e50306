"""Listing replies: those of one's offices and of the offices above, then the phrases that come with the program."""

from collections.abc import Iterable, Iterator
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from app import db
from app.enums import SHANGHAI
from app.models.reply import ReplyOut
from app.rules.access import STAFF, Actor
from app.services import setup, tickets
from app.services.pagination import page_after
from app.services.replies.search import matches
from app.services.setup import ANY, Catalogue
from app.services.tickets import TicketView
from app.sql import Statement

_OF_UNITS: Final = Statement("SELECT * FROM reply WHERE unit_id = ANY (:units::uuid[]) ORDER BY id DESC")


async def reply_page(
    actor: Actor,
    *,
    action: str | None,
    category: str | None,
    q: str | None,
    ticket_id: UUID | None,
    limit: int,
    cursor: str | None,
) -> tuple[list[ReplyOut], str | None]:
    """Return a page of the replies that fit, those of the category first; filled in for the ticket, if there is one.

    Raises NotFound for a ticket out of the caller's scope.
    """
    view = await tickets.load_ticket(actor, ticket_id) if ticket_id else None
    category = category or (view.ticket["category"] if view else None)
    catalogue = await setup.current_catalogue()
    found = [
        reply
        for reply, its_initials in [*await _of_offices(actor, catalogue), *_shipped(catalogue)]
        if action in {None, reply.action}
        and (category is None or reply.category in {None, category})
        and (not q or matches(reply.text, its_initials, q))
    ]
    found.sort(key=lambda reply: (reply.office is None, reply.category is None))
    page, next_cursor = page_after(found, limit, cursor, lambda reply: reply.id)
    return [
        reply.model_copy(update={"filled": view and fill(reply.text, view)}) for reply in page
    ], next_cursor


async def _of_offices(actor: Actor, catalogue: Catalogue) -> list[tuple[ReplyOut, str | None]]:
    own = actor.units(STAFF)
    units = {above for unit_id in own if (unit := catalogue.units.get(unit_id)) for above in unit.path}
    rows = await db.execute(_OF_UNITS, units=list(units))
    return [(serialize(row, catalogue, own), row["initials"]) for row in rows]


def serialize(row: Any, catalogue: Catalogue, own: Iterable[UUID]) -> ReplyOut:
    """Return a reply of an office; `own`: the units in which the caller holds a post."""
    unit = catalogue.units.get(row["unit_id"])
    return ReplyOut(
        **{name: row[name] for name in ("id", "category", "action", "text", "version")},
        filled=None,
        office=unit.label if unit else "",
        mine=row["unit_id"] in own,
    )


def _shipped(catalogue: Catalogue) -> Iterator[tuple[ReplyOut, str | None]]:
    """Yield the phrases that come with the program: what is often said when a ticket is resolved."""
    for category, phrases in setup.all_phrases().items():
        if category == ANY or category in catalogue.categories:
            for phrase in phrases:
                reply = ReplyOut(
                    id=uuid5(NAMESPACE_URL, f"loudeng:{category}/{phrase}"),
                    category=None if category == ANY else category,
                    action="resolve",
                    text=phrase,
                    filled=None,
                    office=None,
                    mine=False,
                    version=0,
                )
                yield reply, None


def fill(text: str, view: TicketView) -> str:
    """Return a reply with the ticket's place and due time; what the ticket does not have stays as it is."""
    due = view.ticket["resolve_due"].astimezone(SHANGHAI)
    values = {
        "{due}": f"{due.month}月{due.day}日{due:%H:%M}",
        **({"{place}": view.place.label} if view.place else {}),
    }
    for name, value in values.items():
        text = text.replace(name, value)
    return text
