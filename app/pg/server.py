"""One server over a cluster: where it answers, and how it is brought to answer."""

import os
import socket
import struct
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from app import log
from app.errors import Misconfigured
from app.pg import journal, place, processes
from app.pg.account import Account
from app.pg.binaries import Binaries

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    # Nothing committed is lost, whatever postgresql.conf says.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    # Small while idle.
    "shared_buffers": "64MB",
    "max_connections": "100",
    "max_wal_size": "1GB",
    "max_logical_replication_workers": "0",
    "jit": "off",
    # To standard error, our journal; without statements and rows, which hold names and phones.
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}
SINCE_18 = {"io_method": "sync"}  # no idle helpers for reading
STARTING = 15.0  # seconds for orphans of a killed server to let go of its memory
RECOVERING = 180.0  # seconds for a server to read its log after a crash
PASSING = ("shared memory", "lock file")  # what PostgreSQL says of troubles that pass by themselves
ANSWER = 2.0  # seconds
GREETING = b"user\0loudeng\0database\0loudeng\0\0"


@dataclass(frozen=True)
class Server:
    """The server of the cluster in `home`, as `runs_as` runs it and `journal` hears it."""

    home: Path
    runs_as: Account
    journal: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    def sockets(self) -> Path | None:
        """Return the folder of the socket, as the server wrote it down itself."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        return Path(lines[4]) if len(lines) > 4 and lines[4] else None

    def answers(self) -> bool:
        """Tell whether a session could begin; "starting up" and "shutting down" are not that."""
        folder = self.sockets()
        said = _greet(place.socket_in(folder)) if folder else b""
        return said.startswith(b"R") or (said.startswith(b"E") and b"\0C57P03\0" not in said)

    def rouse(self, binaries: Binaries) -> None:
        """Bring the server to answer, whatever became of the one before; nobody else may be at it."""
        deadline = time.monotonic() + STARTING
        while not self.answers():
            running, sockets = processes.postmaster(self.data), self.sockets()
            if running is None:
                self._start(binaries, deadline)
            elif sockets and not place.socket_in(sockets).exists():
                processes.stop(running)  # a cleaner of temporary files took its socket: it is out of reach
            else:
                self._await(running)

    def _start(self, binaries: Binaries, deadline: float) -> None:
        processes.clear(self.data)
        sockets = place.socket_folder(self.home, self.runs_as)
        place.sweep(sockets)
        output = journal.begin(self.journal)
        try:
            begun = os.lseek(output, 0, os.SEEK_CUR)
            pid = self._launch(binaries, sockets, output)
        finally:
            os.close(output)
        if psutil.pid_exists(pid) and self._await(psutil.Process(pid)):
            log.get("pg").info("server_started", home=str(self.home), pid=pid)
            return
        said = journal.since(self.journal, begun)
        if time.monotonic() > deadline or not any(trouble in said for trouble in PASSING):
            raise Misconfigured(f"PostgreSQL does not start over {self.home}: {journal.last_words(said)}")
        time.sleep(0.1)

    def _launch(self, binaries: Binaries, sockets: Path, output: int) -> int:
        settings = (
            SETTINGS | (SINCE_18 if binaries.major >= 18 else {}) | {"unix_socket_directories": str(sockets)}
        )
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        child = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
            [binaries.bin / "postgres", "-D", self.data, "-p", str(place.PORT), *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C in our terminal is for us
            **self.runs_as.options(),
        )
        processes.adopt(child.pid)
        child.returncode = (
            0  # it may outlive us and is reaped by number: nothing to warn of when this object goes
        )
        return child.pid

    def _await(self, running: psutil.Process) -> bool:
        """Wait until the server answers (True) or ends (False)."""
        deadline = time.monotonic() + RECOVERING
        while not self.answers():
            if processes.gone(running):
                return False
            if time.monotonic() > deadline:
                raise Misconfigured(f"PostgreSQL over {self.home} does not answer; see {self.journal}")
            time.sleep(processes.STEP)
        return True

    def rest(self) -> None:
        """Stop the server and leave nothing of it running."""
        running, sockets = processes.postmaster(self.data), self.sockets()
        if running:
            processes.stop(running)
            log.get("pg").info("server_stopped", home=str(self.home), pid=running.pid)
        else:
            processes.clear(self.data)
        place.forsake(self.home, sockets)


def _greet(path: Path) -> bytes:
    """Say hello as a client would, and return the beginning of the answer; nothing if there is none."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(ANSWER)
            line.connect(str(path))
            line.sendall(struct.pack("!II", 8 + len(GREETING), 3 << 16) + GREETING)
            return line.recv(512)
    except OSError:
        return b""
