"""The command `python -m survive`: measure each promise on the real program, print the table, stop everything."""

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from typing import Final

from app import log
from bench.progress import Progress
from bench.results import describe_machine, save
from bench.server import temporary_root
from survive import results
from survive.environment import Environment
from survive.promises import PROMISES
from survive.results import PromiseResult

SETUP_SECONDS: Final = 2.0
_DESCRIPTION: Final = (
    "Measure on the real program what is promised for failures, and print which promises hold."
)
_EPILOG: Final = """examples:
  python -m survive                            everything, about sixteen minutes; writes docs/survive.json
  python -m survive --only killed              one promise; writes nothing
  python -m survive --only race --only timers --quick
  python -m survive --only failover            two database servers: the primary killed, then silent; three minutes
  python -m survive --only upgrade --previous v0.1.0
                                               old and new processes side by side, from that release on
  python -m survive --only patroni             what deploy/patroni/try.sh runs: needs patroni, etcd, haproxy
  python -m survive --quick                    small counts, to see whether everything works; writes nothing

Everything runs on this machine's loopback interface, over its own PostgreSQL in temporary folders.
Progress goes to stderr, the table to stdout. The exit status is 1 when a promise is broken.
"""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m survive",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names, add = tuple(PROMISES), parser.add_argument
    add("--only", action="append", choices=names, metavar="NAME", help=f"a promise: {', '.join(names)}")
    add(
        "--previous",
        metavar="COMMIT",
        help="for upgrade: the release that serves before (default: the last schema)",
    )
    add("--quick", action="store_true", help="small counts, which say little about the promise")
    return parser.parse_args()


def _measure(environment: Environment, names: Sequence[str]) -> list[PromiseResult]:
    """Measure promises one after another. One that cannot be measured in its time counts as broken."""
    found = []
    for name in names:
        with environment.progress.task(name):
            environment.progress.step("start")
            try:
                found += PROMISES[name].measure(environment)
            except RuntimeError as error:
                found.append(PromiseResult(name, "a measure", str(error), met=False))
    return found


def _estimates(names: Sequence[str], *, quick: bool) -> dict[str, float]:
    """Return the expected duration in seconds of each promise."""
    return {name: PROMISES[name].quick_seconds if quick else PROMISES[name].seconds for name in names}


def main() -> int:
    """Measure. Return 1 when a promise is broken, else 0."""
    options = _arguments()
    names = options.only or tuple(name for name, promise in PROMISES.items() if promise.by_default)
    log.configure("ERROR")  # of this process; the program's own log goes to files
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    machine, start = describe_machine(), time.monotonic()
    try:
        with (
            Progress(_estimates(names, quick=options.quick), SETUP_SECONDS) as progress,
            temporary_root("loudeng-survive-") as root,
            closing(
                Environment(root, progress, quick=options.quick, previous=options.previous)
            ) as environment,
        ):
            found = _measure(environment, names)
    except KeyboardInterrupt:
        return 130
    seconds = time.monotonic() - start
    sys.stdout.write(f"{machine}\n\n{results.format_table(found)}\n{seconds:.0f} s\n")
    if not options.only and not options.quick:
        how = "python -m survive, every promise once, in turn"
        save(results.RESULT_FILE, results.to_json(found), machine, how)
    return results.exit_status(found)


if __name__ == "__main__":
    sys.exit(main())
