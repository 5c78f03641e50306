"""Whom the server runs as: PostgreSQL refuses to be root, so root hands it to somebody with fewer rights."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import Misconfigured

UNPRIVILEGED = ("postgres", "nobody")
NEEDED = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")
PATIENCE = 120  # seconds; initdb on a slow disk


@dataclass(frozen=True)
class Account:
    """A user of this machine, by number: the names differ between machines."""

    uid: int
    gid: int

    def options(self) -> dict[str, Any]:
        """Say how a program of this account is started, as arguments of Popen."""
        drop: dict[str, Any] = {"user": self.uid, "group": self.gid, "extra_groups": []}
        # The working directory may be one the account cannot enter; every path is absolute.
        return {"cwd": "/", "env": _surroundings(), "umask": 0o077} | (drop if self.is_other else {})

    @property
    def is_other(self) -> bool:
        return self.uid != os.geteuid()

    @property
    def name(self) -> str:
        """The account's name, or its number where it has none."""
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return str(self.uid)

    def run(self, args: Sequence[str | Path], stdin: str = "") -> "subprocess.CompletedProcess[str]":
        """Run one program to its end; its outputs come back joined in `stdout`."""
        return subprocess.run(  # noqa: S603 - our own arguments, no shell
            args,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            check=False,
            **self.options(),
        )

    def enters(self, folder: Path) -> bool:
        """Try, rather than reckon: access lists and network mounts have their own opinion."""
        return self._tests("-x", folder)

    def reads(self, file: Path) -> bool:
        return self._tests("-r", file)

    def own(self, path: Path) -> None:
        """Give `path` itself, never what it points to, to this account."""
        if self.is_other:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def _tests(self, question: str, path: Path) -> bool:
        return self.run(["/bin/sh", "-c", 'test "$0" "$1"', question, path]).returncode == 0


def of(home: Path) -> Account:
    """Return who runs the cluster in `home`: oneself; for root its owner, or the first unprivileged user."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if home.exists() and (owner := home.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise Misconfigured(
        "PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody' to run it"
    )


def _surroundings() -> dict[str, str]:
    # Neither our secrets nor PGDATA, PGOPTIONS and the language of whoever starts us are the server's business.
    return {"LC_ALL": "C"} | {name: os.environ[name] for name in NEEDED if name in os.environ}
