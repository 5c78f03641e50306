"""A request that is retried acts once, even if the program was restarted or killed in between."""

import asyncio
import json
import signal
from collections.abc import Sequence
from typing import Final

from survive.demo_client import DemoClient
from survive.environment import Environment
from survive.http_connection import Response, send_all
from survive.results import PromiseResult

NAME: Final = "repeated"  # of the data directory
DUPLICATES: Final = 10  # of each request, at the same time
MAX_CONNECTIONS: Final = 100
TEXT: Final = "同一件事只报一次"
OTHER_TEXT: Final = "另一件事"
_COUNT_TICKETS: Final = "SELECT count(*) AS n FROM ticket WHERE description = $1"


def measure(environment: Environment) -> list[PromiseResult]:
    """Submit under several keys with duplicates; stop or kill the program; submit the same again."""
    keys = [f"repeat-{n}" for n in range(environment.size(100, 10))]
    program = environment.serve(NAME)
    client = DemoClient(program.port)
    environment.progress.step(f"{DUPLICATES} duplicates of {len(keys)} requests")
    first = _ticket_ids(_submit(client, keys * DUPLICATES))
    correct = len(set(first)) == len(keys)
    for signal_number in (signal.SIGTERM, signal.SIGKILL):
        environment.progress.step(f"repeat after {signal_number.name}")
        program.end(signal_number)
        program = environment.restart()
        same = _ticket_ids(_submit(client, keys), replayed=True) == first[: len(keys)]
        environment.progress.log(f"after {signal_number.name}: {'the same' if same else 'NOT the same'}")
        correct &= same
    other_status = _submit(client, keys[:1], OTHER_TEXT)[0].status
    tickets = environment.fetch(_COUNT_TICKETS, TEXT, name=NAME)[0]["n"]
    environment.close()
    return [
        PromiseResult(
            "a retried request acts once, across restarts",
            f"{len(keys)} tickets of {len(keys)} keys",
            f"{tickets} tickets",
            correct and tickets == len(keys) and other_status == 422,
            f"each key {DUPLICATES} times at once, then after SIGTERM and after kill -9 of all processes; "
            f"another body {other_status}",
        )
    ]


def _submit(client: DemoClient, keys: Sequence[str], text: str = TEXT) -> list[Response]:
    """Submit a ticket under each key, all at the same time."""
    requests = [client.submit(key, text) for key in keys]
    return asyncio.run(send_all(client.port, requests, min(len(keys), MAX_CONNECTIONS)))


def _ticket_ids(responses: Sequence[Response], *, replayed: bool = False) -> list[str]:
    """Return the ticket of each response; empty for an error, or one that is no replay where it must be."""
    return [
        json.loads(one.body)["id"] if one.status == 201 and (one.is_replay or not replayed) else ""
        for one in responses
    ]
