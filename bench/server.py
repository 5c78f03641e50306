"""The real server under test: started by its public command, observed from outside, stopped."""

import http.client
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO, Final

import psutil

from app.pg import Cluster
from bench.processes import cpu_seconds, memory_mb, process_tree, suspended

ROOT: Final = Path(__file__).parents[1]
START_TIMEOUT: Final = 90.0  # seconds; the first start creates the database cluster
STOP_TIMEOUT: Final = 20.0


@contextmanager
def temporary_root(prefix: str) -> Iterator[Path]:
    """Provide a temporary folder for data directories. Removes it at the end, with each directory's cluster."""
    root = Path(tempfile.mkdtemp(prefix=prefix))
    root.chmod(0o755)  # when we are root, the database runs as another user
    try:
        yield root
    finally:
        for data_dir in root.iterdir():
            if data_dir.is_dir():
                shutil.rmtree(Cluster(data_dir).home, ignore_errors=True)
        shutil.rmtree(root, ignore_errors=True)


def server_environment(data_dir: Path, **settings: object) -> dict[str, str]:
    """Return the server's environment: ours without any LOUDENG_*, the benchmark's settings, then `settings`."""
    overrides = {f"LOUDENG_{name.upper()}": str(value) for name, value in settings.items()}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("LOUDENG_")}
    return inherited | {
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
        "LOUDENG_DATA_DIR": str(data_dir),
        "LOUDENG_DEMO": "1",
        "LOUDENG_PORT": "0",
        "LOUDENG_RATE_LIMITS": "off",
        "LOUDENG_WEBHOOK_ALLOW_NETWORKS": "127.0.0.0/8",
        "LOUDENG_LOG_LEVEL": "WARNING",
        **overrides,
    }


class Server:
    """One run of `python -m app serve`. `start_seconds`: from the command until /ready answers 200."""

    module = "app"
    arguments: tuple[str, ...] = ("serve",)
    environment: dict[str, str] = {}  # over that of `server_environment`

    def __init__(self, data_dir: Path, *, stderr: IO[bytes] | None = None, **settings: object) -> None:
        start, self.data_dir = time.monotonic(), data_dir
        # Not started in the checkout: a .env there may name a database that must not be filled.
        self.process = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
            [sys.executable, "-m", self.module, *self.arguments],
            cwd=data_dir.parent,
            env=server_environment(data_dir, **settings) | self.environment,
            stdout=subprocess.PIPE,
            stderr=stderr,
        )
        try:
            self.port = self._wait_until_ready(start + START_TIMEOUT)
        except BaseException:
            self.stop()
            raise
        self.start_seconds = time.monotonic() - start
        self.main = psutil.Process(self.process.pid)

    def _wait_until_ready(self, deadline: float) -> int:
        """Return the port once /ready answers 200. Raises RuntimeError after the deadline (monotonic clock)."""
        port = self._read_port(deadline)
        while not is_ready(port):
            if time.monotonic() > deadline:
                raise RuntimeError("the server did not become ready")
            time.sleep(0.01)
        return port

    def _read_port(self, deadline: float) -> int:
        """Return the port from the line the server prints once it listens."""
        out = self.process.stdout
        assert out is not None
        if not select.select([out], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise RuntimeError("the server did not print its address")
        line = out.readline().decode()
        if "http://" not in line:
            raise RuntimeError(f"the server did not start: {line!r}")
        return int(line.split()[1].rpartition(":")[2])

    @property
    def children(self) -> list[psutil.Process]:
        """The API processes and the worker, in the order in which they were started."""
        children = [child for child in self.main.children() if "postgres" not in child.name()]
        return sorted(children, key=lambda child: (child.create_time(), child.pid))

    def worker_suspended(self) -> AbstractContextManager[None]:
        """Suspend the worker for the length of a block, so that one process is compared with one process."""
        return suspended(self.children[1])

    def memory_mb(self) -> tuple[float, str]:
        """Return the memory of server and database in MB, and its kind."""
        return memory_mb(process_tree(self.main))

    def cpu_seconds(self) -> tuple[float, float]:
        """Return the CPU time used so far in seconds: the API process, and all processes with the database."""
        return cpu_seconds(self.children[:1]), cpu_seconds(process_tree(self.main))

    def stop(self) -> None:
        """Stop the server with SIGTERM and wait. Kills it when it does not end within STOP_TIMEOUT."""
        self.process.terminate()
        try:
            self.process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            for process in process_tree(psutil.Process(self.process.pid)):
                with suppress(psutil.Error):
                    process.kill()
            self.process.wait(STOP_TIMEOUT)
        if self.process.stdout:
            self.process.stdout.close()


def is_ready(port: int) -> bool:
    """Tell whether /ready answers 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
