"""One message to one robot. Nothing but WeCom's own address is called: only the key is an office's."""

import asyncio
from typing import Any, Final

import httpx
from pydantic_core import from_json

from app import log, settings
from app.rules.robots import SEND_PATH

logger = log.get("robots")

SECONDS: Final = 5  # for a message from start to end
MAX_BYTES: Final = 64 * 1024  # of an answer
INVALID: Final = frozenset({93000, 93004, 93008})  # errcodes: the robot is removed, or was never there
TOO_OFTEN: Final = 45009
# On uvloop anyio raises AttributeError for a connection that is reset while it is made.
_NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, AttributeError)
_NOT_PASSED_ON: Final = frozenset({429, 502, 503})


class NoAnswer(Exception):
    """There is no readable answer. `sent`: the group may have the message."""

    def __init__(self, *, sent: bool) -> None:
        super().__init__(sent)
        self.sent = sent


async def send(key: str, text: str, *, to_all: bool) -> int:
    """Say something in the robot's group, mentioning all; return WeCom's errcode, 0 for success. Raises NoAnswer."""
    body = {"msgtype": "text", "text": {"content": text} | ({"mentioned_list": ["@all"]} if to_all else {})}
    try:
        async with asyncio.timeout(SECONDS):
            errcode = await _post(key, body)
    except _NOT_SENT as error:
        raise _no_answer(type(error).__name__, sent=False) from None
    except (httpx.HTTPError, TimeoutError, ValueError) as error:
        raise _no_answer(type(error).__name__) from None
    if errcode:
        logger.warning("robot_refused", errcode=errcode)
    return errcode


async def _post(key: str, body: dict[str, Any]) -> int:
    url = settings.get().wecom_api_base.rstrip("/") + SEND_PATH
    async with _client().stream("POST", url, params={"key": key}, json=body, timeout=SECONDS) as response:
        if response.status_code != httpx.codes.OK:
            raise _no_answer(
                f"status {response.status_code}", sent=response.status_code not in _NOT_PASSED_ON
            )
        content = bytearray()
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > MAX_BYTES:
                raise _no_answer("too long")
    answer = from_json(bytes(content))
    if not isinstance(answer, dict):
        raise _no_answer("no object")
    return int(answer.get("errcode") or 0)


def _no_answer(why: str, *, sent: bool = True) -> NoAnswer:
    logger.warning("robot_unreachable", error=why, sent=sent)
    return NoAnswer(sent=sent)


# One pool of connections a process. It belongs to the loop it was opened on: tests and commands have several.
_clients: dict[asyncio.AbstractEventLoop, httpx.AsyncClient] = {}


def _client() -> httpx.AsyncClient:
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        _clients[loop] = httpx.AsyncClient(trust_env=False, limits=httpx.Limits(max_connections=20))
    return _clients[loop]


async def close() -> None:
    """Close the connections of this loop."""
    if client := _clients.pop(asyncio.get_running_loop(), None):
        await client.aclose()
