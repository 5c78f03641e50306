"""Canned replies of an office."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

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
from app.models.reply import ReplyAction, ReplyChangeIn, ReplyIn, ReplyOut
from app.rules.access import Actor
from app.services import replies


class ReplyRoute(StaffRoute):
    """A route about one reply, for its office."""

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises NotFound for another office's."""
        actor = await super().authorize(request)
        request.state.reply = await replies.load_reply(actor, path_id(request, "reply_id"))
        return actor


router = APIRouter(prefix=f"{API}/replies", tags=["replies"], route_class=StaffRoute)
reply_router = APIRouter(prefix=f"{API}/replies", tags=["replies"], route_class=ReplyRoute)


@router.get("", responses=refuses(404))
async def page(
    actor: CurrentActor,
    action: ReplyAction | None = None,
    category: Annotated[str | None, Query(max_length=64)] = None,
    q: Annotated[
        str | None, Query(max_length=100, description="Its words, or their pinyin initials.")
    ] = None,
    ticket_id: Annotated[UUID | None, Query(description="Fill them in for this ticket.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[ReplyOut]:
    """List the replies of one's offices and those above, then what comes with the program; those of the category first."""
    items, next_cursor = await replies.reply_page(
        actor, action=action, category=category, q=q, ticket_id=ticket_id, limit=limit, cursor=cursor
    )
    return Page(items=items, next=next_cursor)


@router.post("", status_code=201, responses=refuses(409, 410))
async def create(actor: CurrentActor, form: ReplyIn, key: IdempotencyKey, response: Response) -> ReplyOut:
    """Write a reply for one's office. Nothing sends it by itself: it is put into a form and edited there."""
    reply, replayed = await replies.create_reply(actor, form, key)
    mark_replayed(response, replayed=replayed)
    return reply


@reply_router.get("/{reply_id}")
async def read(reply_id: UUID, request: Request) -> ReplyOut:  # noqa: ARG001 - declared for OpenAPI
    """Read a reply of one's office."""
    reply: ReplyOut = request.state.reply
    return reply


@reply_router.patch("/{reply_id}", responses=refuses(409))
async def change(reply_id: UUID, actor: CurrentActor, form: ReplyChangeIn, request: Request) -> ReplyOut:  # noqa: ARG001 - as above
    """Change a reply of one's office."""
    return await replies.change_reply(actor, request.state.reply, form)


@reply_router.delete("/{reply_id}")
async def delete(reply_id: UUID, request: Request) -> ReplyOut:  # noqa: ARG001 - as above
    """Delete a reply of one's office, and return what it was."""
    reply: ReplyOut = request.state.reply
    await replies.delete_reply(reply)
    return reply
