"""The one source of the present moment; tests move it, nothing sleeps through it."""

from datetime import UTC, datetime, timedelta, tzinfo

_shift = timedelta()


def now(zone: tzinfo = UTC) -> datetime:
    """Return the present as an aware datetime."""
    return datetime.now(zone) + _shift


def travel(by: timedelta) -> None:
    """Move the present of this process by `by`; for tests."""
    global _shift  # noqa: PLW0603 - there is one present
    _shift += by


def reset() -> None:
    """Come back from every journey."""
    global _shift  # noqa: PLW0603 - there is one present
    _shift = timedelta()
