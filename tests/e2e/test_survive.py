"""`make survive` itself works: one promise in a small round; a broken one is said and ends it with 1."""

import asyncio
import subprocess
import sys

from survive import rows
from survive.promises import PROMISES
from survive.rows import Row
from tests.e2e.program import ROOT


def survive(*words: str) -> subprocess.CompletedProcess[str]:
    said = [sys.executable, "-m", "survive", *words]
    return subprocess.run(said, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)


async def test_a_small_round_measures_the_program_and_writes_nothing() -> None:
    before = rows.RESULT.read_bytes()
    done = await asyncio.to_thread(survive, "--only", "race", "--quick")
    assert (done.returncode, done.stderr) == (0, "")
    assert "10 of 10 rounds" in done.stdout
    assert rows.RESULT.read_bytes() == before


def test_help_names_every_promise_and_gives_examples() -> None:
    said = survive("--help").stdout
    assert "examples:" in said
    assert [name for name in PROMISES if name not in said] == []


def test_a_broken_promise_is_said_one_not_measured_is_not_called_met() -> None:
    met, broken, unknown = (Row("promise", "asked", "measured", met) for met in (True, False, None))
    assert [rows.verdict(found) for found in ([met, unknown], [met, broken])] == [0, 1]
    table = rows.table([met, broken, unknown])
    assert ["BROKEN" in line for line in table.splitlines()] == [False, False, True, False]
    assert "not run" in table
