"""The command line: `python -m app COMMAND`."""

import argparse
import gc
import os
import sys
from typing import Final

from app import __version__, commands, log, settings
from app.errors import Misconfigured, Refusal

_EPILOG: Final = """examples:
  python -m app serve                          database, API and worker
  LOUDENG_DEMO=1 python -m app serve           the same with the demo street
  python -m app template places places.xlsx
  python -m app import --dry-run places.xlsx grids.csv organisations.csv
  python -m app invite --role admin --place 人和街道
  python -m app key --organisation 人和物业 --name 报修系统 --scope tickets:read --scope tickets:write
  python -m app verify-ledger
  python -m app backup /backups/2026-11-22.tar
  python -m app wechat-check
  python -m app restore /backups/2026-11-22.tar --erasures /old/data/storage/erasures

Settings come from LOUDENG_* in the environment or .env; docs/settings.md lists them.
"""

# Allocations between two looks for garbage, of each generation. Importing the program and answering requests make few
# cycles: with Python's 700 the start takes a quarter longer.
_GARBAGE_THRESHOLDS: Final = (20_000, 20, 50)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m app",
        description="楼灯 Loudeng",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"loudeng {__version__}")
    parsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in commands.ALL:
        module.add(parsers)
    return parser


def main() -> int:
    """Run one command; return its exit status."""
    gc.set_threshold(*_GARBAGE_THRESHOLDS)
    arguments = _parser().parse_args()
    if getattr(arguments, "workers", None) is not None:
        os.environ["LOUDENG_WORKERS"] = str(arguments.workers)
    try:
        level = settings.get().log_level
        if arguments.command != "serve" and level in {"DEBUG", "INFO"}:
            level = "WARNING"  # a command prints its own messages
        log.configure(level)
        return int(arguments.run(arguments))
    except (Misconfigured, Refusal) as error:
        sys.stderr.write(f"loudeng: {error}\n")
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
