"""Organisations: those that serve a place, one of them, add and change."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

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
from app.enums import Scope
from app.errors import Forbidden, Invalid
from app.models.organisation import (
    OrganisationChangeIn,
    OrganisationFullOut,
    OrganisationIn,
    OrganisationOut,
    OrganisationSeenOut,
)
from app.routers.posts import ManagerRoute
from app.rules.access import Actor, Part
from app.services import organisations, posts, setup, tickets
from app.services.pagination import page_after
from app.services.tickets import TicketView


class VisibleOrganisationRoute(AuthRoute):
    """A route that reads one organisation, for those who manage a place it serves or one below."""

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises Forbidden if they manage no place, NotFound outside their scope."""
        request.state.actor = actor = await super().authorize(request)
        await organisations.require_visible_organisation(actor, path_id(request, "organisation_id"))
        return actor


class ServingOrganisationsRoute(AuthRoute):
    """A route that lists who serves a place: staff may name any place, an admin one of their own, an organisation or its
    key a ticket it has.
    """

    refusals = frozenset({404})

    scopes: ClassVar[Mapping[str, Scope]] = {"GET": Scope.READ}

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises NotFound for a ticket or an admin's place outside their scope, Forbidden for those who
        never dispatch.
        """
        request.state.actor = actor = await super().authorize(request)
        request.state.ticket_view = None
        try:
            ticket_id = UUID(request.query_params["ticket_id"])
        except KeyError:
            may_list = actor.is_staff or await self._is_in_charge(actor, request.query_params.get("place_id"))
        except ValueError:  # answered with 422 at its field when the query is parsed
            may_list = actor.is_staff or bool(actor.seats_by_organisation)
        else:
            request.state.ticket_view = ticket_view = await tickets.load_ticket(actor, ticket_id)
            may_list = actor.is_staff or Part.PARTNER in ticket_view.parts
        if not may_list:
            raise Forbidden
        return actor

    async def _is_in_charge(self, actor: Actor, place_id: str | None) -> bool:
        """Tell whether an admin manages the place; raise as `require_visible_place` if not, or for who manages none."""
        posts.own_places(actor)
        with suppress(ValueError):  # answered with 422 at its field
            await organisations.require_visible_place(actor, UUID(place_id or ""))
        return True


async def _optional_ticket(request: Request) -> TicketView | None:
    ticket_view: TicketView | None = request.state.ticket_view
    return ticket_view


class OrganisationRoute(AuthRoute):
    """A route about one organisation, for those who may change it; checked before the body is read."""

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises NotFound outside their scope, Forbidden if they may not change it."""
        request.state.actor = actor = await super().authorize(request)
        await organisations.require_may_change_organisation(actor, path_id(request, "organisation_id"))
        return actor


router = APIRouter(
    prefix=f"{API}/organisations", tags=["organisations"], route_class=ServingOrganisationsRoute
)
visible_router = APIRouter(
    prefix=f"{API}/organisations", tags=["organisations"], route_class=VisibleOrganisationRoute
)
manager_router = APIRouter(prefix=f"{API}/organisations", tags=["organisations"], route_class=ManagerRoute)
organisation_router = APIRouter(
    prefix=f"{API}/organisations", tags=["organisations"], route_class=OrganisationRoute
)


@router.get("")
async def serving(
    ticket_view: Annotated[TicketView | None, Depends(_optional_ticket)],
    place_id: UUID | None = None,
    category: str | None = None,
    ticket_id: Annotated[
        UUID | None, Query(description="Instead of a place: a ticket in the caller's scope.")
    ] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[OrganisationOut]:
    """List the organisations that serve a place, the category's default first; for staff, and for the admin of the place.
    Without a category those that serve a part of the place follow, whether or not anybody acts for them. For a ticket, an
    organisation that has refused it is no default. With the ticket dispatched to it an organisation may ask too: which
    others it could propose when it hands the ticket back.
    """
    if (place_id is None) == (ticket_id is None):
        raise Invalid.at("/place_id", "请给出 place_id 或 ticket_id，只能给一个")
    catalogue = await setup.current_catalogue()
    if category is not None and category not in catalogue.categories:
        raise Invalid.at("/category", "没有这个问题类别")
    if ticket_view is not None:
        found = await organisations.organisations_serving_ticket(ticket_view, category)
    elif place := await setup.place_ref(catalogue, place_id):
        below = () if category else await organisations.places_served_below(place.id)
        found = catalogue.serving(place.path, category, below=below)
    else:
        raise Invalid.at("/place_id", "没有这个地点，请重新选择")
    items, next_cursor = page_after(found, limit, cursor, lambda organisation: organisation.id)
    return Page(items=items, next=next_cursor)


@visible_router.get("/{organisation_id}")
async def read(organisation_id: UUID, actor: CurrentActor) -> OrganisationSeenOut:
    """Read an organisation that serves a place the caller manages, or one above it."""
    return await organisations.read_organisation(actor, organisation_id)


@manager_router.post("", status_code=201, responses=refuses(404))
async def add(
    form: OrganisationIn, actor: CurrentActor, key: IdempotencyKey, response: Response
) -> OrganisationFullOut:
    """Add a company or department that serves places the caller manages; tickets can be dispatched to it at once."""
    organisation, replayed = await organisations.add_organisation(actor, form, key)
    mark_replayed(response, replayed=replayed)
    return organisation


@organisation_router.patch("/{organisation_id}", responses=refuses(409))
async def change(
    organisation_id: UUID, form: OrganisationChangeIn, actor: CurrentActor
) -> OrganisationFullOut:
    """Change an organisation; the caller must manage all places it serves."""
    return await organisations.change_organisation(actor, organisation_id, form)
