"""Unsealing of anonymous reports: one person requests it, another one decides."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.deps import (
    API,
    AuthRoute,
    CurrentActor,
    CurrentTicket,
    Cursor,
    IdempotencyKey,
    Limit,
    Page,
    TicketScopedRoute,
    mark_replayed,
    path_id,
    refuses,
)
from app.enums import UnsealingStatus
from app.models.unsealing import DecisionIn, UnsealIn, UnsealingOut
from app.rules.access import Actor
from app.services import unsealing


class UnsealingRequestRoute(TicketScopedRoute):
    """A route about one ticket, for a community or street post over it; checked before the body is read."""

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises NotFound outside their scope, Forbidden without such a post."""
        actor = await super().authorize(request)
        ticket = request.state.ticket_view.ticket
        unsealing.require_requester(actor, community_id=ticket["community_id"], street_id=ticket["street_id"])
        return actor


class UnsealingRoute(AuthRoute):
    """A route about one request, for those who may see it."""

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises NotFound outside their scope."""
        request.state.actor = actor = await super().authorize(request)
        request.state.unsealing = await unsealing.load_unsealing(actor, path_id(request, "unsealing_id"))
        return actor


class UnsealingDecisionRoute(UnsealingRoute):
    """A route by which a second person decides; checked before the body is read."""

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises Forbidden if they may not decide."""
        actor = await super().authorize(request)
        unsealing.require_decider(actor, request.state.unsealing)
        return actor


request_router = APIRouter(prefix=f"{API}/tickets", tags=["unsealings"], route_class=UnsealingRequestRoute)
router = APIRouter(prefix=f"{API}/unsealings", tags=["unsealings"], route_class=AuthRoute)
unsealing_router = APIRouter(prefix=f"{API}/unsealings", tags=["unsealings"], route_class=UnsealingRoute)
decision_router = APIRouter(
    prefix=f"{API}/unsealings", tags=["unsealings"], route_class=UnsealingDecisionRoute
)


@request_router.post("/{ticket_id}/unseal", status_code=201, response_model_exclude_unset=True)
async def unseal(
    ticket_id: UUID,  # noqa: ARG001 - loaded by the route; named for the docs
    form: UnsealIn,
    ticket_view: CurrentTicket,
    key: IdempotencyKey,
    response: Response,
) -> UnsealingOut:
    """Request to learn who reported anonymously; a second person with a street post has to consent within seven days."""
    requested, replayed = await unsealing.request_unsealing(ticket_view, form, key)
    mark_replayed(response, replayed=replayed)
    return requested


@router.get("", response_model_exclude_unset=True)
async def requests(
    actor: CurrentActor, status: UnsealingStatus | None = None, limit: Limit = 20, cursor: Cursor = None
) -> Page[UnsealingOut]:
    """List the requests of the caller's places, newest first; reporters see those that opened their own reports."""
    items, next_cursor = await unsealing.unsealing_page(actor, status, limit, cursor)
    return Page(items=items, next=next_cursor)


@unsealing_router.get("/{unsealing_id}", response_model_exclude_unset=True)
async def read(unsealing_id: UUID, actor: CurrentActor, response: Response) -> UnsealingOut:
    """Read a request; the two who opened a report see for a day who reported. Every reading is recorded."""
    response.headers["Cache-Control"] = "no-store"
    return await unsealing.read_unsealing(actor, unsealing_id)


@decision_router.post("/{unsealing_id}/consent", response_model_exclude_unset=True, responses=refuses(409))
async def consent(
    unsealing_id: UUID,
    actor: CurrentActor,
    response: Response,
    form: DecisionIn | None = None,  # noqa: ARG001 - refuses unknown fields
) -> UnsealingOut:
    """Consent as the second person: the report is open for a day, and the reporter is notified."""
    response.headers["Cache-Control"] = "no-store"
    return await unsealing.consent_to_unsealing(actor, unsealing_id)


@decision_router.post("/{unsealing_id}/decline", response_model_exclude_unset=True, responses=refuses(409))
async def decline(
    unsealing_id: UUID,
    actor: CurrentActor,
    form: DecisionIn | None = None,  # noqa: ARG001 - as above
) -> UnsealingOut:
    """Decline: the report stays sealed."""
    return await unsealing.decline_unsealing(actor, unsealing_id)
