"""Photos: uploaded, cleaned and stored; served to whoever sees their ticket or subject; removed when nothing refers to them."""

import hashlib
import tempfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal, Protocol
from uuid import UUID

import asyncpg

from app import clock, db, ids, settings
from app.enums import SubjectKind
from app.errors import Invalid, NotFound, TooLarge, TooMany, Unavailable
from app.models.photo import LOOSE, PhotoOut
from app.rules.access import Actor
from app.services import content_checks, idempotency, subjects, tickets
from app.services.photos import decoder
from app.sql import Statement
from app.storage import DirectoryStorage, Storage

PER_HOUR: Final = 60
PER_HOUR_BY_KEY: Final = 600  # an API key uploads for all the people of an organisation
UNATTACHED_LIFETIME: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)
# From the first stored file to the row; longer than any upload takes.
_UPLOAD_LIFETIME: Final = timedelta(hours=1)
_CHUNK_BYTES: Final = 256 * 1024
PhotoSize = Literal["full", "thumb"]
PHOTO_SIZES: Final[tuple[PhotoSize, ...]] = ("thumb", "full")


class Upload(Protocol):
    """An uploaded file, read a chunk at a time."""

    async def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, b"" at the end."""


_storage: Storage | None = None


def photo_storage() -> Storage:
    """Return the storage of photos."""
    global _storage  # noqa: PLW0603 - one per process, opened when first needed
    if _storage is None:
        _storage = _open_storage()
    return _storage


def _open_storage() -> Storage:
    if url := settings.get().storage_url:
        from app.s3 import BucketStorage  # noqa: PLC0415 - its client is large, and most deployments use a directory

        return BucketStorage(url)
    return DirectoryStorage(settings.get().data_dir / "storage")


def storage_key(photo_id: UUID, size: PhotoSize) -> str:
    """Return a storage key; the random end of the id spreads folders evenly."""
    return f"photos/{photo_id.hex[-2:]}/{photo_id}{'-thumb' if size == 'thumb' else ''}.jpg"


async def add_photo(actor: Actor, upload: Upload, key: str | None) -> tuple[PhotoOut, bool]:
    """Store a photo, re-encoded, upright and without metadata; tell whether this repeats an upload under `key`.

    Only its uploader sees it until it is attached to a ticket or a subject.
    """
    with tempfile.TemporaryDirectory(prefix="loudeng-photo-") as folder:
        upload_file = Path(folder) / "upload"
        digest = await _receive(upload, upload_file)
        idempotency_key = idempotency.IdempotencyKey(actor.person_id, key, digest) if key else None

        return await idempotency.create_once_under(
            idempotency_key, lambda bound_key: _create(actor, upload_file, bound_key), _to_out
        )


async def _create(actor: Actor, upload_file: Path, key: idempotency.IdempotencyKey | None) -> UUID:
    """Clean a photo, store its files and insert its row; return its id.

    The files are scheduled for removal before they are stored, and the statement that inserts the row cancels
    that: whatever happens in between, no file stays that no row refers to.
    """
    await _check_rate(actor)
    full, thumb, photo_id = upload_file.with_name("full.jpg"), upload_file.with_name("thumb.jpg"), ids.new()
    max_pixels = settings.get().upload_max_pixels
    width, height = await decoder.clean_photo(upload_file, full, thumb, max_pixels=max_pixels)
    await db.execute(_INSERT_DISCARD, photo_id=photo_id, remove_at=clock.now() + _UPLOAD_LIFETIME)
    await photo_storage().put(storage_key(photo_id, "thumb"), thumb)
    await photo_storage().put(storage_key(photo_id, "full"), full)
    inserted = await db.execute(
        _INSERT,
        photo_id=photo_id,
        actor_id=actor.person_id,
        width=width,
        height=height,
        now=clock.now(),
        **idempotency.key_values(key),
    )
    if not inserted:  # it took so long that the files are being removed
        raise Unavailable("照片没有保存成功，请重新上传")
    return photo_id


_INSERT_DISCARD: Final = Statement("INSERT INTO discard (photo_id, since) VALUES (:photo_id, :remove_at)")
_INSERT: Final = Statement(f"""
WITH delete_discard AS (
    DELETE FROM discard WHERE photo_id = :photo_id RETURNING photo_id AS id
), insert_photo AS (
    INSERT INTO photo (id, uploader_id, width, height, created_at)
    SELECT id, :actor_id, :width::int, :height::int, :now::timestamptz FROM delete_discard
), insert_key AS ({idempotency.insert_key("delete_discard")})
SELECT id FROM delete_discard
""")


async def _to_out(photo_id: UUID) -> PhotoOut:
    row = await db.fetchrow("SELECT width, height FROM photo WHERE id = $1", photo_id)
    if row is None:
        raise NotFound
    return PhotoOut(**tickets.serialize_photos([photo_id])[0], width=row["width"], height=row["height"])


async def _receive(upload: Upload, target: Path) -> bytes:
    """Write an upload to a file and return its digest. Raises TooLarge and Invalid."""
    max_bytes, received, digest = settings.get().upload_max_bytes, 0, hashlib.sha256(b"photo ")
    with target.open("wb") as file:
        while chunk := await upload.read(_CHUNK_BYTES):
            received += len(chunk)
            if received > max_bytes:
                raise TooLarge(f"照片不能超过 {max_bytes // 1024 // 1024} MB")
            digest.update(chunk)
            file.write(chunk)
    if not received:
        raise Invalid.at("/file", "照片是空的，请重新拍照")
    return digest.digest()


async def _check_rate(actor: Actor) -> None:
    """Raise TooMany when the actor has uploaded too many photos in the last hour."""
    if settings.get().rate_limits == "off":
        return
    limit = PER_HOUR_BY_KEY if actor.key else PER_HOUR
    recent = await db.fetch(
        "SELECT FROM photo WHERE uploader_id = $1 AND created_at > $2 LIMIT $3",
        actor.person_id,
        clock.now() - _HOUR,
        limit,
    )
    if len(recent) >= limit:
        raise TooMany(f"一小时内最多上传{limit}张照片", retry_after=int(_HOUR.total_seconds()))


async def fetch_photo(actor: Actor, photo_id: UUID, size: PhotoSize) -> AsyncIterator[bytes]:
    """Return the bytes of a photo. Raises NotFound unless the actor uploaded it or sees what it is of."""
    row = await db.execute_one(_SELECT_PHOTO, photo_id=photo_id)
    if row is None:
        raise NotFound
    if row["ticket_id"]:
        await _check_attached(actor, photo_id, row)
    elif row["subject_id"]:
        await subjects.require_reads(actor, SubjectKind(row["subject_kind"]), row["subject_id"])
    elif row["uploader_id"] != actor.person_id:
        raise NotFound
    return await photo_storage().fetch(storage_key(photo_id, size))


# With the event that attached it.
_SELECT_PHOTO: Final = Statement("""
SELECT p.uploader_id, p.ticket_id, p.subject_id, s.kind AS subject_kind, e.type AS event_type, e.part, e.data ->> 'passed_to' AS passed_to, r.internal
FROM photo p LEFT JOIN ticket t ON t.id = p.ticket_id LEFT JOIN subject s ON s.id = p.subject_id
LEFT JOIN event e ON e.ticket_id = p.ticket_id AND e.seq = p.seq AND e.at >= t.created_at
LEFT JOIN remark r ON r.ticket_id = p.ticket_id AND r.seq = p.seq
WHERE p.id = :photo_id
""")


async def _check_attached(actor: Actor, photo_id: UUID, row: asyncpg.Record) -> None:
    """Raise NotFound for a photo of an event that the caller may not read, one its reporter has taken back, and as a
    neighbour for one of a resident that has not passed its check.
    """
    try:
        ticket_view = await tickets.load_ticket(actor, row["ticket_id"])
    except NotFound:
        if row["passed_to"] is None:
            raise
        ticket_view = await tickets.load_ticket(actor, UUID(row["passed_to"]))  # where the words went
    else:
        if row["internal"] and not tickets.sees_internal(ticket_view):
            raise NotFound
        if not tickets.shows_photo(ticket_view, row["event_type"], photo_id):
            raise NotFound
    by_resident = row["part"] is None or row["part"] in content_checks.RESIDENT_PARTS
    if (
        by_resident
        and row["uploader_id"] != actor.person_id
        and not tickets.sees_photo(ticket_view, photo_id)
    ):
        raise NotFound


async def fetch_for_check(photo_id: UUID, until: str, signature: str) -> AsyncIterator[bytes]:
    """Return the bytes of a photo to whoever has a link that its check gave out. Raises NotFound for any other link."""
    await content_checks.check_photo_link(photo_id, until, signature)
    return await photo_storage().fetch(storage_key(photo_id, "full"))


async def sweep_unattached() -> int:
    """Remove photos that were not attached within a day, the rows first: no row ever refers to missing files."""
    now = clock.now()
    rows = await db.execute(_DISCARD_UNATTACHED, created_before=now - UNATTACHED_LIFETIME, now=now)
    await clear_discarded()
    return len(rows)


_DISCARD_UNATTACHED: Final = Statement(f"""
WITH delete_photo AS (
    DELETE FROM photo WHERE {LOOSE} AND created_at < :created_before RETURNING id
)
INSERT INTO discard (photo_id, since) SELECT id, :now::timestamptz FROM delete_photo
ON CONFLICT DO NOTHING RETURNING photo_id
""")
_BATCH_SIZE: Final = 100
_SELECT_DUE: Final = Statement("SELECT photo_id FROM discard WHERE since <= :now ORDER BY since LIMIT :limit")


async def clear_discarded() -> int:
    """Remove the files of deleted photos; return of how many. An interrupted removal is repeated the next time."""
    rows = await db.execute(_SELECT_DUE, now=clock.now(), limit=_BATCH_SIZE)
    for row in rows:
        for size in PHOTO_SIZES:
            await photo_storage().remove(storage_key(row["photo_id"], size))
        await db.fetch("DELETE FROM discard WHERE photo_id = $1", row["photo_id"])
    return len(rows)
