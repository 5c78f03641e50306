"""Of fifty simultaneous accepts in two API processes one succeeds; the others receive 409."""

import asyncio
import json
from collections import Counter
from typing import Final, NamedTuple

import psutil

from bench.http_client import build_request
from survive.demo_client import DemoClient
from survive.environment import Environment
from survive.http_connection import HttpConnection, send_all
from survive.program import Program
from survive.results import PromiseResult, describe_statuses

ACCEPTS: Final = 50  # at the same time
EVENT_TYPES: Final = ["ticket.submitted", "ticket.accepted"]


class _Race(NamedTuple):
    """`won`: tickets with exactly one 200 and otherwise 409; `connections`: of each API process."""

    won: list[str]
    statuses: Counter[int]
    connections: list[int]


def measure(environment: Environment) -> list[PromiseResult]:
    """Let fifty connections accept the same version of the same ticket, again and again."""
    rounds, program = environment.size(200, 10), environment.serve(workers=2)
    client = DemoClient(program.port)
    environment.progress.step(f"{rounds} rounds of {ACCEPTS} accepts")
    race = asyncio.run(_race(client, program, rounds))
    environment.progress.step("read the timelines")
    accepted_once = sum(types == EVENT_TYPES for types in _timelines(client, race.won))
    correct = len(race.won) == accepted_once == rounds and min(race.connections) > 0
    return [
        PromiseResult(
            f"exactly 1 of {ACCEPTS} simultaneous accepts, {rounds} rounds, two API processes",
            f"{rounds} × (1 × 200, {ACCEPTS - 1} × 409)",
            f"{len(race.won)} of {rounds} rounds",
            correct,
            f"{describe_statuses(race.statuses)}; connections by process {' + '.join(map(str, race.connections))}; "
            f"accepted once in {accepted_once} timelines",
        )
    ]


async def _race(client: DemoClient, program: Program, rounds: int) -> _Race:
    connections, shares = await _connect(client, program)
    resident, race = HttpConnection(client.port), _Race([], Counter(), shares)
    for _ in range(rounds):
        ticket = json.loads((await resident.request(client.submit(None))).body)
        accept = client.accept(ticket["id"], ticket["version"])
        responses = await asyncio.gather(*(connection.request(accept) for connection in connections))
        statuses = [response.status for response in responses]
        race.statuses.update(statuses)
        if sorted(statuses) == [200] + [409] * (ACCEPTS - 1):
            race.won.append(ticket["id"])
    for connection in (*connections, resident):
        connection.close()
    return race


async def _connect(client: DemoClient, program: Program) -> tuple[list[HttpConnection], list[int]]:
    """Open connections until each API process has some: one may be ready before the other.

    Return them with the number of connections of each process.
    """
    request = build_request("GET", "/categories", "-")
    for _ in range(20):
        connections = [HttpConnection(client.port) for _ in range(ACCEPTS)]
        await asyncio.gather(*(connection.request(request) for connection in connections))
        shares = [_count_connections(program.pid(name)) for name in ("api", "api 1")]
        if min(shares) > 0:
            return connections, shares
        for connection in connections:
            connection.close()
        await asyncio.sleep(0.5)
    raise RuntimeError("one of the two API processes accepts no connection")


def _count_connections(pid: int) -> int:
    connections = psutil.Process(pid).net_connections("tcp")
    return sum(one.status == psutil.CONN_ESTABLISHED for one in connections)


def _timelines(client: DemoClient, ticket_ids: list[str]) -> list[list[str]]:
    """Return the types of each ticket's events."""
    token = client.tokens["resident"]
    requests = [build_request("GET", f"/tickets/{ticket_id}/events", token) for ticket_id in ticket_ids]
    responses = asyncio.run(send_all(client.port, requests, 1))
    return [[event["type"] for event in json.loads(one.body)["items"]] for one in responses]
