"""The command: start everything, run the rounds, print the table, stop everything."""

import argparse
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from app.pg import Cluster
from bench import courses, growth, rows, world
from bench.bare import Bare
from bench.generator import Generator
from bench.rounds import Track
from bench.rows import Row
from bench.server import Server, folder

SETTLING: Final = 4.0  # seconds until a fresh server is idle

_EPILOG: Final = """examples:
  python -m bench                          everything, about seven minutes; writes docs/bench.json
  python -m bench --only submit            one comparison; writes nothing
  python -m bench --only inbox --only timers --rounds 9
  python -m bench --only growth --grown 10000000   some ten minutes, and the disk for them
  python -m bench --seconds 0.5 --rounds 1 a quick look; writes nothing

Everything runs on this machine's loopback, over a PostgreSQL of its own in a temporary folder.
A missed goal is said in the table and is no failure.
"""


def _arguments() -> argparse.Namespace:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, epilog=_EPILOG, formatter_class=raw
    )
    names = ("footprint", *courses.COURSES)
    parser.add_argument("--only", action="append", choices=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="rounds a side (5)")
    parser.add_argument("--seconds", type=float, default=3.0, metavar="S", help="length of a round (3)")
    parser.add_argument("--connections", type=int, default=8, metavar="N", help="requests at once (8)")
    parser.add_argument("--tickets", type=int, default=world.STANDING, metavar="N", help="standing (100000)")
    parser.add_argument(
        "--grown", type=int, default=growth.MANY, metavar="N", help="at the end, for growth (1000000)"
    )
    parser.add_argument(
        "--with-worker",
        action="store_true",
        help="leave the worker running during the rounds; writes nothing",
    )
    given = parser.parse_args()
    if not (1 <= given.rounds <= 50 and 0.1 <= given.seconds <= 60 and 1 <= given.connections <= 100):
        parser.error("1 to 50 rounds of 0.1 to 60 seconds over 1 to 100 connections")
    if not 1000 <= given.tickets <= 2_000_000:
        parser.error("1000 to 2000000 tickets")
    if not given.tickets <= given.grown <= 20_000_000:
        parser.error("growth is to more tickets than there are at the beginning, 20000000 at most")
    return given


def _footprint(data_dir: Path) -> list[Row]:
    """Start the default system once more, now that its cluster is there, and weigh it idle."""
    with _served(data_dir) as server:
        time.sleep(SETTLING)
        weight, kind = server.memory_mb()
        return [
            Row(f"idle: database, API and worker, {kind}", weight, "MB", 250, "lower"),
            Row("start when warm, to /ready", server.seconds, "s", 3, "lower"),
        ]


@contextmanager
def _served(data_dir: Path) -> Iterator[Server]:
    """Run a server for the length of a block."""
    server = Server(data_dir)
    try:
        yield server
    finally:
        server.stop()


def _run(given: argparse.Namespace, stack: ExitStack) -> tuple[list[Row], str]:
    wanted, found = given.only or ("footprint", *courses.COURSES), []
    data_dir = stack.enter_context(folder("loudeng-bench-")) / "data"
    with _served(data_dir):
        pass  # makes the cluster and the demo street
    if "footprint" in wanted:
        found += _footprint(data_dir)
    server = stack.enter_context(_served(data_dir))
    cluster = Cluster(data_dir)
    stack.callback(cluster.release)
    dsn = cluster.up()
    street = world.World(server.port, dsn)
    street.fill(min(growth.FEW, given.tickets))
    bare, generator = Bare(dsn, street.answers, street.bare), Generator()
    stack.callback(bare.stop)
    stack.callback(generator.stop)
    measure = (given.seconds, given.rounds, given.connections, given.with_worker, given.grown)
    track = Track(server, bare, generator, street, *measure)
    idle = track.constant()
    proof = f"generator: {idle.rate:,.0f} constant answers/s with {idle.share:.0%} of a core"
    sys.stdout.write(proof + "\n")
    if "growth" in wanted:
        track.few.update(growth.costs(track))
    street.fill(max(0, given.tickets - street.tickets()))
    for name in courses.COURSES:
        if name in wanted:
            found += courses.COURSES[name](track)
    return found, proof


def main() -> int:
    """Measure; return 0 whatever the figures, 1 when there are none."""
    given = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    machine, begun = rows.machine(), time.monotonic()
    try:
        with ExitStack() as stack:
            found, proof = _run(given, stack)
    except KeyboardInterrupt:
        return 130
    except RuntimeError as error:
        sys.stderr.write(f"bench: {error}\n")
        return 1
    how = (
        f"{given.rounds} rounds of {given.seconds:g} s a side, in turn, {given.connections} connections, medians; "
        f"the worker {'runs beside' if given.with_worker else 'waits until a round is over'}; {proof}"
    )
    sys.stdout.write(f"{machine}\n{how}\n\n{rows.table(found)}\n{time.monotonic() - begun:.0f} s\n")
    if not given.only and not given.with_worker and given.rounds >= 5 and given.seconds >= 1:
        rows.save(rows.RESULT, [row.document() for row in found], machine, how)
    return 0


if __name__ == "__main__":
    sys.exit(main())
