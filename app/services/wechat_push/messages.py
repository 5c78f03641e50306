"""Take a pushed message: check who signed it and when, open it, and hand its event on."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from app import clock, db, log, settings
from app.errors import BadRequest, Forbidden, NotFound
from app.services import content_checks, wechat
from app.services.wechat_push import envelope
from app.sql import Statement

logger = log.get("wechat_push")

WINDOW: Final = timedelta(minutes=10)  # how far WeChat's clock and ours may be apart
_MEDIA_CHECK: Final = "wxa_media_check"


def answer_check(query: Mapping[str, str]) -> str:
    """Return the `echostr` by which WeChat sees that the address is ours. Raises NotFound, Forbidden."""
    token = _token()
    _require_recent(query)
    if not envelope.is_signed(token, query):
        raise _refused("signature")
    return query.get("echostr", "")


async def receive(query: Mapping[str, str], body: bytes) -> None:
    """Take one delivery. Raises NotFound where no token is set, Forbidden and BadRequest for what WeChat did not send.

    The delivery is remembered after its effect, which may be repeated: one that was cut off in between is taken again.
    """
    token = _token()
    _require_recent(query)
    message = _open(token, query, body)
    nonce = hashlib.sha256(f"{query['timestamp']} {query.get('nonce', '')}".encode()).hexdigest()
    if await db.execute_one(_SELECT_DELIVERY, nonce=nonce):
        raise _refused("replayed")
    await _handle(message)
    if not await db.execute_one(_INSERT_DELIVERY, nonce=nonce, now=clock.now()):
        raise _refused("replayed")


_SELECT_DELIVERY: Final = Statement("SELECT nonce FROM wechat_push WHERE nonce = :nonce")
_INSERT_DELIVERY: Final = Statement(
    "INSERT INTO wechat_push (nonce, received_at) VALUES (:nonce, :now) ON CONFLICT DO NOTHING RETURNING nonce"
)


def _token() -> str:
    token = settings.get().wechat_push_token
    if not token:
        raise NotFound
    return token


def _require_recent(query: Mapping[str, str]) -> None:
    """Raise Forbidden for a delivery that was signed long ago, or will be."""
    timestamp = query.get("timestamp", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 11):
        raise _refused("timestamp")
    if abs(clock.now().timestamp() - int(timestamp)) > WINDOW.total_seconds():
        raise _refused("timestamp")


def _open(token: str, query: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """Return the fields of a message: an encrypted one where there is a key. Raises Forbidden and BadRequest."""
    conf = settings.get()
    key, appid = conf.wechat_push_aes_key, conf.wechat_appid or ""
    if not key and not envelope.is_signed(token, query):
        raise _refused("signature")
    try:
        content = envelope.decrypt(token, key, appid, query, body) if key else body.decode()
        message = envelope.parse(content)
    except envelope.Foreign as error:
        raise _refused(str(error)) from None
    except envelope.Unreadable as error:
        logger.warning("wechat_push_unreadable", why=str(error))
        raise BadRequest("消息读不出来") from None
    except UnicodeDecodeError:
        logger.warning("wechat_push_unreadable", why="encoding")
        raise BadRequest("消息读不出来") from None
    if message.get("appid") not in {None, "", appid}:
        raise _refused("appid")
    return message


def _refused(why: str) -> Forbidden:
    logger.warning("wechat_push_refused", why=why)
    return Forbidden("这不是微信发来的消息")


async def _handle(message: Mapping[str, Any]) -> None:
    """Do what a message asks for; most ask for nothing."""
    if message.get("Event") != _MEDIA_CHECK:
        return
    verdict = wechat.as_verdict(dict(message))
    if verdict is None or not verdict.trace_id:
        logger.warning("wechat_push_without_verdict", trace_id=str(message.get("trace_id"))[:128])
        return
    await content_checks.store_verdict(verdict)


async def sweep_deliveries() -> None:
    """Forget deliveries that are refused by their age."""
    await db.execute(_SWEEP, received_before=clock.now() - 2 * WINDOW)


_SWEEP: Final = Statement("DELETE FROM wechat_push WHERE received_at < :received_before")
