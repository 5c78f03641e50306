"""Organisations one may dispatch to."""

from uuid import UUID

from fastapi import APIRouter

from app.deps import API, Caller, Page, SignedIn
from app.errors import Forbidden, Invalid
from app.models.organisation import OrganisationOut
from app.services import catalogue

router = APIRouter(prefix=f"{API}/organisations", tags=["organisations"], route_class=SignedIn)


@router.get("")
async def serving(place_id: UUID, actor: Caller, category: str | None = None) -> Page[OrganisationOut]:
    """List who serves a place, the category's default first; for staff."""
    if not actor.is_staff:
        raise Forbidden
    known = await catalogue.refresh()
    await catalogue.spots(known, [place_id])
    if place_id not in known.spots:
        raise Invalid.at("/place_id", "没有这个地点，请重新选择")
    if category is not None and category not in known.categories:
        raise Invalid.at("/category", "没有这个问题类别")
    return Page(items=known.serving(known.spots[place_id].path, category))
