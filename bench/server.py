"""The real server under test: started as anybody starts it, watched from outside, stopped for good."""

import http.client
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psutil

from app.pg import Cluster

ROOT = Path(__file__).parents[1]
STARTING = 90.0  # seconds, the first time, with a cluster to be made
STOPPING = 20.0


@contextmanager
def folder(prefix: str) -> Iterator[Path]:
    """Give a folder for data folders and take it away again, with each cluster wherever it came to lie."""
    root = Path(tempfile.mkdtemp(prefix=prefix))
    root.chmod(0o755)  # as root the database runs as somebody else
    try:
        yield root
    finally:
        for data_dir in root.iterdir():
            if data_dir.is_dir():
                shutil.rmtree(Cluster(data_dir).home, ignore_errors=True)
        shutil.rmtree(root, ignore_errors=True)


def surroundings(data_dir: Path, **settings: object) -> dict[str, str]:
    """Return the environment of the server: ours without any LOUDENG_*, and what is measured with."""
    given = {f"LOUDENG_{name.upper()}": str(value) for name, value in settings.items()}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LOUDENG_")}
    return kept | {
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
        "LOUDENG_DATA_DIR": str(data_dir),
        "LOUDENG_DEMO": "1",
        "LOUDENG_PORT": "0",
        "LOUDENG_RATE_LIMITS": "off",
        "LOUDENG_WEBHOOK_ALLOW_NETWORKS": "127.0.0.0/8",
        "LOUDENG_LOG_LEVEL": "WARNING",
        **given,
    }


class Server:
    """One run of `python -m app serve`. `seconds`: from the command to /ready."""

    module = "app"

    def __init__(self, data_dir: Path, *, stderr: IO[bytes] | None = None, **settings: object) -> None:
        begun = time.monotonic()
        # Not in the checkout: a .env there may name a database that is not ours to fill.
        self.process = subprocess.Popen(  # noqa: S603 - our own words, no shell
            [sys.executable, "-m", self.module, "serve"],
            cwd=data_dir.parent,
            env=surroundings(data_dir, **settings),
            stdout=subprocess.PIPE,
            stderr=stderr,
        )
        try:
            self.port = self._port(begun + STARTING)
            while not ready(self.port):
                if time.monotonic() > begun + STARTING:
                    raise RuntimeError("the server does not become ready")
                time.sleep(0.01)
        except BaseException:
            self.stop()
            raise
        self.seconds = time.monotonic() - begun
        self.main = psutil.Process(self.process.pid)

    def _port(self, deadline: float) -> int:
        """Read the port from the line the server prints once it listens."""
        out = self.process.stdout
        assert out is not None
        if not select.select([out], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise RuntimeError("the server says nothing")
        line = out.readline().decode()
        if "http://" not in line:
            raise RuntimeError(f"the server did not start: {line!r}")
        return int(line.split()[1].rpartition(":")[2])

    @property
    def children(self) -> list[psutil.Process]:
        """The API process and the worker, in the order they are started in."""
        children = [child for child in self.main.children() if "postgres" not in child.name()]
        return sorted(children, key=lambda child: (child.create_time(), child.pid))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Have the worker pause for the length of a block: one process is compared with one process."""
        worker = self.children[1]
        worker.suspend()
        try:
            yield
        finally:
            worker.resume()

    def memory_mb(self) -> tuple[float, str]:
        """Return the memory of server and database in MB, and of what kind; shared pages are counted once."""
        infos = [process.memory_full_info() for process in family(self.main)]
        kind = "pss" if hasattr(infos[0], "pss") else "uss"
        return sum(getattr(info, kind) for info in infos) / 1e6, kind.upper()

    def cpu(self) -> tuple[float, float]:
        """Return the CPU seconds used so far: by the API process, and by it with worker and database."""
        return _cpu(self.children[:1]), _cpu(family(self.main))

    def stop(self) -> None:
        """Stop the server as Ctrl-C would, and wait."""
        self.process.terminate()
        try:
            self.process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            for process in family(psutil.Process(self.process.pid)):
                with suppress(psutil.Error):
                    process.kill()
            self.process.wait(STOPPING)
        if self.process.stdout:
            self.process.stdout.close()


def family(main: psutil.Process) -> list[psutil.Process]:
    """Return a process and all below it."""
    return [main, *main.children(recursive=True)]


def _cpu(processes: Iterable[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # one of the database's passing helpers
            times = process.cpu_times()
            total += times.user + times.system
            if process.name() == "postgres":  # the helpers that have ended
                total += getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return total


def ready(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/ready")
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
