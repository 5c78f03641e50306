"""Messages to webhooks: how many a second one worker delivers, and how long one waits while another receiver is dead."""

import statistics
import time
from typing import Final

from bench.receivers import Receivers
from bench.world import World

MESSAGES: Final = 5000
BACKLOG: Final = 500  # of the dead receiver
ONES: Final = 100  # messages to the healthy one meanwhile
PATIENCE: Final = 120.0


def rate(world: World) -> float:
    """Return the messages a second delivered to a healthy receiver, from a standing backlog to the last one written down."""
    receivers = Receivers()
    try:
        webhook = world.listen(receivers.healthy)
        world.leave(webhook, MESSAGES)
        took = _settled(world, webhook, MESSAGES)
        world.unlisten(webhook)
    finally:
        receivers.stop()
    return MESSAGES / max(took)


def wait(world: World) -> float:
    """Return the p95, in seconds, from a message to its delivery while another receiver has never answered."""
    receivers = Receivers()
    try:
        dead, healthy = world.listen(receivers.dead), world.listen(receivers.healthy)
        world.leave(dead, BACKLOG)
        for _ in range(ONES):
            world.leave(healthy, 1)
            time.sleep(0.05)
        took = _settled(world, healthy, ONES)
        world.unlisten(dead)
        world.unlisten(healthy)
    finally:
        receivers.stop()
    return statistics.quantiles(took, n=20)[-1]


def _settled(world: World, webhook: str, count: int) -> list[float]:
    deadline = time.monotonic() + PATIENCE
    while len(took := world.delivered(webhook)) < count:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{count - len(took)} messages were not delivered")
        time.sleep(0.1)
    return took
