"""What is asked for, and the rows it gives: each course by the name `--only` knows it by."""

import itertools
import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from bench import acts, growth, statements, timers, webhooks
from bench.rounds import Course, Side, Track
from bench.rows import Row
from bench.world import World

MILLION: Final = 1_000_000
SEARCH_MS: Final = 50  # with eight people searching at once
# CPU of Signalen 2.50 in its production setup on the same kind of machine, ms a request: measured once, a fixed reference.
SIGNALEN: Final = {"submit": 145.0, "list of 25": 338.0, "act": 126.0}


def _submit(track: Track) -> list[Row]:
    def requests(count: int) -> Sequence[bytes]:
        return list(itertools.islice(track.world.submits(), count))

    row, ours = track.compare(Course("submit", 0.75, requests, b"201"))
    return [row, _cpu("submit", ours)]


def _acts(track: Track) -> list[Row]:
    """Compare every act, in rounds a third as long as the others."""
    shorter = replace(track, seconds=track.seconds / 3)
    rows = []
    for name in acts.ACTS:
        row, ours = shorter.compare(Course(name, 0.6, partial(_requests, track.world, name)))
        rows += [row, _cpu("act", ours)] if name == "accept" else [row]
    return rows


def _requests(world: World, name: str, count: int) -> Sequence[bytes]:
    return [world.act(name, ticket) for ticket in world.ready(name, count)]


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


def _million(track: Track) -> list[Row]:
    """Ask again for the inbox, search and sweep, over a million tickets, then over a million open ones."""
    world = track.world
    world.fill(max(0, MILLION - world.tickets()))
    world.word()
    rows = [*_inbox(track), *_list(track), *_search(track)]
    world.fill(max(0, MILLION - world.standing()), "accepted")
    rows += _timers(track)
    with track.server.alone():  # its worker, which would sweep too
        each = timers.sweep(world.dsn, track.rounds)
    rows.append(Row("timers: each ticket that is due", each, "µs", 100, "lower"))
    world.drain()
    told = timers.telling(world.dsn, track.rounds)
    return [*rows, Row("timers: from due to the notice, the longest", told, "s", 2, "lower")]


def _growth(track: Track) -> list[Row]:
    """Ask the same once more among many tickets; what it took among few was measured before they were filled in."""
    track.world.fill(max(0, track.grown - track.world.tickets()))
    return growth.rows(track.few, growth.costs(track), track.grown)


def _search(track: Track) -> list[Row]:
    """Search for what every ticket has, one in twenty-four, one in thousands; the goal is ours."""
    asked = {"common": "楼道灯", "of one building": "944号", "rare": statements.RARE}
    rows = []
    for name, said in asked.items():
        request = partial(_again, track.world.search(said))
        ours = track.watch(Course("search", 0, request, spent=False), track.seconds / 3)
        p50 = ours.median(lambda result: result.p50_ms)
        rows.append(Row(f"search, {name} words, p50", p50, "ms", SEARCH_MS, "lower"))
    return rows


def _again(request: bytes, _: int) -> Sequence[bytes]:
    return [request]


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
    "acts": _acts,
    "timers": _timers,
    "webhooks": _webhooks,
    "million": _million,
    "growth": _growth,
}
