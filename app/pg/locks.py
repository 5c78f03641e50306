"""Advisory locks on files: the kernel releases them when the process ends, even after kill -9."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import Misconfigured

POLL_SECONDS = 0.01


def shared(path: Path) -> int:
    """Lock `path` together with others; closing the returned descriptor unlocks it."""
    lock = _open(path)
    try:
        fcntl.flock(lock, fcntl.LOCK_SH)
    except OSError:
        os.close(lock)
        raise
    return lock


@contextmanager
def exclusive(path: Path, timeout: float) -> Iterator[None]:
    """Lock `path` for this process alone. Raises Misconfigured when others hold it for `timeout` seconds."""
    deadline = time.monotonic() + timeout
    lock = _open(path)
    try:
        while not _try_exclusive(lock):
            if time.monotonic() > deadline:
                raise Misconfigured(f"another process has been holding {path} for {timeout:.0f} seconds")
            time.sleep(POLL_SECONDS)
        yield
    finally:
        os.close(lock)


def is_free(path: Path) -> bool:
    """Tell whether nobody holds a lock on `path` at this moment."""
    lock = _open(path)
    try:
        return _try_exclusive(lock)
    finally:
        os.close(lock)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def _try_exclusive(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
