"""The lines of the shipped systemd units (deploy/systemd), run as systemd would run them."""

import asyncio
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests import databases
from tests.e2e.program import ROOT, Serving, surroundings
from tests.patience import HANGING

UNITS: Final = ROOT / "deploy/systemd"
INSTALLED: Final = ("/opt/loudeng/current", ".venv/bin/python", "/var/backups/loudeng")


@pytest.fixture
def machine(run_folder: Path) -> Iterator[Path]:
    """A folder in the place of /var/backups/loudeng."""
    folder = databases.folder(run_folder)
    yield folder
    databases.remove(folder)


def lines(unit: str, machine: Path) -> list[list[str]]:
    """Return the commands of a unit, with the places of this machine for those of an installation."""
    text = (UNITS / unit).read_text("utf-8")
    found = [line.replace("%%", "%") for line in re.findall(r"^ExecStart=(.+)$", text, re.MULTILINE)]
    here = (str(ROOT), sys.executable, str(machine))
    for there, ours in zip(INSTALLED, here, strict=True):
        found = [line.replace(there, ours) for line in found]
    return [shlex.split(line.replace(f"{ROOT}/{sys.executable}", sys.executable)) for line in found]


def run(words: list[str], home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, cwd=ROOT, env=surroundings(home), capture_output=True, text=True, timeout=HANGING, check=False
    )


def old_backup(machine: Path) -> str:
    """Leave a backup there as of 32 days ago; return its name."""
    file = machine / "loudeng-20250101T031000.tar"
    file.touch()
    then = time.time() - 32 * 86_400
    os.utime(file, (then, then))
    return file.name


def names(machine: Path) -> list[str]:
    return sorted(path.name for path in machine.iterdir())


async def test_the_backup_unit_writes_a_backup_and_the_list_of_the_erased(
    home: Path, serving: Serving, machine: Path
) -> None:
    await serving()
    old = old_backup(machine)
    for words in lines("loudeng-backup.service", machine):
        done = await asyncio.to_thread(run, words, home)
        assert (done.returncode, done.stderr) == (0, ""), words
    assert [name.split("-")[0] for name in names(machine)] == ["erasures", "loudeng"]
    assert old not in names(machine)


async def test_a_backup_that_fails_leaves_the_old_ones(home: Path, machine: Path) -> None:
    words, *_ = lines("loudeng-backup.service", machine / "missing")
    done = await asyncio.to_thread(run, words, home)
    assert done.returncode != 0  # systemd runs none of the lines after it


SERVICES: Final = [("loudeng", []), ("loudeng-api", ["--api-only"]), ("loudeng-worker", ["--worker-only"])]


@pytest.mark.parametrize(("service", "options"), SERVICES)
def test_the_service_starts_the_program(service: str, options: list[str], machine: Path) -> None:
    (words,) = lines(f"{service}.service", machine)
    assert words == [sys.executable, "-m", "app", "serve", *options]
