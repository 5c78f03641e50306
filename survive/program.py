"""The program under test as a set of processes: each can be killed by name, and awaited until it is back."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import psutil

from app.pg.processes import has_exited
from bench.processes import process_tree
from bench.server import Server, is_ready, server_environment

RECOVERY_TIMEOUT: Final = 60.0  # seconds for a killed program to be ready again
POLL_INTERVAL: Final = 0.01


class Program(Server):
    """One run of `python -m app serve`, with its log in a file beside the data directory."""

    def __init__(self, data_dir: Path, **settings: object) -> None:
        self.data_dir, self.settings = data_dir, settings
        try:
            with _log_file(data_dir).open("ab") as log:
                super().__init__(data_dir, stderr=log, **settings)
        except RuntimeError as error:
            lines = _log_file(data_dir).read_text("utf-8", "replace").splitlines()[-1:]
            raise RuntimeError(" ".join([str(error), *lines])) from error
        apis = [f"api {n}" if n else "api" for n in range(int(str(settings.get("workers", 1))))]
        self._pids = dict(zip([*apis, "worker"], [child.pid for child in self.children], strict=True))

    def pid(self, name: str) -> int:
        """Return the present pid of "postmaster", "worker", "api", "api 1" …; 0 when there is no postmaster."""
        if name == "postmaster":
            postmasters = (
                c.pid for c in self.main.children() if c.name() == "postgres" and not has_exited(c)
            )
            return next(postmasters, 0)
        alive = [child.pid for child in self.children if not has_exited(child)]
        replacements = iter([pid for pid in alive if pid not in self._pids.values()])
        for other, pid in self._pids.items():
            if pid not in alive:
                self._pids[other] = next(replacements, pid)
        return self._pids[name]

    def kill(self, name: str) -> None:
        """Send SIGKILL to a process of `pid`, or to the "supervisor" and wait for all to end."""
        if name == "supervisor":
            self.end(signal.SIGKILL)
        else:
            os.kill(self.pid(name), signal.SIGKILL)

    def kill_and_recover(self, name: str) -> float:
        """Kill a process; return the seconds until it has been replaced and the program is ready.

        A new process is awaited first: sessions of a killed postmaster may answer for another moment.
        """
        killed_pid, start = self.pid(name), time.monotonic()
        os.kill(killed_pid, signal.SIGKILL)
        wait_until(lambda: self.pid(name) not in {0, killed_pid}, RECOVERY_TIMEOUT, f"another {name}")
        self.wait_until_ready()
        return time.monotonic() - start

    def end(self, signal_number: signal.Signals) -> float:
        """Send a signal to the supervisor; return the seconds until all processes have ended."""
        processes, start = process_tree(self.main), time.monotonic()
        self.main.send_signal(signal_number)
        wait_until(
            lambda: self.process.poll() is not None and all(map(has_exited, processes)),
            RECOVERY_TIMEOUT,
            "the program to end",
        )
        return time.monotonic() - start

    def wait_until_ready(self) -> float:
        """Wait until /ready answers 200; return how many seconds that took."""
        return wait_until(lambda: is_ready(self.port), RECOVERY_TIMEOUT, "the program to be ready again")


def wait_until(condition: Callable[[], object], timeout: float, description: str) -> float:
    """Wait until a condition is true; return how many seconds that took.

    Raises RuntimeError after `timeout` seconds.
    """
    start = time.monotonic()
    while not condition():
        if time.monotonic() - start > timeout:
            raise RuntimeError(f"waited {timeout:.0f} s for {description}")
        time.sleep(POLL_INTERVAL)
    return time.monotonic() - start


class SecondWorker:
    """Another worker over the same data directory, with a supervisor of its own."""

    def __init__(self, data_dir: Path, **settings: object) -> None:
        with _log_file(data_dir).open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app", "serve", "--worker-only"],
                cwd=data_dir.parent,
                env=server_environment(data_dir, **settings),
                stderr=log,
            )
        self.main = psutil.Process(self.process.pid)
        wait_until(self.children, RECOVERY_TIMEOUT, "the second worker")

    def children(self) -> list[psutil.Process]:
        """Return the worker's process; none while it is being replaced."""
        return [
            child for child in self.main.children() if child.name() != "postgres" and not has_exited(child)
        ]

    def kill(self, _: str = "worker") -> None:
        """Send SIGKILL to the worker."""
        for child in self.children():
            child.kill()

    def stop(self) -> None:
        """Stop the worker and its supervisor."""
        self.process.terminate()
        self.process.wait(RECOVERY_TIMEOUT)


def _log_file(data_dir: Path) -> Path:
    return data_dir.parent / f"{data_dir.name}.log"
