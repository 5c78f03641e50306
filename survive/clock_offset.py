"""`python -m survive.clock_offset serve`: the program with a clock that is wrong by as much as a file says.

All processes of the program ask `app/clock.py` for the time; that function is replaced. The database's clock stays right.
"""

import os
import sys
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final

from app import clock
from app.__main__ import main

OFFSET_FILE: Final = "clock-offset"  # in the working directory; holds seconds


def _now(zone: tzinfo = UTC) -> datetime:
    try:
        offset = float(_file.read_text())
    except (OSError, ValueError):  # missing, or being written right now
        offset = _last_offset[0]
    _last_offset[0] = offset
    return datetime.now(zone) + timedelta(seconds=offset)


_file: Final = Path(os.getcwd()) / OFFSET_FILE  # noqa: PTH109 - the directory at the start
_last_offset = [0.0]

if __name__ == "__main__":
    clock.now = _now
    sys.exit(main())
