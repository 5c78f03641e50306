"""Webhooks: endpoints and their secrets, deliveries to them, and the dispatcher that sends them."""

from app.services.webhooks.deliveries import (
    clamp_deliveries,
    delivery_page,
    redeliver,
    send_test,
    sweep_deliveries,
)
from app.services.webhooks.dispatcher import Dispatcher
from app.services.webhooks.endpoints import (
    add_endpoint,
    change_endpoint,
    end_endpoint,
    endpoint_page,
    load_endpoint,
)
from app.services.webhooks.messages import (
    build_deliveries,
    build_subject_deliveries,
    delivery_values,
    insert_deliveries,
)
from app.services.webhooks.owners import owners
from app.services.webhooks.signing_secrets import rotate_secret

__all__ = [
    "Dispatcher",
    "add_endpoint",
    "build_deliveries",
    "build_subject_deliveries",
    "change_endpoint",
    "clamp_deliveries",
    "delivery_page",
    "delivery_values",
    "end_endpoint",
    "endpoint_page",
    "insert_deliveries",
    "load_endpoint",
    "owners",
    "redeliver",
    "rotate_secret",
    "send_test",
    "sweep_deliveries",
]
