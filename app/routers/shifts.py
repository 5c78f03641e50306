"""The roster of grids and communities: shifts are planned, listed, cancelled and swapped."""

from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from app.deps import API, CurrentActor, Cursor, Limit, Page, StaffRoute, path_id, refuses
from app.models.fields import QueryTimestamp
from app.models.shift import RosterPostOut, ShiftIn, ShiftOut, SwapIn
from app.rules.access import Actor
from app.services import duty
from app.services.duty import ShiftRow


class ShiftRoute(StaffRoute):
    """A route about one shift; whether the caller may do it is checked before the body is read."""

    refusals: ClassVar = frozenset({404, 409})

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises NotFound outside their units, Forbidden if it is not theirs to do."""
        request.state.actor = actor = await super().authorize(request)
        shift = await duty.load_shift(actor, path_id(request, "shift_id"))
        await duty.require_may(actor, shift, self.name)
        request.state.shift = shift
        return actor


def _shift(request: Request) -> ShiftRow:
    shift: ShiftRow = request.state.shift
    return shift


CurrentShift = Annotated[ShiftRow, Depends(_shift)]
post_router = APIRouter(prefix=f"{API}/duty/posts", tags=["duty"], route_class=StaffRoute)
router = APIRouter(prefix=f"{API}/duty/shifts", tags=["duty"], route_class=StaffRoute)
shift_router = APIRouter(prefix=f"{API}/duty/shifts", tags=["duty"], route_class=ShiftRoute)


@router.get("", responses=refuses(404))
async def shifts(
    actor: CurrentActor,
    place_id: Annotated[UUID | None, Query(description="At or below this community or grid.")] = None,
    since: Annotated[QueryTimestamp | None, Query(description="Not over then; now, if absent.")] = None,
    until: Annotated[
        QueryTimestamp | None, Query(description="Beginning before then; both at most a year away.")
    ] = None,
    mine: Annotated[bool, Query(description="Those one has, or has been asked to take.")] = False,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[ShiftOut]:
    """List the shifts of the caller's units and of those below, the last planned first."""
    items, next_cursor = await duty.shift_page(
        actor, place_id, since, until, mine=mine, limit=limit, cursor=cursor
    )
    return Page(items=items, next=next_cursor)


@post_router.get("", responses=refuses(404))
async def roster_posts(
    actor: CurrentActor,
    place_id: Annotated[UUID | None, Query(description="At or below this community or grid.")] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[RosterPostOut]:
    """List the posts that can be on shift in the caller's units and those below, by unit, in the order in which they answer."""
    items, next_cursor = await duty.post_page(actor, place_id, limit, cursor)
    return Page(items=items, next=next_cursor)


@router.post("", status_code=201, responses=refuses(409))
async def plan(form: ShiftIn, actor: CurrentActor) -> ShiftOut:
    """Put a post on shift; the grid's head or deputy may, and the offices above. Its holder is told."""
    return await duty.plan_shift(actor, form)


@shift_router.delete("/{shift_id}", status_code=204)
async def cancel(shift_id: UUID, shift: CurrentShift, actor: CurrentActor) -> None:  # noqa: ARG001 - in the path
    """Cancel a shift that is not over; its holder is told."""
    await duty.cancel_shift(actor, shift)


@shift_router.post("/{shift_id}/swap")
async def ask(shift_id: UUID, form: SwapIn, shift: CurrentShift, actor: CurrentActor) -> ShiftOut:  # noqa: ARG001 - in the path
    """Ask a colleague of the unit to take one's shift, perhaps for one of theirs; they are told."""
    return await duty.ask_to_swap(actor, shift, form)


@shift_router.post("/{shift_id}/swap/accept")
async def accept(shift_id: UUID, shift: CurrentShift, actor: CurrentActor) -> ShiftOut:  # noqa: ARG001 - in the path
    """Take a shift one was asked to take; both are told."""
    return await duty.accept_swap(actor, shift)


@shift_router.delete("/{shift_id}/swap")
async def decline(shift_id: UUID, shift: CurrentShift, actor: CurrentActor) -> ShiftOut:  # noqa: ARG001 - in the path
    """Decline to take a shift, or take back what one asked; the other is told."""
    return await duty.end_swap(actor, shift)
