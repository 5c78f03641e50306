"""Advisory locks on files: the kernel drops them with the process, also after kill -9."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import Misconfigured

STEP = 0.01  # seconds between two looks


def share(path: Path) -> int:
    """Join the holders of `path`; closing the returned descriptor leaves them."""
    lock = _open(path)
    try:
        fcntl.flock(lock, fcntl.LOCK_SH)
    except OSError:
        os.close(lock)
        raise
    return lock


@contextmanager
def alone(path: Path, patience: float) -> Iterator[None]:
    """Hold `path` alone, waiting `patience` seconds for others to finish."""
    deadline = time.monotonic() + patience
    lock = _open(path)
    try:
        while not _take(lock):
            if time.monotonic() > deadline:
                raise Misconfigured(f"another process has been holding {path} for {patience:.0f} seconds")
            time.sleep(STEP)
        yield
    finally:
        os.close(lock)


def deserted(path: Path) -> bool:
    """Tell whether nobody shares `path` at this moment."""
    lock = _open(path)
    try:
        return _take(lock)
    finally:
        os.close(lock)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def _take(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
