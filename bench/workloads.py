"""What is sent to a server in a round: each kind of request, and how to build as many as a round needs."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.act_tickets import ActTickets
from bench.dataset import Dataset


@dataclass(frozen=True, slots=True)
class Workload:
    """One kind of request. `build(count)` returns `count` requests; a repeatable workload needs only one.

    `goal`: the least ratio of our rate to the bare endpoint's, where they are compared.
    """

    name: str
    build: Callable[[int], Sequence[bytes]]
    goal: float = 0.0
    status: bytes = b"200"
    repeatable: bool = False


def submit(dataset: Dataset, goal: float = 0.0) -> Workload:
    """Submit tickets, each with its own idempotency key."""
    requests = dataset.requests.submits()
    return Workload("submit", lambda count: list(itertools.islice(requests, count)), goal, b"201")


def act(tickets: ActTickets, name: str, goal: float = 0.0) -> Workload:
    """Perform an act, each time on another ticket."""

    def build(count: int) -> Sequence[bytes]:
        return [tickets.request(name, ticket_id) for ticket_id in tickets.prepare(name, count)]

    return Workload(name, build, goal)


def repeat(name: str, request: bytes, goal: float = 0.0) -> Workload:
    """Send the same request again and again."""
    return Workload(name, lambda _: [request], goal, repeatable=True)
