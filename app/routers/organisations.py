"""Organisations one may dispatch to, and setting them up."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.deps import API, Caller, IdempotencyKey, Page, SignedIn
from app.errors import Forbidden, Invalid, NotFound
from app.models.organisation import (
    OrganisationChangeIn,
    OrganisationFullOut,
    OrganisationIn,
    OrganisationOut,
)
from app.routers.posts import Running
from app.rules.access import Actor
from app.services import catalogue, organisations


class OfOrganisation(SignedIn):
    """A route about one organisation, for who set it up; asked before a body is read."""

    async def admit(self, request: Request) -> Actor:
        """Return who calls; NotFound outside their scope, Forbidden within."""
        request.state.actor = actor = await super().admit(request)
        try:
            organisation_id = UUID(request.path_params["organisation_id"])
        except ValueError:
            raise NotFound from None
        await organisations.scope(actor, organisation_id)
        return actor


router = APIRouter(prefix=f"{API}/organisations", tags=["organisations"], route_class=SignedIn)
adding = APIRouter(prefix=f"{API}/organisations", tags=["organisations"], route_class=Running)
one = APIRouter(prefix=f"{API}/organisations", tags=["organisations"], route_class=OfOrganisation)


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


@adding.post("", status_code=201)
async def add(
    form: OrganisationIn, actor: Caller, key: IdempotencyKey, response: Response
) -> OrganisationFullOut:
    """Set up a company or department that serves places of one's own; tickets can be dispatched to it at once."""
    made, replayed = await organisations.add(actor, form, key)
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return made


@one.patch("/{organisation_id}")
async def change(organisation_id: UUID, form: OrganisationChangeIn, actor: Caller) -> OrganisationFullOut:
    """Change an organisation all of whose places are one's own."""
    return await organisations.change(actor, organisation_id, form)
