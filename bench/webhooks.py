"""Webhook deliveries: how many a second one worker makes, and how long one waits while another receiver is silent."""

import statistics
import time
from typing import Final
from uuid import UUID

from bench.dataset import Dataset
from bench.fill_statements import UUID7
from bench.http_client import build_request, fetch_json
from bench.webhook_receivers import WebhookReceivers

MESSAGES: Final = 5000
SILENT_BACKLOG: Final = 500  # messages waiting for the silent receiver
SINGLE_MESSAGES: Final = 100  # to the healthy receiver meanwhile, one at a time
SINGLE_INTERVAL: Final = 0.05  # seconds between them
DELIVERY_TIMEOUT: Final = 120.0  # seconds for all messages

# Messages as large as those of an act. $1 webhook, $2 count.
_INSERT_DELIVERIES: Final = f"""
INSERT INTO delivery (id, webhook_id, ticket_id, seq, type, body, created_at, due_at)
SELECT {UUID7.format(at="clock_timestamp()")}, $1, gen_random_uuid(), 1, 'ticket.unmerged',
       json_build_object('type', 'ticket.unmerged', 'timestamp', clock_timestamp(), 'data', repeat('x', 500)),
       clock_timestamp(), clock_timestamp()
FROM generate_series(1, $2::int)
"""
_DELIVERY_SECONDS: Final = """
SELECT extract(epoch FROM settled_at - created_at)::float8 AS seconds FROM delivery WHERE webhook_id = $1 AND delivered
"""


class _Webhook:
    """A webhook of the community, for an event that nothing else here causes."""

    def __init__(self, dataset: Dataset, url: str) -> None:
        self.dataset, self.token = dataset, dataset.requests.tokens["community"]
        body = {"url": url, "events": ["ticket.unmerged"]}
        response = fetch_json(dataset.port, build_request("POST", "/webhooks", self.token, body), 201)
        self.id = UUID(response["id"])

    def enqueue(self, count: int) -> None:
        """Add `count` messages, due now."""
        self.dataset.query(lambda connection: connection.execute(_INSERT_DELIVERIES, self.id, count))

    def wait_for_deliveries(self, count: int) -> list[float]:
        """Return the seconds from creation to delivery of each message, once `count` are delivered.

        Raises RuntimeError after DELIVERY_TIMEOUT.
        """
        deadline = time.monotonic() + DELIVERY_TIMEOUT
        while len(rows := self._deliveries()) < count:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{count - len(rows)} of {count} messages were not delivered")
            time.sleep(0.1)
        return [row["seconds"] for row in rows]

    def _deliveries(self) -> list[dict[str, float]]:
        return self.dataset.query(lambda connection: connection.fetch(_DELIVERY_SECONDS, self.id))

    def remove(self) -> None:
        """Delete the webhook."""
        fetch_json(self.dataset.port, build_request("DELETE", f"/webhooks/{self.id}", self.token))


def delivery_rate(dataset: Dataset) -> float:
    """Return messages per second to a healthy receiver, from a full backlog to the last delivery recorded."""
    receivers = WebhookReceivers()
    try:
        webhook = _Webhook(dataset, receivers.healthy_url)
        webhook.enqueue(MESSAGES)
        seconds = webhook.wait_for_deliveries(MESSAGES)
        webhook.remove()
    finally:
        receivers.stop()
    return MESSAGES / max(seconds)


def delivery_p95(dataset: Dataset) -> float:
    """Return the 95th percentile from message to delivery, in s, while another receiver never answers."""
    receivers = WebhookReceivers()
    try:
        silent, healthy = (_Webhook(dataset, url) for url in (receivers.silent_url, receivers.healthy_url))
        silent.enqueue(SILENT_BACKLOG)
        for _ in range(SINGLE_MESSAGES):
            healthy.enqueue(1)
            time.sleep(SINGLE_INTERVAL)
        seconds = healthy.wait_for_deliveries(SINGLE_MESSAGES)
        silent.remove()
        healthy.remove()
    finally:
        receivers.stop()
    return statistics.quantiles(seconds, n=20)[-1]
