"""Where the promises are tested: data directories, the program over one of them at a time, its commands, its database."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import asyncpg

from app.pg import Cluster
from bench.database import Query, run_query
from bench.progress import Progress
from bench.server import server_environment
from survive.program import Program

T = TypeVar("T")
COMMAND_TIMEOUT: Final = 120.0  # seconds
STATEMENT_TIMEOUT: Final = 60.0
DEFAULT: Final = "street"  # name of the data directory that most promises share


class Environment:
    """A root folder with data directories by name. `quick`: small counts, to see whether a promise can be measured.

    `previous`: the commit of the release that is upgraded from; None: the one before the newest migration.
    """

    def __init__(self, root: Path, progress: Progress, *, quick: bool, previous: str | None = None) -> None:
        self.root, self.progress, self.quick, self.previous = root, progress, quick, previous
        self.program: Program | None = None

    def size(self, full: int, quick: int) -> int:
        """Return a count or a number of seconds, depending on the size of the run."""
        return quick if self.quick else full

    def data_dir(self, name: str = DEFAULT) -> Path:
        """Return the data directory of a name."""
        return self.root / name

    def serve(self, name: str = DEFAULT, kind: type[Program] = Program, **settings: object) -> Program:
        """Return the program serving a data directory with these settings; one that does already is used."""
        current = self.program
        if current and current.process.poll() is None:
            requested = (kind, self.data_dir(name), settings)
            if (type(current), current.data_dir, current.settings) == requested:
                return current
            current.stop()
        self.program = kind(self.data_dir(name), **settings)
        return self.program

    def restart(self) -> Program:
        """Start the program that has ended again, at the same port, as a service manager would."""
        previous = self.program
        assert previous
        settings = {**previous.settings, "port": previous.port}
        self.program = type(previous)(previous.data_dir, **settings)
        self.program.settings = previous.settings
        return self.program

    def close(self) -> None:
        """Stop the program."""
        if self.program:
            self.program.stop()
            self.program = None

    def run_command(self, *arguments: str, name: str = DEFAULT, **settings: object) -> str:
        """Run a command of the program to its end; return its exit status, a space and its output."""
        done = subprocess.run(  # noqa: S603 - our own arguments, no shell
            [sys.executable, "-m", "app", *arguments],
            cwd=self.root,
            env=server_environment(self.data_dir(name), **settings),
            capture_output=True,
            text=True,
            timeout=COMMAND_TIMEOUT,
            check=False,
        )
        return f"{done.returncode} {done.stdout}{done.stderr}".strip()

    def ledger_is_valid(self, name: str = DEFAULT, **settings: object) -> bool:
        """Run verify-ledger on a data directory and tell whether the ledger is whole."""
        self.progress.step("verify the ledger")
        output = self.run_command("verify-ledger", name=name, **settings)
        self.progress.log(output)
        return output.startswith("0 账本完好")

    def query(self, query: Query[T], name: str = DEFAULT) -> T:
        """Run a query on the embedded database of a data directory."""
        cluster = Cluster(self.data_dir(name))
        try:
            return run_query(cluster.up(), query, STATEMENT_TIMEOUT)
        finally:
            cluster.release()

    def fetch(self, sql: str, *values: Any, name: str = DEFAULT) -> list[asyncpg.Record]:
        """Return the rows of a statement on the embedded database of a data directory."""
        return self.query(lambda connection: connection.fetch(sql, *values, timeout=STATEMENT_TIMEOUT), name)

    def count_missing(self, ticket_ids: set[str], name: str = DEFAULT) -> int:
        """Count the tickets that are not in the database."""
        rows = self.fetch("SELECT id FROM ticket WHERE id = ANY ($1::uuid[])", list(ticket_ids), name=name)
        return len(ticket_ids) - len(rows)

    @contextmanager
    def small_filesystem(self, name: str, megabytes: int) -> Iterator[bool]:
        """Mount a small file system as a data directory; yields False where this user may not mount."""
        data_dir, mount = self.data_dir(name), shutil.which("mount")
        data_dir.mkdir(mode=0o755)
        arguments = ["-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(data_dir)]
        mounted = bool(mount) and _succeeds("mount", *arguments)
        try:
            yield mounted
        finally:
            self.close()
            if mounted:
                _succeeds("umount", "-l", str(data_dir))


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603 - our own arguments
