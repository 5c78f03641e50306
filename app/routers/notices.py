"""The in-app inbox: what happened to tickets one has to do with."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.deps import API, Caller, Cursor, Limit, SignedIn
from app.models.notice import NoticeSettingsIn, NoticeSettingsOut, NoticesOut, ReadIn, UnreadOut
from app.services import notices, wishes

router = APIRouter(prefix=f"{API}/notices", tags=["notices"], route_class=SignedIn)
mine = APIRouter(prefix=f"{API}/me/notice-settings", tags=["notices"], route_class=SignedIn)


@router.get("")
async def inbox(
    actor: Caller,
    unread: Annotated[bool, Query(description="Only what was not read yet.")] = False,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> NoticesOut:
    """List one's own notices, newest first; `unread` counts what is still to be read."""
    return await notices.page(actor, unread=unread, limit=limit, cursor=cursor)


@router.post("/read")
async def read(form: ReadIn, actor: Caller) -> UnreadOut:
    """Mark notices as read, some or all; repeating it changes nothing."""
    return UnreadOut(unread=await notices.read(actor, form))


@mine.get("")
async def settings(actor: Caller) -> NoticeSettingsOut:
    """Read which groups of notices one wants."""
    return await wishes.read(actor)


@mine.put("")
async def change_settings(form: NoticeSettingsIn, actor: Caller) -> NoticeSettingsOut:
    """Set which groups of notices one wants, and whether nights are quiet; from the next event on."""
    return await wishes.change(actor, form)
