"""Tickets: report, list, read, and one address for every act of the table."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.deps import (
    API,
    Acting,
    Caller,
    Cursor,
    IdempotencyKey,
    InHand,
    InScope,
    Limit,
    Page,
    Remembered,
    SignedIn,
    consenting,
)
from app.errors import Invalid
from app.models.event import EventOut
from app.models.follower import FollowOut, SimilarOut
from app.models.said import Strict
from app.models.ticket import PhoneOut, TicketIn, TicketOut, Wanted
from app.rules.access import Actor
from app.services import boxes, changes, contacts, following, reports, tickets, timeline, views
from app.services.acts import ACTS
from app.services.tickets import Seen
from app.words import ACTION

router = APIRouter(prefix=f"{API}/tickets", tags=["tickets"], route_class=Remembered)
near = APIRouter(prefix=f"{API}/tickets", tags=["tickets"], route_class=SignedIn)
one = APIRouter(prefix=f"{API}/tickets", tags=["tickets"], route_class=InScope)
acting = APIRouter(prefix=f"{API}/tickets", tags=["acts"], route_class=Acting)


def _shown(seen: Seen, response: Response) -> dict[str, Any]:
    if seen.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return views.ticket(seen)


@router.post("", status_code=201, response_model=TicketOut, response_model_exclude_unset=True)
async def submit(form: TicketIn, actor: Caller, key: IdempotencyKey, response: Response) -> dict[str, Any]:
    """Report something broken. It is routed to the grid that answers for the place, its clocks running."""
    return _shown(await reports.submit(actor, form, key), response)


class TicketPage(Page[TicketOut]):
    """`updated_cursor`: where to go on later, when a page by changes was the last."""

    updated_cursor: str | None = None


@router.get("", response_model=TicketPage, response_model_exclude_unset=True)
async def box(actor: Caller, wanted: Annotated[Wanted, Query()]) -> dict[str, Any]:
    """List tickets of one's own scope, newest first, or by their last change."""
    if wanted.updated_cursor is not None:
        return await _changes(actor, wanted.model_copy(update={"box": wanted.box or "all"}))
    seen, following = await boxes.page(actor, wanted)
    return {"items": [views.ticket(ticket) for ticket in seen], "next": following}


async def _changes(actor: Actor, wanted: Wanted) -> dict[str, Any]:
    if wanted.cursor is not None:
        raise Invalid.at("/cursor", "cursor 和 updated_cursor 只能用一个")
    found = await changes.page(actor, wanted, wanted.updated_cursor or "")
    items = [views.ticket(ticket) for ticket in found.seen]
    return {"items": items, "next": found.next, "updated_cursor": found.later}


@near.get("/similar")
async def similar(
    actor: Caller,
    place_id: UUID,
    category: Annotated[str, Query(max_length=64)],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[SimilarOut]:
    """List open tickets of the same place and category before reporting once more: follow one instead ("me too")."""
    items, next_ = await following.similar(actor, place_id, category, limit, cursor)
    return Page(items=items, next=next_)


@near.post("/{ticket_id}/follow")
async def follow(ticket_id: UUID, actor: Caller) -> FollowOut:
    """Follow a ticket that `similar` shows: read it, masked, comment, urge, vote, be told. Repeating it changes nothing."""
    return await following.follow(await consenting(actor), ticket_id)


@near.delete("/{ticket_id}/follow")
async def unfollow(ticket_id: UUID, actor: Caller) -> FollowOut:
    """Follow a ticket no more. Repeating it changes nothing for who still sees the ticket."""
    return await following.unfollow(actor, ticket_id)


@one.get("/{ticket_id}", response_model=TicketOut, response_model_exclude_unset=True)
async def read(ticket_id: UUID, seen: InHand) -> dict[str, Any]:  # noqa: ARG001 - loaded before, named for the docs
    """Read a ticket; `actions` says what the caller may do with it now."""
    return views.ticket(seen)


@one.get("/{ticket_id}/events", response_model=Page[EventOut], response_model_exclude_unset=True)
async def events(
    ticket_id: UUID,  # noqa: ARG001 - as above
    seen: InHand,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Read a ticket's timeline, oldest first."""
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise Invalid.at("/cursor", "翻页位置无效，请从第一页开始")
    items, following = await timeline.page(seen, int(cursor or 0), limit)
    return {"items": items, "next": following}


@one.get("/{ticket_id}/phone")
async def phone(ticket_id: UUID, seen: InHand) -> PhoneOut:  # noqa: ARG001 - as above
    """See the reporter's full number; the look is recorded."""
    return await contacts.look(seen)


def _add(action: str, shape: type[Strict]) -> None:
    """Give an act its address."""

    async def act(
        ticket_id: UUID,  # noqa: ARG001 - as above
        form: shape,  # type: ignore[valid-type]  # one shape an act
        seen: InHand,
        key: IdempotencyKey,
        response: Response,
    ) -> dict[str, Any]:
        return _shown(await tickets.act(seen, action, form, key), response)

    acting.add_api_route(
        f"/{{ticket_id}}/{action}",
        act,
        methods=["POST"],
        name=action,
        summary=f"{ACTION[action]} ({action})",
        response_model=TicketOut,
        response_model_exclude_unset=True,
    )


for _action, _doing in ACTS.items():
    _add(_action, _doing.shape)
