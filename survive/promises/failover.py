"""The primary of two database servers is killed or falls silent, its standby is promoted, and the old one continues."""

import asyncio
import json
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from survive.database_pair import DatabasePair, bucket, database_pair
from survive.demo_client import DemoClient
from survive.environment import Environment
from survive.http_connection import send_all
from survive.program import SecondWorker, wait_until
from survive.promises import timers
from survive.results import PromiseResult, describe_ledger, describe_unexpected
from survive.writers import Writers

NAME: Final = "failover"  # of the data directory
WRITERS: Final = 8
PAUSE: Final = 0.1  # seconds between two reports of a writer: each has three timers, too
DETECTION: Final = 3.0  # seconds until a manager would promote
CATCH_UP: Final = (
    10.0  # seconds within which the workers have caught up; so long the former primary goes on beside
)
MOST_WAITING: Final = 200
LONGEST: Final = 5.0  # seconds until an answer, and from the promotion to a write
RECOVERY_TIMEOUT: Final = 60.0
KEYS: Final = {
    "secret": "only-of-this-run-of-the-failure-tests-01",
    "pii_key": "only-of-this-run-of-the-failure-tests-02",
}
_EVENTS: Final = """
SELECT e.ticket_id::text AS ticket, e.type, e.at FROM event e JOIN ticket t ON t.id = e.ticket_id
WHERE t.created_at < $1 AND e.ticket_id = ANY ($2::uuid[]) ORDER BY e.ticket_id, e.seq
"""
_COUNT_JOBS: Final = "SELECT count(*) FROM job WHERE dead_at IS NULL"
Fault = Callable[[DatabasePair], None]


@dataclass(slots=True)
class Findings:
    """What was seen over all faults."""

    first_writes: list[float] = field(default_factory=list)  # seconds after each promotion
    waiting: list[int] = field(default_factory=list)  # jobs, CATCH_UP after each promotion


def measure(environment: Environment) -> list[PromiseResult]:
    """Let the primary fail in turn: killed, stopped, stopped as the first host of the DSN."""
    faults: dict[str, Fault] = {"kill -9": _kill, "SIGSTOP": _stop, "SIGSTOP of the first host": _stop}
    chosen = dict(list(faults.items())[: environment.size(3, 2)])
    environment.progress.step("a primary and its standby")
    try:
        with database_pair(environment.root / "pair") as pair, bucket() as url:
            return _measure(environment, pair, url, chosen)
    finally:
        environment.close()


def _kill(pair: DatabasePair) -> None:
    pair.primary.signal(signal.SIGKILL)


def _stop(pair: DatabasePair) -> None:
    pair.primary.signal(signal.SIGSTOP)


def _measure(
    environment: Environment, pair: DatabasePair, url: str, faults: dict[str, Fault]
) -> list[PromiseResult]:
    settings: dict[str, Any] = {
        "database_url": pair.dsn,
        "storage_url": url,
        "sla_scale": timers.SCALE,
        **KEYS,
    }
    program = environment.serve(NAME, **settings)
    second_worker = SecondWorker(environment.data_dir(NAME), **settings)
    findings, client = Findings(), DemoClient(program.port)
    pids = [child.pid for child in (*program.children, *second_worker.children())]
    try:
        with Writers(client, WRITERS, pause=PAUSE) as writers:
            for number, (name, fault) in enumerate(faults.items(), 1):
                environment.progress.step(f"fault {number} of {len(faults)}: {name}")
                writers.wait_for_more(environment.size(300, 50))
                _fail_over(environment, pair, writers, fault, findings)
            writers.wait_for_more(100)
        seen = _look(environment, pair, writers)
        same_processes = pids == [child.pid for child in (*program.children, *second_worker.children())]
        ledger_valid = environment.ledger_is_valid(NAME, **settings)
    finally:
        second_worker.stop()
    return _results(faults, writers, findings, seen, same_processes=same_processes, ledger_valid=ledger_valid)


