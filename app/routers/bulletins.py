"""Quarterly bulletins: drafted, edited and published by the office; public at an address of their own."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from app import settings
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
from app.models.bulletin import BulletinIn, BulletinOut, BulletinPublishIn, BulletinRef, BulletinWordsIn
from app.rules.access import Actor
from app.services import bulletins


class ClerkRoute(AuthRoute):
    """A route for the staff of communities and streets; checked before the body is read."""

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises Forbidden for others."""
        request.state.actor = actor = await super().authorize(request)
        bulletins.require_clerk(actor)
        return actor


class BulletinRoute(AuthRoute):
    """A route about one bulletin, for the staff over its community."""

    refusals = frozenset({404})

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises NotFound outside their scope, Forbidden for who has no such post."""
        request.state.actor = actor = await super().authorize(request)
        await bulletins.require_own(actor, path_id(request, "bulletin_id"))
        return actor


router = APIRouter(prefix=f"{API}/bulletins", tags=["bulletins"], route_class=ClerkRoute)
item_router = APIRouter(prefix=f"{API}/bulletins", tags=["bulletins"], route_class=BulletinRoute)
public = APIRouter(include_in_schema=False)
ROUTERS = (router, item_router, public)


@router.get("")
async def page(actor: CurrentActor, limit: Limit = 20, cursor: Cursor = None) -> Page[BulletinRef]:
    """List the bulletins of one's communities, newest first."""
    items, next_cursor = await bulletins.bulletin_page(actor, limit, cursor)
    return Page(items=items, next=next_cursor)


@router.post("", status_code=201, responses=refuses(404, 409))
async def create(
    form: BulletinIn, actor: CurrentActor, key: IdempotencyKey, response: Response
) -> BulletinOut:
    """Draft the bulletin of a community and a quarter. Its numbers are those of now, until it is published."""
    bulletin, replayed = await bulletins.create(actor, form, key)
    mark_replayed(response, replayed=replayed)
    return bulletin


@item_router.get("/{bulletin_id}")
async def read(bulletin_id: UUID) -> BulletinOut:
    """Read a bulletin."""
    return await bulletins.load(bulletin_id)


@item_router.patch("/{bulletin_id}", responses=refuses(409))
async def edit(bulletin_id: UUID, form: BulletinWordsIn, actor: CurrentActor) -> BulletinOut:
    """Change the words of a draft. With a stale version: 409, with the `words` and the `version` of now."""
    return await bulletins.edit(actor, bulletin_id, form)


@item_router.post("/{bulletin_id}/publish", responses=refuses(409))
async def publish(bulletin_id: UUID, form: BulletinPublishIn, actor: CurrentActor) -> BulletinOut:
    """Publish a bulletin: from now on its words and numbers stay as they are, at a public address."""
    return await bulletins.publish(actor, bulletin_id, form)


# Before the page: its code would take the ending for a part of it.
@public.get("/b/{code}.pdf", response_class=Response)
async def pdf(code: str, request: Request) -> Response:
    """Show a published bulletin to anybody as a PDF; 501 without the extra `loudeng[pdf]`."""
    bulletin = await bulletins.load_public(code)
    made = await bulletins.to_pdf(bulletin, _address(code, request))
    return Response(made, media_type="application/pdf")


@public.get("/b/{code}", response_class=HTMLResponse)
async def show(code: str, request: Request) -> HTMLResponse:
    """Show a published bulletin to anybody."""
    bulletin = await bulletins.load_public(code)
    return HTMLResponse(
        bulletins.to_html(bulletin, _address(code, request)),
        headers={"Content-Security-Policy": bulletins.POLICY},
    )


def _address(code: str, request: Request) -> str:
    base = settings.get().public_url or str(request.base_url)
    return f"{base.rstrip('/')}/b/{code}"
