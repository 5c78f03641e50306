"""The group robot of a grid, community, street or organisation: read and set."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from app.deps import API, AuthRoute, CurrentActor, refuses
from app.errors import Invalid
from app.models.robot import RobotIn, RobotOut
from app.rules.access import Actor
from app.services import robots, settings


class RobotRoute(AuthRoute):
    """A route for those who may set the robot of the owner in its query; they are checked before the body is read."""

    refusals = frozenset({404})

    async def authorize(self, request: Request) -> Actor:
        """Return the caller, and set `request.state.owner`. Raises as `robot_owner`."""
        request.state.actor = actor = await super().authorize(request)
        place_id, organisation_id = (_query_id(request, name) for name in ("place_id", "organisation_id"))
        request.state.owner = await settings.robot_owner(actor, place_id, organisation_id)
        return actor


def _query_id(request: Request, name: str) -> UUID | None:
    value = request.query_params.get(name)
    try:
        return UUID(value) if value else None
    except ValueError:
        raise Invalid.at(f"/{name}", "编号的格式不对") from None


async def _owner(
    request: Request,
    place_id: Annotated[UUID | None, Query(description="A grid, community or street.")] = None,  # noqa: ARG001 - read by authorize, before the body; here for the API documentation
    organisation_id: Annotated[UUID | None, Query(description="Instead: one's organisation.")] = None,  # noqa: ARG001
) -> robots.Owner:
    owner: robots.Owner = request.state.owner
    return owner


Owner = Annotated[robots.Owner, Depends(_owner)]
router = APIRouter(prefix=f"{API}/settings/robots", tags=["settings"], route_class=RobotRoute)


@router.get("")
async def robot(owner: Owner) -> RobotOut:
    """Read the WeCom group robot of a grid, community, street or organisation; its address is never shown again."""
    return await robots.read_robot(owner)


@router.put("", responses=refuses(409))
async def put_robot(form: RobotIn, owner: Owner, actor: CurrentActor) -> RobotOut:
    """Set the WeCom group robot, and greet its group; null removes it.

    Its group hears of dangers, new tickets and overdue ones: category, place, time and a link, nothing a resident wrote.
    """
    return await robots.set_robot(actor, owner, form)
