"""The promises by the name `--only` knows them by; each is a file with a function that gives its rows."""

from collections.abc import Callable
from typing import Final

from survive.promises import (
    backup,
    clocks,
    database,
    full,
    killed,
    overload,
    race,
    repeated,
    restart,
    slow,
    stopped,
    timers,
)
from survive.rows import Row
from survive.stand import Stand

PROMISES: Final[dict[str, Callable[[Stand], list[Row]]]] = {
    "killed": killed.measure,
    "repeated": repeated.measure,
    "restart": restart.measure,
    "stopped": stopped.measure,
    "race": race.measure,
    "timers": timers.measure,
    "clocks": clocks.measure,
    "full": full.measure,
    "database": database.measure,
    "backup": backup.measure,
    "slow": slow.measure,
    "overload": overload.measure,
}
