"""Who answers now, the public card of a grid, and the skills that grids lack."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.deps import API, AuthRoute, CurrentActor, Cursor, Limit, Page, refuses
from app.enums import Skill
from app.models.duty import DutyCardOut, DutyOut, GridSkillsOut
from app.models.fields import QueryTimestamp
from app.routers.posts import ManagerRoute
from app.services import duty

router = APIRouter(prefix=f"{API}/duty", tags=["duty"], route_class=AuthRoute)
manager_router = APIRouter(prefix=f"{API}/duty", tags=["duty"], route_class=ManagerRoute)
Place = Annotated[UUID, Query(description="Any place, or a grid.")]


@router.get("", responses=refuses(404))
async def who_is_on_duty(
    actor: CurrentActor,
    place_id: Place,
    at: Annotated[QueryTimestamp | None, Query(description="Now, if absent; up to a year ahead.")] = None,
    skill: Annotated[Skill | None, Query(description="Whoever has it answers first.")] = None,
) -> DutyOut:
    """Read who answers for a place: the head, the deputy, the duty person, the community, the street, as they are available."""
    return await duty.who_is_on_duty(actor, place_id, at, skill)


@router.get("/card", responses=refuses(404))
async def card(actor: CurrentActor, place_id: Place) -> DutyCardOut:
    """Read the public card of the grid of a place: what its posts are called, can be asked about, and whom to call now."""
    return await duty.duty_card(actor, place_id)


@manager_router.get("/gaps", responses=refuses(404))
async def gaps(
    actor: CurrentActor,
    place_id: Annotated[
        UUID | None, Query(description="A street, community or grid; all of the caller's, if absent.")
    ] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Page[GridSkillsOut]:
    """List the grids with the skills of their posts, and those that nobody there has today."""
    items, next_cursor = await duty.skill_gaps(actor, place_id, limit, cursor)
    return Page(items=items, next=next_cursor)
