"""`make bench` itself works: a tiny run prints its table on stdout and each step on stderr."""

import asyncio
import subprocess
import sys

from bench.arguments import NAMES
from bench.results import RESULT_FILE
from tests.e2e.program import ROOT
from tests.patience import HANGING


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HANGING, check=False)


async def test_a_tiny_run_prints_a_table_reports_each_step_and_writes_nothing() -> None:
    before = RESULT_FILE.read_bytes()
    size = ("--rounds", "1", "--seconds", "0.1", "--tickets", "1000", "--grown", "1000")
    done = await asyncio.to_thread(bench, "--only", "submit", *size)
    # The server's own warnings stand between the steps: a busy machine gives it some.
    progress = [line for line in done.stderr.splitlines() if " done, " in line]
    steps = [line.partition(" | ")[2] for line in progress]
    assert done.returncode == 0, done.stderr
    assert steps[-5:] == [
        "submit, warm-up, ours",
        "submit, warm-up, bare",
        "submit, round 1 of 1, ours",
        "submit, round 1 of 1, bare",
        "submit finished",
    ]
    assert progress[-1].startswith("1/1 done, ")
    assert "CPU of one submit" in done.stdout
    assert [line for line in done.stdout.splitlines() if " elapsed" in line] == []
    assert RESULT_FILE.read_bytes() == before


def test_help_names_every_scenario_and_gives_examples() -> None:
    text = bench("--help").stdout
    assert "examples:" in text
    assert [name for name in NAMES if name not in text] == []
