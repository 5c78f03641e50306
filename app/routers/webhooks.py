"""Webhooks: endpoints of one's organisation or office, and the deliveries to them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

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
from app.models.webhook import (
    DeliveryOut,
    EndedWebhookOut,
    SecretOut,
    WebhookChangeIn,
    WebhookIn,
    WebhookMadeOut,
    WebhookOut,
    WebhookRow,
)
from app.rules.access import Actor
from app.services import webhooks


class WebhookRoute(AuthRoute):
    """A route for those who manage webhooks of an organisation, a community or a street; checked before the body is read."""

    scopes = dict.fromkeys(("GET", "POST", "PATCH", "DELETE"), Scope.WEBHOOKS)

    async def authorize(self, request: Request) -> Actor:
        """Return the actor. Raises Forbidden for others."""
        request.state.actor = actor = await super().authorize(request)
        webhooks.owners(actor)
        return actor


class OneWebhookRoute(WebhookRoute):
    """A route about one of the actor's webhooks."""

    async def authorize(self, request: Request) -> Actor:
        """Return the actor. Raises NotFound for somebody else's webhook."""
        actor = await super().authorize(request)
        request.state.webhook = await webhooks.load_endpoint(actor, path_id(request, "webhook_id"))
        return actor


class OneDeliveryRoute(OneWebhookRoute):
    """A route about one delivery to such a webhook."""

    async def authorize(self, request: Request) -> Actor:
        """Return the actor. Raises NotFound for what is no id."""
        actor = await super().authorize(request)
        path_id(request, "delivery_id")
        return actor


async def _webhook(request: Request) -> WebhookRow:
    webhook: WebhookRow = request.state.webhook
    return webhook


CurrentWebhook = Annotated[WebhookRow, Depends(_webhook)]
router = APIRouter(prefix=f"{API}/webhooks", tags=["webhooks"], route_class=WebhookRoute)
item_router = APIRouter(prefix=f"{API}/webhooks", tags=["webhooks"], route_class=OneWebhookRoute)
delivery_router = APIRouter(prefix=f"{API}/webhooks", tags=["webhooks"], route_class=OneDeliveryRoute)


@router.get("")
async def page(actor: CurrentActor, limit: Limit = 20, cursor: Cursor = None) -> Page[WebhookOut]:
    """List one's own webhooks, newest first."""
    items, next_cursor = await webhooks.endpoint_page(actor, limit, cursor)
    return Page(items=items, next=next_cursor)


@router.post("", status_code=201, responses=refuses(404))
async def add(
    form: WebhookIn, actor: CurrentActor, key: IdempotencyKey, response: Response
) -> WebhookMadeOut:
    """Add a webhook: an https address that receives events (`ticket.*`: all). `secret` is shown only in this answer."""
    response.headers["Cache-Control"] = "no-store"
    webhook, replayed = await webhooks.add_endpoint(actor, form, key)
    mark_replayed(response, replayed=replayed)
    return webhook


@item_router.patch("/{webhook_id}", responses=refuses(409))
async def change(
    webhook_id: UUID,  # noqa: ARG001 - loaded by the route, declared here for the docs
    form: WebhookChangeIn,
    actor: CurrentActor,
    webhook: CurrentWebhook,
) -> WebhookOut:
    """Change a webhook's address or events; disable or enable it."""
    return await webhooks.change_endpoint(actor, webhook, form)


@item_router.delete("/{webhook_id}")
async def end(
    webhook_id: UUID,  # noqa: ARG001 - as above
    actor: CurrentActor,
    webhook: CurrentWebhook,
) -> EndedWebhookOut:
    """Delete a webhook: no more messages are sent to it."""
    return await webhooks.end_endpoint(actor, webhook)


@item_router.post("/{webhook_id}/rotate", responses=refuses(409))
async def rotate(
    webhook_id: UUID,  # noqa: ARG001 - as above
    actor: CurrentActor,
    webhook: CurrentWebhook,
    response: Response,
) -> SecretOut:
    """Replace the secret. For 24 hours messages are signed with both."""
    response.headers["Cache-Control"] = "no-store"
    return await webhooks.rotate_secret(actor, webhook)


@item_router.post("/{webhook_id}/test", status_code=201, responses=refuses(409))
async def test(webhook_id: UUID) -> DeliveryOut:
    """Send a message of type `webhook.test`; its result is in the deliveries."""
    return await webhooks.send_test(webhook_id)


@item_router.get("/{webhook_id}/deliveries")
async def log(webhook_id: UUID, limit: Limit = 20, cursor: Cursor = None) -> Page[DeliveryOut]:
    """List the deliveries of the last 30 days with their results, newest first."""
    items, next_cursor = await webhooks.delivery_page(webhook_id, limit, cursor)
    return Page(items=items, next=next_cursor)


@delivery_router.post("/{webhook_id}/deliveries/{delivery_id}/redeliver", responses=refuses(409))
async def redeliver(webhook_id: UUID, delivery_id: UUID) -> DeliveryOut:
    """Send a message again under the same `webhook-id`."""
    return await webhooks.redeliver(webhook_id=webhook_id, delivery_id=delivery_id)
