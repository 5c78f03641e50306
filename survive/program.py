"""The program under test, as its processes: each can be killed by its name, and is known again when it is back."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import psutil

from app.pg.processes import gone
from bench.server import Server, family, ready

HEALING: Final = 60.0  # seconds until a killed program must be ready again, or the run is over
LOOK: Final = 0.01


class Program(Server):
    """One run of `python -m app serve`, its log in a file beside the data folder."""

    def __init__(self, data_dir: Path, **settings: object) -> None:
        self.data_dir, self.settings = data_dir, settings
        with (data_dir.parent / f"{data_dir.name}.log").open("ab") as log:
            super().__init__(data_dir, stderr=log, **settings)
        apis = [f"api {n}" if n else "api" for n in range(int(str(settings.get("workers", 1))))]
        self._pids = dict(zip([*apis, "worker"], [child.pid for child in self.children], strict=True))

    def pid(self, name: str) -> int:
        """Return the number of an API process or the worker, as it is now."""
        living = [child.pid for child in self.children if not gone(child)]
        fresh = iter([pid for pid in living if pid not in self._pids.values()])
        for other, pid in self._pids.items():
            if pid not in living:
                self._pids[other] = next(fresh, pid)
        return self._pids[name]

    def postmaster(self) -> psutil.Process:
        """Return the embedded database's first process."""
        return next(child for child in self.main.children() if child.name() == "postgres" and not gone(child))

    def kill(self, name: str) -> None:
        """`kill -9` one of us, by its name."""
        if name == "supervisor":
            self.end(signal.SIGKILL)
        else:
            os.kill(self.postmaster().pid if name == "postmaster" else self.pid(name), signal.SIGKILL)

    def end(self, how: signal.Signals) -> float:
        """Send the supervisor a signal; return the seconds until none of its processes is left."""
        processes, begun = family(self.main), time.monotonic()
        self.main.send_signal(how)
        until(lambda: self.process.poll() is not None and all(map(gone, processes)), HEALING, "the end")
        return time.monotonic() - begun

    def healed(self) -> float:
        """Wait until the program is ready; return how long it took."""
        return until(lambda: ready(self.port), HEALING, "being ready again")


def until(what: Callable[[], object], seconds: float, name: str) -> float:
    """Wait until something is so; return how many seconds it took. RuntimeError when it does not become so."""
    begun = time.monotonic()
    while not what():
        if time.monotonic() - begun > seconds:
            raise RuntimeError(f"waited {seconds:.0f} s for {name}")
        time.sleep(LOOK)
    return time.monotonic() - begun
