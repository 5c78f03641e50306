"""Runs a coroutine on the fastest event loop there is."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


def run(work: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=factory()) as runner:
        runner.run(work)


def factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes that loop; None: Python's own is the fastest here."""
    try:
        import uvloop  # noqa: PLC0415 - not available on Windows
    except ImportError:
        return None
    new: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return new
