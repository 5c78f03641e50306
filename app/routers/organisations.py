"""Organisations one may dispatch to, and setting them up."""

from collections.abc import Mapping
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.deps import API, Caller, IdempotencyKey, Page, SignedIn, named
from app.errors import Forbidden, Invalid
from app.models.organisation import (
    OrganisationChangeIn,
    OrganisationFullOut,
    OrganisationIn,
    OrganisationOut,
    OrganisationSeenOut,
)
from app.routers.posts import Running
from app.rules.access import Actor, Part
from app.services import catalogue, organisations, tickets
from app.services.tickets import Seen
from app.words import Scope


class Looking(SignedIn):
    """A route that reads one organisation, for who runs a place it serves."""

    async def admit(self, request: Request) -> Actor:
        """Return who calls; Forbidden for who runs no place, NotFound outside their scope."""
        request.state.actor = actor = await super().admit(request)
        await organisations.sight(actor, named(request, "organisation_id"))
        return actor


class Choosing(SignedIn):
    """A route that says who serves a place: staff ask by any place, a company or its key by a ticket it has."""

    scopes: ClassVar[Mapping[str, Scope]] = {"GET": Scope.READ}

    async def admit(self, request: Request) -> Actor:
        """Return who calls; NotFound for a ticket outside their scope, Forbidden for who has no part in choosing."""
        request.state.actor = actor = await super().admit(request)
        request.state.seen = None
        try:
            ticket_id = UUID(request.query_params["ticket_id"])
        except KeyError:
            companies = False
        except ValueError:  # said at its field when the query is read
            companies = bool(actor.organisation_ids)
        else:
            request.state.seen = seen = await tickets.load(actor, ticket_id)
            companies = Part.PARTNER in seen.parts
        if not (actor.is_staff or companies):
            raise Forbidden
        return actor


async def _in_hand(request: Request) -> Seen | None:
    seen: Seen | None = request.state.seen
    return seen


class OfOrganisation(SignedIn):
    """A route about one organisation, for who set it up; asked before a body is read."""

    async def admit(self, request: Request) -> Actor:
        """Return who calls; NotFound outside their scope, Forbidden within."""
        request.state.actor = actor = await super().admit(request)
        await organisations.scope(actor, named(request, "organisation_id"))
        return actor


router = APIRouter(prefix=f"{API}/organisations", tags=["organisations"], route_class=Choosing)
looking = APIRouter(prefix=f"{API}/organisations", tags=["organisations"], route_class=Looking)
adding = APIRouter(prefix=f"{API}/organisations", tags=["organisations"], route_class=Running)
one = APIRouter(prefix=f"{API}/organisations", tags=["organisations"], route_class=OfOrganisation)


@router.get("")
async def serving(
    seen: Annotated[Seen | None, Depends(_in_hand)],
    place_id: UUID | None = None,
    category: str | None = None,
    ticket_id: Annotated[
        UUID | None, Query(description="Instead of a place: a ticket one has in hand.")
    ] = None,
) -> Page[OrganisationOut]:
    """List who serves a place, the category's default first; for staff. Of a ticket dispatched to it a company may ask too:
    whom it could propose when it hands the ticket back, itself left out.
    """
    if (place_id is None) == (ticket_id is None):
        raise Invalid.at("/place_id", "请给出 place_id 或 ticket_id，只能给一个")
    known = await catalogue.refresh()
    if category is not None and category not in known.categories:
        raise Invalid.at("/category", "没有这个问题类别")
    if seen is not None:
        return Page(items=organisations.around(seen, category))
    await catalogue.spots(known, [place_id])
    if place_id is None or place_id not in known.spots:
        raise Invalid.at("/place_id", "没有这个地点，请重新选择")
    return Page(items=known.serving(known.spots[place_id].path, category))


@looking.get("/{organisation_id}")
async def read(organisation_id: UUID, actor: Caller) -> OrganisationSeenOut:
    """Read an organisation that serves a place one runs, or one around it; `changeable` when all its places are one's own."""
    return await organisations.seen(actor, organisation_id)


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
