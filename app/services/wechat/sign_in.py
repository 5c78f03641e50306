"""Sign-in: exchange the code of `wx.login`."""

from typing import Any, Final, TypeGuard

from app.rules.wechat_errors import Use
from app.services.wechat import client
from app.services.wechat.account import account
from app.services.wechat.client import WeChatError
from app.services.wechat.refusals import refusal

SIGN_IN_SECONDS: Final = 4  # in total, without a retry: a code works once
_PATH: Final = "/sns/jscode2session"


async def openid_of(code: str) -> tuple[str, str | None]:
    """Exchange a `wx.login` code for (openid, unionid). The session key is not kept. Raises a Refusal."""
    params = account(Use.SIGN_IN) | {"js_code": code, "grant_type": "authorization_code"}
    try:
        answer = await client.call("GET", _PATH, params, seconds=SIGN_IN_SECONDS)
    except WeChatError as error:
        raise refusal(error, Use.SIGN_IN) from None
    openid, unionid = answer.get("openid"), answer.get("unionid")
    if not _is_id(openid) or not (unionid is None or _is_id(unionid)):
        raise client.no_answer(_PATH, "no openid")
    return openid, unionid


def _is_id(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and 1 <= len(value) <= 128 and value.isascii() and value.isprintable()
