"""What is asked for, and the rows it gives: each course by the name `--only` knows it by."""

import itertools
import statistics
from collections.abc import Callable, Sequence
from typing import Final

from bench import timers, webhooks
from bench.rounds import Course, Side, Track
from bench.rows import Row
from bench.world import World

# CPU of Signalen 2.50 in its production setup on the same kind of machine, ms a request: measured once, a fixed reference.
SIGNALEN: Final = {"submit": 145.0, "list of 25": 338.0, "act": 126.0}


def _submit(track: Track) -> list[Row]:
    def requests(count: int) -> Sequence[bytes]:
        return list(itertools.islice(track.world.submits(), count))

    row, ours = track.compare(Course("submit", 0.75, requests, b"201"))
    return [row, _cpu("submit", ours)]


def _act(
    name: str, status: str, make: Callable[[World], Callable[..., bytes]]
) -> Callable[[Track], list[Row]]:
    def measured(track: Track) -> list[Row]:
        act = make(track.world)

        def requests(count: int) -> Sequence[bytes]:
            return [act(ticket) for ticket in track.world.ready(status, count)]

        row, ours = track.compare(Course(name, 0.6, requests))
        return [row, _cpu("act", ours)] if name == "accept" else [row]

    return measured


def _inbox(track: Track) -> list[Row]:
    request = track.world.inbox(20)
    course = Course(
        f"inbox of 20 out of {track.world.tickets():,} tickets", 0.75, lambda _: [request], spent=False
    )
    return [track.compare(course)[0]]


def _list(track: Track) -> list[Row]:
    request = track.world.inbox(25)
    ours = track.watch(Course("list", 0, lambda _: [request], spent=False), track.seconds / 3)
    return [_cpu("list of 25", ours)]


def _timers(track: Track) -> list[Row]:
    took, standing = timers.look(track.world.dsn, track.rounds)
    return [Row(f"timers: a look when none of {standing:,} is due", took, "ms", 1, "lower")]


def _webhooks(track: Track) -> list[Row]:
    rate, wait = webhooks.rate(track.world), webhooks.wait(track.world)
    return [
        Row(f"webhooks: {webhooks.MESSAGES:,} messages by one worker", rate, "/s", 350, "higher"),
        Row("webhooks: p95 while another receiver never answers", wait, "s", 5, "lower"),
    ]


def _cpu(name: str, ours: Side) -> Row:
    """Set the CPU of everything a request costs beside the reference."""
    used, reference = statistics.median(ours.stack_ms), SIGNALEN[name]
    detail = (
        f"API, worker and PostgreSQL; the API process alone {statistics.median(ours.api_ms):.2f} ms; "
        "beside Signalen 2.50, a fixed reference"
    )
    return Row(f"CPU of one {name}", used, "ms", 0.01, "lower", reference, used / reference, detail)


COURSES: Final[dict[str, Callable[[Track], list[Row]]]] = {
    "submit": _submit,
    "inbox": _inbox,
    "list": _list,
    "accept": _act("accept", "new", lambda world: world.accept),
    "dispatch": _act("dispatch", "accepted", lambda world: world.dispatch),
    "timers": _timers,
    "webhooks": _webhooks,
}
