"""Where files lie: four functions, and a directory behind them; `s3` has the same over a bucket."""

import asyncio
import errno
import os
import re
import secrets
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

from app import errors

CHUNK = 64 * 1024
# Every part starts with a letter or digit: no "..", no absolute path, no hidden file.
_PART = r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}"
_KEY = re.compile(rf"{_PART}(?:/{_PART}){{0,7}}")
_PREFIX = re.compile(rf"(?:{_PART}/){{0,8}}(?:{_PART})?")


class Storage(Protocol):
    async def put(self, key: str, source: Path) -> None:
        """Keep `source` under `key`, durably, before returning; replaces what was there. `source` is used up."""

    async def fetch(self, key: str) -> AsyncIterator[bytes]:
        """Return the file in chunks of 64 KiB; `NotFound` is raised here, before the first one."""

    async def remove(self, key: str) -> None:
        """Forget the file; a missing one is fine."""

    def keys(self, prefix: str = "") -> AsyncIterator[str]:
        """Go through every key that starts with `prefix`, in no promised order."""


def refuse_odd_key(key: str) -> None:
    """Raise ValueError for what is no key."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a key: {key!r}")


def refuse_odd_prefix(prefix: str) -> None:
    """Raise ValueError for what no key begins with."""
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"not a prefix of keys: {prefix!r}")


class DirectoryStorage:
    """Files under one directory, which several processes may share. A malformed key is a `ValueError`."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()

    async def put(self, key: str, source: Path) -> None:
        path = self._path(key)
        try:
            await asyncio.to_thread(self._put, path, source)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise errors.StorageFull from error
            raise

    async def fetch(self, key: str) -> AsyncIterator[bytes]:
        path = self._path(key)
        if not await asyncio.to_thread(path.is_file):
            raise errors.NotFound
        return _chunks(path)

    async def remove(self, key: str) -> None:
        await asyncio.to_thread(self._remove, self._path(key))

    async def keys(self, prefix: str = "") -> AsyncIterator[str]:
        refuse_odd_prefix(prefix)
        start = self._root / prefix.rpartition("/")[0]
        walk = os.walk(start, onerror=_fail)
        while (step := await asyncio.to_thread(next, walk, None)) is not None:
            folder = Path(step[0]).relative_to(self._root)
            for name in step[2]:
                key = (folder / name).as_posix()
                if key.startswith(prefix) and _KEY.fullmatch(key):
                    yield key

    def _path(self, key: str) -> Path:
        refuse_odd_key(key)
        return self._root / key

    def _put(self, target: Path, source: Path) -> None:
        _make(target.parent)
        _sync(source)
        try:
            source.replace(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _copy(source, target)
        for folder in target.parents:  # all of them: another process may have made one and not synced it yet
            _sync_folder(folder)
            if folder == self._root:
                break
        source.unlink(missing_ok=True)

    def _remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            _sync_folder(path.parent)


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    # Opened at the first chunk: a stream nobody reads holds nothing.
    try:
        file = await asyncio.to_thread(path.open, "rb")
    except FileNotFoundError:
        raise errors.NotFound from None
    with file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk


def _copy(source: Path, target: Path) -> None:
    """Bring a file over from another file system: whole and synced beside its place, then into it."""
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")  # hidden, so no key and in no backup
    try:
        shutil.copyfile(source, draft)
        draft.chmod(0o600)
        _sync(draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _make(folder: Path) -> None:
    """Make a folder that survives a power cut, and those above it."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(folder.parent)


def _sync(path: Path) -> None:
    with path.open("rb+") as file:  # Windows syncs only what is open for writing
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":  # it cannot open folders, and writes names through its journal
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _fail(error: OSError) -> None:
    # A folder that is not there holds nothing; one that cannot be read must not pass for empty in a backup.
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise error
