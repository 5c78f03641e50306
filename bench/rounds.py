"""Rounds: ours and bare in turn, each over its own fresh requests; medians of what they gave."""

import itertools
import statistics
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any, Final

from bench.bare import Bare
from bench.generator import Generator
from bench.load import Plan, Result
from bench.rows import Row
from bench.server import Server
from bench.world import World

WARMING: Final = 0.5  # seconds of the round before the first, which does not count
GUESS: Final = 2000.0  # answers a second, until the first round has told
SPARE: Final = 1.6  # how many more requests are made than the last round used


@dataclass(frozen=True, slots=True)
class Course:
    """One thing to ask for: `requests` makes so many; without `spent` the same ones may be sent again."""

    name: str
    goal: float
    requests: Callable[[int], Sequence[bytes]]
    status: bytes = b"200"
    spent: bool = True


@dataclass(slots=True)
class Side:
    """One side of a comparison and what its rounds gave. On our side CPU in ms a request: API process, all."""

    port: int
    rounds: list[Result] = field(default_factory=list)
    api_ms: list[float] = field(default_factory=list)
    stack_ms: list[float] = field(default_factory=list)
    rate: float = GUESS

    def median(self, what: Callable[[Result], float]) -> float:
        """Return the median of one figure over the rounds."""
        return statistics.median(map(what, self.rounds))


@dataclass(frozen=True, slots=True)
class Track:
    """Everything that is running, and how long and how often."""

    server: Server
    bare: Bare
    generator: Generator
    world: World
    seconds: float
    rounds: int
    connections: int
    with_worker: bool = False
    grown: int = 0  # tickets at the end
    few: dict[str, Any] = field(default_factory=dict)  # growth.costs while there were few

    def compare(self, course: Course) -> tuple[Row, Side]:
        """Run the rounds of a course on both sides, in turn; return the row and our side."""
        ours, bare = Side(self.server.port), Side(self.bare.port)
        for side in (ours, bare):
            self._warm(side, course)
        for _, side in itertools.product(range(self.rounds), (ours, bare)):
            self._round(side, course, self.seconds)
        rates = [side.median(lambda result: result.rate) for side in (ours, bare)]
        each = zip(ours.rounds, bare.rounds, strict=True)
        ratio = statistics.median(mine.rate / theirs.rate for mine, theirs in each)
        detail = (
            f"p50 {ours.median(lambda r: r.p50_ms):.1f} ms, bare {bare.median(lambda r: r.p50_ms):.1f}; "
            f"p99 {ours.median(lambda r: r.p99_ms):.0f}, bare {bare.median(lambda r: r.p99_ms):.0f}; "
            f"generator {max(r.share for r in (*ours.rounds, *bare.rounds)):.0%} of a core at most"
        )
        return Row(course.name, rates[0], "req/s", course.goal, "higher", rates[1], ratio, detail), ours

    def watch(self, course: Course, seconds: float) -> Side:
        """Run the rounds of a course on our side alone."""
        ours = Side(self.server.port)
        self._warm(ours, course)
        for _ in range(self.rounds):
            self._round(ours, course, seconds)
        return ours

    def constant(self) -> Result:
        """Return what the generator gets from an endpoint that does nothing."""
        request = b"GET /constant HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        plan = Plan(self.bare.port, [request], self.seconds, self.connections, b"200", again=True)
        return self.generator.drive(plan)

    def _round(self, side: Side, course: Course, seconds: float) -> Result:
        """Run one round; what it leaves to the worker is no burden of the next, and its cost counts."""
        requests = course.requests(int(side.rate * SPARE * seconds) if course.spent else 1)
        plan = Plan(side.port, requests, seconds, self.connections, course.status, again=not course.spent)
        before = self.server.cpu()
        with nullcontext() if self.with_worker else self.server.alone():
            result = self.generator.drive(plan)
            if side.port == self.bare.port:
                self.world.drop()
        self.world.drain()
        api, stack = (after - start for start, after in zip(before, self.server.cpu(), strict=True))
        side.api_ms.append(api / result.done * 1000)
        side.stack_ms.append(stack / result.done * 1000)
        side.rounds.append(result)
        side.rate = result.rate
        return result

    def _warm(self, side: Side, course: Course) -> None:
        self._round(side, course, WARMING)
        side.rounds.clear()
        side.api_ms.clear()
        side.stack_ms.clear()
