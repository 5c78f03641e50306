"""Tombstones: the list of erasures outside the database, which is replayed after a restore.

One small file a person in the photo storage, with an id, a time and a choice. Files are never appended to, so that machines
that share a bucket need no lock.
"""

import json
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

from app import db
from app.enums import ErasureChoice
from app.errors import Misconfigured
from app.services import photos
from app.storage import Storage

KEY_PREFIX: Final = "erasures/"


class Tombstone(NamedTuple):
    """A person who was erased. `keep_open_tickets`: their open tickets keep their words until they close."""

    person_id: UUID
    at: datetime
    keep_open_tickets: bool

    def to_json(self) -> str:
        """Return this as one line of JSON."""
        choice = ErasureChoice.KEEP if self.keep_open_tickets else ErasureChoice.WITHDRAW
        return json.dumps({"person": str(self.person_id), "at": self.at.isoformat(), "open_tickets": choice})


async def write_tombstone(tombstone: Tombstone) -> None:
    """Write a tombstone to the photo storage, durably. A repeat overwrites it."""
    with tempfile.TemporaryDirectory(prefix="loudeng-erasure-") as folder:
        file = Path(folder) / "erasure"
        file.write_text(tombstone.to_json() + "\n", "utf-8")
        await photos.photo_storage().put(f"{KEY_PREFIX}{tombstone.person_id}.json", file)


async def stored_tombstones(storage: Storage | None = None) -> list[Tombstone]:
    """Return every tombstone of a storage (by default this instance's own), ordered by person id.

    Raises Misconfigured for a file that is not a tombstone.
    """
    storage = storage or photos.photo_storage()
    tombstones = []
    async for key in storage.keys(KEY_PREFIX):
        chunks = [chunk async for chunk in await storage.fetch(key)]
        tombstones.append(_parse(key, b"".join(chunks).decode("utf-8", "replace")))
    return sorted(tombstones)


async def load_tombstones(location: str) -> list[Tombstone]:
    """Return the tombstones at a location: a bucket (`s3://…` as in LOUDENG_STORAGE_URL), a folder or a file.

    Raises Misconfigured.
    """
    if location.startswith("s3://"):
        from app.s3 import BucketStorage  # noqa: PLC0415 - its client is large; most keep photos in a directory

        return await stored_tombstones(BucketStorage(location))
    return read_tombstones(Path(location))


def read_tombstones(path: Path) -> list[Tombstone]:
    """Return the tombstones of a file with one JSON object a line, or of all `*.json` files below a folder.

    Raises Misconfigured if it does not exist or holds anything else.
    """
    if not path.exists():
        raise Misconfigured(f"there is no list of erasures at {path}")
    files = sorted(path.rglob("*.json")) if path.is_dir() else [path]
    return [_parse(source, line) for source, line in _lines(files)]


def _lines(files: list[Path]) -> Iterator[tuple[str, str]]:
    """Yield every line that is not empty, with its source (`file:number`)."""
    for file in files:
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Misconfigured(f"{file} cannot be read as a list of erasures") from error
        yield from ((f"{file}:{n}", line) for n, line in enumerate(text.splitlines(), 1) if line.strip())


def _parse(source: str, line: str) -> Tombstone:
    try:
        values: dict[str, Any] = json.loads(line)
        at = datetime.fromisoformat(values["at"])
        choice = ErasureChoice(values["open_tickets"])
        return Tombstone(UUID(values["person"]), at, choice is ErasureChoice.KEEP)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Misconfigured(f"{source} is not an erasure") from error


async def database_tombstones() -> list[Tombstone]:
    """Return a tombstone for every erasure in the database, oldest first."""
    rows = await db.fetch("SELECT person_id, at, keeps FROM erasure ORDER BY at, person_id")
    return [Tombstone(*row) for row in rows]
