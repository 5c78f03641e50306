"""Photos of an act on a subject: they must be the caller's own, and of nothing else yet. The ledger attaches them."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from app import db
from app.errors import Invalid
from app.models.photo import LOOSE
from app.sql import Statement


async def require_photos(
    fetch: db.Fetch, person_id: UUID, photo_ids: Sequence[UUID], pointer: str = "/photo_ids"
) -> None:
    """Lock photos for the transaction. Raises Invalid for one that is not there, another's, or of something already."""
    if photo_ids:
        values = {"photo_ids": list(photo_ids), "person_id": person_id}
        if len(await fetch(_LOCK.text, *_LOCK.arguments(values))) < len(photo_ids):
            raise Invalid.at(pointer, "照片没有上传成功，或已经用过，请重新拍照")


_LOCK: Final = Statement(
    f"SELECT FROM photo WHERE id = ANY(:photo_ids::uuid[]) AND uploader_id = :person_id AND {LOOSE} ORDER BY id FOR UPDATE"
)
