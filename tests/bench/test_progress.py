"""What the benchmark reports while it runs: on a terminal, and in a file."""

import io

import pytest

from bench.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def run_two_tasks(stream: io.StringIO) -> None:
    clock = Clock()
    with Progress({"submit": 60, "acts": 120}, 10, stream, clock) as progress:
        progress.step("start the server")
        clock.now = 10
        with progress.task("submit"):
            progress.step("submit, round 1 of 2, ours")
            clock.now = 40
            progress.step("submit, round 2 of 2, ours")
        with progress.task("acts"):
            clock.now = 60
            progress.log("ledger checked\nno error")
            progress.step("accept, round 1 of 1, bare")
            clock.now = 105


def test_a_file_gets_one_plain_line_for_each_step() -> None:
    stream = io.StringIO()
    run_two_tasks(stream)
    assert stream.getvalue().splitlines() == [
        "0/2 done, 0:00 elapsed, about 3:10 left | setup: start the server",
        "0/2 done, 0:10 elapsed, about 3:00 left | submit, round 1 of 2, ours",
        "0/2 done, 0:40 elapsed, about 2:30 left | submit, round 2 of 2, ours",
        "1/2 done, 0:40 elapsed, about 1:00 left | submit finished",  # in half the time: so will acts
        "1:00 acts: ledger checked; no error",
        "1/2 done, 1:00 elapsed, about 0:40 left | acts: accept, round 1 of 1, bare",
        "2/2 done, 1:45 elapsed | acts finished",
    ]


def test_a_terminal_gets_one_line_that_is_updated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "50")
    stream = Terminal()
    run_two_tasks(stream)
    permanent, line, end = stream.getvalue().split("\n")
    assert permanent.endswith("\r\x1b[K1:00 acts: ledger checked; no error")
    updates = line.split("\r\x1b[K")
    assert len(updates) == 3
    assert all(len(update) < 50 for update in updates)
    assert updates[-1].startswith("2/2 done")
    assert end == ""


def run_and_fail(stream: io.StringIO) -> None:
    with Progress({"submit": 1}, 0, stream) as progress, progress.task("submit"):
        progress.step("submit, round 1 of 1, ours")
        raise RuntimeError


def test_an_error_ends_the_line_and_leaves_the_task_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    with pytest.raises(RuntimeError):
        run_and_fail(stream)
    assert stream.getvalue().endswith("round 1 of 1, ours\n")
    assert "1/1 done" not in stream.getvalue()
