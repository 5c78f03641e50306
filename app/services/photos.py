"""Taking in a photo: cleaned in a process of its own, on disk before its row, seen by whoever sees its ticket."""

import hashlib
import tempfile
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final, Literal, Protocol
from uuid import UUID

from app import clock, db, ids, settings
from app.errors import Duplicate, Invalid, NotFound, TooLarge, TooMany
from app.models.photo import PhotoOut
from app.rules.access import Actor
from app.services import ledger, photo_files, tickets, views
from app.storage import DirectoryStorage, Storage

PER_HOUR: Final = 60
PER_HOUR_BY_KEY: Final = 600  # an organisation's system uploads for all its people
LOOSE_LIVES: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
_CHUNK: Final = 256 * 1024
Size = Literal["full", "thumb"]
SIZES: Final[tuple[Size, ...]] = ("thumb", "full")


class Upload(Protocol):
    """What arrives, a chunk at a time."""

    async def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, none at the end."""


@cache
def storage() -> Storage:
    """Return where photos are kept."""
    if url := settings.get().storage_url:
        from app.s3 import BucketStorage  # noqa: PLC0415 - its client is large; most keep photos in a directory

        return BucketStorage(url)
    return DirectoryStorage(settings.get().data_dir / "storage")


def key_of(photo_id: UUID, size: Size) -> str:
    """Return a storage key; the random end of the id spreads folders evenly."""
    return f"photos/{photo_id.hex[-2:]}/{photo_id}{'-thumb' if size == 'thumb' else ''}.jpg"


async def add(actor: Actor, upload: Upload, key: str | None) -> tuple[PhotoOut, bool]:
    """Keep a photo: re-encoded, upright, without metadata; and tell whether this repeats an upload under `key`.

    Only its uploader sees it until it is attached.
    """
    with tempfile.TemporaryDirectory(prefix="loudeng-photo-") as folder:
        given = Path(folder) / "given"
        digest = await _receive(upload, given)
        written = ledger.Key(actor.person_id, key, digest) if key else None
        if written and (before := await tickets.remembered(written)):
            return await _shown(before), True
        await _refuse_flood(actor)
        photo_id, width, height = await _keep(given, Path(folder))
    try:
        await db.fetch(_INSERT, photo_id, actor.person_id, width, height, clock.now(), key, digest)
    except Duplicate:  # a twin was faster
        before = await tickets.remembered(ledger.Key(actor.person_id, key or "", digest))
        return await _shown(before or photo_id), True
    return await _shown(photo_id), False


_INSERT: Final = """
WITH kept AS (
    INSERT INTO photo (id, uploader_id, width, height, created_at) VALUES ($1, $2, $3, $4, $5)
)
INSERT INTO idempotency (actor_id, key, digest, ref_id, created_at)
SELECT $2, $6::text, $7, $1, $5 WHERE $6::text IS NOT NULL
"""


async def _keep(given: Path, folder: Path) -> tuple[UUID, int, int]:
    """Clean a photo and put it into the storage; return its new id and size."""
    full, thumb, photo_id = folder / "full.jpg", folder / "thumb.jpg", ids.new()
    width, height = await photo_files.clean(given, full, thumb, max_pixels=settings.get().upload_max_pixels)
    await storage().put(key_of(photo_id, "thumb"), thumb)
    await storage().put(key_of(photo_id, "full"), full)
    return photo_id, width, height


async def _shown(photo_id: UUID) -> PhotoOut:
    row = await db.fetchrow("SELECT width, height FROM photo WHERE id = $1", photo_id)
    if row is None:
        raise NotFound("这张照片已经清理，请重新上传")
    return PhotoOut(**views.photos([photo_id])[0], width=row["width"], height=row["height"])


async def _receive(upload: Upload, target: Path) -> bytes:
    """Write what arrives into a file and return its digest."""
    most, got, digest = settings.get().upload_max_bytes, 0, hashlib.sha256(b"photo ")
    with target.open("wb") as file:
        while chunk := await upload.read(_CHUNK):
            got += len(chunk)
            if got > most:
                raise TooLarge(f"照片不能超过 {most // 1024 // 1024} MB")
            digest.update(chunk)
            file.write(chunk)
    if not got:
        raise Invalid.at("/file", "照片是空的，请重新拍照")
    return digest.digest()


async def _refuse_flood(actor: Actor) -> None:
    if settings.get().rate_limits == "off":
        return
    most = PER_HOUR_BY_KEY if actor.key else PER_HOUR
    recent = await db.fetch(
        "SELECT FROM photo WHERE uploader_id = $1 AND created_at > $2 LIMIT $3",
        actor.person_id,
        clock.now() - _HOUR,
        most,
    )
    if len(recent) >= most:
        raise TooMany(f"一小时内最多上传{most}张照片", retry_after=int(_HOUR.total_seconds()))


async def fetch(actor: Actor, photo_id: UUID, size: Size) -> AsyncIterator[bytes]:
    """Return a photo's bytes for its uploader, or for whoever sees its ticket."""
    row = await db.fetchrow("SELECT uploader_id, ticket_id, seq FROM photo WHERE id = $1", photo_id)
    if row is None:
        raise NotFound
    if row["ticket_id"]:
        seen = await tickets.load(actor, row["ticket_id"])
        await _refuse_internal(seen, row["seq"])
    elif row["uploader_id"] != actor.person_id:
        raise NotFound
    return await storage().fetch(key_of(photo_id, size))


async def _refuse_internal(seen: tickets.Seen, seq: int) -> None:
    """Hide the photos of an internal comment from those who may not read it."""
    if tickets.sees_internal(seen):
        return
    row = await db.fetchrow(
        "SELECT internal FROM remark WHERE ticket_id = $1 AND seq = $2", seen.ticket["id"], seq
    )
    if row and row["internal"]:
        raise NotFound


async def sweep() -> int:
    """Remove photos nobody attached within a day: the row first, so that no row ever points at nothing."""
    now = clock.now()
    rows = await db.fetch(_SWEEP, now - LOOSE_LIVES, now)
    await clear()
    return len(rows)


_SWEEP: Final = """
WITH loose AS (
    DELETE FROM photo WHERE ticket_id IS NULL AND created_at < $1 RETURNING id
)
INSERT INTO discard (photo_id, since) SELECT id, $2 FROM loose ON CONFLICT DO NOTHING RETURNING photo_id
"""
_AT_ONCE: Final = 100


async def clear() -> int:
    """Remove the files of photos whose rows are gone; return how many. One whose removal is cut short comes again."""
    rows = await db.fetch("SELECT photo_id FROM discard ORDER BY since LIMIT $1", _AT_ONCE)
    for row in rows:
        for size in SIZES:
            await storage().remove(key_of(row["photo_id"], size))
        await db.fetch("DELETE FROM discard WHERE photo_id = $1", row["photo_id"])
    return len(rows)
