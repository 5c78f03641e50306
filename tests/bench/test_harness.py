"""Rounds of the benchmark: both servers in turn, and no output while a round is measured."""

import io
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, cast

from bench.harness import Harness
from bench.load_process import LoadPlan, LoadResult
from bench.progress import Progress
from bench.workloads import repeat


class Log(io.StringIO):
    """Where progress is written; the fakes below record here what they are asked for, too."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[str] = []

    def write(self, text: str) -> int:
        self.events.append("progress")
        return super().write(text)


class FakeServer:
    def __init__(self, log: Log, port: int) -> None:
        self.log, self.port = log, port

    def cpu_seconds(self) -> tuple[float, float]:
        self.log.events.append("cpu")
        return 0.0, 0.0

    def worker_suspended(self) -> AbstractContextManager[None]:
        return nullcontext()


class FakeGenerator:
    def __init__(self, log: Log) -> None:
        self.log = log

    def run(self, plan: LoadPlan) -> LoadResult:
        self.log.events.append(f"load on {plan.port}")
        return LoadResult(10, 0, 1.0, 1.0, 2.0, 0.1, b"")


class FakeDataset:
    def wait_for_worker(self) -> None: ...
    def delete_jobs(self) -> None: ...


def test_rounds_alternate_and_nothing_is_written_while_one_is_measured() -> None:
    log = Log()
    ours, bare = cast("Any", FakeServer(log, 1)), cast("Any", FakeServer(log, 2))
    generator, dataset, act_tickets = cast("Any", (FakeGenerator(log), FakeDataset(), None))
    with Progress({}, 0, log) as progress:
        harness = Harness(ours, bare, generator, dataset, act_tickets, 1, 2, 1, progress)
        result, _ = harness.compare(repeat("inbox", b"GET / HTTP/1.1\r\n\r\n", 0.75))
    both = ["progress", "cpu", "load on 1", "cpu", "progress", "cpu", "load on 2", "cpu"]
    assert log.events == both * 3  # a warm-up and two rounds
    assert result.ratio == 1
    assert len(log.getvalue().splitlines()) == 6


class SuspendedServer(FakeServer):
    @contextmanager
    def worker_suspended(self) -> Iterator[None]:
        self.log.events.append(f"worker of {self.port} suspended")
        yield


def test_two_servers_of_ours_take_turns_and_the_worker_of_the_idle_one_is_suspended() -> None:
    log = Log()
    ours, other = cast("Any", SuspendedServer(log, 1)), cast("Any", SuspendedServer(log, 2))
    generator, dataset = cast("Any", (FakeGenerator(log), FakeDataset()))
    with Progress({}, 0, log) as progress:
        harness = Harness(
            *(ours, cast("Any", None), generator, dataset, cast("Any", None), 1, 2, 1, progress),
            with_worker=True,
        )
        result = harness.compare_with(other, repeat("inbox", b"GET / HTTP/1.1\r\n\r\n", 0.95))
    both = ["worker of 1 suspended", "load on 2", "worker of 2 suspended", "load on 1"]
    assert [event for event in log.events if event not in {"progress", "cpu"}] == both * 3
    assert result.ratio == 1
