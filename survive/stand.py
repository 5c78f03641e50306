"""Where the promises are put to the test: data folders, the program over one of them at a time, its commands, its rows."""

import asyncio
import shutil
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import asyncpg

from app.pg import Cluster
from bench.server import surroundings
from survive.program import Program

T = TypeVar("T")
COMMAND: Final = 120.0  # seconds a command may take


class Stand:
    """A folder for everything. With `quick` the counts are small: a look whether it works, no measure."""

    def __init__(self, root: Path, *, quick: bool) -> None:
        self.root, self.quick = root, quick
        self.program: Program | None = None
        self._begun = time.monotonic()

    def some(self, full: int, quick: int) -> int:
        """Return how many or how long, by the size of the run."""
        return quick if self.quick else full

    def tell(self, said: str) -> None:
        """Print a line of progress."""
        sys.stdout.write(f"{time.monotonic() - self._begun:5.0f} s  {said}\n")
        sys.stdout.flush()

    def folder(self, name: str) -> Path:
        """Return the data folder of a name."""
        return self.root / name

    def serve(self, name: str = "street", kind: type[Program] = Program, **settings: object) -> Program:
        """Have the program serving over a folder with these settings; what served before goes on if it is that."""
        now = self.program
        if now and now.process.poll() is None:
            if (type(now), now.data_dir, now.settings) == (kind, self.folder(name), settings):
                return now
            now.stop()
        self.program = kind(self.folder(name), **settings)
        return self.program

    def again(self) -> Program:
        """Begin the program again that has ended, as the machine's service manager would, at the same port."""
        ended = self.program
        assert ended
        self.program = type(ended)(ended.data_dir, **{**ended.settings, "port": ended.port})
        self.program.settings = ended.settings
        return self.program

    def close(self) -> None:
        """Stop what runs."""
        if self.program:
            self.program.stop()
            self.program = None

    def command(self, *words: str, name: str = "street", **settings: object) -> str:
        """Run a command of the program over a folder to its end; return its exit status and what it said."""
        done = subprocess.run(  # noqa: S603 - our own words, no shell
            [sys.executable, "-m", "app", *words],
            cwd=self.root,
            env=surroundings(self.folder(name), **settings),
            capture_output=True,
            text=True,
            timeout=COMMAND,
            check=False,
        )
        return f"{done.returncode} {done.stdout}{done.stderr}".strip()

    def sound(self, name: str = "street", **settings: object) -> bool:
        """Tell whether the ledger of a folder is whole."""
        said = self.command("verify-ledger", name=name, **settings)
        self.tell(said)
        return said.startswith("0 账本完好")

    def ask(self, what: Callable[[asyncpg.Connection], Awaitable[T]], name: str = "street") -> T:
        """Ask the embedded database of a folder itself."""
        cluster = Cluster(self.folder(name))
        try:
            return asyncio.run(_asked(cluster.up(), what))
        finally:
            cluster.release()

    def rows(self, sql: str, *values: Any, name: str = "street") -> list[asyncpg.Record]:
        """Return what a statement gives in the embedded database of a folder."""
        return self.ask(lambda line: line.fetch(sql, *values, timeout=60), name)

    def missing(self, tickets: set[str], name: str = "street") -> int:
        """Count the tickets that are not in the database."""
        there = self.rows("SELECT id FROM ticket WHERE id = ANY ($1::uuid[])", list(tickets), name=name)
        return len(tickets) - len(there)

    @contextmanager
    def small(self, name: str, megabytes: int) -> Iterator[bool]:
        """Lay a data folder on a small file system of its own; False where this user may not mount one."""
        place = self.folder(name)
        place.mkdir(mode=0o755)
        size = f"size={megabytes}m,mode=0755"
        words = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(place)]
        mount = shutil.which("mount")
        done = mount and subprocess.run(words, capture_output=True, check=False).returncode == 0  # noqa: S603 - as above
        try:
            yield bool(done)
        finally:
            self.close()
            if done:
                subprocess.run(["umount", "-l", str(place)], capture_output=True, check=False)  # noqa: S603, S607 - as above


async def _asked(dsn: str, what: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
    line = await asyncpg.connect(dsn, timeout=10, command_timeout=60)
    try:
        return await what(line)
    finally:
        await line.close()
