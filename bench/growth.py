"""Growth: what the same requests take among few tickets, and once there are many."""

import itertools
import statistics
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from bench.rounds import Course, Track
from bench.rows import Row
from bench.world import World

FEW: Final = 10_000
MANY: Final = 1_000_000
GOAL: Final = 1.2


class Cost(NamedTuple):
    """What one request takes: the median wait, and the CPU of everything, in ms."""

    p50: float
    cpu: float


def _submits(world: World, count: int) -> Sequence[bytes]:
    return list(itertools.islice(world.submits(), count))


def _accepts(world: World, count: int) -> Sequence[bytes]:
    return [world.act("accept", ticket) for ticket in world.ready("accept", count)]


def _lists(world: World, _: int) -> Sequence[bytes]:
    return [world.inbox(25)]


_ASKED: Final[Mapping[str, tuple[Callable[[World, int], Sequence[bytes]], bytes, bool]]] = {
    "submit": (_submits, b"201", True),
    "act": (_accepts, b"200", True),
    "list of 25": (_lists, b"200", False),
}


def costs(track: Track) -> dict[str, Cost]:
    """Measure each kind of request among the tickets there are."""
    found = {}
    for name, (requests, status, spent) in _ASKED.items():
        course = Course(name, GOAL, partial(requests, track.world), status, spent)
        side = track.watch(course, track.seconds)
        found[name] = Cost(side.median(lambda result: result.p50_ms), statistics.median(side.stack_ms))
    return found


def rows(few: Mapping[str, Cost], many: Mapping[str, Cost], tickets: int) -> list[Row]:
    """Set what each took among many tickets beside what it took among few."""
    return [
        Row(
            f"growth, {FEW:,} to {tickets:,} tickets: {what} of one {name}",
            *(getattr(many[name], field), "ms", GOAL, "lower", getattr(few[name], field)),
            ratio=getattr(many[name], field) / getattr(few[name], field),
        )
        for name in many
        for field, what in (("p50", "p50"), ("cpu", "CPU"))
    ]
