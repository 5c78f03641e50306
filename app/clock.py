"""The current time; tests can shift it, so that none has to sleep, and the demo street's past is written at its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

_shift = timedelta()
_past: Final[ContextVar[datetime | None]] = ContextVar("past", default=None)


def now(zone: tzinfo = UTC) -> datetime:
    """Return the current time as an aware datetime."""
    past = _past.get()
    return past.astimezone(zone) if past else datetime.now(zone) + _shift


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Have what this task does in a block happen at a moment of the past; other tasks notice nothing."""
    token = _past.set(moment)
    try:
        yield
    finally:
        _past.reset(token)


def travel(by: timedelta) -> None:
    """Shift the current time of this process by `by`; for tests."""
    global _shift  # noqa: PLW0603 - one clock per process
    _shift += by


def reset() -> None:
    """Undo every `travel`."""
    global _shift  # noqa: PLW0603 - one clock per process
    _shift = timedelta()
