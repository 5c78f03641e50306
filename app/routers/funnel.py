"""The funnel of the common life: from activities over opinions to what is done."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.deps import API, CurrentActor, refuses
from app.models.figure import PeriodQuery
from app.models.subject import FunnelOut
from app.routers.figures import FigureRoute
from app.services import subjects

router = APIRouter(prefix=f"{API}/funnel", tags=["figures"], route_class=FigureRoute)


@router.get("", summary="共治漏斗", responses=refuses(404))
async def read(actor: CurrentActor, query: Annotated[PeriodQuery, Query()]) -> FunnelOut:
    """Read what happened at a place in a period, what was said, and what became of it; each number opens its list."""
    return await subjects.read_funnel(actor, query)
