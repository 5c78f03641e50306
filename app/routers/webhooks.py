"""Webhooks: where one's organisation or office is told what happens, by Standard Webhooks."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.deps import API, Caller, Cursor, IdempotencyKey, Limit, Page, SignedIn, named
from app.models.webhook import (
    DeliveryOut,
    EndedWebhookOut,
    SecretOut,
    WebhookChangeIn,
    WebhookIn,
    WebhookMadeOut,
    WebhookOut,
)
from app.rules.access import Actor
from app.services import deliveries, signing, webhooks
from app.words import Scope


class Managing(SignedIn):
    """A route for those who speak for an organisation, a community or a street; asked before a body is read."""

    scopes = dict.fromkeys(("GET", "POST", "PATCH", "DELETE"), Scope.WEBHOOKS)

    async def admit(self, request: Request) -> Actor:
        """Return who calls; Forbidden for others."""
        request.state.actor = actor = await super().admit(request)
        webhooks.owners(actor)
        return actor


class OfWebhook(Managing):
    """A route about one webhook of one's own."""

    async def admit(self, request: Request) -> Actor:
        """Return who calls; NotFound for somebody else's webhook."""
        actor = await super().admit(request)
        request.state.webhook = await webhooks.scope(actor, named(request, "webhook_id"))
        return actor


async def _webhook(request: Request) -> Any:
    return request.state.webhook


async def _delivery(request: Request) -> UUID:
    return named(request, "delivery_id")


InHand = Annotated[Any, Depends(_webhook)]
router = APIRouter(prefix=f"{API}/webhooks", tags=["webhooks"], route_class=Managing)
one = APIRouter(prefix=f"{API}/webhooks", tags=["webhooks"], route_class=OfWebhook)


@router.get("")
async def page(actor: Caller, limit: Limit = 20, cursor: Cursor = None) -> Page[WebhookOut]:
    """List one's own webhooks, newest first."""
    items, following = await webhooks.page(actor, limit, cursor)
    return Page(items=items, next=following)


@router.post("", status_code=201)
async def add(form: WebhookIn, actor: Caller, key: IdempotencyKey, response: Response) -> WebhookMadeOut:
    """Be told of events (`ticket.*`: of all) at an https address. `secret` is shown this once."""
    response.headers["Cache-Control"] = "no-store"
    made, replayed = await webhooks.add(actor, form, key)
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return made


@one.patch("/{webhook_id}")
async def change(webhook_id: UUID, form: WebhookChangeIn, actor: Caller, webhook: InHand) -> WebhookOut:  # noqa: ARG001 - loaded before, named for the docs
    """Change the address or the events; switch it off, or on again."""
    return await webhooks.change(actor, webhook, form)


@one.delete("/{webhook_id}")
async def end(webhook_id: UUID, actor: Caller, webhook: InHand) -> EndedWebhookOut:  # noqa: ARG001 - as above
    """Be told nothing there any more."""
    return await webhooks.end(actor, webhook)


@one.post("/{webhook_id}/rotate")
async def rotate(webhook_id: UUID, actor: Caller, webhook: InHand, response: Response) -> SecretOut:  # noqa: ARG001 - as above
    """Replace the secret; for 24 hours messages bear the signatures of both."""
    response.headers["Cache-Control"] = "no-store"
    return await signing.rotate(actor, webhook)


@one.post("/{webhook_id}/test", status_code=201)
async def test(webhook_id: UUID) -> DeliveryOut:
    """Send a message of type `webhook.test`; what became of it is in the deliveries."""
    return await deliveries.test(webhook_id)


@one.get("/{webhook_id}/deliveries")
async def log(webhook_id: UUID, limit: Limit = 20, cursor: Cursor = None) -> Page[DeliveryOut]:
    """List what was sent in the last 30 days and what became of it, newest first."""
    items, following = await deliveries.page(webhook_id, limit, cursor)
    return Page(items=items, next=following)


@one.post("/{webhook_id}/deliveries/{delivery_id}/redeliver")
async def redeliver(webhook_id: UUID, delivery_id: Annotated[UUID, Depends(_delivery)]) -> DeliveryOut:
    """Send a message once more, under the same `webhook-id`."""
    return await deliveries.again(webhook_id, delivery_id)
