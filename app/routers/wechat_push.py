"""What WeChat's server asks of us: its message push, and the photos whose check it was asked for."""

from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse

from app.services import photos, wechat_push

# WeChat's own protocol: nothing for those who read our API's document.
router = APIRouter(prefix="/wechat", include_in_schema=False)


@router.get("/push")
async def check(request: Request) -> PlainTextResponse:
    """Answer WeChat's question whether this address is ours."""
    return PlainTextResponse(wechat_push.answer_check(request.query_params))


@router.post("/push")
async def push(request: Request) -> PlainTextResponse:
    """Take a message, in plain or safe mode, in XML or JSON. Unknown ones are taken, too."""
    await wechat_push.receive(request.query_params, await request.body())
    return PlainTextResponse("success")


@router.get("/photos/{photo_id}", response_class=StreamingResponse)
async def photo(photo_id: UUID, until: str = "", signature: str = "") -> Response:
    """Fetch the one photo a signed link is for, while its check runs. Anything else is not found."""
    chunks: AsyncIterator[bytes] = await photos.fetch_for_check(photo_id, until, signature)
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return StreamingResponse(chunks, media_type="image/jpeg", headers=headers)
