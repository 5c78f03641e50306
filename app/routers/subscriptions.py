"""Subscribe messages: what a person lets us send them through WeChat."""

from fastapi import APIRouter

from app.deps import API, AuthRoute, CurrentActor
from app.models.wechat import SubscriptionsIn, SubscriptionsOut
from app.services import subscriptions

router = APIRouter(prefix=f"{API}/me/subscriptions", tags=["notices"], route_class=AuthRoute)


@router.get("")
async def read(actor: CurrentActor) -> SubscriptionsOut:
    """Read which messages one lets us send, and which to ask for at each moment."""
    return await subscriptions.read_subscriptions(actor)


@router.post("")
async def record(form: SubscriptionsIn, actor: CurrentActor) -> SubscriptionsOut:
    """Say what one has just answered when WeChat asked. Each acceptance allows one more message."""
    return await subscriptions.record_answers(actor, form)
