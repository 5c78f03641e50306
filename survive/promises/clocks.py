"""The clock jumps two days ahead and an hour back: no queue is stuck, nothing lasts less than no time, nothing is answered 5xx."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psutil

from bench.asking import request
from survive.line import Line
from survive.moved import FILE
from survive.program import Program, until
from survive.rows import Row
from survive.stand import Stand
from survive.street import Street
from survive.writers import Writers

JUMPS: Final = {"+2 days": 172_800, "−1 hour": -3600}
LOOKED_AT: Final = ("/tickets", "/tickets?box=all", "/notices", "/me", "/categories")
LEASED: Final = 50  # jobs a worker holds for a minute when the clock jumps
DRAINING: Final = 100.0  # what a jump has put off is pulled in once a minute
_LEASE: Final = """
UPDATE job SET due_at = now() + $1::int * interval '1 second' + interval '60 seconds', attempts = 1
WHERE id IN (SELECT id FROM job WHERE attempts = 0 ORDER BY id LIMIT $2) RETURNING id
"""
_WAITING: Final = "SELECT count(*) AS n FROM job WHERE dead_at IS NULL"
_OVERDUE: Final = "SELECT count(*) AS n FROM ticket WHERE timer_at <= now() + $1::int * interval '1 second'"
_NEGATIVE: Final = """
SELECT (SELECT count(*) FROM ticket WHERE updated_at < created_at OR accepted_at < created_at OR closed_at < created_at
                                       OR accept_due < accept_from OR resolve_due < resolve_from)
     + (SELECT count(*) FROM (SELECT at - lag(at) OVER (PARTITION BY ticket_id ORDER BY seq) AS took FROM event) s
        WHERE took < interval '0') AS n
"""


class Moved(Program):
    """The program with a clock that can be set off."""

    module = "survive.moved"


def measure(stand: Stand) -> list[Row]:
    """Jump under load, with jobs leased by a worker that died; what waits then must be done and nothing be refused 5xx."""
    (stand.root / FILE).write_text("0")
    program, off, leased = stand.serve("clocks", Moved), 0, 0
    said, drained = Counter[int](), []
    for name, jump in JUMPS.items():
        with Writers(Street(program.port), 4, {401}) as writers:
            writers.more(stand.some(200, 20))
            leased += _leased(stand, program, off, writers)
            off += jump
            (stand.root / FILE).write_text(str(off))
            writers.street = Street(program.port)  # two days later the tokens have run out
            writers.more(stand.some(200, 20))
            said.update(asyncio.run(_walked(writers.street, writers.acknowledged[0])))
        said.update(one.status for one in writers.told)
        drained.append(_drained(stand, off))
        stand.tell(f"clock {name}: {dict(said)}, all done {drained[-1]:.0f} s later {dict(writers.strange)}")
    negative = stand.rows(_NEGATIVE, name="clocks")[0]["n"]
    failed = sum(count for status, count in said.items() if status >= 500)
    stand.close()
    return [
        Row(
            f"clock jumps {', '.join(JUMPS)}",
            "no stuck queue, no negative duration, no 5xx",
            f"queues empty after {max(drained):.0f} s, {negative} negative, {failed} × 5xx",
            negative == failed == 0,
            f"the program's own clock in all its processes, not the database's; {leased} jobs under lease when it jumped; "
            + ", ".join(f"{count:,} × {status}" for status, count in sorted(said.items())),
        )
    ]


def _leased(stand: Stand, program: Program, off: int, writers: Writers) -> int:
    """Leave jobs as a worker does that died in the middle of them: leased for a minute. Return how many."""
    with stopped(program.pid("worker")):
        writers.more(LEASED)
        return len(stand.rows(_LEASE, off, LEASED, name="clocks"))


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """Have a process stand still for the length of a block."""
    process = psutil.Process(pid)
    process.suspend()
    try:
        yield
    finally:
        process.resume()


def _drained(stand: Stand, off: int) -> float:
    """Wait until no job waits and no timer is due; return the seconds it took."""

    def empty() -> bool:
        waiting = stand.rows(_WAITING, name="clocks")[0]["n"]
        return bool(waiting + stand.rows(_OVERDUE, off, name="clocks")[0]["n"] == 0)

    return until(empty, DRAINING, "the queues to be empty")


async def _walked(street: Street, mine: dict[str, str]) -> list[int]:
    """Look at everything and do what is usual, with tickets of before the jump and after; return the statuses."""
    line, tickets = Line(street.port), list(mine.values())
    asked = [request("GET", path, street.tokens[who]) for who in street.tokens for path in LOOKED_AT]
    for ticket, who in ((tickets[0], "grid_head"), (tickets[-1], "grid_head")):
        asked += [
            request("GET", f"/tickets/{ticket}", street.tokens[who]),
            request("POST", f"/tickets/{ticket}/accept", street.tokens[who], {"version": 1}),
            request("GET", f"/tickets/{ticket}/events", street.tokens[who]),
        ]
    statuses = [(await line.ask(one)).status for one in asked]
    line.close()
    return statuses
