"""Every moment of a limit comes once and on time, whoever of the workers is killed, and none after the end."""

import asyncio
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from bench.asking import request
from survive.line import Line
from survive.program import Helper
from survive.rows import Row
from survive.stand import Stand
from survive.street import Street

SCALE: Final = 0.008  # of a stair light's 30 minutes to accept: 14.4 s
LIMIT: Final = timedelta(minutes=30) * SCALE
# What comes to a report nobody accepts, at which part of the limit, counted from the report and from each escalation.
MOMENTS: Final = {"ticket.reminded": 0.8, "ticket.overdue": 1.0, "ticket.escalated": 2.0}
WATCHED: Final = 2.3  # limits: the three moments of the first level and some more
TAKEN_BACK: Final = 0.79  # limits, just before the first moment; one report in ten
BETWEEN: Final = 1.5  # seconds between two kills
LINES: Final = 16
_EVENTS: Final = """
SELECT ticket_id::text AS ticket, type, at FROM event WHERE ticket_id = ANY ($1::uuid[]) ORDER BY ticket_id, seq
"""


@dataclass(slots=True)
class Found:
    """What the timelines tell."""

    fired: int = 0
    twice: int = 0
    missing: int = 0
    after_the_end: int = 0
    lateness: list[float] = field(default_factory=list)

    def row(self, how: str, most: float) -> Row:
        """Return the row of one run."""
        latest, wrong = max(self.lateness, default=0.0), self.twice + self.missing + self.after_the_end
        return Row(
            f"timers fire once, on time: {how}",
            f"≤ {most:g} s late, each once",
            f"{latest:.1f} s, {self.twice} twice, {self.missing} missing",
            latest <= most and not wrong and self.fired > 0 and min(self.lateness) >= 0,
            f"{self.fired:,} moments; {self.after_the_end} after a ticket had ended",
        )


def measure(stand: Stand) -> list[Row]:
    """Leave many reports alone under short limits: in peace, then with two workers that are killed again and again."""
    peace = _left_alone(stand, stand.some(200, 50), kill=False)
    chaos = _left_alone(stand, stand.some(3000, 100), kill=True)
    return [peace.row("unloaded", 2), chaos.row("two workers, each killed again and again", 60)]


def _left_alone(stand: Stand, count: int, *, kill: bool) -> Found:
    """Report so often, take some back, wait; return what became of them."""
    program = stand.serve("timers", sla_scale=SCALE)
    helper = Helper(stand.folder("timers"), sla_scale=SCALE) if kill else None
    try:
        return _watched(stand, Street(program.port), count, [program, helper] if helper else [])
    finally:
        if helper:
            helper.stop()
        stand.close()


def _watched(stand: Stand, street: Street, count: int, victims: Sequence[Any]) -> Found:
    begun = time.monotonic()
    tickets = asyncio.run(_asked([street.report(None) for _ in range(count)], street.port))
    made = [json.loads(answer)["id"] for status, answer in tickets if status == 201]
    limit, last = LIMIT.total_seconds(), time.monotonic()
    stand.tell(f"{len(made):,} reports in {last - begun:.1f} s, then left alone")
    _kill_until(begun + TAKEN_BACK * limit, victims)
    token = street.tokens["resident"]
    back = [request("POST", f"/tickets/{one}/withdraw", token, {"version": 1}) for one in made[::10]]
    gone = [status for status, _ in asyncio.run(_asked(back, street.port))]
    stand.tell(f"{gone.count(200)} taken back just before their time")
    _kill_until(last + WATCHED * limit, victims)
    time.sleep(4)  # whoever was killed last is back and has swept
    return _found(stand.rows(_EVENTS, made, name="timers"))


def _kill_until(when: float, victims: Iterable[Any]) -> None:
    while time.monotonic() < when:
        time.sleep(max(0.0, min(BETWEEN, when - time.monotonic())))
        for one in victims:
            one.kill("worker")


async def _asked(requests: Sequence[bytes], port: int) -> list[tuple[int, bytes]]:
    """Ask all of them over some lines; return each one's status and body."""

    async def some(mine: Sequence[bytes]) -> list[tuple[int, bytes]]:
        line = Line(port)
        answers = [await line.ask(one) for one in mine]
        line.close()
        return [(answer.status, answer.body) for answer in answers]

    shares = await asyncio.gather(*(some(requests[n::LINES]) for n in range(LINES)))
    return [answer for share in shares for answer in share]


def _found(events: Iterable[Any]) -> Found:
    found = Found()
    for _, timeline in groupby(events, itemgetter("ticket")):
        _follow(found, list(timeline))
    return found


def _follow(found: Found, timeline: Sequence[Any]) -> None:
    """Follow one ticket: what came when at each level; the first level must be whole unless the ticket ended."""
    since: datetime = timeline[0]["at"]
    seen: set[str] = set()
    level, ended = 1, False
    for event in timeline[1:]:
        kind = event["type"]
        ended = ended or kind == "ticket.withdrawn"
        if kind not in MOMENTS:
            continue
        found.fired += 1
        found.after_the_end += ended
        found.twice += kind in seen
        seen.add(kind)
        found.lateness.append((event["at"] - since - LIMIT * MOMENTS[kind]).total_seconds())
        if kind == "ticket.escalated":
            level, since, seen = level + 1, event["at"], set()
    if level == 1 and not ended:
        found.missing += len(MOMENTS.keys() - seen)