def _fail_over(
    environment: Environment, pair: DatabasePair, writers: Writers, fault: Fault, findings: Findings
) -> None:
    """Let the primary fail, promote the standby, continue the former primary, then have it follow."""
    fault(pair)
    time.sleep(DETECTION)
    promoted_at, before = pair.promote(), writers.count
    wait_until(lambda: writers.count > before, RECOVERY_TIMEOUT, "a write after the promotion")
    findings.first_writes.append(time.monotonic() - promoted_at)
    environment.progress.log(f"a write {findings.first_writes[-1]:.2f} s after the promotion")
    pair.standby.signal(signal.SIGCONT)  # the former primary: nothing may be written there
    counts: list[int] = []
    while time.monotonic() < promoted_at + CATCH_UP:
        counts.append(pair.query(lambda connection: connection.fetchval(_COUNT_JOBS)))
        time.sleep(1)
    findings.waiting.append(counts[-1])
    environment.progress.log(f"jobs that wait, from second to second: {', '.join(map(str, counts))}")
    environment.progress.step("the former primary follows")
    pair.rejoin()


@dataclass(slots=True)
class _Seen:
    lost: int
    different: int
    timers: timers.Findings


def _look(environment: Environment, pair: DatabasePair, writers: Writers) -> _Seen:
    """Wait until the timers of what was reported are over; look for every ticket, repeat the last keys."""
    seconds = timers.DURATION * timers.LIMIT.total_seconds() + timers.RECOVERY
    environment.progress.step(f"wait {seconds:.0f} s for the timers")
    until = datetime.now(UTC)
    time.sleep(seconds)
    ids = list(writers.ticket_ids)
    rows = pair.query(
        lambda connection: connection.fetch("SELECT id FROM ticket WHERE id = ANY ($1::uuid[])", ids)
    )
    events = pair.query(lambda connection: connection.fetch(_EVENTS, until, ids))
    found = timers.Findings()
    for _, timeline in groupby(events, itemgetter("ticket")):
        found.add_timeline(list(timeline))
    lost = writers.count - len(ids) + len(ids) - len(rows)
    return _Seen(lost, repeat_last(writers), found)


def repeat_last(writers: Writers) -> int:
    """Repeat each writer's last acknowledged request; return how many did not return the same ticket."""
    last = [list(tickets.items())[-1] for tickets in writers.acknowledged]
    requests = [writers.client.submit(key) for key, _ in last]
    responses = asyncio.run(send_all(writers.client.port, requests, 1))
    return sum(
        not (one.status == 201 and one.is_replay and json.loads(one.body)["id"] == ticket_id)
        for (_, ticket_id), one in zip(last, responses, strict=True)
    )


def _results(
    faults: dict[str, Fault],
    writers: Writers,
    findings: Findings,
    seen: _Seen,
    *,
    same_processes: bool,
    ledger_valid: bool,
) -> list[PromiseResult]:
    slowest = max(one.received_at - one.sent_at for one in writers.responses)
    statuses = Counter(one.status for one in writers.responses)
    polite = set(statuses) <= {201, 503} and not writers.unexpected and not writers.lost_requests
    label = f"failover to a synchronous standby: {', '.join(faults)}"
    fired = seen.timers
    return [
        PromiseResult(
            label,
            "0 lost, only 201 or 503, ≤ 5 s",
            f"{seen.lost} of {writers.count:,} lost, slowest answer {slowest:.1f} s",
            seen.lost == 0
            and seen.different == 0
            and polite
            and slowest <= LONGEST
            and same_processes
            and ledger_valid,
            f"{writers.describe()}; {WRITERS - seen.different} of {WRITERS} last keys replayed the same; "
            f"the same processes of ours: {'yes' if same_processes else 'NO'}; "
            f"{describe_ledger(valid=ledger_valid)}{describe_unexpected(writers.unexpected)}",
        ),
        PromiseResult(
            "failover: writes go on",
            "≤ 5 s after the promotion",
            f"{max(findings.first_writes):.1f} s",
            max(findings.first_writes) <= LONGEST,
            f"promoted {DETECTION:.0f} s after the fault; the former primary was continued beside the new one for "
            f"{CATCH_UP:.0f} s, then fenced, rewound and made the standby",
        ),
        PromiseResult(
            "failover: two workers catch up, timers fire once",
            f"< {MOST_WAITING} jobs within {CATCH_UP:.0f} s, each timer once",
            f"{max(findings.waiting)} jobs, {fired.twice} twice, {fired.missing} missing",
            max(findings.waiting) < MOST_WAITING and not (fired.twice or fired.missing) and fired.fired > 0,
            f"{fired.fired:,} timers, the latest {max(fired.lateness, default=0.0):.1f} s late",
        ),
    ]
