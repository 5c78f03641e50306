"""Calls with the mini-program's access token: one for all processes, kept encrypted in the database."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from cryptography.exceptions import InvalidTag

from app import clock, db, process_state
from app.rules.wechat_errors import Kind, Use
from app.services import encryption
from app.services.wechat import client
from app.services.wechat.account import account
from app.services.wechat.client import NoAnswer, WeChatError
from app.sql import Statement

T = TypeVar("T")

RENEW_BEFORE: Final = timedelta(minutes=5)  # from when on WeChat issues another token beside the old one
FORCE_AFTER: Final = timedelta(hours=2)  # WeChat lets us force another token twenty times a day
_PATH: Final = "/cgi-bin/stable_token"

_remembered: dict[str, tuple[str, float]] = {}  # by appid: the token, and until when (monotonic seconds)
process_state.on_forget(_remembered.clear)


async def get(use: Use, path: str) -> dict[str, Any]:
    """Ask with the access token as `post` does."""
    return await _with_token(use, path, lambda params: client.call("GET", path, params))


async def post(use: Use, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Send one request with the access token, once more with another when WeChat refuses it; return the answer.

    All of it takes CALL_SECONDS at most. Raises NoAnswer and WeChatError, for the token too.
    """
    return await _with_token(use, path, lambda params: client.call("POST", path, params, body))


async def post_for_image(use: Use, path: str, body: dict[str, Any]) -> bytes:
    """Send one request as `post` does; return the image it is answered with."""
    return await _with_token(use, path, lambda params: client.call_for_image(path, params, body))


async def check_account() -> None:
    """Ask for the token with appid and secret as they are set now. Raises NoAnswer, WeChatError and Unavailable."""
    await _fetch(Use.NOBODY_WAITS, force=False)


async def _with_token(use: Use, path: str, send: Callable[[dict[str, str]], Awaitable[T]]) -> T:
    sent = False
    try:
        async with asyncio.timeout(client.CALL_SECONDS):
            token = await _current(use)
            try:
                sent = True
                return await send({"access_token": token})
            except WeChatError as error:
                if error.kind is not Kind.TOKEN:
                    raise
            sent = False  # refused: nothing was done
            token = await _renewed(use, refused=token)
            sent = True
            return await send({"access_token": token})
    except TimeoutError:
        raise client.no_answer(path, "TimeoutError", sent=sent) from None
    except NoAnswer as error:  # when it was the token that did not come, the call was not sent
        raise NoAnswer(sent=error.sent and sent) from None


async def _current(use: Use) -> str:
    appid = account(use)["appid"]
    token, until = _remembered.get(appid, ("", 0.0))
    if token and time.monotonic() < until:
        return token
    return await _stored(appid) or await _fetch(use, force=False)


async def _renewed(use: Use, *, refused: str) -> str:
    """Return another token than the refused one: another process may have it already, else WeChat issues one.

    WeChat is made to issue one only if it still gives out the one it refuses, and not twice within FORCE_AFTER.
    """
    appid = account(use)["appid"]
    _remembered.pop(appid, None)
    stored = await _stored(appid)
    if stored and stored != refused:
        return stored
    token = await _fetch(use, force=False)
    if token == refused and await db.execute_one(
        _CLAIM_FORCE, appid=appid, now=clock.now(), forced_before=clock.now() - FORCE_AFTER
    ):
        token = await _fetch(use, force=True)
    return token


async def _stored(appid: str) -> str | None:
    row = await db.execute_one(_SELECT, appid=appid, renew_at=clock.now() + RENEW_BEFORE)
    if row is None:
        return None
    try:
        token = encryption.decrypt(row["sealed"])
    except InvalidTag:  # of another installation's key: a restored database
        return None
    _remember(appid, token, row["expires_at"])
    return token


_SELECT: Final = Statement(
    "SELECT sealed, expires_at FROM wechat_token WHERE appid = :appid AND expires_at > :renew_at"
)
_CLAIM_FORCE: Final = Statement("""
UPDATE wechat_token SET forced_at = :now WHERE appid = :appid AND (forced_at IS NULL OR forced_at < :forced_before)
RETURNING appid
""")


async def _fetch(use: Use, *, force: bool) -> str:
    credentials = account(use)
    body: dict[str, Any] = {"grant_type": "client_credential", **credentials, "force_refresh": force}
    answer = await client.call("POST", _PATH, {}, body)
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token or not isinstance(seconds, int) or seconds < 0:
        raise client.no_answer(_PATH, "no token")
    expires_at = clock.now() + timedelta(seconds=min(seconds, 7200))
    appid = credentials["appid"]
    await db.execute(_STORE, appid=appid, sealed=encryption.encrypt(token), expires_at=expires_at)
    _remember(appid, token, expires_at)
    return token


_STORE: Final = Statement("""
INSERT INTO wechat_token (appid, sealed, expires_at) VALUES (:appid, :sealed, :expires_at)
ON CONFLICT (appid) DO UPDATE SET sealed = excluded.sealed, expires_at = excluded.expires_at
""")


def _remember(appid: str, token: str, expires_at: datetime) -> None:
    seconds = (expires_at - RENEW_BEFORE - clock.now()).total_seconds()
    _remembered[appid] = (token, time.monotonic() + seconds)
