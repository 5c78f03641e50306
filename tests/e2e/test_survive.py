"""`make survive` itself works: a small run of one promise; a broken promise is shown and ends it with status 1."""

import asyncio
import subprocess
import sys

from survive import results
from survive.promises import PROMISES
from survive.results import PromiseResult
from tests.e2e.program import ROOT
from tests.patience import HANGING


def survive(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "survive", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HANGING, check=False)


async def test_a_small_run_measures_the_program_reports_each_step_and_writes_nothing() -> None:
    before = results.RESULT_FILE.read_bytes()
    done = await asyncio.to_thread(survive, "--only", "race", "--quick")
    assert done.returncode == 0, done.stderr
    assert "10 of 10 rounds" in done.stdout
    assert [line.partition(" | ")[2] for line in done.stderr.splitlines()] == [
        "race: start",
        "race: 10 rounds of 50 accepts",
        "race: read the timelines",
        "race finished",
    ]
    assert done.stderr.splitlines()[-1].startswith("1/1 done, ")
    assert results.RESULT_FILE.read_bytes() == before


def test_help_names_every_promise_and_gives_examples() -> None:
    text = survive("--help").stdout
    assert "examples:" in text
    assert [name for name in PROMISES if name not in text] == []


def test_a_broken_promise_is_shown_one_that_was_not_measured_is_not_called_met() -> None:
    met, broken, unknown = (
        PromiseResult("promise", "asked", "measured", verdict) for verdict in (True, False, None)
    )
    assert [results.exit_status(found) for found in ([met, unknown], [met, broken])] == [0, 1]
    table = results.format_table([met, broken, unknown])
    assert ["BROKEN" in line for line in table.splitlines()] == [False, False, True, False]
    assert "not run" in table
