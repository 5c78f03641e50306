"""Registry of the caches in a process. Every module with one registers here how to clear it."""

from collections.abc import Callable

_callbacks: list[Callable[[], None]] = []


def on_forget(forget: Callable[[], None]) -> Callable[[], None]:
    """Register a function that clears a module's state; also usable as a decorator."""
    _callbacks.append(forget)
    return forget


def forget_all() -> None:
    """Clear all state, as in a new process: after a restore, and between tests."""
    for callback in _callbacks:
        callback()
