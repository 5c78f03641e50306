"""Turns among the processes of a run: tests run side by side, but for those that need the machine to themselves."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def turn(run: Path, *, alone: bool) -> Iterator[None]:
    """Run a test beside others, or alone: once those under way have ended, and before others begin.

    All hold the room, who is alone holds it exclusively. To the room one comes through the door; who waits for an
    empty room keeps the door shut, or others would go on coming in.
    """
    how = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
    room = os.open(run / "room", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
    door = os.open(run / "door", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
    try:
        fcntl.flock(door, how)
        fcntl.flock(room, how)
        fcntl.flock(door, fcntl.LOCK_UN)
        yield
    finally:
        os.close(door)
        os.close(room)
