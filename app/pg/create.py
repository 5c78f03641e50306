"""Creates a cluster: in a temporary folder beside its home, which is then renamed, so that it appears whole."""

import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from app import log
from app.errors import Misconfigured
from app.pg import processes, server_log
from app.pg.account import Account
from app.pg.binaries import Binaries

NAME = "loudeng"  # of the superuser and the database
LOCALE = "C" if sys.platform == "darwin" else "C.UTF-8"  # not every macOS has C.UTF-8


def create_cluster(home: Path, account: Account, binaries: Binaries) -> None:
    """Create the cluster with its superuser, password and database, and move it to `home`."""
    fresh = Path(tempfile.mkdtemp(prefix=f"{home.name}.new-", dir=home.parent))
    try:
        _create_password(fresh, account)
        _initdb(fresh, account, binaries)
        _create_database(fresh, account, binaries)
        fresh.rename(home)
        _sync_folder(home.parent)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    log.get("pg").info("cluster_born", home=str(home), version=".".join(map(str, binaries.version)))


def remove_incomplete(home: Path) -> None:
    """Remove clusters that a killed process left incomplete; its initdb may still be writing there."""
    for folder in home.parent.glob(f"{home.name}.new-*"):
        processes.end_orphans(folder)
        shutil.rmtree(folder)
        log.get("pg").info("unfinished_cluster_removed", home=str(folder))


def _create_password(fresh: Path, account: Account) -> None:
    password = fresh / "password"
    password.touch(mode=0o600)
    password.write_text(secrets.token_urlsafe(24))
    account.take_ownership(password)
    account.take_ownership(fresh)


def _initdb(fresh: Path, account: Account, binaries: Binaries) -> None:
    authentication = ("-U", NAME, "--pwfile", str(fresh / "password"), "-A", "scram-sha-256")
    encoding = ("--locale", LOCALE, "-E", "UTF8", "--no-instructions")
    _run(account, [binaries.bin / "initdb", "-D", fresh / "data", *authentication, *encoding])


def _create_database(fresh: Path, account: Account, binaries: Binaries) -> None:
    single: list[str | Path] = [binaries.bin / "postgres", "--single", "-j", "-D", fresh / "data"]
    output = _run(account, [*single, "postgres"], f"CREATE DATABASE {NAME};\n\n")
    if "ERROR" in output:  # single-user mode continues after an error and exits with 0
        raise Misconfigured(f"PostgreSQL cannot create its database: {server_log.last_lines(output)}")


def _run(account: Account, args: Sequence[str | Path], stdin: str = "") -> str:
    result = account.run(args, stdin)
    if result.returncode:
        raise Misconfigured(f"PostgreSQL cannot create its cluster: {server_log.last_lines(result.stdout)}")
    return result.stdout


def _sync_folder(folder: Path) -> None:
    # The rename itself must survive a power cut, or the rows committed under it do not.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
