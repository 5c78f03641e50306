"""Addresses people give for webhooks: understood, and looked at before they are kept; looked at again at every connect."""

import asyncio
import re
from typing import Final
from urllib.parse import urlsplit

import httpx

from app import settings
from app.errors import Invalid
from app.services import outgoing

PATIENCE: Final = 3.0  # seconds for the name server; what it does not say now shows when something is sent


async def checked(url: str) -> str:
    """Return an address as it is kept; Invalid, with a sentence why, for one nothing will be sent to."""
    said = _understood(url)
    secure = said.scheme == "https"
    try:
        async with asyncio.timeout(PATIENCE):
            addresses = await outgoing.resolved(_host(said).strip("[]"))
    except (OSError, TimeoutError, UnicodeError):
        addresses = []
    try:
        outgoing.require_reachable(addresses, secure=secure)
    except outgoing.Refused:
        raise _no("这个地址不能接收推送，请填写公网上的地址" if secure else _SECURE) from None
    if not secure and not (addresses and settings.get().webhook_allow_networks):
        raise _no(_SECURE)
    return str(said)


_SECURE: Final = "地址要以 https:// 开头"


def _understood(url: str) -> httpx.URL:
    try:
        parts, said = urlsplit(url), httpx.URL(url)
        port = parts.port
    except (ValueError, httpx.InvalidURL, UnicodeError):
        raise _no("地址格式不对") from None
    if said.scheme not in {"https", "http"}:
        raise _no(_SECURE)
    if (
        not _HOST.fullmatch(_host(said))
        or port == 0
        or any(sign.isspace() for sign in url)
        or len(str(said)) > 2000
    ):
        raise _no("地址格式不对")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise _no("地址里不要写用户名、密码和 # 后面的部分")
    return said


def _host(said: httpx.URL) -> str:
    """Return the host as it is asked for; one whose Punycode means nothing has no other form."""
    return said.raw_host.decode("ascii").removesuffix(".")


_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*|\[?[0-9a-f]*:[0-9a-f:.]+\]?", re.ASCII)


def _no(detail: str) -> Invalid:
    return Invalid.at("/url", detail)
