"""File storage: the interface, and its implementation over a directory; `s3` implements it over a bucket."""

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

CHUNK_BYTES = 64 * 1024
# Every part starts with a letter or digit: no "..", no absolute path, no hidden file.
_PART = r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}"
_KEY = re.compile(rf"{_PART}(?:/{_PART}){{0,7}}")
_PREFIX = re.compile(rf"(?:{_PART}/){{0,8}}(?:{_PART})?")


class Storage(Protocol):
    """Files by key. Every method raises ValueError for a malformed key or prefix."""

    async def put(self, key: str, source: Path) -> None:
        """Store `source` under `key`, durably, replacing an earlier file; `source` is gone afterwards."""

    async def fetch(self, key: str) -> AsyncIterator[bytes]:
        """Return the file in chunks of 64 KiB. Raises NotFound at once, not at the first chunk."""

    async def remove(self, key: str) -> None:
        """Remove the file, if there is one."""

    def keys(self, prefix: str = "") -> AsyncIterator[str]:
        """Yield every key that starts with `prefix`, in any order."""


def check_key(key: str) -> None:
    """Raise ValueError for a malformed key."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a key: {key!r}")


def check_prefix(prefix: str) -> None:
    """Raise ValueError for a prefix that no key can start with."""
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"not a prefix of keys: {prefix!r}")


class DirectoryStorage:
    """Files under one directory, which several processes may share."""

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
        check_prefix(prefix)
        start = self._root / prefix.rpartition("/")[0]
        walk = os.walk(start, onerror=_raise_unless_missing)
        while (entry := await asyncio.to_thread(next, walk, None)) is not None:
            folder = Path(entry[0]).relative_to(self._root)
            for name in entry[2]:
                key = (folder / name).as_posix()
                if key.startswith(prefix) and _KEY.fullmatch(key):
                    yield key

    def _path(self, key: str) -> Path:
        check_key(key)
        return self._root / key

    def _put(self, target: Path, source: Path) -> None:
        _make_folder(target.parent)
        _sync_file(source)
        try:
            source.replace(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            _copy(source, target)
        for folder in target.parents:  # all of them: another process may have made one without syncing it yet
            _sync_folder(folder)
            if folder == self._root:
                break
        source.unlink(missing_ok=True)

    def _remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            _sync_folder(path.parent)


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    # Opened at the first chunk: a stream that is never read holds no file open.
    try:
        file = await asyncio.to_thread(path.open, "rb")
    except FileNotFoundError:
        raise errors.NotFound from None
    with file:
        while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
            yield chunk


def _copy(source: Path, target: Path) -> None:
    """Copy a file from another file system to a temporary name, sync it, then rename it."""
    draft = target.with_name(
        f".{target.name}.{secrets.token_hex(4)}"
    )  # hidden: not a key, so not in a backup
    try:
        shutil.copyfile(source, draft)
        draft.chmod(0o600)
        _sync_file(draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _make_folder(folder: Path) -> None:
    """Make a folder and its parents, durably."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(folder.parent)


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:  # Windows syncs only files open for writing
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":  # folders cannot be opened there, and its file system journals names
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _raise_unless_missing(error: OSError) -> None:
    # A missing folder is empty; one that cannot be read must not look empty to a backup.
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise error
