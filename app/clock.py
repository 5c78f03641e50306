"""The one source of the present moment; tests move it, nothing sleeps through it."""

from datetime import UTC, datetime, timedelta

_shift = timedelta()


def now() -> datetime:
    """Return the present as an aware UTC datetime."""
    return datetime.now(UTC) + _shift


def travel(by: timedelta) -> None:
    """Move the present of this process by `by`; for tests."""
    global _shift  # noqa: PLW0603 - there is one present
    _shift += by


def reset() -> None:
    """Come back from every journey."""
    global _shift  # noqa: PLW0603 - there is one present
    _shift = timedelta()
