"""The grids of a community: read, and cut anew; for those who run it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from app.deps import API, Caller, SignedIn
from app.models.grid import CutOut, GridsIn, GridsOut
from app.rules.access import Actor
from app.services import appointing, grids


class OfCommunity(SignedIn):
    """A route about the community its query names, for who runs it; asked before a body is read."""

    async def admit(self, request: Request) -> Actor:
        """Return who calls; NotFound outside their scope, Forbidden around it."""
        request.state.actor = actor = await super().admit(request)
        appointing.own_places(actor)
        try:
            community_id = UUID(request.query_params.get("place_id", ""))
        except ValueError:
            return actor  # said at its field when the query is read
        await grids.scope(actor, community_id)
        return actor


router = APIRouter(prefix=f"{API}/settings/grids", tags=["settings"], route_class=OfCommunity)
Community = Annotated[UUID, Query(description="A community.")]


@router.get("")
async def standing(place_id: Community) -> GridsOut:
    """Read a community's grids: what they cover, who holds their posts, what no grid covers; `version` to change them."""
    return await grids.read(place_id)


@router.put("")
async def cut(
    place_id: Community,
    form: GridsIn,
    actor: Caller,
    preview: Annotated[bool, Query(description="Only say what would happen.")] = False,
    confirm: Annotated[bool, Query(description="Tickets and posts of grids left out are meant too.")] = False,
) -> CutOut:
    """Set all grids of a community. A grid left out ends: its open tickets are rerouted by the covers there are then,
    its posts end with the next request. Tickets of the others stay where they are, whatever moves.
    """
    return await grids.cut(actor, place_id, form, preview=preview, confirm=confirm)
