"""Reviews: content that a person has to look at before neighbours see it."""

from uuid import UUID

from fastapi import APIRouter, Request

from app.deps import API, AuthRoute, CurrentActor, Cursor, Limit, Page, path_id
from app.enums import CheckState
from app.models.content_check import ReviewOut
from app.rules.access import Actor
from app.services import reviews


class ReviewerRoute(AuthRoute):
    """A route for posts of a community or street; checked before the query is read."""

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises Forbidden without such a post."""
        request.state.actor = actor = await super().authorize(request)
        reviews.require_reviewer(actor)
        return actor


class ReviewRoute(AuthRoute):
    """A route about one item of the queue, for those whose place it is in."""

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises NotFound outside their scope."""
        request.state.actor = actor = await super().authorize(request)
        await reviews.load_review(actor, path_id(request, "review_id"))
        return actor


router = APIRouter(prefix=f"{API}/reviews", tags=["reviews"], route_class=ReviewerRoute)
review_router = APIRouter(prefix=f"{API}/reviews", tags=["reviews"], route_class=ReviewRoute)


@router.get("", response_model_exclude_unset=True)
async def page(actor: CurrentActor, limit: Limit = 20, cursor: Cursor = None) -> Page[ReviewOut]:
    """List what waits for a decision in one's places, newest first."""
    items, next_cursor = await reviews.review_page(actor, limit, cursor)
    return Page(items=items, next=next_cursor)


@review_router.post("/{review_id}/release", response_model_exclude_unset=True)
async def release(review_id: UUID, actor: CurrentActor) -> ReviewOut:
    """Let neighbours see it. A decision can be changed: the last one stands, whatever WeChat says later."""
    return await reviews.decide(actor, review_id, CheckState.RELEASED)


@review_router.post("/{review_id}/remove", response_model_exclude_unset=True)
async def remove(review_id: UUID, actor: CurrentActor) -> ReviewOut:
    """Keep it from neighbours for good; the reporter and those who handle the ticket still see it."""
    return await reviews.decide(actor, review_id, CheckState.REMOVED)
