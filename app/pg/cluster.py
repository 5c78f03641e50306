"""The users of one cluster: the first process that uses it starts the server, the last one stops it."""

import os
import threading
from functools import cached_property
from pathlib import Path
from subprocess import SubprocessError
from urllib.parse import quote

import psutil

from app.errors import Misconfigured
from app.pg import account, binaries, create, location, locks, server_log
from app.pg.server import Server

START_LOCK_SECONDS = 240.0  # to wait for another process that is starting or stopping the server


class Cluster:
    """This process's use of the PostgreSQL of one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir.resolve()
        self._user_lock: int | None = None  # descriptor of the shared lock on users.lock
        self._pid = os.getpid()
        self._mutex = threading.Lock()

    @cached_property
    def home(self) -> Path:
        """The folder of the cluster, its password and, where the path allows, its socket."""
        return location.locate(self._data_dir)

    @property
    def bin(self) -> Path:
        """The folder of the PostgreSQL programs in use."""
        return self._binaries.bin

    def up(self, *, wait: bool = True) -> str:
        """Make sure the server runs, count this process among its users and return its DSN for asyncpg.

        Cheap while the server answers; call it again to restart a dead server. One that runs but does not answer, as it
        recovers or was stopped, is waited for, or with `wait=False` left alone. Raises Misconfigured.
        """
        self._detect_fork()
        try:
            with self._mutex:
                if not (self._is_user() and (self._server.answers() or (not wait and self._server.runs()))):
                    self._join()
                server_log.trim(self._server.log_file)
                return self._dsn()
        except (OSError, SubprocessError, psutil.Error) as error:
            reason = " ".join(str(error).split())
            raise Misconfigured(f"PostgreSQL cannot run over {self._data_dir}: {reason}") from error

    def release(self) -> None:
        """Stop being a user; the last user stops the server and waits for it."""
        self._detect_fork()
        with self._mutex:
            if self._user_lock is None:
                return
            self._leave()
            if not self._data_dir.exists():  # deleted meanwhile: nobody can use the rest of it
                self._server.stop()
                return
            with locks.exclusive(self._data_dir / "start.lock", START_LOCK_SECONDS):
                self._stop_if_last()

    def after_fork(self) -> None:
        """Become a user of its own in a forked child, without giving up the parent's use."""
        self._pid = os.getpid()
        self._mutex = threading.Lock()  # another thread of the parent may have held it
        if self._user_lock is not None:
            inherited, self._user_lock = self._user_lock, locks.shared(self._data_dir / "users.lock")
            os.close(inherited)  # closed, not unlocked: it is the parent's lock too

    @cached_property
    def _server(self) -> Server:
        return Server(self.home, account.account_for(self.home), self._data_dir / "postgres.log")

    @cached_property
    def _binaries(self) -> binaries.Binaries:
        version = self._server.data / "PG_VERSION"
        return binaries.find_binaries(
            self._server.account, int(version.read_text()) if version.exists() else None
        )

    def _detect_fork(self) -> None:
        if self._pid != os.getpid():
            self.after_fork()

    def _is_user(self) -> bool:
        # A lock on a deleted file does not count: no other process can see it.
        return self._user_lock is not None and os.fstat(self._user_lock).st_nlink > 0

    def _join(self) -> None:
        self._leave()
        self._data_dir.mkdir(parents=True, exist_ok=True)
        with locks.exclusive(self._data_dir / "start.lock", START_LOCK_SECONDS):
            self._ensure_cluster()
            self._user_lock = locks.shared(self._data_dir / "users.lock")
            try:
                self._server.start(self._binaries)
            except BaseException:  # also on Ctrl-C: no server without a user
                self._leave()
                self._stop_if_last()
                raise

    def _stop_if_last(self) -> None:
        if locks.is_free(self._data_dir / "users.lock"):
            self._server.stop()

    def _leave(self) -> None:
        if self._user_lock is not None:
            os.close(self._user_lock)
            self._user_lock = None

    def _ensure_cluster(self) -> None:
        create.remove_incomplete(self.home)
        if not self.home.exists():
            create.create_cluster(self.home, self._server.account, self._binaries)
        location.write_note(self._data_dir, self.home, self._server.account)

    def _dsn(self) -> str:
        password, folder = (self.home / "password").read_text().strip(), self._server.socket_folder()
        if folder is None:
            raise Misconfigured(f"PostgreSQL stopped right after its start; see {self._server.log_file}")
        return f"postgresql://{create.NAME}:{password}@/{create.NAME}?host={quote(str(folder))}&port={location.PORT}"
