"""WeChat's server API, as it really behaves: HTTP 200 on errors, errcode at times a string, success without one."""

import asyncio
import ssl
from functools import cache
from typing import Any, Final, TypeGuard

import httpx

from app import log, settings
from app.errors import Refusal, Risky, TooMany, Unauthenticated, Unavailable

logger = log.get("wechat")

SIGN_IN_SECONDS: Final = 4  # in all, and no second try: a code works once
_REFUSED: Final[dict[int, Refusal]] = {
    40029: Unauthenticated("微信登录码无效或已过期，请重新打开小程序"),
    40163: Unauthenticated("微信登录码已经用过，请重新打开小程序"),
    40226: Risky(),
    45011: TooMany("登录太频繁，请一分钟后再试"),
}


async def openid_of(code: str) -> tuple[str, str | None]:
    """Exchange a `wx.login` code for (openid, unionid). The session key is not kept."""
    conf = settings.get()
    if not (conf.wechat_appid and conf.wechat_secret):
        raise Unavailable("还没有配置微信登录")
    answer = await _get(
        "/sns/jscode2session",
        {
            "appid": conf.wechat_appid,
            "secret": conf.wechat_secret,
            "js_code": code,
            "grant_type": "authorization_code",
        },
    )
    openid, unionid = answer.get("openid"), answer.get("unionid")
    if not _is_id(openid) or not (unionid is None or _is_id(unionid)):
        raise Unavailable("微信没有回应，请稍后再试")
    return openid, unionid


def _is_id(given: Any) -> TypeGuard[str]:
    return isinstance(given, str) and 1 <= len(given) <= 128 and given.isascii() and given.isprintable()


async def _get(path: str, params: dict[str, str]) -> dict[str, Any]:
    try:
        async with (
            asyncio.timeout(SIGN_IN_SECONDS),  # httpx only bounds each silence
            httpx.AsyncClient(
                base_url=settings.get().wechat_api_base, trust_env=False, verify=_tls()
            ) as client,
        ):
            response = await client.get(path, params=params, timeout=SIGN_IN_SECONDS)
        answer = response.json() if response.status_code == httpx.codes.OK else None
    except (httpx.HTTPError, TimeoutError, ValueError, RecursionError) as error:
        logger.warning("wechat_unreachable", path=path, error=type(error).__name__)
        raise Unavailable("微信没有回应，请稍后再试") from None
    if not isinstance(answer, dict):
        raise Unavailable("微信没有回应，请稍后再试")
    _refuse(path, answer)
    return answer


@cache
def _tls() -> ssl.SSLContext:
    """Read the certificate authorities once: it takes a twentieth of a second of everybody's time."""
    return httpx.create_ssl_context(trust_env=False)


def _refuse(path: str, answer: dict[str, Any]) -> None:
    """Raise what an errcode means; no errcode, or 0, is success."""
    try:
        errcode = int(answer.get("errcode") or 0)
    except (TypeError, ValueError):
        errcode = -1
    if errcode:
        logger.warning("wechat_refused", path=path, errcode=errcode, rid=_rid(answer))
        refusal = _REFUSED.get(errcode)
        raise type(refusal)(refusal.detail) if refusal else Unavailable("微信暂时繁忙，请稍后再试")


def _rid(answer: dict[str, Any]) -> str | None:
    """Return the request id WeChat puts at the end of errmsg; never the whole message."""
    _, _, rid = str(answer.get("errmsg", "")).rpartition("rid: ")
    return rid[:64] or None
