"""The keys that are generated into the data directory: read by every process, replaced while they run.

`NAME.key` is the key, `NAME.previous.key` the one before a rotation: what it encrypted or signed can still be read.
`NAME.rotations` has a line for each rotation: the digests of the key that was replaced and of the one that took its place.
"""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.errors import Misconfigured

MIN_KEY_BYTES = 32

Stamp = tuple[int, int] | None  # of a file's content: inode and time of change; None without a file


class KeyFiles:
    """A key of the data directory and the one before it, as files; a process that runs follows a rotation by itself."""

    def __init__(self, data_dir: Path, name: str) -> None:
        """Read the key; it is generated when missing, once for all processes. Raises Misconfigured."""
        self.path, self.previous_path = paths(data_dir, name)
        self._names = str(self.path), str(self.previous_path)
        self._stamps = self._read_stamps()
        with _readable(self.path):
            if not self.path.exists():
                _create(self.path)
            self._key = _read(self.path)
        self._previous = _read_if_there(self.previous_path)

    def keys(self) -> tuple[str, ...]:
        """Return the key, and after it the previous one if there is one."""
        stamps = self._read_stamps()
        if stamps != self._stamps:
            self._follow()
            self._stamps = stamps
        return (self._key, self._previous) if self._previous else (self._key,)

    def _read_stamps(self) -> tuple[Stamp, Stamp]:
        key, previous = self._names
        return _stamp(key), _stamp(previous)

    def _follow(self) -> None:
        """Take the key that rotations have put in the place of this process's, however many passed unnoticed.

        Any other one is for the next start to judge.
        """
        with suppress(Misconfigured):
            self._previous = _read_if_there(self.previous_path)
        with suppress(Misconfigured), _readable(self.path):
            key = _read(self.path)
            if _digest(key) in _successors(self.path, self._key):
                self._key = key
        if self._previous == self._key:
            self._previous = None


def paths(data_dir: Path, name: str) -> tuple[Path, Path]:
    """Return the files of a key and of the one before it."""
    return data_dir / f"{name}.key", data_dir / f"{name}.previous.key"


def rotate(data_dir: Path, name: str, stamp: str) -> None:
    """Generate a new key; the old one becomes the previous one. Killed at any point, the next call goes on.

    A previous key that is there already is kept as `NAME.{stamp}.key`, for backups made with it.
    """
    path, previous = paths(data_dir, name)
    fresh = data_dir / f"{name}.next.key"
    with _readable(path):
        if not fresh.exists():
            _create(fresh)
        _note_rotation(path, _read(path), _read(fresh))
        if not (previous.exists() and previous.samefile(path)):
            if previous.exists():
                previous.rename(data_dir / f"{name}.{stamp}.key")
            os.link(path, previous)
        fresh.rename(path)


def _note_rotation(path: Path, old: str, new: str) -> None:
    rotations = _rotations(path)
    rotations.touch(mode=0o600)
    with rotations.open("a") as file:
        file.write(f"{_digest(old)} {_digest(new)}\n")


def _successors(path: Path, key: str) -> Iterator[str]:
    """Yield the digests of the keys that came after one in rotations."""
    with suppress(FileNotFoundError):
        noted = (line.split() for line in _rotations(path).read_text().splitlines())
        after = {pair[0]: pair[1] for pair in noted if len(pair) == 2}
        digest: str | None = _digest(key)
        while digest := after.pop(digest or "", None):
            yield digest


def _rotations(path: Path) -> Path:
    return path.with_suffix(".rotations")


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def is_half_rotated(data_dir: Path, name: str) -> bool:
    """Tell whether `rotate` was killed before the new key took its place."""
    path, previous = paths(data_dir, name)
    return previous.exists() and path.exists() and previous.samefile(path)


def _stamp(name: str) -> Stamp:
    try:
        status = os.stat(name)  # noqa: PTH116 - on every request: a Path costs more than the call
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Raise Misconfigured, with one line, for a file that cannot be used."""
    try:
        yield
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise Misconfigured(f"{path} cannot be used as a key: {reason}") from None


def _read(path: Path) -> str:
    key = path.read_text()
    if len(key.encode()) < MIN_KEY_BYTES:
        raise Misconfigured(f"{path} is no key: it is shorter than {MIN_KEY_BYTES} bytes")
    return key


def _read_if_there(path: Path) -> str | None:
    with _readable(path):
        return _read(path) if path.exists() else None


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.stem}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(48))
    try:
        os.link(draft, path)  # fails when another process was faster: its key is used
    except FileExistsError:
        pass
    finally:
        draft.unlink()
