"""The processes of one server: database, API and worker, begun together, kept alive, ended together."""

import asyncio
import gc
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

import uvicorn

from app import clock, db, log, settings, worker
from app.errors import Misconfigured
from app.pg import Cluster
from app.services import changes, demo, imports, people, schema
from app.wire import Deadline

logger = log.get("serve")

LOOK: Final = 0.25  # seconds between looks at children and database
PATIENCE: Final = 9.0  # seconds a child has to finish what it began
LEAVING: Final = 0.5  # of them: whoever still asks is answered and sent away
ANSWERING: Final = 8  # of them: what is in flight is answered
DRAINING: Final = 0.05  # seconds in which connections made before the signal are taken up
STATEMENT_SECONDS: Final = 5.0  # no request's statement runs longer

Work = Callable[[asyncio.Event], Coroutine[Any, Any, None]]


@contextmanager
def database() -> Iterator[tuple[str, Cluster | None]]:
    """Have the database running: the one that is set, or the embedded one, shared with whoever else uses it."""
    conf = settings.get()
    if conf.database_url:
        yield conf.database_url, None
        return
    cluster = Cluster(conf.data_dir)
    try:
        yield cluster.up(), cluster
    finally:
        cluster.release()


async def prepare() -> None:
    """Bring schema, built-in data and the demo street up to date; the database is connected."""
    if not await schema.is_current():
        await schema.upgrade()
    await schema.make_partitions(clock.now())
    await changes.mend()
    if settings.get().demo:
        await demo.load(people.consent().version)
    else:
        await imports.load_builtin()


def serve(*, api: bool, work: bool) -> None:
    """Serve until SIGTERM or Ctrl-C. Raises Misconfigured when it cannot start."""
    conf = settings.get()
    listening = _listen(conf.host, conf.port) if api else None
    with database() as (dsn, cluster):
        _run(_connected(dsn, prepare()))
        crew = _Crew(cluster, listening)
        if listening:
            for _ in range(conf.workers):
                crew.hire("api", dsn, lambda stop: _api(listening, stop))
        if work:
            crew.hire("worker", dsn, worker.run)
        if listening:
            host, port = listening.getsockname()[:2]
            sys.stdout.write(f"楼灯 http://{f'[{host}]' if ':' in host else host}:{port}  (Ctrl-C 停止)\n")
            sys.stdout.flush()
        crew.keep()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        raise Misconfigured(f"cannot listen on {host}:{port}: {error.strerror}") from None
    listening.listen(2048)
    listening.setblocking(False)
    return listening


async def _connected(dsn: str, work: Coroutine[Any, Any, None]) -> None:
    db.connect(dsn)
    try:
        await work
    finally:
        await db.disconnect()


def _run(work: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(work)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415 - not there on Windows
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


class _Server(uvicorn.Server):
    """Uvicorn without its own signals: the crew tells it when to stop."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _api(listening: socket.socket, stop: asyncio.Event) -> None:
    from app.main import create_app  # noqa: PLC0415 - a worker alone needs no web

    config = uvicorn.Config(
        create_app(),
        http=Deadline,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=ANSWERING,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    await _take_leave(server)
    server.should_exit = True
    await serving
    stopping.cancel()


async def _take_leave(server: uvicorn.Server) -> None:
    """Have every answer from now on end its connection: what is asked of a connection that is closed meanwhile is lost."""
    for headers in (server.config.encoded_headers, server.server_state.default_headers):
        headers.append((b"connection", b"close"))
    await asyncio.sleep(LEAVING)


@dataclass
class _Hand:
    """One child process and how to begin it again."""

    name: str
    begin: Callable[[], int]
    pid: int = 0
    began: float = 0.0


@dataclass
class _Crew:
    """The children of this process. They end when it asks them to, or when it is gone."""

    cluster: Cluster | None
    listening: socket.socket | None = None
    hands: list[_Hand] = field(default_factory=list)
    stopping: bool = False

    def __post_init__(self) -> None:
        # Nothing is ever written: the read end tells the children when the write end has gone, however it went.
        self._read, self._write = os.pipe()
        gc.collect()
        gc.freeze()  # what is loaded by now is shared with the children

    def hire(self, name: str, dsn: str, work: Work) -> None:
        """Begin a child and keep it."""
        hand = _Hand(
            name, lambda: self._fork(dsn, work, statement_seconds=STATEMENT_SECONDS if name == "api" else 0)
        )
        self._start(hand)
        self.hands.append(hand)

    def _start(self, hand: _Hand) -> None:
        hand.pid, hand.began = hand.begin(), time.monotonic()

    def _fork(self, dsn: str, work: Work, *, statement_seconds: float) -> int:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:
            os.close(self._write)
            signal.signal(
                signal.SIGINT, signal.SIG_IGN
            )  # Ctrl-C reaches the whole terminal; the parent decides
            if self.cluster:
                self.cluster.after_fork()
            db.connect(dsn, statement_seconds=statement_seconds)
            _run(self._until_told(work))
            code = 0
        except BaseException:
            logger.exception("child_failed")
        finally:
            if self.cluster:
                self.cluster.release()
            sys.stderr.flush()
            os._exit(code)

    async def _until_told(self, work: Work) -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, stop.set)
        loop.add_reader(self._read, self._orphaned, stop)
        try:
            await work(stop)
        finally:
            await db.disconnect()

    def _orphaned(self, stop: asyncio.Event) -> None:
        asyncio.get_running_loop().remove_reader(self._read)
        stop.set()

    def keep(self) -> None:
        """Watch children and database until told to stop; bring back what dies."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told)
        while not self.stopping:
            time.sleep(LOOK)
            self._revive()
        self._end()

    def _told(self, *_: object) -> None:
        self.stopping = True

    def _revive(self) -> None:
        if self.cluster:
            try:
                self.cluster.up()
            except Misconfigured as error:
                logger.error("database_down", error=str(error))  # noqa: TRY400 - one line says it
        for hand in self.hands:
            if not self.stopping and hand.pid and _gone(hand.pid):
                logger.error("child_died", name=hand.name, lived=round(time.monotonic() - hand.began, 1))
                time.sleep(min(1.0, max(0.0, 1.0 - (time.monotonic() - hand.began))))  # one that dies at once
                self._start(hand)

    def _end(self) -> None:
        """Ask every child to finish, and wait; one that does not is killed."""
        self._stop_listening()
        for hand in self.hands:
            _signal(hand.pid, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        left = [hand.pid for hand in self.hands]
        while left and time.monotonic() < deadline:
            left = [pid for pid in left if not _gone(pid)]
            time.sleep(0.02)
        for pid in left:
            _signal(pid, signal.SIGKILL)
            _gone(pid)

    def _stop_listening(self) -> None:
        """Take no new connection, and lose none: one that is made and never taken up would wait, and be cut."""
        if self.listening:
            self.listening.listen(0)
            time.sleep(DRAINING)
            with suppress(OSError):  # not everywhere can a listening socket be shut
                self.listening.shutdown(socket.SHUT_RDWR)


def _gone(pid: int) -> bool:
    """Tell whether a child has ended, and let it go."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return True


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass
