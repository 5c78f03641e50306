"""The command line of the benchmark."""

import argparse
from typing import Final

from bench import dataset, growth
from bench.scenarios import SCENARIOS

FOOTPRINT: Final = "footprint"  # measured before the server of the other scenarios is started
FOOTPRINT_SECONDS: Final = 10.0
SETUP_SECONDS: Final = 20.0
NAMES: Final = (FOOTPRINT, *SCENARIOS)
_DESCRIPTION: Final = (
    "Measure the real server beside a bare endpoint over the same database and print a table."
)
_EPILOG: Final = """examples:
  python -m bench                          everything, about fifteen minutes; writes docs/bench.json
  python -m bench --only submit            one scenario; writes nothing
  python -m bench --only inbox --only timers --rounds 9
  python -m bench --only growth --grown 10000000   another ten minutes, and disk space for the tickets
  python -m bench --seconds 0.5 --rounds 1 a quick look; writes nothing

Everything runs on this machine's loopback interface, over its own PostgreSQL in a temporary folder.
Progress goes to stderr, the table to stdout. A missed goal is shown in the table; the exit status stays 0.
"""


def parse() -> argparse.Namespace:
    """Return the options. Exits with status 2 when one is out of range."""
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_options(parser)
    options = parser.parse_args()
    _check(parser, options)
    return options


def estimates(options: argparse.Namespace) -> tuple[dict[str, float], float]:
    """Return the expected duration in seconds of each scenario that will run, and of the setup."""
    seconds = {name: one.estimate(options.rounds, options.seconds) for name, one in SCENARIOS.items()}
    seconds[FOOTPRINT] = FOOTPRINT_SECONDS
    chosen = {name: seconds[name] for name in options.only or NAMES}
    return chosen, SETUP_SECONDS + chosen.get("growth", 0.0)  # growth measures twice, once before the others


def _add_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--only", action="append", choices=NAMES, metavar="NAME", help=f"a scenario: {', '.join(NAMES)}")
    add("--rounds", type=int, default=5, metavar="N", help="rounds for each server (5)")
    add("--seconds", type=float, default=3.0, metavar="S", help="length of a round (3)")
    add("--connections", type=int, default=8, metavar="N", help="simultaneous requests (8)")
    tickets, growth_tickets = dataset.DEFAULT_TICKETS, growth.DEFAULT_TICKETS
    add("--tickets", type=int, default=tickets, metavar="N", help=f"tickets in the database ({tickets})")
    add("--grown", type=int, default=growth_tickets, metavar="N", help=f"and after growth ({growth_tickets})")
    add(
        "--with-worker",
        action="store_true",
        help="leave the worker running during the rounds; writes nothing",
    )


def _check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    rounds, seconds = 1 <= options.rounds <= 50, 0.1 <= options.seconds <= 60
    if not (rounds and seconds and 1 <= options.connections <= 100):
        parser.error("allowed are 1 to 50 rounds of 0.1 to 60 seconds over 1 to 100 connections")
    if not 1000 <= options.tickets <= 2_000_000:
        parser.error("--tickets must be from 1000 to 2000000")
    if not options.tickets <= options.grown <= 20_000_000:
        parser.error("--grown must be from --tickets to 20000000")
