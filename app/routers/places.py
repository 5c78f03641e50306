"""Categories and places, from which a person chooses when reporting."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app import words
from app.deps import API, Cursor, Limit, Page, refuses
from app.enums import Level
from app.errors import Invalid
from app.models.category import CategoryOut
from app.models.place import FoundPlaceOut, PlaceOut, PlacePathOut
from app.services import places, setup
from app.services.pagination import page_after

router = APIRouter(prefix=API, tags=["places"])


@router.get("/categories")
async def categories(
    place_id: Annotated[
        UUID | None, Query(description="With the limits and phone numbers that apply there.")
    ] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[CategoryOut]:
    """List the categories of a report. Where `emergency_phone` is set, show it first: call, then report."""
    catalogue = await setup.current_catalogue()
    place = await setup.place_ref(catalogue, place_id)
    if place_id and place is None:
        raise Invalid.at("/place_id", "没有这个地点，请重新选择")
    rules = catalogue.rules(place.path if place else ())
    page, next_cursor = page_after(
        [*rules.categories.values()], limit, cursor, lambda category: category.code
    )
    items = [
        CategoryOut(
            **category.model_dump()
            | {"name": words.name(category.zh, category.en), "phrases": setup.phrases_of(category.code)}
        )
        for category in page
    ]
    return Page(items=items, next=next_cursor)


@router.get("/places")
async def children(
    parent: UUID | None = None, level: Level | None = None, limit: Limit = 20, cursor: Cursor = None
) -> Page[PlaceOut]:
    """List the places below `parent`; without it, the streets."""
    items, next_cursor = await places.child_places(parent, level, limit, cursor)
    return Page(items=items, next=next_cursor)


@router.get("/places/search")
async def search(
    q: Annotated[
        str, Query(min_length=1, max_length=200, description="944号4单元3楼, ９４４号4单元, 944-4-3")
    ],
    limit: Limit = 10,
    cursor: Cursor = None,
) -> Page[FoundPlaceOut]:
    """Search for an address as people write it; the best match first."""
    items, next_cursor = page_after(await places.search_places(q), limit, cursor, lambda place: place.id)
    return Page(items=items, next=next_cursor)


@router.get("/places/{place_id}")
async def place(place_id: UUID) -> PlacePathOut:
    """Read a place, its path from the street, and the grid that is responsible for it."""
    return await places.get_place(place_id)


@router.get("/scenes/{scene}", responses=refuses(410))
async def scene(scene: str) -> PlacePathOut:
    """Read the place of a scanned QR code."""
    return await places.get_place_by_scene(scene)
