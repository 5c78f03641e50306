"""The file format of a backup: a tar of the dump, the photos and, last, a manifest of what must be in it."""

import hashlib
import io
import json
import os
import secrets
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from app.errors import Misconfigured

FORMAT_VERSION: Final = 1
DUMP_NAME: Final = "database.dump"
MANIFEST_NAME: Final = "manifest.json"
KEYS_PREFIX: Final = "keys/"
_CHUNK_BYTES: Final = 1 << 20


@dataclass(slots=True)
class Manifest:
    """What a backup holds. `digest`: SHA-256 over the name, size and SHA-256 of every member, in order."""

    revision: str
    taken_at: str
    server: int
    counts: dict[str, int]
    pii_check: str
    format: int = FORMAT_VERSION
    photos: int = 0
    missing: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    digest: str = ""


class Writer:
    """Adds members to a backup and computes the digest over them."""

    def __init__(self, file: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT)  # noqa: SIM115 - closed by close()
        self._digest = hashlib.sha256()

    def add(self, name: str, source: IO[bytes], size: int) -> None:
        reader = _HashingReader(source)
        self._tar.addfile(_member(name, size), reader)
        self._digest.update(_digest_line(name, size, reader.digest))

    def close(self, manifest: Manifest) -> None:
        manifest.digest = self._digest.hexdigest()
        content = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        self._tar.addfile(_member(MANIFEST_NAME, len(content)), io.BytesIO(content))
        self._tar.close()


class _HashingReader:
    """A file that hashes what is read from it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._source.read(size)
        self.digest.update(chunk)
        return chunk


def _digest_line(name: str, size: int, digest: Any) -> bytes:
    return f"{name} {size} {digest.hexdigest()}\n".encode()


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


@contextmanager
def create_file(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file to write, readable by its owner only; it gets its name when it is complete and on disk.

    Raises Misconfigured when `path` exists or cannot be written.
    """
    if path.exists():
        raise Misconfigured(f"{path} is there already")
    draft = draft_path(path)
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # never replaces a backup made meanwhile
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise Misconfigured(f"backup to {path} failed: {error}") from error
    finally:
        draft.unlink(missing_ok=True)


def draft_path(path: Path) -> Path:
    """Return a hidden name for a draft of `path`."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}")


def check(path: Path) -> tuple[Manifest, set[str]]:
    """Read a whole backup; return its manifest and the names of its members. Raises Misconfigured when it is damaged."""
    with translate_errors(path):
        return _check(path)


def _check(path: Path) -> tuple[Manifest, set[str]]:
    names: set[str] = set()
    digest, manifest = hashlib.sha256(), None
    for member, source in members(path):
        if manifest or member.name in names:
            raise Misconfigured(f"{path} is damaged: {member.name} is not expected")
        if member.name == MANIFEST_NAME:
            manifest = _manifest(path, source.read())
            continue
        reader = _HashingReader(source)
        while reader.read(_CHUNK_BYTES):
            pass
        digest.update(_digest_line(member.name, member.size, reader.digest))
        names.add(member.name)
    if manifest is None:
        raise Misconfigured(f"{path} is not a whole backup: it ends without its manifest")
    if manifest.digest != digest.hexdigest():
        raise Misconfigured(f"{path} is damaged: its content is not what its manifest says")
    return manifest, names


@contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Raise Misconfigured with one line for a file that is truncated, no tar or unreadable."""
    try:
        yield
    except tarfile.TarError as error:
        raise Misconfigured(f"{path} is not a whole backup: {error}") from error
    except OSError as error:
        raise Misconfigured(f"{path} cannot be read: {error.strerror}") from error


def members(path: Path) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    """Yield the members of a backup; nothing is extracted by the names in it."""
    with tarfile.open(path, "r:") as tar:
        for member in tar:
            source = tar.extractfile(member) if member.isreg() else None
            if source is None:
                raise Misconfigured(f"{path} is damaged: {member.name} is not a file")
            yield member, source
            tar.members = []  # type: ignore[attr-defined]  # it would keep every member in memory


def _manifest(path: Path, content: bytes) -> Manifest:
    try:
        fields = json.loads(content)
        if fields["format"] != FORMAT_VERSION:
            raise Misconfigured(f"{path} has format {fields['format']}; this program reads {FORMAT_VERSION}")
        return Manifest(**fields)
    except (ValueError, KeyError, TypeError) as error:
        raise Misconfigured(f"{path} is damaged: its manifest cannot be read") from error
