"""Photos in, photos out."""

from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import APIRouter, Response, UploadFile
from fastapi.responses import StreamingResponse

from app.deps import API, Caller, IdempotencyKey, Ticketed, consenting
from app.models.photo import PhotoOut
from app.services import photos
from app.services.photos import Size

router = APIRouter(prefix=f"{API}/photos", tags=["photos"], route_class=Ticketed)


@router.post("", status_code=201)
async def add(file: UploadFile, actor: Caller, key: IdempotencyKey, response: Response) -> PhotoOut:
    """Upload a photo (JPEG, PNG, WebP, HEIC, GIF; by content). It is kept upright and without metadata."""
    photo, replayed = await photos.add(await consenting(actor), file, key)
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return photo


@router.get("/{photo_id}", response_class=StreamingResponse)
async def fetch(photo_id: UUID, actor: Caller, size: Size = "full") -> StreamingResponse:
    """Fetch a photo as JPEG: one's own, or of a ticket one sees."""
    chunks: AsyncIterator[bytes] = await photos.fetch(actor, photo_id, size)
    return StreamingResponse(
        chunks, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=600"}
    )
