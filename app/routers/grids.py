"""The grids of a community, for its staff: read and change."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from app.deps import API, AuthRoute, CurrentActor, refuses
from app.models.grid import CutOut, GridsIn, GridsOut
from app.rules.access import Actor
from app.services import grids, posts


class CommunityRoute(AuthRoute):
    """A route for the staff of the community in its query; they are checked before the body is read."""

    refusals = frozenset({404})

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises NotFound outside their sight, Forbidden above their own places."""
        request.state.actor = actor = await super().authorize(request)
        posts.own_places(actor)
        try:
            community_id = UUID(request.query_params.get("place_id", ""))
        except ValueError:
            return actor  # reported for its field when the query is validated
        await grids.grid_scope(actor, community_id)
        return actor


router = APIRouter(prefix=f"{API}/settings/grids", tags=["settings"], route_class=CommunityRoute)
Community = Annotated[UUID, Query(description="A community.")]


@router.get("")
async def read(place_id: Community) -> GridsOut:
    """Read a community's grids: covers, posts, and the buildings no grid covers; `version` is needed to change them."""
    return await grids.read_grids(place_id)


@router.put("", responses=refuses(409))
async def cut(
    place_id: Community,
    form: GridsIn,
    actor: CurrentActor,
    preview: Annotated[bool, Query(description="Only return what would happen.")] = False,
    confirm: Annotated[
        bool, Query(description="Confirm the effect on tickets and posts of grids left out.")
    ] = False,
) -> CutOut:
    """Set all grids of a community. A grid left out ends: its open tickets are rerouted by the new covers, and its posts
    end with the next request. Tickets of the other grids stay with them, even if their covers change.
    """
    return await grids.cut_grids(actor, place_id, form, preview=preview, confirm=confirm)
