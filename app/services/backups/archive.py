"""The file of a backup: a tar of the dump, the photos and, last, a manifest that says what must be in it."""

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

FORMAT: Final = 1
DUMP: Final = "database.dump"
MANIFEST: Final = "manifest.json"
KEYS: Final = "keys/"
_CHUNK: Final = 1 << 20


@dataclass(slots=True)
class Manifest:
    """What a backup holds. `digest`: SHA-256 over every member's name, size and own SHA-256, in order."""

    revision: str
    taken_at: str
    server: int
    counts: dict[str, int]
    pii_check: str
    format: int = FORMAT
    photos: int = 0
    missing: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    digest: str = ""


class Writer:
    """Adds members to a backup and keeps the account of them."""

    def __init__(self, file: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT)  # noqa: SIM115 - closed by close()
        self._digest = hashlib.sha256()

    def add(self, name: str, source: IO[bytes], size: int) -> None:
        hashed = _Hashed(source)
        self._tar.addfile(_member(name, size), hashed)
        self._digest.update(_line(name, size, hashed.digest))

    def close(self, manifest: Manifest) -> None:
        manifest.digest = self._digest.hexdigest()
        said = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        self._tar.addfile(_member(MANIFEST, len(said)), io.BytesIO(said))
        self._tar.close()


class _Hashed:
    """A file that hashes what is read from it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._source.read(size)
        self.digest.update(chunk)
        return chunk


def _line(name: str, size: int, digest: Any) -> bytes:
    return f"{name} {size} {digest.hexdigest()}\n".encode()


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


@contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """Give a file that bears its name only once it is whole and on disk; nobody but its owner reads it."""
    if path.exists():
        raise Misconfigured(f"{path} is there already")
    draft = beside(path)
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # never over a backup that came there meanwhile
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise Misconfigured(f"backup to {path} failed: {error}") from error
    finally:
        draft.unlink(missing_ok=True)


def beside(path: Path) -> Path:
    """Return a hidden name for a draft of `path`."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}")


def check(path: Path) -> tuple[Manifest, set[str]]:
    """Read a backup once through; return its manifest and the names in it. Misconfigured when it is not whole."""
    with readable(path):
        return _checked(path)


def _checked(path: Path) -> tuple[Manifest, set[str]]:
    names: set[str] = set()
    digest, manifest = hashlib.sha256(), None
    for member, source in members(path):
        if manifest or member.name in names:
            raise Misconfigured(f"{path} is damaged: {member.name} is not expected")
        if member.name == MANIFEST:
            manifest = _manifest(path, source.read())
            continue
        hashed = _Hashed(source)
        while hashed.read(_CHUNK):
            pass
        digest.update(_line(member.name, member.size, hashed.digest))
        names.add(member.name)
    if manifest is None:
        raise Misconfigured(f"{path} is not a whole backup: it ends without its manifest")
    if manifest.digest != digest.hexdigest():
        raise Misconfigured(f"{path} is damaged: its content is not what its manifest says")
    return manifest, names


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Say in one line what is wrong with a file that ends too soon or is no tar at all."""
    try:
        yield
    except tarfile.TarError as error:
        raise Misconfigured(f"{path} is not a whole backup: {error}") from error
    except OSError as error:
        raise Misconfigured(f"{path} cannot be read: {error.strerror}") from error


def members(path: Path) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    """Go through a backup's members; nothing is unpacked by the names it gives."""
    with tarfile.open(path, "r:") as tar:
        for member in tar:
            source = tar.extractfile(member) if member.isreg() else None
            if source is None:
                raise Misconfigured(f"{path} is damaged: {member.name} is not a file")
            yield member, source
            tar.members = []  # type: ignore[attr-defined]  # it would keep a list of every photo


def _manifest(path: Path, said: bytes) -> Manifest:
    try:
        told = json.loads(said)
        if told["format"] != FORMAT:
            raise Misconfigured(f"{path} has format {told['format']}; this program reads {FORMAT}")
        return Manifest(**told)
    except (ValueError, KeyError, TypeError) as error:
        raise Misconfigured(f"{path} is damaged: its manifest cannot be read") from error
