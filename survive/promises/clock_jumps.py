"""The clock jumps two days ahead and an hour back: no queue is stuck, no duration is negative, nothing answers 5xx."""

import asyncio
from collections import Counter
from typing import Final

import psutil

from bench.http_client import build_request
from bench.processes import suspended
from survive.clock_offset import OFFSET_FILE
from survive.demo_client import DemoClient
from survive.environment import Environment
from survive.http_connection import send_all
from survive.program import Program, wait_until
from survive.results import PromiseResult, describe_statuses
from survive.writers import Writers

NAME: Final = "clocks"  # of the data directory
JUMPS: Final = {"+2 days": 172_800, "−1 hour": -3600}  # seconds
PATHS: Final = ("/tickets", "/tickets?box=all", "/notices", "/me", "/categories")
LEASED_JOBS: Final = 50  # held by a worker for a minute when the clock jumps
DRAIN_TIMEOUT: Final = 100.0  # seconds; the program reschedules jobs that a jump has delayed once a minute
_LEASE_JOBS: Final = """
UPDATE job SET due_at = now() + $1::int * interval '1 second' + interval '60 seconds', attempts = 1
WHERE id IN (SELECT id FROM job WHERE attempts = 0 ORDER BY id LIMIT $2) RETURNING id
"""
_COUNT_JOBS: Final = "SELECT count(*) AS n FROM job WHERE dead_at IS NULL"
_COUNT_DUE: Final = "SELECT count(*) AS n FROM ticket WHERE timer_at <= now() + $1::int * interval '1 second'"
_COUNT_NEGATIVE: Final = """
SELECT (SELECT count(*) FROM ticket WHERE updated_at < created_at OR accepted_at < created_at OR closed_at < created_at
                                       OR accept_due < accept_from OR resolve_due < resolve_from)
     + (SELECT count(*) FROM (SELECT at - lag(at) OVER (PARTITION BY ticket_id ORDER BY seq) AS duration FROM event) s
        WHERE duration < interval '0') AS n
"""


class ProgramWithOffset(Program):
    """The program with a clock that can be moved."""

    module = "survive.clock_offset"


def measure(environment: Environment) -> list[PromiseResult]:
    """Jump under load, with jobs leased by a dead worker; wait until every queue is empty."""
    _write_offset(environment, 0)
    program, offset, leased = environment.serve(NAME, ProgramWithOffset), 0, 0
    statuses, drain_seconds = Counter[int](), []
    for name, jump in JUMPS.items():
        environment.progress.step(f"clock {name}")
        with Writers(DemoClient(program.port), 4, {401}) as writers:
            writers.wait_for_more(environment.size(200, 20))
            leased += _lease_jobs(environment, program, offset, writers)
            offset += jump
            _write_offset(environment, offset)
            writers.client = DemoClient(program.port)  # two days later the tokens have expired
            writers.wait_for_more(environment.size(200, 20))
            statuses.update(_use_everything(writers.client, writers.acknowledged[0]))
        statuses.update(response.status for response in writers.responses)
        environment.progress.step(f"wait for the queues after {name}")
        drain_seconds.append(_drain(environment, offset))
        environment.progress.log(
            f"clock {name}: {dict(statuses)}, queues empty after {drain_seconds[-1]:.0f} s, "
            f"unexpected: {dict(writers.unexpected)}"
        )
    negative = environment.fetch(_COUNT_NEGATIVE, name=NAME)[0]["n"]
    environment.close()
    return [_result(statuses, max(drain_seconds), negative, leased)]


def _result(statuses: Counter[int], drain_seconds: float, negative: int, leased: int) -> PromiseResult:
    failed = sum(count for status, count in statuses.items() if status >= 500)
    return PromiseResult(
        f"clock jumps {', '.join(JUMPS)}",
        "no stuck queue, no negative duration, no 5xx",
        f"queues empty after {drain_seconds:.0f} s, {negative} negative, {failed} × 5xx",
        negative == failed == 0,
        "the program's own clock in all its processes, not the database's; "
        f"{leased} jobs leased when it jumped; {describe_statuses(statuses)}",
    )


def _write_offset(environment: Environment, seconds: int) -> None:
    (environment.root / OFFSET_FILE).write_text(str(seconds))


def _lease_jobs(environment: Environment, program: Program, offset: int, writers: Writers) -> int:
    """Lease jobs for a minute, as a worker does that dies while it runs them. Return how many."""
    with suspended(psutil.Process(program.pid("worker"))):
        writers.wait_for_more(LEASED_JOBS)
        return len(environment.fetch(_LEASE_JOBS, offset, LEASED_JOBS, name=NAME))


def _drain(environment: Environment, offset: int) -> float:
    """Wait until there is no job and no timer is due; return the seconds that took."""

    def is_empty() -> bool:
        jobs = environment.fetch(_COUNT_JOBS, name=NAME)[0]["n"]
        return bool(jobs + environment.fetch(_COUNT_DUE, offset, name=NAME)[0]["n"] == 0)

    return wait_until(is_empty, DRAIN_TIMEOUT, "the queues to be empty")


def _use_everything(client: DemoClient, tickets: dict[str, str]) -> list[int]:
    """Read lists and act on a ticket of before the jump and one of after it; return the statuses."""
    requests = [build_request("GET", path, token) for token in client.tokens.values() for path in PATHS]
    ticket_ids, token = list(tickets.values()), client.tokens["grid_head"]
    for ticket_id in (ticket_ids[0], ticket_ids[-1]):
        requests += [
            build_request("GET", f"/tickets/{ticket_id}", token),
            client.accept(ticket_id),
            build_request("GET", f"/tickets/{ticket_id}/events", token),
        ]
    return [response.status for response in asyncio.run(send_all(client.port, requests, 1))]
