"""`python -m survive.moved serve`: the program with its clock as far off as a file says, in each of its processes.

The program asks one function what time it is (`app/clock.py`); that one is set off. The database's own clock stays.
"""

import os
import sys
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final

from app import clock
from app.__main__ import main

FILE: Final = "clock-is-off-by"  # seconds, in the folder the program is begun in


def _now(zone: tzinfo = UTC) -> datetime:
    try:
        off = float(_file.read_text())
    except (OSError, ValueError):  # not there, or just being written
        off = _last[0]
    _last[0] = off
    return datetime.now(zone) + timedelta(seconds=off)


_file: Final = Path(os.getcwd()) / FILE  # noqa: PTH109 - where we are begun
_last = [0.0]

if __name__ == "__main__":
    clock.now = _now
    sys.exit(main())
