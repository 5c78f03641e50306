"""Counts of open tickets, without the tickets themselves: for the badges of a desk, and today's picture of an office."""

from fastapi import APIRouter

from app.deps import API, CurrentActor, TicketRoute
from app.models.counts import CountsOut
from app.models.today import TodayOut
from app.services.tickets import lists

router = APIRouter(prefix=f"{API}/tickets", tags=["tickets"], route_class=TicketRoute)


@router.get("/counts")
async def counts(actor: CurrentActor) -> CountsOut:
    """Count the open tickets of one's own boxes, each number up to 999."""
    return await lists.count_boxes(actor)


@router.get("/today")
async def today(actor: CurrentActor) -> TodayOut:
    """Read what is to be resolved in one's communities, grid by grid, and in one's streets, community by community."""
    return await lists.read_today(actor)
