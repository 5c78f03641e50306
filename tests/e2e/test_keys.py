"""The program with a key that is not its database's: it says so in one line and does not start."""

from collections.abc import AsyncIterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests import databases
from tests.e2e.program import command

ONE, OTHER = (
    "one-key-of-more-than-32-bytes-0123456789",
    "another-key-of-more-than-32-bytes-98765",
)  # not secrets


@pytest.fixture(scope="module")
async def machine(run_folder: Path) -> AsyncIterator[Path]:
    """A data directory that was used with ONE as its pii_key."""
    data_dir = databases.folder(run_folder) / "data"
    await databases.copy_seed(run_folder, data_dir)
    done(invite(data_dir, pii_key=ONE))
    yield data_dir
    databases.remove(data_dir)


def invite(data_dir: Path, **settings: object) -> CompletedProcess[str]:
    return command(data_dir, "invite", "--role", "admin", "--place", "人和街道", **settings)


def done(result: CompletedProcess[str]) -> str:
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def refused(result: CompletedProcess[str]) -> str:
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("loudeng: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_the_server_does_not_start_with_another_key_until_it_is_accepted(machine: Path) -> None:
    line = refused(command(machine, "serve", port=0, pii_key=OTHER))
    assert "LOUDENG_PII_KEY is another key" in line
    assert "accept-key pii_key" in line
    assert "读不出来" in done(command(machine, "accept-key", "pii_key", pii_key=OTHER))
    done(invite(machine, pii_key=OTHER))


def test_a_backup_restored_without_its_keys_is_served_and_says_what_cannot_be_read(machine: Path) -> None:
    file, fresh = machine.parent / "backup.tar", machine.parent / "fresh"
    done(command(machine, "backup", str(file)))
    restored = done(command(fresh, "restore", str(file)))
    databases.remove(fresh)
    assert "secret 与备份时的不同：所有人要重新登录" in restored
    assert "pii_key 与备份时的不同：以前的电话号码读不出来" in restored
    assert "账本完好" in restored
