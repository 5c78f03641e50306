"""Codes and links that open a page of the mini-program."""

from typing import Final, Literal

from app.rules.wechat_errors import Use
from app.services.wechat import client
from app.services.wechat.tokens import post, post_for_image

Version = Literal["release", "trial", "develop"]
_CODE_PATH: Final = "/wxa/getwxacodeunlimit"
_LINK_PATH: Final = "/wxa/generate_urllink"
_NO_PAGE: Final = 41030


async def mini_program_code(
    scene: str, page: str, *, width: int = 430, version: Version = "release"
) -> bytes:
    """Return the image (JPEG or PNG) of a code; the page reads `scene`, 1-32 characters. It is good for ever.

    Raises NoAnswer and WeChatError.
    """
    body = {
        "scene": scene,
        "page": page,
        "check_path": False,  # sheets are printed before the first release
        "env_version": version,
        "width": width,
    }

    return await post_for_image(Use.NOBODY_WAITS, _CODE_PATH, body)


async def is_released(page: str) -> bool:
    """Tell whether the released mini-program has a page. Raises NoAnswer and WeChatError."""
    body = {"scene": "check", "page": page, "check_path": True, "env_version": "release"}
    try:
        await post_for_image(Use.NOBODY_WAITS, _CODE_PATH, body)
    except client.WeChatError as error:
        if error.errcode != _NO_PAGE:
            raise
        return False
    return True


async def url_link(page: str, query: str, *, version: Version = "release") -> str:
    """Return an https link that opens a page from a text message or a browser. Raises NoAnswer and WeChatError."""
    body = {"path": page, "query": query, "env_version": version}

    link = (await post(Use.NOBODY_WAITS, _LINK_PATH, body)).get("url_link")
    if not isinstance(link, str) or not link.startswith("https://"):
        raise client.no_answer(_LINK_PATH, "no link")
    return link
