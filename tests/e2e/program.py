"""The program as its processes: `python -m app serve` and its commands, begun and ended by tests."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

from app.pg.processes import gone

ROOT = Path(__file__).parents[2]
STOPS_WITHIN = 10.0  # seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def surroundings(home: Path, **settings: object) -> dict[str, str]:
    """Return the environment of a child: nothing of the tests' own settings."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LOUDENG_")}
    ours = {"data_dir": home, "demo": 1, "rate_limits": "off", "log_level": "WARNING"} | settings
    return plain | {f"LOUDENG_{name.upper()}": str(value) for name, value in ours.items()}


def command(home: Path, *words: str, **settings: object) -> subprocess.CompletedProcess[str]:
    """Run a command of the program to its end."""
    return subprocess.run(
        [sys.executable, "-m", "app", *words],
        cwd=ROOT,
        env=surroundings(home, **settings),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


class Program:
    """`python -m app serve` and the processes under it."""

    def __init__(self, home: Path, **settings: object) -> None:
        self.home, self.port = home, free_port()
        with (home.parent / "serve.log").open("a") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app", "serve"],
                cwd=ROOT,
                env=surroundings(home, port=self.port, **settings),
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        self.url = f"http://127.0.0.1:{self.port}"

    async def ready(self) -> None:
        async with asyncio.timeout(30), httpx.AsyncClient(base_url=self.url) as http:
            while True:
                assert self.process.poll() is None, (self.home.parent / "serve.log").read_text()[-2000:]
                try:
                    if (await http.get("/ready")).status_code == 200:
                        return
                except httpx.TransportError:
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
            left = [process for process in processes if not gone(process)]
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


Serving = Callable[..., Awaitable[Program]]
