"""In-app notices, and a person's settings of them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from app.deps import API, AuthRoute, CurrentActor, Cursor, Limit
from app.models.notice import NoticeSettingsIn, NoticeSettingsOut, NoticesOut, ReadIn, UnreadOut
from app.services import notices

router = APIRouter(prefix=f"{API}/notices", tags=["notices"], route_class=AuthRoute)
mine = APIRouter(prefix=f"{API}/me/notice-settings", tags=["notices"], route_class=AuthRoute)


@router.get("")
async def inbox(
    actor: CurrentActor,
    unread: Annotated[bool, Query(description="Only unread notices.")] = False,
    order: Annotated[
        Literal["new", "danger"],
        Query(description="`new`: newest first. `danger`: unread notices of dangers first."),
    ] = "new",
    limit: Limit = 20,
    cursor: Cursor = None,
) -> NoticesOut:
    """List one's own notices, newest first; `unread` in the answer counts the unread ones."""
    danger_first = order == "danger"
    return await notices.notice_page(
        actor, unread=unread, danger_first=danger_first, limit=limit, cursor=cursor
    )


@router.post("/read")
async def read(form: ReadIn, actor: CurrentActor) -> UnreadOut:
    """Mark some or all notices as read. Repeating it changes nothing."""
    return UnreadOut(unread=await notices.mark_read(actor, form))


@mine.get("")
async def settings(actor: CurrentActor) -> NoticeSettingsOut:
    """Read which groups of notices one receives."""
    return await notices.read_preferences(actor)


@mine.put("")
async def change_settings(form: NoticeSettingsIn, actor: CurrentActor) -> NoticeSettingsOut:
    """Set which groups of notices one receives, and whether nights are quiet; from the next event on."""
    return await notices.change_preferences(actor, form)
