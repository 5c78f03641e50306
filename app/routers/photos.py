"""Upload and download of photos."""

from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import APIRouter, Response, UploadFile
from fastapi.responses import StreamingResponse

from app.deps import API, CurrentActor, IdempotencyKey, TicketRoute, mark_replayed, require_consent
from app.models.photo import PhotoOut
from app.services import photos
from app.services.photos import PhotoSize

router = APIRouter(prefix=f"{API}/photos", tags=["photos"], route_class=TicketRoute)


@router.post("", status_code=201)
async def add(file: UploadFile, actor: CurrentActor, key: IdempotencyKey, response: Response) -> PhotoOut:
    """Upload a photo (JPEG, PNG, WebP, HEIC, GIF; by content). It is kept upright and without metadata."""
    photo, replayed = await photos.add_photo(await require_consent(actor), file, key)
    mark_replayed(response, replayed=replayed)
    return photo


@router.get("/{photo_id}", response_class=StreamingResponse)
async def fetch(photo_id: UUID, actor: CurrentActor, size: PhotoSize = "full") -> StreamingResponse:
    """Fetch a photo as JPEG: one's own, or of a ticket or a subject one sees."""
    chunks: AsyncIterator[bytes] = await photos.fetch_photo(actor, photo_id, size)
    return StreamingResponse(
        chunks, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=600"}
    )
