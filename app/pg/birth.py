"""The making of a cluster: in a folder beside its home, then renamed, so that half of one is never seen."""

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from app import log
from app.errors import Misconfigured
from app.pg import journal, processes
from app.pg.account import Account
from app.pg.binaries import Binaries

NAME = "loudeng"  # of the superuser and of the database
LOCALE = "C" if sys.platform == "darwin" else "C.UTF-8"  # not every macOS knows C.UTF-8


def bear(home: Path, runs_as: Account, binaries: Binaries) -> None:
    """Make the cluster with its superuser, password and database, and put it at `home`."""
    fresh = Path(tempfile.mkdtemp(prefix=f"{home.name}.new-", dir=home.parent))
    try:
        _furnish(fresh, runs_as)
        _initdb(fresh, runs_as, binaries)
        _create_database(fresh, runs_as, binaries)
        fresh.rename(home)
        _flush(home.parent)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    log.get("pg").info("cluster_born", home=str(home), version=".".join(map(str, binaries.version)))


def bury_stillborn(home: Path) -> None:
    """Remove what a killed process left of its attempt; its initdb may still be writing there."""
    for folder in home.parent.glob(f"{home.name}.new-*"):
        processes.end_strays(folder)
        shutil.rmtree(folder)
        log.get("pg").info("unfinished_cluster_removed", home=str(folder))


def _furnish(fresh: Path, runs_as: Account) -> None:
    password = fresh / "password"
    password.touch(mode=0o600)
    password.write_text(secrets.token_urlsafe(24))
    runs_as.own(password)
    runs_as.own(fresh)


def _initdb(fresh: Path, runs_as: Account, binaries: Binaries) -> None:
    whose = ("-U", NAME, "--pwfile", str(fresh / "password"), "-A", "scram-sha-256")
    how = ("--locale", LOCALE, "-E", "UTF8", "--no-instructions")
    _do(runs_as, [binaries.bin / "initdb", "-D", fresh / "data", *whose, *how])


def _create_database(fresh: Path, runs_as: Account, binaries: Binaries) -> None:
    single: list[str | Path] = [binaries.bin / "postgres", "--single", "-j", "-D", fresh / "data"]
    said = _do(runs_as, [*single, "postgres"], f"CREATE DATABASE {NAME};\n\n")
    if "ERROR" in said:  # single-user mode goes on after an error, and ends well
        raise Misconfigured(f"PostgreSQL cannot make its database: {journal.last_words(said)}")


def _do(runs_as: Account, args: Sequence[str | Path], stdin: str = "") -> str:
    done = runs_as.run(args, stdin)
    if done.returncode:
        raise Misconfigured(f"PostgreSQL cannot make its cluster: {journal.last_words(done.stdout)}")
    return done.stdout


def _flush(folder: Path) -> None:
    # The rename itself must survive a power cut, or the rows committed under it do not.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
