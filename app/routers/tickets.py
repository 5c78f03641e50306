"""Routes of tickets: submit, list, read, follow, and one route per action."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.deps import (
    API,
    AuthRoute,
    CachedAuthRoute,
    CurrentActor,
    CurrentTicket,
    Cursor,
    IdempotencyKey,
    Limit,
    Page,
    TicketActionRoute,
    TicketScopedRoute,
    mark_replayed,
    refuses,
    require_consent,
)
from app.errors import Invalid
from app.models.event import EventOut
from app.models.fields import Strict
from app.models.follower import FollowOut, SimilarOut
from app.models.grid import GridChoiceOut
from app.models.ticket import PhoneOut, Relation, TicketIn, TicketOut, TicketQuery
from app.rules.access import Actor
from app.rules.lifecycle import MOVES
from app.services import tickets
from app.services.pagination import page_after
from app.services.tickets import ACTIONS, TicketView, lists

router = APIRouter(prefix=f"{API}/tickets", tags=["tickets"], route_class=CachedAuthRoute)
similar_router = APIRouter(prefix=f"{API}/tickets", tags=["tickets"], route_class=AuthRoute)
ticket_router = APIRouter(prefix=f"{API}/tickets", tags=["tickets"], route_class=TicketScopedRoute)
action_router = APIRouter(prefix=f"{API}/tickets", tags=["acts"], route_class=TicketActionRoute)


def _serialize(view: TicketView, response: Response) -> dict[str, Any]:
    mark_replayed(response, replayed=view.replayed)
    return tickets.serialize_ticket(view)


@router.post("", status_code=201, response_model=TicketOut, response_model_exclude_unset=True)
async def submit(
    form: TicketIn, actor: CurrentActor, key: IdempotencyKey, response: Response
) -> dict[str, Any]:
    """Report a problem. The ticket is routed to the grid responsible for the place, and its clocks start."""
    return _serialize(await tickets.submit(actor, form, key), response)


class TicketPage(Page[TicketOut]):
    """A page of tickets. In a list by changes, `updated_cursor` is the cursor from which to continue later."""

    updated_cursor: str | None = None


@router.get("", response_model=TicketPage, response_model_exclude_unset=True)
async def box(actor: CurrentActor, query: Annotated[TicketQuery, Query()]) -> dict[str, Any]:
    """List the tickets in the caller's scope, newest first, or by their last change."""
    if query.updated_cursor is not None:
        return await _changes(actor, query.model_copy(update={"box": query.box or "all"}))
    views, next_ = await lists.ticket_page(actor, query)
    return {"items": [tickets.serialize_ticket(view) for view in views], "next": next_}


async def _changes(actor: Actor, query: TicketQuery) -> dict[str, Any]:
    if query.cursor is not None:
        raise Invalid.at("/cursor", "cursor 和 updated_cursor 只能用一个")
    page = await lists.changes_page(actor, query, query.updated_cursor or "")
    items = [tickets.serialize_ticket(view) for view in page.views]
    return {"items": items, "next": page.next, "updated_cursor": page.updated_cursor}


@similar_router.get("/similar")
async def similar(
    actor: CurrentActor,
    place_id: UUID,
    category: Annotated[str, Query(max_length=64)],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[SimilarOut]:
    """List open tickets of the same place and category. Follow one of them ("me too") instead of reporting it again."""
    items, next_ = await tickets.similar_tickets(actor, place_id, category, limit, cursor)
    return Page(items=items, next=next_)


@similar_router.post("/{ticket_id}/follow", responses=refuses(409))
async def follow(ticket_id: UUID, actor: CurrentActor) -> FollowOut:
    """Follow a ticket that `similar` lists. Repeating it changes nothing.

    A follower reads the ticket (masked), comments, urges, votes and is notified.
    """
    return await tickets.follow(await require_consent(actor), ticket_id)


@similar_router.delete("/{ticket_id}/follow")
async def unfollow(ticket_id: UUID, actor: CurrentActor) -> FollowOut:
    """Stop following a ticket. Repeating it changes nothing, as long as the caller can still see the ticket."""
    return await tickets.unfollow(actor, ticket_id)


@ticket_router.get("/{ticket_id}", response_model=TicketOut, response_model_exclude_unset=True)
async def read(ticket_id: UUID, ticket_view: CurrentTicket) -> dict[str, Any]:  # noqa: ARG001 - declared for OpenAPI
    """Read a ticket. `actions` lists what the caller may do with it now."""
    return tickets.serialize_ticket(ticket_view)


@ticket_router.get("/{ticket_id}/events", response_model=Page[EventOut], response_model_exclude_unset=True)
async def events(
    ticket_id: UUID,  # noqa: ARG001 - as above
    ticket_view: CurrentTicket,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Read a ticket's timeline, oldest first."""
    items, next_ = await tickets.timeline_page(ticket_view, limit, cursor)
    return {"items": items, "next": next_}


@ticket_router.get("/{ticket_id}/grids")
async def grids(
    ticket_id: UUID,  # noqa: ARG001 - as above
    ticket_view: CurrentTicket,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[GridChoiceOut]:
    """List the grids one may reassign the ticket to, the most likely first, each with who is responsible for it."""
    page, next_ = page_after(tickets.grid_choices(ticket_view), limit, cursor, lambda grid: grid.id)
    return Page(items=page, next=next_)


@ticket_router.get("/{ticket_id}/related", response_model=Page[TicketOut], response_model_exclude_unset=True)
async def related(
    ticket_id: UUID,  # noqa: ARG001 - as above
    ticket_view: CurrentTicket,
    kind: Relation,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """List other tickets in the caller's scope: of this `place`, of the same `person` (only for who may know the reporter),
    `similar` (same category, same estate), or `split` from this one.
    """
    views, next_ = await tickets.related_page(ticket_view, kind, limit, cursor)
    return {"items": [tickets.serialize_ticket(view) for view in views], "next": next_}


@ticket_router.get("/{ticket_id}/phone", responses=refuses(409))
async def phone(ticket_id: UUID, ticket_view: CurrentTicket) -> PhoneOut:  # noqa: ARG001 - as above
    """Read the reporter's full phone number. Each look-up is recorded in the audit log."""
    return await tickets.look_up_phone(ticket_view)


def _add(action: str, shape: type[Strict]) -> None:
    """Add the route of an action. One that creates a ticket answers with that."""
    creates = MOVES[action].creates
    perform = tickets.split if creates else partial(tickets.perform, action=action)

    async def act(
        ticket_id: UUID,  # noqa: ARG001 - as above
        form: shape,  # type: ignore[valid-type]  # the shape of this action's body
        ticket_view: CurrentTicket,
        key: IdempotencyKey,
        response: Response,
    ) -> dict[str, Any]:
        return _serialize(await perform(ticket_view, form=form, key=key), response)

    action_router.add_api_route(
        f"/{{ticket_id}}/{action}",
        act,
        methods=["POST"],
        status_code=201 if creates else 200,
        name=action,
        summary=f"{MOVES[action].label} ({action})",
        response_model=TicketOut,
        response_model_exclude_unset=True,
    )


for _action, _spec in ACTIONS.items():
    _add(_action, _spec.shape)
