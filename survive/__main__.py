"""The command: put each promise to the test on the real program, print the table, stop everything."""

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from typing import Final

from app import log
from bench.rows import machine, save
from bench.server import folder
from survive import rows
from survive.promises import PROMISES
from survive.rows import Row
from survive.stand import Stand

_EPILOG: Final = """examples:
  python -m survive                            everything, under ten minutes; writes docs/survive.json
  python -m survive --only killed              one promise; writes nothing
  python -m survive --only race --only timers --quick
  python -m survive --quick                    small counts: does it still work; writes nothing

Everything runs on this machine's loopback, over PostgreSQL of its own in temporary folders.
The exit status is 1 when a promise is broken.
"""


def _arguments() -> argparse.Namespace:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m survive", description=__doc__, epilog=_EPILOG, formatter_class=raw
    )
    names = ", ".join(PROMISES)
    parser.add_argument("--only", action="append", choices=tuple(PROMISES), metavar="NAME", help=names)
    parser.add_argument("--quick", action="store_true", help="small counts: a look, not a measure")
    return parser.parse_args()


def _measured(stand: Stand, wanted: Sequence[str]) -> list[Row]:
    found = []
    for name in wanted:
        stand.tell(name)
        try:
            found += PROMISES[name](stand)
        except RuntimeError as error:  # nothing came of it within its time
            found.append(Row(name, "a measure", str(error), met=False))
    return found


def main() -> int:
    """Measure; return 1 when a promise is broken, 0 otherwise."""
    given = _arguments()
    log.configure("ERROR")  # ours; the program's own goes to files
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    on, begun = machine(), time.monotonic()
    try:
        with folder("loudeng-survive-") as root, closing(Stand(root, quick=given.quick)) as stand:
            found = _measured(stand, given.only or tuple(PROMISES))
    except KeyboardInterrupt:
        return 130
    sys.stdout.write(f"{on}\n\n{rows.table(found)}\n{time.monotonic() - begun:.0f} s\n")
    if not given.only and not given.quick:
        save(rows.RESULT, rows.documents(found), on, "python -m survive, every promise once, in turn")
    return rows.verdict(found)


if __name__ == "__main__":
    sys.exit(main())
