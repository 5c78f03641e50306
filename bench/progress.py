"""Progress on stderr: what runs now, how many tasks are done, the time elapsed and the time left.

A terminal shows one line that is updated in place; anything else gets one plain line for each step.
"""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self, TextIO

SETUP: Final = "setup"  # what runs outside every task
_CLEAR_LINE: Final = "\r\x1b[K"


class Progress:
    """Reports the steps of tasks that run one after another.

    `estimates`: seconds each task is expected to take; `setup`: seconds for everything outside these tasks.
    The time left is what remains of the estimates, corrected by how long the finished tasks took.
    """

    def __init__(
        self,
        estimates: Mapping[str, float],
        setup: float = 0.0,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stream, self._clock = stream or sys.stderr, clock
        self._updates_line = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._pending, self._total = dict(estimates), len(estimates)
        self._task, self._line = SETUP, ""
        self._start = self._task_start = clock()
        self._setup = setup
        self._expected = self._spent = 0.0  # seconds of the finished tasks: as estimated, as they were

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._updates_line and self._line:
            self._write("\n")
            self._line = ""

    @contextmanager
    def task(self, name: str) -> Iterator[None]:
        """Name the task that the steps in a block belong to; it is done at the end of the block.

        A task without an estimate is part of the setup and is not counted.
        """
        self._task, self._task_start = name, self._clock()
        yield
        if name in self._pending:
            self._expected += self._pending.pop(name)
            self._spent += self._clock() - self._task_start
            self._show(f"{name} finished")
        self._task = SETUP

    def step(self, text: str) -> None:
        """Say what starts now."""
        self._show(text if text.startswith(self._task) else f"{self._task}: {text}")

    def log(self, text: str) -> None:
        """Write a line that stays, for a result worth reading while the tasks run. Newlines become semicolons."""
        text = "; ".join(text.splitlines())
        prefix = _CLEAR_LINE if self._updates_line else ""
        self._write(f"{prefix}{_minutes(self._clock() - self._start)} {self._task}: {text}\n{self._line}")

    def _show(self, text: str) -> None:
        elapsed = _minutes(self._clock() - self._start)
        left = f", about {_minutes(self._seconds_left())} left" if self._pending else ""
        line = f"{self._total - len(self._pending)}/{self._total} done, {elapsed} elapsed{left} | {text}"
        if self._updates_line:
            self._line = line[: shutil.get_terminal_size().columns - 1]
            self._write(_CLEAR_LINE + self._line)
        else:
            self._write(line + "\n")

    def _seconds_left(self) -> float:
        pace = self._spent / self._expected if self._expected else 1.0
        now, current = self._clock(), self._pending.get(self._task, 0.0)
        spent_on_current = now - self._task_start if current else 0.0
        spent_on_setup = now - self._start - self._spent - spent_on_current
        current_left = max(0.0, pace * current - spent_on_current)
        setup_left = max(0.0, self._setup - spent_on_setup)
        return pace * (sum(self._pending.values()) - current) + current_left + setup_left

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def _minutes(seconds: float) -> str:
    """Format seconds as minutes and seconds, such as 7:05."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
