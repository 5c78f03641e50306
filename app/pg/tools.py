"""pg_dump and pg_restore: found for the version of a server, and run against it."""

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


def find(program: str, major: int, folder: Path | None = None) -> Path:
    """Return the program of the server's own version, else the oldest that is newer; an older one cannot read it.

    `folder`: where the running server's own programs lie, tried first. Raises Misconfigured with one line.
    """
    folders = [folder] if folder else []
    found = {path: _major(path) for path in _candidates(program, [*folders, *binaries.folders()])}
    fit = sorted((version, n, path) for n, (path, version) in enumerate(found.items()) if version >= major)
    if fit:
        return fit[0][2]
    newest = max(found.values(), default=0)
    what = f"the newest {program} here is {newest}" if newest else f"there is no {program} here"
    raise Misconfigured(f"the server is PostgreSQL {major} and {what}: install postgresql-client-{major}")


def _candidates(program: str, folders: Iterable[Path]) -> list[Path]:
    on_path = (Path(entry) for entry in os.get_exec_path() if entry)
    return list(dict.fromkeys(folder / program for folder in (*folders, *on_path)))


def _major(path: Path) -> int:
    """Return the version a program says it has; 0 when it cannot be run."""
    try:
        said = subprocess.run([path, "-V"], capture_output=True, text=True, timeout=10, check=False)  # noqa: S603 - a program of this machine, no shell
    except (OSError, subprocess.SubprocessError):
        return 0
    version = _VERSION.search(said.stdout)
    return int(version[1]) if version and said.returncode == 0 else 0


def run(program: Path, dsn: str, options: Sequence[str | Path]) -> None:
    """Run one of them to its end; what it complains of becomes one line. The password is not on the command line."""
    address, password = _apart(dsn)
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LOUDENG_")}
    surroundings = plain | {"LC_ALL": "C"} | ({"PGPASSWORD": password} if password else {})
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [program, f"--dbname={address}", "--no-password", *options],
        env=surroundings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = " ".join(done.stderr.split())[:500] or f"exit {done.returncode}"
        raise Misconfigured(f"{program.name} failed: {said}")


def _apart(dsn: str) -> tuple[str, str | None]:
    """Return an address without its password, and the password."""
    parts = urlsplit(dsn)
    asked = parse_qsl(parts.query)
    password = parts.password or next((value for name, value in asked if name == "password"), None)
    user, at, hosts = parts.netloc.rpartition("@")
    netloc = user.partition(":")[0] + at + hosts
    query = urlencode([pair for pair in asked if pair[0] != "password"], quote_via=quote)
    address = urlunsplit((parts.scheme, netloc, parts.path, query, ""))
    return address, unquote(password) if parts.password and password else password
