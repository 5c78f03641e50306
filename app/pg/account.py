"""The operating-system user that runs PostgreSQL, which refuses to run as root."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import Misconfigured

UNPRIVILEGED_USERS = ("postgres", "nobody")
INHERITED_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")
RUN_SECONDS = 120  # for one program to finish: initdb on a slow disk


@dataclass(frozen=True)
class Account:
    """A user of this machine, by number, since names differ between machines."""

    uid: int
    gid: int

    def options(self) -> dict[str, Any]:
        """Return the arguments of Popen that run a program as this account."""
        drop: dict[str, Any] = {"user": self.uid, "group": self.gid, "extra_groups": []}
        # The working directory may be one the account cannot enter; every path is absolute.
        return {"cwd": "/", "env": _environment(), "umask": 0o077} | (drop if self.is_other else {})

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
        """Run a program to its end; `stdout` of the result holds both of its outputs."""
        return subprocess.run(  # noqa: S603 - our own arguments, no shell
            args,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=RUN_SECONDS,
            check=False,
            **self.options(),
        )

    def can_enter(self, folder: Path) -> bool:
        """Try it: access lists and network mounts can differ from what the permission bits say."""
        return self._test("-x", folder)

    def can_read(self, file: Path) -> bool:
        return self._test("-r", file)

    def take_ownership(self, path: Path) -> None:
        """Make this account the owner of `path` itself, never of what a link points to."""
        if self.is_other:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def _test(self, operator: str, path: Path) -> bool:
        return self.run(["/bin/sh", "-c", 'test "$0" "$1"', operator, path]).returncode == 0


def account_for(home: Path) -> Account:
    """Return the account that runs the cluster in `home`.

    That is the current user; for root, the owner of `home`, or else the first unprivileged user there is.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if home.exists() and (owner := home.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in UNPRIVILEGED_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise Misconfigured(
        "PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody' to run it"
    )


def _environment() -> dict[str, str]:
    # Without our secrets, and without PGDATA, PGOPTIONS and the locale of the user who starts us.
    return {"LC_ALL": "C"} | {name: os.environ[name] for name in INHERITED_VARIABLES if name in os.environ}
