"""Opening anonymous reports: asked for by one, consented to by another."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.deps import API, Caller, Cursor, IdempotencyKey, InHand, InScope, Limit, Page, SignedIn, named
from app.models.unsealing import DecisionIn, UnsealIn, UnsealingOut
from app.rules.access import Actor
from app.services import unsealing, unsealings
from app.words import UnsealingStatus


class Asking(InScope):
    """A route about one ticket for a community or street post over it; asked before a body is read."""

    async def admit(self, request: Request) -> Actor:
        """Return who calls; NotFound outside their scope, Forbidden within."""
        actor = await super().admit(request)
        unsealings.asking(actor, request.state.seen.ticket)
        return actor


class OfUnsealing(SignedIn):
    """A route about one request, for who may see it."""

    async def admit(self, request: Request) -> Actor:
        """Return who calls; NotFound outside their scope."""
        request.state.actor = actor = await super().admit(request)
        request.state.unsealing = await unsealings.in_scope(actor, named(request, "unsealing_id"))
        return actor


class Deciding(OfUnsealing):
    """A route by which a second person decides; asked before a body is read."""

    async def admit(self, request: Request) -> Actor:
        """Return who calls; Forbidden for who may not decide."""
        actor = await super().admit(request)
        unsealing.deciding(actor, request.state.unsealing)
        return actor


asking = APIRouter(prefix=f"{API}/tickets", tags=["unsealings"], route_class=Asking)
router = APIRouter(prefix=f"{API}/unsealings", tags=["unsealings"], route_class=SignedIn)
one = APIRouter(prefix=f"{API}/unsealings", tags=["unsealings"], route_class=OfUnsealing)
deciding = APIRouter(prefix=f"{API}/unsealings", tags=["unsealings"], route_class=Deciding)


@asking.post("/{ticket_id}/unseal", status_code=201, response_model_exclude_unset=True)
async def unseal(
    ticket_id: UUID,  # noqa: ARG001 - loaded before, named for the docs
    form: UnsealIn,
    seen: InHand,
    key: IdempotencyKey,
    response: Response,
) -> UnsealingOut:
    """Ask to learn who reported anonymously; a second person with a street post has to consent within seven days."""
    made, replayed = await unsealing.request(seen, form, key)
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return made


@router.get("", response_model_exclude_unset=True)
async def requests(
    actor: Caller, status: UnsealingStatus | None = None, limit: Limit = 20, cursor: Cursor = None
) -> Page[UnsealingOut]:
    """List requests of one's own places, newest first; a reporter sees those by which their own reports were opened."""
    items, following = await unsealings.page(actor, status, limit, cursor)
    return Page(items=items, next=following)


@one.get("/{unsealing_id}", response_model_exclude_unset=True)
async def read(unsealing_id: UUID, actor: Caller, response: Response) -> UnsealingOut:
    """Read a request; the two who opened a report see for a day who reported. Each look is recorded."""
    response.headers["Cache-Control"] = "no-store"
    return await unsealings.read(actor, unsealing_id)


@deciding.post("/{unsealing_id}/consent", response_model_exclude_unset=True)
async def consent(
    unsealing_id: UUID,
    actor: Caller,
    response: Response,
    form: DecisionIn | None = None,  # noqa: ARG001 - refuses what it does not know
) -> UnsealingOut:
    """Open an anonymous report as the second person, for a day; the reporter is told."""
    response.headers["Cache-Control"] = "no-store"
    return await unsealing.consent(actor, unsealing_id)


@deciding.post("/{unsealing_id}/decline", response_model_exclude_unset=True)
async def decline(
    unsealing_id: UUID,
    actor: Caller,
    form: DecisionIn | None = None,  # noqa: ARG001 - as above
) -> UnsealingOut:
    """Leave the report sealed."""
    return await unsealing.decline(actor, unsealing_id)
