"""The program under test, as its processes: each can be killed by its name, and is known again when it is back."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import psutil

from app.pg.processes import gone
from bench.server import Server, family, ready, surroundings

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

    def number(self, name: str) -> int:
        """Return the number of the postmaster, the worker or an API process; 0 while it is away."""
        if name != "postmaster":
            return self.pid(name)
        there = (c.pid for c in self.main.children() if c.name() == "postgres" and not gone(c))
        return next(there, 0)

    def kill(self, name: str) -> None:
        """`kill -9` one of us, by its name."""
        if name == "supervisor":
            self.end(signal.SIGKILL)
        else:
            os.kill(self.number(name), signal.SIGKILL)

    def revived(self, name: str) -> float:
        """`kill -9` one of us; return the seconds until another is in its place and all is ready.

        The sessions of a killed postmaster may answer on for a moment: that is not being ready.
        """
        killed, begun = self.number(name), time.monotonic()
        os.kill(killed, signal.SIGKILL)
        until(lambda: self.number(name) not in {0, killed}, HEALING, f"another {name}")
        self.healed()
        return time.monotonic() - begun

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


class Helper:
    """A second worker over the same folder, of a supervisor of its own."""

    def __init__(self, data_dir: Path, **settings: object) -> None:
        with (data_dir.parent / f"{data_dir.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app", "serve", "--worker-only"],
                cwd=data_dir.parent,
                env=surroundings(data_dir, **settings),
                stderr=log,
            )
        self.main = psutil.Process(self.process.pid)
        until(self.children, HEALING, "the second worker")

    def children(self) -> list[psutil.Process]:
        """Return the worker, unless it is away."""
        return [one for one in self.main.children() if one.name() != "postgres" and not gone(one)]

    def kill(self, _: str = "worker") -> None:
        """`kill -9` the worker."""
        for one in self.children():
            one.kill()

    def stop(self) -> None:
        """Stop both."""
        self.process.terminate()
        self.process.wait(HEALING)
