"""WeChat's server API, as it really behaves: HTTP 200 on errors, errcode at times a string, success without one."""

import asyncio
import ssl
import time
from functools import cache
from typing import Any, Final, TypeGuard

import httpx

from app import log, settings
from app.errors import Invalid, Refusal, Risky, TooMany, Unauthenticated, Unavailable
from app.rules import phones

logger = log.get("wechat")

SIGN_IN_SECONDS: Final = 4  # in all, and no second try: a code works once
SECONDS: Final = 5  # any other call, fetching a token included
_SIGNING_IN: Final[dict[int, Refusal]] = {
    40029: Unauthenticated("微信登录码无效或已过期，请重新打开小程序"),
    40163: Unauthenticated("微信登录码已经用过，请重新打开小程序"),
    40226: Risky(),
    45011: TooMany("登录太频繁，请一分钟后再试"),
}
_STALE: Final = "手机号授权无效或已过期，请再点一次按钮"
_GIVING_PHONE: Final[dict[int, Refusal]] = {
    40029: Invalid(_STALE, errors=[{"pointer": "/code", "detail": _STALE}]),
    40163: Invalid(_STALE, errors=[{"pointer": "/code", "detail": _STALE}]),
    45009: TooMany("今天验证手机号的人太多，请改为自己填写"),
    45011: TooMany("操作太频繁，请一分钟后再试"),
}
_BAD_TOKEN: Final = frozenset({40001, 40014, 42001})
_EARLY: Final = 300.0  # seconds before its end from which on WeChat gives another token


class _Told(Exception):
    """An errcode, and the request's id at WeChat."""

    def __init__(self, errcode: int, rid: str | None) -> None:
        super().__init__(errcode)
        self.errcode, self.rid = errcode, rid


async def openid_of(code: str) -> tuple[str, str | None]:
    """Exchange a `wx.login` code for (openid, unionid). The session key is not kept."""
    params = _account("还没有配置微信登录") | {"js_code": code, "grant_type": "authorization_code"}
    path = "/sns/jscode2session"
    try:
        async with asyncio.timeout(SIGN_IN_SECONDS):  # httpx only bounds each silence
            answer = await _call("GET", path, params)
    except TimeoutError:
        raise _silent(path, "TimeoutError") from None
    except _Told as told:
        raise _refusal(path, told, _SIGNING_IN) from None
    openid, unionid = answer.get("openid"), answer.get("unionid")
    if not _is_id(openid) or not (unionid is None or _is_id(unionid)):
        raise _silent(path, "no openid")
    return openid, unionid


async def phone_of(code: str) -> str:
    """Exchange what the phone button gave for the number, E.164. Invalid: the code is not good any more."""
    path = "/wxa/business/getuserphonenumber"
    try:
        async with asyncio.timeout(SECONDS):
            answer = await _with_token(path, {"code": code})
    except TimeoutError:
        raise _silent(path, "TimeoutError") from None
    except _Told as told:
        raise _refusal(path, told, _GIVING_PHONE) from None
    return _number(path, answer.get("phone_info"))


def _number(path: str, said: Any) -> str:
    """Read the number out of an answer that was made for this mini-program and no other."""
    info = said if isinstance(said, dict) else {}
    mark = info.get("watermark")
    if not isinstance(mark, dict) or mark.get("appid") != settings.get().wechat_appid:
        raise _silent(path, "not for us")
    country, pure = str(info.get("countryCode") or "86"), str(info.get("purePhoneNumber") or "")
    try:
        found = phones.normalise(f"+{country.lstrip('+')} {pure}").e164
    except ValueError:
        found = None
    if found is None:
        raise _silent(path, "no number")
    return found


def _account(otherwise: str) -> dict[str, str]:
    conf = settings.get()
    if not (conf.wechat_appid and conf.wechat_secret):
        raise Unavailable(otherwise)
    return {"appid": conf.wechat_appid, "secret": conf.wechat_secret}


def _is_id(given: Any) -> TypeGuard[str]:
    return isinstance(given, str) and 1 <= len(given) <= 128 and given.isascii() and given.isprintable()


_tokens: dict[str, tuple[str, float]] = {}  # by account and address: the token, and when to ask again


async def _with_token(path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Call as the mini-program itself; a token WeChat does not know any more is renewed, once."""
    try:
        return await _call("POST", path, {"access_token": await _token()}, body)
    except _Told as told:
        if told.errcode not in _BAD_TOKEN:
            raise
    return await _call("POST", path, {"access_token": await _token(renewed=True)}, body)


async def _token(*, renewed: bool = False) -> str:
    """Return the token of this mini-program. WeChat gives the same one to every process until shortly before its end."""
    account = _account("还没有配置微信")
    named = f"{account['appid']} {settings.get().wechat_api_base}"
    kept, until = _tokens.get(named, ("", 0.0))
    if kept and not renewed and time.monotonic() < until:
        return kept
    path = "/cgi-bin/stable_token"
    answer = await _call(
        "POST", path, {}, {"grant_type": "client_credential", **account, "force_refresh": False}
    )
    token, lives = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token or not isinstance(lives, int):
        raise _silent(path, "no token")
    _tokens[named] = (token, time.monotonic() + lives - _EARLY)
    return token


async def _call(
    method: str, path: str, params: dict[str, str], body: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Ask once. Unavailable: no answer that can be read; _Told: WeChat refused."""
    try:
        async with httpx.AsyncClient(
            base_url=settings.get().wechat_api_base, trust_env=False, verify=_tls()
        ) as client:
            response = await client.request(method, path, params=params, json=body, timeout=SECONDS)
        answer = response.json() if response.status_code == httpx.codes.OK else None
    except (httpx.HTTPError, ValueError, RecursionError) as error:
        raise _silent(path, type(error).__name__) from None
    if not isinstance(answer, dict):
        raise _silent(path, "no object")
    if errcode := _errcode(answer):
        raise _Told(errcode, _rid(answer))
    return answer


@cache
def _tls() -> ssl.SSLContext:
    """Read the certificate authorities once: it takes a twentieth of a second of everybody's time."""
    return httpx.create_ssl_context(trust_env=False)


def _silent(path: str, why: str) -> Unavailable:
    logger.warning("wechat_unreachable", path=path, error=why)
    return Unavailable("微信没有回应，请稍后再试")


def _errcode(answer: dict[str, Any]) -> int:
    """Return the errcode; none, or 0, is success."""
    try:
        return int(answer.get("errcode") or 0)
    except (TypeError, ValueError):
        return -1


def _refusal(path: str, told: _Told, meant: dict[int, Refusal]) -> Refusal:
    """Return what an errcode means for who asked; what is our own mistake, or theirs at WeChat, is nobody's fault here."""
    logger.warning("wechat_refused", path=path, errcode=told.errcode, rid=told.rid)
    refusal = meant.get(told.errcode)
    if refusal is None:
        return Unavailable("微信暂时繁忙，请稍后再试")
    if isinstance(refusal, TooMany):
        return TooMany(refusal.detail)
    return type(refusal)(refusal.detail, **refusal.extra)


def _rid(answer: dict[str, Any]) -> str | None:
    """Return the request id WeChat puts at the end of errmsg; never the whole message."""
    _, _, rid = str(answer.get("errmsg", "")).rpartition("rid: ")
    return rid[:64] or None
