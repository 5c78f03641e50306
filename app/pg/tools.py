"""Finds pg_dump and pg_restore for the version of a server, and runs them against it."""

import os
import re
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from app.errors import Misconfigured
from app.pg import binaries

_VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)")


def find_tool(program: str, major: int, folder: Path | None = None) -> Path:
    """Return the program of the server's own version, else the oldest newer one; an older one cannot dump it.

    `folder`: the folder of the running server's programs, tried first. Raises Misconfigured with one line.
    """
    folders = [folder] if folder else []
    versions = {path: _major(path) for path in _candidates(program, [*folders, *binaries.program_folders()])}
    suitable = sorted(
        (version, n, path) for n, (path, version) in enumerate(versions.items()) if version >= major
    )
    if suitable:
        return suitable[0][2]
    newest = max(versions.values(), default=0)
    problem = f"the newest {program} here is {newest}" if newest else f"there is no {program} here"
    raise Misconfigured(f"the server is PostgreSQL {major} and {problem}: install postgresql-client-{major}")


def _candidates(program: str, folders: Iterable[Path]) -> list[Path]:
    on_path = (Path(entry) for entry in os.get_exec_path() if entry)
    return list(dict.fromkeys(folder / program for folder in (*folders, *on_path)))


def _major(path: Path) -> int:
    """Return the major version that a program prints; 0 when it cannot be run."""
    try:
        result = subprocess.run([path, "-V"], capture_output=True, text=True, timeout=10, check=False)  # noqa: S603 - a program of this machine, no shell
    except (OSError, subprocess.SubprocessError):
        return 0
    version = _VERSION.search(result.stdout)
    return int(version[1]) if version and result.returncode == 0 else 0


def run_tool(program: Path, dsn: str, options: Sequence[str | Path]) -> None:
    """Run one of them to its end; the password is not on the command line. Raises Misconfigured with its errors."""
    address, password = _split_password(dsn)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("LOUDENG_")}
    environment = inherited | {"LC_ALL": "C"} | ({"PGPASSWORD": password} if password else {})
    result = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [program, f"--dbname={address}", "--no-password", *options],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if result.returncode:
        errors = " ".join(result.stderr.split())[:500] or f"exit {result.returncode}"
        raise Misconfigured(f"{program.name} failed: {errors}")


def _split_password(dsn: str) -> tuple[str, str | None]:
    """Return a DSN without its password, and the password."""
    parts = urlsplit(dsn)
    options = parse_qsl(parts.query)
    password = parts.password or next((value for name, value in options if name == "password"), None)
    user, at, hosts = parts.netloc.rpartition("@")
    netloc = user.partition(":")[0] + at + hosts
    query = urlencode([pair for pair in options if pair[0] != "password"], quote_via=quote)
    address = urlunsplit((parts.scheme, netloc, parts.path, query, ""))
    return address, unquote(password) if parts.password and password else password
