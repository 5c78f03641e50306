"""Each timer of a limit fires once and on time, also when workers are killed, and never after a ticket has ended."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from app.rules.lifecycle import TOP_LEVEL
from bench.http_client import build_request
from survive.demo_client import DemoClient
from survive.environment import Environment
from survive.http_connection import Response, send_all
from survive.program import Program, SecondWorker
from survive.results import PromiseResult

NAME: Final = "timers"  # of the data directory
SCALE: Final = 0.008  # of a stair light's 30 minutes to accept: 14.4 s
LIMIT: Final = timedelta(minutes=30) * SCALE
# The timers of a ticket that nobody accepts: after which part of the limit, from the submit and from each escalation.
TIMERS: Final = {"ticket.reminded": 0.8, "ticket.overdue": 1.0, "ticket.escalated": 2.0}
DURATION: Final = 2.3  # limits: the three timers of the first level and some time more
WITHDRAWAL: Final = 0.79  # limits, just before the first timer
WITHDRAWN_SHARE: Final = 10  # one ticket in so many is withdrawn
KILL_INTERVAL: Final = 1.5  # seconds
RECOVERY: Final = 4.0  # seconds for a worker killed last to be back and sweep
CONNECTIONS: Final = 16
_EVENTS: Final = """
SELECT ticket_id::text AS ticket, type, at FROM event WHERE ticket_id = ANY ($1::uuid[]) ORDER BY ticket_id, seq
"""
Victims = Sequence[Program | SecondWorker]


@dataclass(slots=True)
class Findings:
    """What the timelines show: counts of timers, and the lateness of each in seconds."""

    fired: int = 0
    twice: int = 0
    missing: int = 0
    after_the_end: int = 0
    lateness: list[float] = field(default_factory=list)

    def result(self, label: str, most: float) -> PromiseResult:
        """Return the result of one run; `most`: the greatest lateness allowed, in seconds."""
        latest, errors = max(self.lateness, default=0.0), self.twice + self.missing + self.after_the_end
        return PromiseResult(
            f"timers fire once, on time: {label}",
            f"≤ {most:g} s late, each once",
            f"{latest:.1f} s, {self.twice} twice, {self.missing} missing",
            latest <= most and not errors and self.fired > 0 and min(self.lateness) >= 0,
            f"{self.fired:,} timers; {self.after_the_end} after a ticket had ended",
        )

    def add_timeline(self, events: Sequence[Any]) -> None:
        """Add one ticket's events. The first level must be complete unless the ticket has ended."""
        since: datetime = events[0]["at"]
        seen: set[str] = set()
        level, ended = 1, False
        for event in events[1:]:
            kind = event["type"]
            if level == TOP_LEVEL:  # where there is nobody above, reminders recur
                break
            ended = ended or kind == "ticket.withdrawn"
            if kind not in TIMERS:
                continue
            self.fired += 1
            self.after_the_end += ended
            self.twice += kind in seen
            seen.add(kind)
            self.lateness.append((event["at"] - since - LIMIT * TIMERS[kind]).total_seconds())
            if kind == "ticket.escalated":
                level, since, seen = level + 1, event["at"], set()
        if level == 1 and not ended:
            self.missing += len(TIMERS.keys() - seen)


def measure(environment: Environment) -> list[PromiseResult]:
    """Leave many tickets alone under short limits: undisturbed, then with two workers that are killed repeatedly."""
    undisturbed = _measure(environment, environment.size(200, 50), kill=False)
    killed = _measure(environment, environment.size(3000, 100), kill=True)
    return [undisturbed.result("unloaded", 2), killed.result("two workers, each killed again and again", 60)]


def _measure(environment: Environment, tickets: int, *, kill: bool) -> Findings:
    program = environment.serve(NAME, sla_scale=SCALE)
    second_worker = SecondWorker(environment.data_dir(NAME), sla_scale=SCALE) if kill else None
    try:
        victims: Victims = [program, second_worker] if second_worker else []
        return _observe(environment, DemoClient(program.port), tickets, victims)
    finally:
        if second_worker:
            second_worker.stop()
        environment.close()


def _observe(environment: Environment, client: DemoClient, tickets: int, victims: Victims) -> Findings:
    """Submit tickets, withdraw some, kill the victims again and again; return what became of the tickets."""
    limit, start, progress = LIMIT.total_seconds(), time.monotonic(), environment.progress
    progress.step(f"submit {tickets:,} tickets")
    responses = _send(client, [client.submit(None) for _ in range(tickets)])
    ticket_ids = [json.loads(one.body)["id"] for one in responses if one.status == 201]
    submitted_at = time.monotonic()
    progress.step(f"wait {WITHDRAWAL * limit:.0f} s{', kill workers' if victims else ''}")
    _kill_until(start + WITHDRAWAL * limit, victims)
    withdrawals = [_withdraw(client, ticket_id) for ticket_id in ticket_ids[::WITHDRAWN_SHARE]]
    withdrawn = [one.status for one in _send(client, withdrawals)].count(200)
    progress.log(
        f"{len(ticket_ids):,} tickets submitted, {withdrawn} withdrawn just before their first timer"
    )
    progress.step(
        f"wait until {DURATION * limit:.0f} s after the submits{', kill workers' if victims else ''}"
    )
    _kill_until(submitted_at + DURATION * limit, victims)
    time.sleep(RECOVERY)
    findings = Findings()
    for _, events in groupby(environment.fetch(_EVENTS, ticket_ids, name=NAME), itemgetter("ticket")):
        findings.add_timeline(list(events))
    return findings


def _send(client: DemoClient, requests: Sequence[bytes]) -> list[Response]:
    return asyncio.run(send_all(client.port, requests, CONNECTIONS))


def _withdraw(client: DemoClient, ticket_id: str) -> bytes:
    token = client.tokens["resident"]
    return build_request("POST", f"/tickets/{ticket_id}/withdraw", token, {"version": 1})


def _kill_until(deadline: float, victims: Victims) -> None:
    """Kill the victims' workers every KILL_INTERVAL until the deadline (monotonic clock)."""
    while time.monotonic() < deadline:
        time.sleep(max(0.0, min(KILL_INTERVAL, deadline - time.monotonic())))
        for victim in victims:
            victim.kill("worker")
