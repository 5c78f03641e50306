"""Starts child processes, starts again what dies, and stops them together."""

import asyncio
import gc
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from app import db, log
from app.errors import Misconfigured
from app.pg import Cluster
from app.serve import loop

logger = log.get("serve")

CHECK_SECONDS: Final = 0.25  # between two checks of the children and the database
STOP_SECONDS: Final = 9.0  # for a child to stop before it is killed
ACCEPT_SECONDS: Final = 0.05  # in which connections made before the signal are accepted
STATEMENT_SECONDS: Final = (
    3.0  # that the server runs a statement of a request: less than middleware's DATABASE_SECONDS
)

Work = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


@dataclass
class ChildProcess:
    """A child process, and how to start it again."""

    name: str
    fork: Callable[[], int]  # returns the pid
    pid: int = 0
    started: float = 0.0  # monotonic seconds


@dataclass
class Supervisor:
    """The child processes of this process. They stop when it asks them to, or when it has died."""

    cluster: Cluster | None
    sockets: Sequence[socket.socket] = ()
    children: list[ChildProcess] = field(default_factory=list)
    stopping: bool = False

    def __post_init__(self) -> None:
        # Nothing is ever written: children see the end of the pipe when this process dies, however it dies.
        self._pipe_read, self._pipe_write = os.pipe()
        gc.collect()
        gc.freeze()  # share what is loaded by now with the children

    def spawn(self, name: str, dsn: str, work: Work) -> None:
        """Start a child process, which `run` starts again when it dies."""
        statement_seconds = STATEMENT_SECONDS if name == "api" else 0
        child = ChildProcess(name, lambda: self._fork(dsn, work, statement_seconds=statement_seconds))
        self._start(child)
        self.children.append(child)

    def _start(self, child: ChildProcess) -> None:
        child.pid, child.started = child.fork(), time.monotonic()

    def _fork(self, dsn: str, work: Work, *, statement_seconds: float) -> int:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:
            os.close(self._pipe_write)
            signal.signal(
                signal.SIGINT, signal.SIG_IGN
            )  # Ctrl-C reaches the whole terminal; the parent decides
            if self.cluster:
                self.cluster.after_fork()
            db.connect(dsn, statement_seconds=statement_seconds)
            loop.run(self._until_stopped(work))
            code = 0
        except BaseException:
            logger.exception("child_failed")
        finally:
            if self.cluster:
                self.cluster.release()
            sys.stderr.flush()
            os._exit(code)

    async def _until_stopped(self, work: Work) -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, stop.set)
        loop.add_reader(self._pipe_read, self._stop_orphan, stop)
        try:
            await work(stop)
        finally:
            await db.disconnect()

    def _stop_orphan(self, stop: asyncio.Event) -> None:
        asyncio.get_running_loop().remove_reader(self._pipe_read)
        stop.set()

    def run(self) -> None:
        """Watch the children and the database until a signal; start again what dies."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._request_stop)
        while not self.stopping:
            time.sleep(CHECK_SECONDS)
            self._restart_dead()
        self._stop_children()

    def _request_stop(self, *_: object) -> None:
        self.stopping = True

    def _restart_dead(self) -> None:
        if self.cluster:
            try:
                self.cluster.up(wait=False)  # children and signals are watched meanwhile
            except Misconfigured as error:
                logger.error("database_down", error=str(error))  # noqa: TRY400 - one line is enough
        for child in self.children:
            if not self.stopping and child.pid and _has_exited(child.pid):
                lived = time.monotonic() - child.started
                logger.error("child_died", name=child.name, lived=round(lived, 1))
                time.sleep(min(1.0, max(0.0, 1.0 - lived)))  # at most one restart a second
                self._start(child)

    def _stop_children(self) -> None:
        """Ask every child to stop, and wait; kill one that does not."""
        self._stop_listening()
        for child in self.children:
            _signal(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        running = [child.pid for child in self.children]
        while running and time.monotonic() < deadline:
            running = [pid for pid in running if not _has_exited(pid)]
            time.sleep(0.02)
        for pid in running:
            _signal(pid, signal.SIGKILL)
            _has_exited(pid)

    def _stop_listening(self) -> None:
        """Refuse new connections without losing one: a connection that is never accepted would hang, then be reset."""
        for listening in self.sockets:
            listening.listen(0)
        if self.sockets:
            time.sleep(ACCEPT_SECONDS)
        for listening in self.sockets:
            with suppress(OSError):  # not every system can shut down a listening socket
                listening.shutdown(socket.SHUT_RDWR)


def _has_exited(pid: int) -> bool:
    """Tell whether a child has exited, and reap it."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return True


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
