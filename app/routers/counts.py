"""How many tickets wait: what the badges of a desk say, without fetching the tickets."""

from fastapi import APIRouter

from app.deps import API, Caller, Ticketed
from app.models.counts import CountsOut
from app.services import counting

router = APIRouter(prefix=f"{API}/tickets", tags=["tickets"], route_class=Ticketed)


@router.get("/counts")
async def counts(actor: Caller) -> CountsOut:
    """Count the tickets of one's own boxes, open ones only; each number ends at 999."""
    return await counting.count(actor)
