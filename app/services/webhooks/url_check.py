"""Check the URL of a new or changed endpoint before it is stored; its address is checked again at every connect."""

import asyncio
import re
from typing import Final
from urllib.parse import urlsplit

import httpx

from app import settings
from app.errors import Invalid
from app.services.webhooks import safe_http

DNS_TIMEOUT_SECONDS: Final = 3.0  # a name that does not resolve in time is checked when something is sent
MAX_URL_LENGTH: Final = 2000


async def check_url(url: str) -> str:
    """Return a URL in the form it is stored in. Raises Invalid, with a sentence why, when nothing may be sent there."""
    parsed = _parse(url)
    secure = parsed.scheme == "https"
    try:
        async with asyncio.timeout(DNS_TIMEOUT_SECONDS):
            addresses = await safe_http.resolve_addresses(_host(parsed).strip("[]"))
    except (OSError, TimeoutError, UnicodeError):
        addresses = []
    try:
        safe_http.require_reachable(addresses, secure=secure)
    except safe_http.AddressRefused:
        raise _invalid("这个地址不能接收推送，请填写公网上的地址" if secure else _HTTPS_REQUIRED) from None
    if not secure and not (addresses and settings.get().webhook_allow_networks):
        raise _invalid(_HTTPS_REQUIRED)
    return str(parsed)


_HTTPS_REQUIRED: Final = "地址要以 https:// 开头"


def _parse(url: str) -> httpx.URL:
    try:
        parts, parsed = urlsplit(url), httpx.URL(url)
        port = parts.port
    except (ValueError, httpx.InvalidURL, UnicodeError):
        raise _invalid("地址格式不对") from None
    if parsed.scheme not in {"https", "http"}:
        raise _invalid(_HTTPS_REQUIRED)
    if (
        not _HOST.fullmatch(_host(parsed))
        or port == 0
        or any(character.isspace() for character in url)
        or len(str(parsed)) > MAX_URL_LENGTH
    ):
        raise _invalid("地址格式不对")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise _invalid("地址里不要写用户名、密码和 # 后面的部分")
    return parsed


def _host(url: httpx.URL) -> str:
    """Return the host in the form that is resolved. The raw one: `url.host` fails for invalid Punycode."""
    return url.raw_host.decode("ascii").removesuffix(".")


_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*|\[?[0-9a-f]*:[0-9a-f:.]+\]?", re.ASCII)


def _invalid(detail: str) -> Invalid:
    return Invalid.at("/url", detail)
