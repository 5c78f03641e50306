"""The list of erasures outside the database, beside the photos: what a restored backup has to be told again.

One small file a person: nothing is appended to, so that machines sharing a bucket never wait for one another, and a
file says no more than an id and a time.
"""

import json
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import UUID

from app import db
from app.errors import Misconfigured
from app.services import photos
from app.storage import Storage
from app.words import Leaving

FOLDER: Final = "erasures/"


class Noted(NamedTuple):
    """Somebody who was erased, and whether their open tickets were kept."""

    person_id: UUID
    at: datetime
    keeps: bool

    def line(self) -> str:
        """Return this as a line of JSON."""
        choice = Leaving.KEEP if self.keeps else Leaving.WITHDRAW
        return json.dumps({"person": str(self.person_id), "at": self.at.isoformat(), "open_tickets": choice})


async def note(erased: Noted) -> None:
    """Keep an erasure outside the database, durably."""
    with tempfile.TemporaryDirectory(prefix="loudeng-erasure-") as folder:
        file = Path(folder) / "erasure"
        file.write_text(erased.line() + "\n", "utf-8")
        await photos.storage().put(f"{FOLDER}{erased.person_id}.json", file)


async def noted(storage: Storage | None = None) -> list[Noted]:
    """Return every erasure a storage knows of, this instance's own if no other is named; oldest person first."""
    storage = storage or photos.storage()
    found = []
    async for key in storage.keys(FOLDER):
        chunks = [chunk async for chunk in await storage.fetch(key)]
        found.append(_read(key, b"".join(chunks).decode("utf-8", "replace")))
    return sorted(found)


async def told(where: str) -> list[Noted]:
    """Return the erasures kept at `where`: another bucket (`s3://…` as in LOUDENG_STORAGE_URL), a folder or a file."""
    if where.startswith("s3://"):
        from app.s3 import BucketStorage  # noqa: PLC0415 - its client is large; most keep photos in a directory

        return await noted(BucketStorage(where))
    return read(Path(where))


def read(path: Path) -> list[Noted]:
    """Return the erasures of a file of lines, or of all files in a folder; Misconfigured for what is no such list."""
    if not path.exists():
        raise Misconfigured(f"there is no list of erasures at {path}")
    files = sorted(path.rglob("*.json")) if path.is_dir() else [path]
    return [_read(where, line) for where, line in _lines(files)]


def _lines(files: list[Path]) -> Iterator[tuple[str, str]]:
    for file in files:
        try:
            said = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Misconfigured(f"{file} cannot be read as a list of erasures") from error
        yield from ((f"{file}:{n}", line) for n, line in enumerate(said.splitlines(), 1) if line.strip())


def _read(where: str, line: str) -> Noted:
    try:
        said: dict[str, Any] = json.loads(line)
        at = datetime.fromisoformat(said["at"])
        return Noted(UUID(said["person"]), at, Leaving(said["open_tickets"]) is Leaving.KEEP)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Misconfigured(f"{where} is not an erasure") from error


async def written() -> list[Noted]:
    """Return every erasure of the database, to be kept elsewhere."""
    rows = await db.fetch("SELECT person_id, at, keeps FROM erasure ORDER BY at, person_id")
    return [Noted(*row) for row in rows]
