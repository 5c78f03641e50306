"""Saved views of the list of tickets."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.deps import (
    API,
    CurrentActor,
    Cursor,
    IdempotencyKey,
    Limit,
    Page,
    StaffRoute,
    mark_replayed,
    path_id,
    refuses,
)
from app.models.view import ViewChangeIn, ViewIn, ViewOut
from app.rules.access import Actor
from app.services import views


class ViewRoute(StaffRoute):
    """A route about one view, for whose it is."""

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises NotFound for somebody else's view."""
        actor = await super().authorize(request)
        request.state.saved_view = await views.load_view(actor, path_id(request, "view_id"))
        return actor


router = APIRouter(prefix=f"{API}/views", tags=["views"], route_class=StaffRoute)
view_router = APIRouter(prefix=f"{API}/views", tags=["views"], route_class=ViewRoute)


@router.get("")
async def page(actor: CurrentActor, limit: Limit = 20, cursor: Cursor = None) -> Page[ViewOut]:
    """List one's own views and those of one's offices, newest first."""
    items, next_cursor = await views.view_page(actor, limit, cursor)
    return Page(items=items, next=next_cursor)


@router.post("", status_code=201, responses=refuses(409, 410))
async def create(actor: CurrentActor, form: ViewIn, key: IdempotencyKey, response: Response) -> ViewOut:
    """Save a view: filters, order and columns of the list of tickets."""
    view, replayed = await views.create_view(actor, form, key)
    mark_replayed(response, replayed=replayed)
    return view


@view_router.get("/{view_id}")
async def read(view_id: UUID, request: Request) -> ViewOut:  # noqa: ARG001 - declared for OpenAPI
    """Open a view. `dropped` says what it was saved with and is no more."""
    view: ViewOut = request.state.saved_view
    return view


@view_router.patch("/{view_id}", responses=refuses(409))
async def change(view_id: UUID, actor: CurrentActor, form: ViewChangeIn, request: Request) -> ViewOut:  # noqa: ARG001 - as above
    """Change a view; one of an office may be changed by whoever holds a post there."""
    return await views.change_view(actor, request.state.saved_view, form)


@view_router.delete("/{view_id}")
async def delete(view_id: UUID, request: Request) -> ViewOut:  # noqa: ARG001 - as above
    """Delete a view, and return what it was."""
    view: ViewOut = request.state.saved_view
    await views.delete_view(view)
    return view
