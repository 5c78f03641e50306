"""The promises by the name `--only` takes; each is a file with a function that measures it."""

from collections.abc import Callable
from typing import Final, NamedTuple

from survive.environment import Environment
from survive.promises import (
    accept_race,
    automatic_restart,
    backup,
    clock_jumps,
    database_restart,
    disk_full,
    failover,
    graceful_stop,
    kill_while_writing,
    overload,
    patroni,
    point_in_time,
    retried_requests,
    slow_clients,
    timers,
    upgrade,
)
from survive.results import PromiseResult


class Promise(NamedTuple):
    """`seconds`, `quick_seconds`: how long the measurement usually takes, in full and with --quick."""

    measure: Callable[[Environment], list[PromiseResult]]
    seconds: float
    quick_seconds: float
    by_default: bool = True  # else only when asked for: it needs programs that this project does not install


PROMISES: Final[dict[str, Promise]] = {
    "killed": Promise(kill_while_writing.measure, 60, 16),
    "repeated": Promise(retried_requests.measure, 20, 13),
    "restart": Promise(automatic_restart.measure, 40, 9),
    "stopped": Promise(graceful_stop.measure, 40, 8),
    "race": Promise(accept_race.measure, 30, 6),
    "timers": Promise(timers.measure, 95, 89),
    "clocks": Promise(clock_jumps.measure, 90, 64),
    "full": Promise(disk_full.measure, 30, 16),
    "database": Promise(database_restart.measure, 60, 12),
    "backup": Promise(backup.measure, 40, 23),
    "slow": Promise(slow_clients.measure, 95, 31),
    "overload": Promise(overload.measure, 30, 4),
    "failover": Promise(failover.measure, 180, 110),
    "patroni": Promise(patroni.measure, 200, 90, by_default=False),
    "restored": Promise(point_in_time.measure, 110, 100),
    "upgrade": Promise(upgrade.measure, 60, 30),
}
