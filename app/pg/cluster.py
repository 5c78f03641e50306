"""The uses of one cluster: the first process to need it starts it, the last to leave stops it."""

import os
import threading
from functools import cached_property
from pathlib import Path
from subprocess import SubprocessError
from urllib.parse import quote

import psutil

from app.errors import Misconfigured
from app.pg import account, binaries, birth, journal, locks, place
from app.pg.server import Server

TURN = 240.0  # seconds to wait for another process that is starting or stopping


class Cluster:
    """A use of the PostgreSQL of one data folder by this process."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir.resolve()
        self._use: int | None = None  # descriptor of the shared lock
        self._process = os.getpid()
        self._turn = threading.Lock()

    @cached_property
    def home(self) -> Path:
        """The folder of the cluster, its password and, where the path allows, its socket."""
        return place.settle(self._data_dir)

    @property
    def bin(self) -> Path:
        """The folder of the PostgreSQL programs in use."""
        return self._binaries.bin

    def up(self) -> str:
        """Have the server running, count this process among its users and return its address for asyncpg.

        Cheap when all is well; call it again to bring a dead server back. Raises Misconfigured.
        """
        self._notice_fork()
        try:
            with self._turn:
                if not (self._is_used() and self._server.answers()):
                    self._join()
                journal.trim(self._server.journal)
                return self._address()
        except (OSError, SubprocessError, psutil.Error) as trouble:
            told = " ".join(str(trouble).split())
            raise Misconfigured(f"PostgreSQL cannot run over {self._data_dir}: {told}") from trouble

    def release(self) -> None:
        """Give up this process's use; the last user stops the server and waits for it."""
        self._notice_fork()
        with self._turn:
            if self._use is None:
                return
            self._leave()
            if not self._data_dir.exists():  # deleted under us: nobody can use what is left of it
                self._server.rest()
                return
            with locks.alone(self._data_dir / "start.lock", TURN):
                self._stop_if_last()

    def after_fork(self) -> None:
        """Take a use of one's own in a forked child, and forget the parent's without giving it up."""
        self._process = os.getpid()
        self._turn = threading.Lock()  # another thread of the parent may have held it
        if self._use is not None:
            inherited, self._use = self._use, locks.share(self._data_dir / "users.lock")
            os.close(inherited)  # only closed: unlocking would unlock the parent's, it is the same lock

    @cached_property
    def _server(self) -> Server:
        return Server(self.home, account.of(self.home), self._data_dir / "postgres.log")

    @cached_property
    def _binaries(self) -> binaries.Binaries:
        version = self._server.data / "PG_VERSION"
        return binaries.find(self._server.runs_as, int(version.read_text()) if version.exists() else None)

    def _notice_fork(self) -> None:
        if self._process != os.getpid():
            self.after_fork()

    def _is_used(self) -> bool:
        # A lock on a deleted file is seen by nobody.
        return self._use is not None and os.fstat(self._use).st_nlink > 0

    def _join(self) -> None:
        self._leave()
        self._data_dir.mkdir(parents=True, exist_ok=True)
        with locks.alone(self._data_dir / "start.lock", TURN):
            self._have_cluster()
            self._use = locks.share(self._data_dir / "users.lock")
            try:
                self._server.rouse(self._binaries)
            except BaseException:  # Ctrl-C among them: no server without a user
                self._leave()
                self._stop_if_last()
                raise

    def _stop_if_last(self) -> None:
        if locks.deserted(self._data_dir / "users.lock"):
            self._server.rest()

    def _leave(self) -> None:
        if self._use is not None:
            os.close(self._use)
            self._use = None

    def _have_cluster(self) -> None:
        birth.bury_stillborn(self.home)
        if not self.home.exists():
            birth.bear(self.home, self._server.runs_as, self._binaries)
        place.leave_note(self._data_dir, self.home, self._server.runs_as)

    def _address(self) -> str:
        password, folder = (self.home / "password").read_text().strip(), self._server.sockets()
        if folder is None:
            raise Misconfigured(f"PostgreSQL ended as soon as it had begun; see {self._server.journal}")
        return (
            f"postgresql://{birth.NAME}:{password}@/{birth.NAME}?host={quote(str(folder))}&port={place.PORT}"
        )
