"""The promises by the name `--only` knows them by; each is a file with a function that gives its rows."""

from collections.abc import Callable
from typing import Final

from survive.promises import clocks, killed, race, restart, stopped, timers
from survive.rows import Row
from survive.stand import Stand

PROMISES: Final[dict[str, Callable[[Stand], list[Row]]]] = {
    "killed": killed.measure,
    "restart": restart.measure,
    "stopped": stopped.measure,
    "race": race.measure,
    "timers": timers.measure,
    "clocks": clocks.measure,
}
