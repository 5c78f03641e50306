"""Who holds which post where; for those who run a community, a street, or set one up."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.deps import API, Caller, Cursor, IdempotencyKey, Limit, Page, SignedIn, named
from app.models.post import AbsenceIn, EndedOut, InvitedOut, PostIn, PostOut
from app.rules.access import Actor
from app.services import appointing, posts
from app.services.posts import PostsWanted
from app.words import Role


class Running(SignedIn):
    """A route for those who run a place; asked before a body is read."""

    async def admit(self, request: Request) -> Actor:
        """Return who calls; Forbidden for others."""
        request.state.actor = actor = await super().admit(request)
        appointing.own_places(actor)
        return actor


class OfPost(SignedIn):
    """A route about one post, for who may change it; asked before a body is read."""

    async def admit(self, request: Request) -> Actor:
        """Return who calls; NotFound outside their scope, Forbidden within."""
        request.state.actor = actor = await super().admit(request)
        await posts.scope(actor, named(request, "post_id"))
        return actor


router = APIRouter(prefix=f"{API}/posts", tags=["posts"], route_class=Running)
one = APIRouter(prefix=f"{API}/posts", tags=["posts"], route_class=OfPost)


@router.get("")
async def within(
    actor: Caller,
    place_id: Annotated[UUID | None, Query(description="At this place or below it.")] = None,
    role: Role | None = None,
    vacant: Annotated[bool | None, Query(description="Held by nobody yet, or by somebody.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[PostOut]:
    """List the posts of one's own place and all below it, agents of companies serving there included; newest first."""
    items, following = await posts.page(actor, PostsWanted(place_id, role, vacant), limit, cursor)
    return Page(items=items, next=following)


@router.post("", status_code=201)
async def invite(form: PostIn, actor: Caller, key: IdempotencyKey, response: Response) -> InvitedOut:
    """Make a post below one's own level; its `invitation_code` works once, for seven days."""
    made, replayed = await posts.invite(actor, form, key)
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return made


@one.patch("/{post_id}")
async def mark_absent(post_id: UUID, form: AbsenceIn, actor: Caller) -> PostOut:
    """Set the days somebody is away; the deputy, else the next in line, answers meanwhile. One's own post too."""
    return await posts.mark_absent(actor, post_id, form)


@one.delete("/{post_id}")
async def end(post_id: UUID, actor: Caller) -> EndedOut:
    """End a post, or take an invitation back. It counts from the next request on."""
    return await posts.end(actor, post_id)
