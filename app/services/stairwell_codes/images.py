"""The image of a code: WeChat's own where it is configured and answers, else one of a link to us."""

import asyncio
from typing import Final, NamedTuple
from uuid import UUID
from weakref import WeakValueDictionary

from app import clock, db, process_state, settings
from app.services import places, wechat
from app.sql import Statement

PAGE: Final = "pages/home/index"  # of the mini-program: it reads `scene` and `q`


class Code(NamedTuple):
    """The image of a place's code. `problem`: why it is a link although WeChat is configured."""

    scene: str
    image: bytes
    is_link: bool
    problem: str | None = None

    @property
    def media_type(self) -> str:
        """WeChat sends JPEG or PNG as it pleases."""
        return "image/jpeg" if self.image.startswith(b"\xff\xd8\xff") else "image/png"


async def code_of_place(place_id: UUID) -> Code:
    """Return the code of a place. Raises NotFound."""
    scene = await places.get_scene(place_id)
    try:
        image = await mini_program_image(scene)
    except wechat.NoAnswer:
        return Code(scene, places.qr_png(scene), is_link=True, problem="no-answer")
    except wechat.WeChatError as error:
        return Code(scene, places.qr_png(scene), is_link=True, problem=f"errcode-{error.errcode}")
    return Code(scene, image or places.qr_png(scene), is_link=image is None)


async def mini_program_image(scene: str) -> bytes | None:
    """Return WeChat's image of a code, None where WeChat is not configured. Raises NoAnswer and WeChatError.

    WeChat is asked once for each code: the image is kept.
    """
    if not wechat.is_configured():
        return None
    appid = settings.get().wechat_appid
    # Requests at the same time for the same code wait for the first of them.
    async with _locks.setdefault(scene, asyncio.Lock()):
        row = await db.execute_one(_SELECT, appid=appid, scene=scene)
        if row is None:
            image = await wechat.mini_program_code(scene, PAGE)
            row = await db.execute_one(_INSERT, appid=appid, scene=scene, image=image, now=clock.now())
        return bytes(row["image"]) if row else None


_locks: Final[WeakValueDictionary[str, asyncio.Lock]] = WeakValueDictionary()
process_state.on_forget(_locks.clear)

_SELECT: Final = Statement("SELECT image FROM wechat_code WHERE appid = :appid AND scene = :scene")
# Another process may have been faster: its image is the one that stays.
_INSERT: Final = Statement("""
INSERT INTO wechat_code (appid, scene, image, created_at) VALUES (:appid, :scene, :image, :now)
ON CONFLICT (appid, scene) DO UPDATE SET image = wechat_code.image RETURNING image
""")
