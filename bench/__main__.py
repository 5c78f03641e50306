"""The command `python -m bench`: start everything, run the scenarios, print the table, stop everything."""

import argparse
import signal
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from app import log
from app.pg import Cluster
from bench import arguments, growth, results
from bench.act_tickets import ActTickets
from bench.bare_server import BareServer
from bench.dataset import Dataset
from bench.harness import Harness
from bench.load_generator import LoadGenerator
from bench.progress import Progress
from bench.results import BenchResult
from bench.scenarios import SCENARIOS
from bench.server import Server, temporary_root

IDLE_AFTER: Final = 4.0  # seconds until a fresh server is idle


@contextmanager
def _running_server(data_dir: Path) -> Iterator[Server]:
    """Run a server for the length of a block."""
    server = Server(data_dir)
    try:
        yield server
    finally:
        server.stop()


def _footprint(data_dir: Path) -> list[BenchResult]:
    """Measure the memory of an idle server and its start, over a cluster that exists already."""
    with _running_server(data_dir) as server:
        time.sleep(IDLE_AFTER)
        memory_mb, kind = server.memory_mb()
        return [
            BenchResult(f"idle: database, API and worker, {kind}", memory_mb, "MB", 250, "lower"),
            BenchResult("start when warm, to /ready", server.start_seconds, "s", 3, "lower"),
        ]


def _start(options: argparse.Namespace, stack: ExitStack, data_dir: Path, progress: Progress) -> Harness:
    """Start the server, the bare endpoint and the load generator; they stop with the stack."""
    progress.step("start the server")
    server = stack.enter_context(_running_server(data_dir))
    cluster = Cluster(data_dir)
    stack.callback(cluster.release)
    progress.step("create residents and tickets, perform each act once")
    dataset = Dataset(server.port, cluster.up())
    act_tickets = ActTickets(dataset)
    dataset.fill(min(growth.BASELINE_TICKETS, options.tickets))
    progress.step("start the bare endpoint and the load generator")
    bare = BareServer(dataset.dsn, dataset.answers | act_tickets.answers, act_tickets.bare_acts)
    stack.callback(bare.stop)
    generator = LoadGenerator()
    stack.callback(generator.stop)
    return Harness(
        server,
        bare,
        generator,
        dataset,
        act_tickets,
        seconds=options.seconds,
        rounds=options.rounds,
        connections=options.connections,
        progress=progress,
        with_worker=options.with_worker,
        growth_tickets=options.grown,
    )


def _measure(options: argparse.Namespace, progress: Progress) -> tuple[list[BenchResult], str]:
    """Run the scenarios; return their results and a sentence about the generator's own limit."""
    names, found = options.only or arguments.NAMES, list[BenchResult]()
    with ExitStack() as stack:
        data_dir = stack.enter_context(temporary_root("loudeng-bench-")) / "data"
        progress.step("create the database and the demo street")
        with _running_server(data_dir):
            pass
        if arguments.FOOTPRINT in names:
            with progress.task(arguments.FOOTPRINT):
                progress.step("start a server and leave it idle")
                found += _footprint(data_dir)
        harness = _start(options, stack, data_dir, progress)
        limit = harness.measure_generator()
        found += _run_scenarios(harness, names, options.tickets)
    return found, f"generator: {limit.rate:,.0f} constant answers/s with {limit.core_share:.0%} of a core"


def _run_scenarios(harness: Harness, names: Collection[str], tickets: int) -> list[BenchResult]:
    """Run the scenarios over a database of `tickets` tickets; growth begins with fewer."""
    if "growth" in names:
        with harness.progress.task("growth, before"):
            harness.growth_baseline.update(growth.costs(harness))
    harness.fill_up_to(tickets)
    found = []
    for name, scenario in SCENARIOS.items():
        if name in names:
            with harness.progress.task(name):
                found += scenario.measure(harness)
    return found


def main() -> int:
    """Measure. Return 0 whether the goals are met or not, 1 when nothing could be measured."""
    options = arguments.parse()
    log.configure("ERROR")  # of this process, which runs the timer sweeps: stdout is for the table
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    machine, start = results.describe_machine(), time.monotonic()
    try:
        with Progress(*arguments.estimates(options)) as progress:
            found, generator = _measure(options, progress)
    except KeyboardInterrupt:
        return 130
    except RuntimeError as error:
        sys.stderr.write(f"bench: {error}\n")
        return 1
    how = f"{_describe(options)}; {generator}"
    seconds = time.monotonic() - start
    sys.stdout.write(f"{machine}\n{how}\n\n{results.format_table(found)}\n{seconds:.0f} s\n")
    if not options.only and not options.with_worker and options.rounds >= 5 and options.seconds >= 1:
        results.save(results.RESULT_FILE, [result.to_json() for result in found], machine, how)
    return 0


def _describe(options: argparse.Namespace) -> str:
    """Say how the rounds were run."""
    return (
        f"{options.rounds} rounds of {options.seconds:g} s for each server, in turn, {options.connections} connections, "
        f"medians; the worker {'runs during' if options.with_worker else 'is suspended during'} a round"
    )


if __name__ == "__main__":
    sys.exit(main())
