"""Posts: list, invite, set absences, end; for those who manage a community or a street."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.deps import (
    API,
    AuthRoute,
    CurrentActor,
    Cursor,
    IdempotencyKey,
    Limit,
    Page,
    mark_replayed,
    path_id,
    refuses,
)
from app.enums import Role
from app.models.post import AbsenceIn, CardIn, EndedOut, InvitedOut, PostIn, PostOut
from app.rules.access import Actor
from app.services import posts
from app.services.posts import PostFilter


class ManagerRoute(AuthRoute):
    """A route for those who manage a place; checked before the body is read."""

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises Forbidden if they manage no place."""
        request.state.actor = actor = await super().authorize(request)
        posts.own_places(actor)
        return actor


class PostRoute(AuthRoute):
    """A route about one post, for those who may change it; checked before the body is read."""

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises NotFound outside their scope, Forbidden if they may not change the post."""
        request.state.actor = actor = await super().authorize(request)
        await posts.require_may_change_post(actor, path_id(request, "post_id"))
        return actor


router = APIRouter(prefix=f"{API}/posts", tags=["posts"], route_class=ManagerRoute)
post_router = APIRouter(prefix=f"{API}/posts", tags=["posts"], route_class=PostRoute)


@router.get("")
async def within(
    actor: CurrentActor,
    place_id: Annotated[UUID | None, Query(description="At or below this place.")] = None,
    role: Role | None = None,
    vacant: Annotated[
        bool | None, Query(description="Only posts that nobody holds (true) or somebody holds (false).")
    ] = None,
    absent: Annotated[
        bool | None,
        Query(description="Only posts whose holder is away now or later (true), or is not (false)."),
    ] = None,
    order: Annotated[
        Literal["new", "place"],
        Query(description="`new`: newest first. `place`: from the street down, organisations last."),
    ] = "new",
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[PostOut]:
    """List the posts at and below the caller's places, with the agents of organisations that serve there."""
    items, next_cursor = await posts.post_page(
        actor, PostFilter(place_id, role, vacant, absent), limit, cursor, by_place=order == "place"
    )
    return Page(items=items, next=next_cursor)


@router.post("", status_code=201, responses=refuses(404))
async def invite(form: PostIn, actor: CurrentActor, key: IdempotencyKey, response: Response) -> InvitedOut:
    """Create a vacant post below the caller's own level; its `invitation_code` is valid once, for seven days."""
    post, replayed = await posts.invite_to_post(actor, form, key)
    mark_replayed(response, replayed=replayed)
    return post


@post_router.patch("/{post_id}", responses=refuses(409))
async def mark_absent(post_id: UUID, form: AbsenceIn, actor: CurrentActor) -> PostOut:
    """Set the days the holder is absent; the deputy, else the next in line, answers meanwhile. Holders may set their own."""
    return await posts.mark_absent(actor, post_id, form)


@post_router.patch("/{post_id}/card")
async def change_card(post_id: UUID, form: CardIn, actor: CurrentActor) -> PostOut:
    """Change what a post is called, what it can be asked about and what residents see of it. The holder may, but for the title."""
    return await posts.change_card(actor, post_id, form)


@post_router.delete("/{post_id}", responses=refuses(409))
async def end(post_id: UUID, actor: CurrentActor) -> EndedOut:
    """End a post or revoke its invitation, with effect from the next request on."""
    return await posts.end_post(actor, post_id)
