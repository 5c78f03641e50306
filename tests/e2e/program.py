"""The program as its processes: `python -m app serve` and its commands, begun and ended by tests."""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psutil
import pytest

from app import clock
from app.pg.processes import has_exited
from survive.clock_offset import OFFSET_FILE
from tests.patience import HANGING

ROOT = Path(__file__).parents[2]
STOPS_WITHIN = 10.0  # seconds
# On uvloop anyio raises AttributeError for a connection that is reset while it is made.
NOT_CONNECTED = (httpx.ConnectError, AttributeError)
LOST = (httpx.TransportError, AttributeError)


def free_port() -> int:
    """Find a port below those the kernel gives away by itself: between this and its use nobody is given it."""
    while True:
        port = random.randrange(10_000, 30_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def surroundings(home: Path, **settings: object) -> dict[str, str]:
    """Return the environment of a child: nothing of the tests' own settings."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LOUDENG_")}
    ours = {"data_dir": home, "demo": 1, "rate_limits": "off", "log_level": "WARNING"} | settings
    return plain | {f"LOUDENG_{name.upper()}": str(value) for name, value in ours.items()}


def command(home: Path, *words: str, **settings: object) -> subprocess.CompletedProcess[str]:
    """Run a command of the program to its end. It logs errors only: in December it would warn of the next year."""
    return subprocess.run(
        [sys.executable, "-m", "app", *words],
        cwd=ROOT,
        env=surroundings(home, **{"log_level": "ERROR"} | settings),
        capture_output=True,
        text=True,
        timeout=HANGING,
        check=False,
    )


class Program:
    """`python -m app serve` and the processes under it."""

    module = "app"

    def __init__(self, home: Path, **settings: object) -> None:
        self.home, self.port = home, free_port()
        with (home.parent / "serve.log").open("a") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.module, "serve"],
                cwd=home.parent,
                env=surroundings(home, port=self.port, **settings) | {"PYTHONPATH": str(ROOT)},
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        self.url = f"http://127.0.0.1:{self.port}"

    async def ready(self) -> None:
        async with asyncio.timeout(60), httpx.AsyncClient(base_url=self.url) as http:
            while True:
                assert self.process.poll() is None, (self.home.parent / "serve.log").read_text()[-2000:]
                try:
                    if (await http.get("/ready")).status_code == 200:
                        return
                except LOST:
                    pass
                await asyncio.sleep(0.05)

    def all(self) -> list[psutil.Process]:
        for _ in range(10):  # one of the database's passing helpers may end while they are counted
            with suppress(psutil.NoSuchProcess):
                supervisor = psutil.Process(self.process.pid)
                return [supervisor, *supervisor.children(recursive=True)]
        return []

    def child(self, name: str) -> psutil.Process:
        """Return the supervisor itself, its postmaster, or its first or last other child: the API, the worker."""
        supervisor = psutil.Process(self.process.pid)
        children = sorted(supervisor.children(), key=lambda child: child.create_time())
        hands = [child for child in children if child.name() != "postgres"]
        postmaster = next(child for child in children if child.name() == "postgres")
        return {"supervisor": supervisor, "api": hands[0], "worker": hands[-1], "postmaster": postmaster}[
            name
        ]

    def tell(self, how: signal.Signals) -> None:
        if how is signal.SIGINT:
            os.killpg(self.process.pid, how)  # Ctrl-C reaches everything in the terminal
        else:
            self.process.send_signal(how)

    async def gone(self, processes: list[psutil.Process]) -> None:
        """Wait until none of these is left."""
        left: list[psutil.Process] = []
        for _ in range(int(STOPS_WITHIN / 0.05)):
            left = [process for process in processes if not has_exited(process)]
            self.process.poll()  # after the look: who ended meanwhile has a status to be taken
            if not left:
                return
            await asyncio.sleep(0.05)
        pytest.fail(f"still there: {left}")

    async def end(self) -> None:
        if self.process.poll() is None:
            processes = self.all()
            self.tell(signal.SIGTERM)
            await self.gone(processes)


class ShiftedProgram(Program):
    """The program with the clock of the test: `travel` moves both."""

    module = "survive.clock_offset"

    def __init__(self, home: Path, **settings: object) -> None:
        self.offset = home.parent / OFFSET_FILE
        self.travel(timedelta())
        super().__init__(home, **settings)

    def travel(self, by: timedelta) -> None:
        clock.travel(by)
        written = self.offset.with_suffix(".new")
        written.write_text(str((clock.now() - datetime.now(UTC)).total_seconds()))
        written.replace(self.offset)  # at once: whoever reads it meanwhile reads the one or the other


Serving = Callable[..., Awaitable[Program]]
