"""HTTP client of WeChat's server API, which answers errors with HTTP 200 and an errcode, sometimes as a string."""

import asyncio
import re
import ssl
from functools import cache
from typing import Any, Final

import httpx
from pydantic_core import from_json

from app import log, process_state, settings
from app.errors import Unavailable
from app.rules import wechat_errors
from app.rules.wechat_errors import Kind

logger = log.get("wechat")

CALL_SECONDS: Final = 5  # for a call from start to end, fetching a token included
MAX_BYTES: Final = 2 * 1024 * 1024  # of an answer; the longest, an image of a code, has some 200 KB
MAX_CONNECTIONS: Final = 20

# httpx says so before it has sent a byte of the request.
# On uvloop anyio raises AttributeError for a connection that is reset while it is made.
_NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    AttributeError,
)
# What a gateway answers that has not passed the request on. 504 is not one of them: its server may be at work.
_NOT_PASSED_ON: Final = frozenset({429, 502, 503})


class WeChatError(Exception):
    """WeChat refused a call with an errcode; `address`: ours as WeChat sees it, where that is what it refuses."""

    def __init__(self, errcode: int, address: str | None = None) -> None:
        super().__init__(errcode)
        self.errcode = errcode
        self.address = address

    @property
    def kind(self) -> Kind:
        """Whose fault it is, and what helps."""
        return wechat_errors.meaning(self.errcode).kind


class NoAnswer(Unavailable):
    """There is no readable answer. `sent`: WeChat may have done what was asked."""

    def __init__(self, *, sent: bool) -> None:
        super().__init__("微信没有回应，请稍后再试")
        self.sent = sent


async def call(
    method: str,
    path: str,
    params: dict[str, str],
    body: dict[str, Any] | None = None,
    *,
    seconds: float = CALL_SECONDS,
) -> dict[str, Any]:
    """Send one request and return the JSON object of its answer. Raises NoAnswer, and WeChatError for an errcode."""
    return _object(path, await _send(method, path, params, body, seconds))


async def call_for_image(
    path: str, params: dict[str, str], body: dict[str, Any], *, seconds: float = CALL_SECONDS
) -> bytes:
    """Send one request whose answer is an image, or JSON when WeChat refuses. Raises as `call` does."""
    content = await _send("POST", path, params, body, seconds)
    if content.startswith(_IMAGES):
        _note(path, 0, None)
        return content
    _object(path, content)
    raise no_answer(path, "no image")


_IMAGES: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


async def _send(
    method: str, path: str, params: dict[str, str], body: dict[str, Any] | None, seconds: float
) -> bytes:
    """Return the body of an answer with status 200, read up to MAX_BYTES."""
    url = settings.get().wechat_api_base + path
    try:
        # httpx limits only each wait for data; whoever trickles would keep us for ever.
        async with (
            asyncio.timeout(seconds),
            _client().stream(method, url, params=params, json=body, timeout=seconds) as response,
        ):
            if response.status_code != httpx.codes.OK:
                sent = response.status_code not in _NOT_PASSED_ON
                raise no_answer(path, f"status {response.status_code}", sent=sent)
            content = bytearray()
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > MAX_BYTES:
                    raise no_answer(path, "too long")
            return bytes(content)
    except _NOT_SENT as error:
        raise no_answer(path, type(error).__name__, sent=False) from None
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        raise no_answer(path, type(error).__name__) from None


def _object(path: str, content: bytes) -> dict[str, Any]:
    try:
        answer = from_json(content)
    except ValueError as error:
        raise no_answer(path, type(error).__name__) from None
    if not isinstance(answer, dict):
        raise no_answer(path, "no object")
    errcode = _errcode(answer)
    _note(path, errcode, _rid(answer))
    if errcode:
        raise WeChatError(errcode, _address(answer))
    return answer


def no_answer(path: str, why: str, *, sent: bool = True) -> NoAnswer:
    """Log that there is no readable answer, or one that lacks what it should have, and return the error."""
    logger.warning("wechat_unreachable", path=path, error=why, sent=sent)
    return NoAnswer(sent=sent)


def _errcode(answer: dict[str, Any]) -> int:
    """Return the errcode; 0 for success, -1 for one that is no number."""
    try:
        return int(answer.get("errcode") or 0)
    except (TypeError, ValueError):
        return -1


def _rid(answer: dict[str, Any]) -> str | None:
    """Return the request id at the end of errmsg, never the whole message."""
    _, _, rid = str(answer.get("errmsg", "")).rpartition("rid: ")
    return rid[:64] or None


def _address(answer: dict[str, Any]) -> str | None:
    """Return the address in `invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist`."""
    match = re.search(r"\binvalid ip ([0-9a-fA-F.:]{3,45})", str(answer.get("errmsg", "")))
    return match and match[1]


# One pool of connections a process. It belongs to the loop it was opened on: tests and commands have several.
_clients: dict[asyncio.AbstractEventLoop, httpx.AsyncClient] = {}


def _client() -> httpx.AsyncClient:
    loop = asyncio.get_running_loop()
    client = _clients.get(loop)
    if client is None:
        limits = httpx.Limits(max_connections=MAX_CONNECTIONS, keepalive_expiry=30)
        client = _clients[loop] = httpx.AsyncClient(trust_env=False, verify=_tls(), limits=limits)
    return client


async def close() -> None:
    """Close the connections of this loop."""
    if client := _clients.pop(asyncio.get_running_loop(), None):
        await client.aclose()


@cache
def _tls() -> ssl.SSLContext:
    """Load the certificate authorities once: it blocks the process for 50 ms."""
    return httpx.create_ssl_context(trust_env=False)


# By path: the errcode by which WeChat last said that the operator has to set something up.
_setup_errors: dict[str, int] = {}
process_state.on_forget(_setup_errors.clear)


def setup_problem() -> str | None:
    """Return the operator's line about what has to be set up, as WeChat last answered this process; None: nothing."""
    return next((wechat_errors.operator_line(errcode) for errcode in _setup_errors.values()), None)


def _note(path: str, errcode: int, rid: str | None) -> None:
    """Log an answer's errcode, and remember what the operator has to set up until WeChat says otherwise."""
    kind = wechat_errors.meaning(errcode).kind if errcode else None
    if kind is Kind.SETUP:
        _setup_errors[path] = errcode
    elif kind is not Kind.BUSY:
        _setup_errors.pop(path, None)
    if errcode:
        line = wechat_errors.operator_line(errcode)
        write = logger.error if kind in {Kind.SETUP, Kind.TEMPLATE} else logger.warning
        write("wechat_refused", path=path, errcode=errcode, meaning=line, rid=rid)
