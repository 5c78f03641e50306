"""Starts and stops the server of one cluster, and tells whether it answers."""

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
from app.pg import location, processes, server_log
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
    # Little memory while idle.
    "shared_buffers": "64MB",
    "max_connections": "100",
    "max_wal_size": "1GB",
    "max_logical_replication_workers": "0",
    "jit": "off",
    # To standard error, which is our log file; without statements and rows, which hold names and phone numbers.
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
}
SETTINGS_SINCE_18 = {"io_method": "sync"}  # no idle I/O workers
RETRY_SECONDS = 15.0  # for orphans of a killed server to release its shared memory
RECOVERY_SECONDS = 180.0  # for a server to replay its WAL after a crash
TRANSIENT_ERRORS = ("shared memory", "lock file")  # in PostgreSQL's message, when trying again helps
ANSWER_SECONDS = 2.0
STARTUP_MESSAGE = b"user\0loudeng\0database\0loudeng\0\0"


@dataclass(frozen=True)
class Server:
    """The server of the cluster in `home`, run by `account`, with its output in `log_file`."""

    home: Path
    account: Account
    log_file: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    def socket_folder(self) -> Path | None:
        """Return the folder of the socket, as the server itself wrote it to postmaster.pid."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        return Path(lines[4]) if len(lines) > 4 and lines[4] else None

    def answers(self) -> bool:
        """Tell whether the server accepts sessions; not while it is starting up or shutting down."""
        folder = self.socket_folder()
        answer = _send_startup(location.socket_in(folder)) if folder else b""
        return answer.startswith(b"R") or (answer.startswith(b"E") and b"\0C57P03\0" not in answer)

    def runs(self) -> bool:
        """Tell whether the server's process is there and can be reached, whether or not it answers."""
        folder = self.socket_folder()
        return (
            folder is not None
            and location.socket_in(folder).exists()
            and processes.postmaster(self.data) is not None
        )

    def start(self, binaries: Binaries) -> None:
        """Make the server answer, whatever state an earlier one left; the caller holds the start lock."""
        deadline = time.monotonic() + RETRY_SECONDS
        while not self.answers():
            running, socket_folder = processes.postmaster(self.data), self.socket_folder()
            if running is None:
                self._launch(binaries, deadline)
            elif socket_folder and not location.socket_in(socket_folder).exists():
                processes.stop(running)  # its socket was deleted as a temporary file: nobody can reach it
            else:
                self._wait_until_answers(running)

    def _launch(self, binaries: Binaries, deadline: float) -> None:
        processes.clean_up(self.data)
        socket_folder = location.prepare_socket_folder(self.home, self.account)
        location.remove_stale_socket(socket_folder)
        output = server_log.open_for_append(self.log_file)
        try:
            log_start = os.lseek(output, 0, os.SEEK_CUR)
            pid = self._spawn(binaries, socket_folder, output)
        finally:
            os.close(output)
        if psutil.pid_exists(pid) and self._wait_until_answers(psutil.Process(pid)):
            log.get("pg").info("server_started", home=str(self.home), pid=pid)
            return
        message = server_log.read_from(self.log_file, log_start)
        if time.monotonic() > deadline or not any(error in message for error in TRANSIENT_ERRORS):
            raise Misconfigured(
                f"PostgreSQL does not start over {self.home}: {server_log.last_lines(message)}"
            )
        time.sleep(0.1)

    def _spawn(self, binaries: Binaries, socket_folder: Path, output: int) -> int:
        settings = (
            SETTINGS
            | (SETTINGS_SINCE_18 if binaries.major >= 18 else {})
            | {"unix_socket_directories": str(socket_folder)}
        )
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        child = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
            [binaries.bin / "postgres", "-D", self.data, "-p", str(location.PORT), *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C in the terminal is for this process only
            **self.account.options(),
        )
        processes.adopt(child.pid)
        child.returncode = (
            0  # it may outlive us and is reaped by pid: Popen must not warn when it is collected
        )
        return child.pid

    def _wait_until_answers(self, running: psutil.Process) -> bool:
        """Wait until the server answers (True) or ends (False)."""
        deadline = time.monotonic() + RECOVERY_SECONDS
        while not self.answers():
            if processes.has_exited(running):
                return False
            if time.monotonic() > deadline:
                raise Misconfigured(f"PostgreSQL over {self.home} does not answer; see {self.log_file}")
            time.sleep(processes.POLL_SECONDS)
        return True

    def stop(self) -> None:
        """Stop the server and every process of it."""
        running, socket_folder = processes.postmaster(self.data), self.socket_folder()
        if running:
            processes.stop(running)
            log.get("pg").info("server_stopped", home=str(self.home), pid=running.pid)
        else:
            processes.clean_up(self.data)
        location.remove(self.home, socket_folder)


def _send_startup(path: Path) -> bytes:
    """Open a session as a client would, and return the beginning of the answer; b"" if there is none."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(ANSWER_SECONDS)
            connection.connect(str(path))
            connection.sendall(struct.pack("!II", 8 + len(STARTUP_MESSAGE), 3 << 16) + STARTUP_MESSAGE)
            return connection.recv(512)
    except OSError:
        return b""
