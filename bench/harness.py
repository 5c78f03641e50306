"""Rounds of load on our server and the bare endpoint in turn, each with fresh requests; medians of the results."""

import statistics
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import Final, Literal, NamedTuple

from bench.act_tickets import ActTickets
from bench.bare_server import CONSTANT_PATH, BareServer
from bench.dataset import Dataset
from bench.load_generator import LoadGenerator
from bench.load_process import LoadPlan, LoadResult
from bench.progress import Progress
from bench.results import BenchResult
from bench.server import Server
from bench.workloads import Workload

WARM_UP_SECONDS: Final = 0.5  # length of the first round, which does not count
EXPECTED_RATE: Final = 2000.0  # responses per second, until the first round has measured it
SPARE_REQUESTS: Final = 1.6  # requests are prepared for this many times the last round's rate


class Cost(NamedTuple):
    """The cost of one request in ms: median latency, and CPU time of all processes with the database."""

    p50_ms: float
    cpu_ms: float


@dataclass(slots=True)
class Run:
    """The rounds of a workload against one server. `api_ms`, `stack_ms`: our CPU time per request in ms.

    `api_ms` is the API process alone, `stack_ms` also the worker and the database; one value a round.
    """

    server: Literal["ours", "bare", "other"]
    port: int
    results: list[LoadResult] = field(default_factory=list)
    api_ms: list[float] = field(default_factory=list)
    stack_ms: list[float] = field(default_factory=list)
    rate: float = EXPECTED_RATE

    def median(self, figure: Callable[[LoadResult], float]) -> float:
        """Return the median of one figure over the rounds."""
        return statistics.median(map(figure, self.results))

    def cost(self) -> Cost:
        """Return the medians over the rounds of what one request costs."""
        return Cost(self.median(lambda result: result.p50_ms), statistics.median(self.stack_ms))

    def api_cpu_ms(self) -> float:
        """Return the median CPU time of the API process per request, in ms."""
        return statistics.median(self.api_ms)


@dataclass(frozen=True, slots=True)
class Harness:
    """Everything that runs, with the number and length of rounds. `seconds`: length of a round."""

    server: Server
    bare: BareServer
    generator: LoadGenerator
    dataset: Dataset
    act_tickets: ActTickets
    seconds: float
    rounds: int
    connections: int
    progress: Progress
    with_worker: bool = False
    growth_tickets: int = 0
    growth_baseline: dict[str, Cost] = field(default_factory=dict)  # before growth, by workload

    def compare(self, workload: Workload) -> tuple[BenchResult, Run]:
        """Run a workload on both servers, a round each in turn; return the result and our run."""
        ours, bare = Run("ours", self.server.port), Run("bare", self.bare.port)
        for run in (ours, bare):
            self.warm_up(run, workload)
        for number in range(1, self.rounds + 1):
            for run in (ours, bare):
                self.run_round(run, workload, self.seconds, f"round {number} of {self.rounds}")
        return _comparison(workload, ours, bare), ours

    def compare_with(self, other: Server, workload: Workload) -> BenchResult:
        """Run a workload on another server of ours over the same data and, as the reference, on ours, a round each in turn.

        Each server's worker does what its own rounds leave; the other's is suspended meanwhile.
        """
        theirs, ours = Run("other", other.port), Run("ours", self.server.port)
        turns = ((replace(self, server=other), theirs, self.server), (self, ours, other))
        for number in range(self.rounds + 1):
            for harness, run, idle in turns:
                with idle.worker_suspended():
                    if number:
                        harness.run_round(run, workload, self.seconds, f"round {number} of {self.rounds}")
                    else:
                        harness.warm_up(run, workload)
        return _comparison(workload, theirs, ours)

    def measure(self, workload: Workload, seconds: float) -> Run:
        """Run a workload on our server only, in rounds of `seconds`."""
        ours = Run("ours", self.server.port)
        self.warm_up(ours, workload)
        for number in range(1, self.rounds + 1):
            self.run_round(ours, workload, seconds, f"round {number} of {self.rounds}")
        return ours

    def measure_generator(self) -> LoadResult:
        """Return the result of one round against an endpoint that does no work: the generator's own limit."""
        self.progress.step("measure the load generator's own limit")
        request = f"GET {CONSTANT_PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
        plan = LoadPlan(self.bare.port, [request], self.seconds, self.connections, b"200", repeat=True)
        return self.generator.run(plan)

    def fill_up_to(self, tickets: int) -> None:
        """Add tickets until there are `tickets`, and vacuum, also when there are enough."""
        count = max(0, tickets - self.dataset.count_tickets())
        self.progress.step(f"add {count:,} tickets and vacuum")
        self.dataset.fill(count)

    def run_round(self, run: Run, workload: Workload, seconds: float, label: str) -> None:
        """Run one round. Its jobs are finished before the next round, and their CPU time counts.

        Progress is reported before the requests are built: nothing is printed while time is measured.
        """
        self.progress.step(f"{workload.name}, {label}, {run.server}")
        requests = workload.build(1 if workload.repeatable else int(run.rate * SPARE_REQUESTS * seconds))
        plan = LoadPlan(
            run.port, requests, seconds, self.connections, workload.status, repeat=workload.repeatable
        )
        cpu_before = self.server.cpu_seconds()
        with nullcontext() if self.with_worker else self.server.worker_suspended():
            result = self.generator.run(plan)
            if run.server == "bare":
                self.dataset.delete_jobs()
        self.dataset.wait_for_worker()
        cpu = zip(cpu_before, self.server.cpu_seconds(), strict=True)
        api_ms, stack_ms = ((after - before) / result.responses * 1000 for before, after in cpu)
        run.api_ms.append(api_ms)
        run.stack_ms.append(stack_ms)
        run.results.append(result)
        run.rate = result.rate

    def warm_up(self, run: Run, workload: Workload) -> None:
        """Run a first round, which does not count."""
        self.run_round(run, workload, WARM_UP_SECONDS, "warm-up")
        run.results.clear()
        run.api_ms.clear()
        run.stack_ms.clear()


def _comparison(workload: Workload, ours: Run, bare: Run) -> BenchResult:
    """Return the result of a comparison. Its ratio is the median of each round's ratio."""
    rate, bare_rate = (run.median(lambda result: result.rate) for run in (ours, bare))
    rounds = zip(ours.results, bare.results, strict=True)
    ratio = statistics.median(our_round.rate / bare_round.rate for our_round, bare_round in rounds)
    core_share = max(result.core_share for result in (*ours.results, *bare.results))
    detail = (
        f"p50 {ours.median(lambda r: r.p50_ms):.1f} ms, bare {bare.median(lambda r: r.p50_ms):.1f}; "
        f"p99 {ours.median(lambda r: r.p99_ms):.0f}, bare {bare.median(lambda r: r.p99_ms):.0f}; "
        f"generator {core_share:.0%} of a core at most"
    )
    return BenchResult(workload.name, rate, "req/s", workload.goal, "higher", bare_rate, ratio, detail)
