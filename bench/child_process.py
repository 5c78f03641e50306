"""A helper process of the benchmark: started with a pipe to it, read from, stopped."""

import asyncio
import multiprocessing
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import uvloop

START_TIMEOUT: Final = 30.0  # seconds until the first message
STOP_TIMEOUT: Final = 5.0  # seconds from closing the pipe to SIGKILL


class ChildProcess:
    """Runs `target(pipe, *args)` in a spawned process. The target returns when the parent closes the pipe."""

    def __init__(self, name: str, target: Callable[..., None], *args: object) -> None:
        context = multiprocessing.get_context("spawn")
        self.name = name
        self.pipe, child_pipe = context.Pipe()
        self.process = context.Process(target=target, args=(child_pipe, *args), daemon=True)
        self.process.start()
        child_pipe.close()

    def receive(self, timeout: float) -> Any:
        """Return the next message. Raises RuntimeError when none arrives within `timeout` seconds."""
        if not self.pipe.poll(timeout):
            raise RuntimeError(f"{self.name}: no message within {timeout:.0f} s")
        try:
            return self.pipe.recv()
        except EOFError:
            raise RuntimeError(f"{self.name}: the process has died") from None

    def receive_first(self) -> Any:
        """Return the message that says the process is ready. Stops the process when there is none."""
        try:
            return self.receive(START_TIMEOUT)
        except RuntimeError:
            self.stop()
            raise

    def stop(self) -> None:
        """End the process."""
        self.pipe.close()
        self.process.join(STOP_TIMEOUT)
        self.process.kill()


@contextmanager
def event_loop() -> Iterator[asyncio.Runner]:
    """Give a child process its event loop. Ctrl-C is left to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        yield runner
