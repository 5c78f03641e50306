"""Content checks of WeChat, version 2: text at once, images by a push message within half an hour."""

from enum import IntEnum
from typing import Any, Final, NamedTuple

from app.rules.wechat_errors import Use
from app.services.wechat import client
from app.services.wechat.tokens import post

MAX_TEXT: Final = 2500  # characters of one check
_TEXT_PATH: Final = "/wxa/msg_sec_check"
_IMAGE_PATH: Final = "/wxa/media_check_async"
_IMAGE: Final = 2  # media_type


class Scene(IntEnum):
    """Where the text is shown, as WeChat counts it."""

    PROFILE = 1
    COMMENT = 2
    FORUM = 3
    DIARY = 4


class TextVerdict(NamedTuple):
    """WeChat's verdict: `suggest` is pass, review or risky; `label` its reason, a number (100: nothing found)."""

    trace_id: str
    suggest: str
    label: int


async def check_text(openid: str, content: str, scene: Scene = Scene.COMMENT) -> TextVerdict:
    """Have a text of at most MAX_TEXT characters checked. Raises NoAnswer and WeChatError: no verdict."""
    body = {"version": 2, "openid": openid, "scene": int(scene), "content": content}

    answer = await post(Use.NOBODY_WAITS, _TEXT_PATH, body)
    verdict = as_verdict(answer)
    if verdict is None:
        raise client.no_answer(_TEXT_PATH, "no verdict")
    return verdict


def as_verdict(answer: dict[str, Any]) -> TextVerdict | None:
    """Return the verdict in an answer or a push message; None where it has none that we know."""
    result = answer.get("result")
    if not isinstance(result, dict) or result.get("suggest") not in {"pass", "review", "risky"}:
        return None
    try:
        label = int(result.get("label") or 0)  # seen as a string too
    except (TypeError, ValueError):
        return None
    return TextVerdict(str(answer.get("trace_id") or "")[:128], result["suggest"], label)


async def check_image(openid: str, url: str, scene: Scene = Scene.COMMENT) -> str:
    """Have the image at a URL that WeChat can fetch checked; return the trace id of the verdict that will be pushed."""
    body = {"version": 2, "openid": openid, "scene": int(scene), "media_url": url, "media_type": _IMAGE}

    answer = await post(Use.NOBODY_WAITS, _IMAGE_PATH, body)
    trace_id = answer.get("trace_id")
    if not isinstance(trace_id, str) or not 1 <= len(trace_id) <= 128:
        raise client.no_answer(_IMAGE_PATH, "no trace id")
    return trace_id
