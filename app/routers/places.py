"""Categories and places: what one chooses a report from."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.deps import API, Cursor, Limit, Page, SignedIn
from app.errors import Forbidden, Invalid
from app.models.category import CategoryOut
from app.models.place import FoundPlaceOut, PlaceOut, PlacePathOut
from app.rules.access import STAFF, Actor
from app.services import catalogue, places, qr
from app.words import Level, Role

_PRINTING = STAFF | {Role.ADMIN}


class OfStaff(SignedIn):
    """A route for staff, and for admins who set places up."""

    async def admit(self, request: Request) -> Actor:
        """Return who calls; Forbidden for others."""
        request.state.actor = actor = await super().admit(request)
        if not any(seat.role in _PRINTING for seat in actor.seats):
            raise Forbidden
        return actor


router = APIRouter(prefix=API, tags=["places"])
coded = APIRouter(prefix=API, tags=["places"], route_class=OfStaff)


@router.get("/categories")
async def categories(
    place_id: Annotated[
        UUID | None, Query(description="With the limits and numbers that count there.")
    ] = None,
) -> Page[CategoryOut]:
    """List the kinds of trouble. Where `emergency_phone` is set, show it first: call, then report."""
    known = await catalogue.refresh()
    await catalogue.spots(known, [place_id])
    if place_id and place_id not in known.spots:
        raise Invalid.at("/place_id", "没有这个地点，请重新选择")
    rules = known.rules(known.spots[place_id].path if place_id else ())
    items = [
        CategoryOut.model_validate(category, from_attributes=True) for category in rules.categories.values()
    ]
    return Page(items=items)


@router.get("/places")
async def children(
    parent: UUID | None = None, level: Level | None = None, limit: Limit = 20, cursor: Cursor = None
) -> Page[PlaceOut]:
    """Walk down the address tree: without `parent`, the streets."""
    items, following = await places.children(parent, level, limit, cursor)
    return Page(items=items, next=following)


@router.get("/places/search")
async def search(
    q: Annotated[
        str, Query(min_length=1, max_length=200, description="944号4单元3楼, ９４４号4单元, 944-4-3")
    ],
    limit: Limit = 10,
) -> Page[FoundPlaceOut]:
    """Find an address as people write it; the best match first."""
    return Page(items=await places.search(q, limit))


@router.get("/places/{place_id}")
async def place(place_id: UUID) -> PlacePathOut:
    """Read a place, the way down to it, and the grid that answers for it."""
    return await places.get(place_id)


@router.get("/scenes/{scene}")
async def scene(scene: str) -> PlacePathOut:
    """Read the place whose code in the stairwell was scanned."""
    return await places.by_scene(scene)


@coded.get(
    "/places/{place_id}/qrcode", response_class=Response, responses={200: {"content": {"image/png": {}}}}
)
async def qrcode(place_id: UUID) -> Response:
    """Fetch the code to put up in the stairwell, as PNG: whoever scans it reports from this place."""
    picture = qr.png(await places.scene_of(place_id))
    return Response(
        picture, media_type="image/png", headers={"Cache-Control": f"private, max-age={24 * 3600}"}
    )
