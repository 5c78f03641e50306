"""The current time; tests can shift it, so that none has to sleep."""

from datetime import UTC, datetime, timedelta, tzinfo

_shift = timedelta()


def now(zone: tzinfo = UTC) -> datetime:
    """Return the current time as an aware datetime."""
    return datetime.now(zone) + _shift


def travel(by: timedelta) -> None:
    """Shift the current time of this process by `by`; for tests."""
    global _shift  # noqa: PLW0603 - one clock per process
    _shift += by


def reset() -> None:
    """Undo every `travel`."""
    global _shift  # noqa: PLW0603 - one clock per process
    _shift = timedelta()
