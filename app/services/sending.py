"""One attempt to send one message: signed, bounded in time and in what is read of the answer, whatever the receiver does."""

import asyncio
import secrets
import ssl
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Final

import httpcore
from standardwebhooks import Webhook

from app import clock, log, settings
from app.services import deliveries, vault
from app.services.outcomes import Became, Outcome
from app.services.outgoing import Connections, Refused

logger = log.get("sending")

READ: Final = 64 * 1024  # bytes of an answer, as they come: nothing is decompressed
GONE: Final = 410
JITTER: Final = 0.2
LONGEST: Final = 24 * 3600.0  # seconds a receiver may put us off
_random: Final = secrets.SystemRandom()
_HEADERS: Final = {"content-type": "application/json", "user-agent": "loudeng-webhooks/1", "accept": "*/*"}


async def attempt(connections: Connections, message: Any) -> Outcome:
    """Send a message once and return what became of it; a receiver's faults are outcomes, never exceptions."""
    began, status, asked, error = time.monotonic(), None, None, None
    try:
        async with asyncio.timeout(settings.get().webhook_timeout_seconds):  # in all, however slowly it drips
            async with connections.post(signed(message), message["body"].encode()) as response:
                status, asked = response.status, _header(response, b"retry-after")
                await _read(response)
    except Exception as trouble:  # noqa: BLE001 - a stranger's server may do anything
        error = _named(trouble)
    took = round((time.monotonic() - began) * 1000)
    if error is None and status is not None and not 200 <= status < 300:
        error = "redirect" if 300 <= status < 400 else "status"
    return _outcome(message, status, error, took, asked)


def signed(message: Any) -> dict[str, str]:
    """Return a message's headers: with a signature of every secret that counts now, the newest first."""
    now, named = clock.now(), deliveries.header(message["id"])
    signatures = [_signer(sealed).sign(named, now, message["body"]) for sealed in message["secrets"]]
    marks = {
        "webhook-id": named,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    return _HEADERS | marks


@lru_cache(maxsize=1000)
def _signer(sealed: bytes) -> Webhook:
    return Webhook(vault.unseal(sealed))


def _header(response: httpcore.Response, name: bytes) -> str | None:
    found = (value for key, value in response.headers if key.lower() == name)
    return next((value.decode("latin-1") for value in found), None)


async def _read(response: httpcore.Response) -> None:
    """Read an answer so that its connection can be kept; a long one is cut off, and its connection with it."""
    got = 0
    async for chunk in response.aiter_stream():
        got += len(chunk)
        if got > READ:
            return


def _named(trouble: Exception) -> str:
    """Return what went wrong, as the log of deliveries names it."""
    if isinstance(trouble, Refused):
        return "refused"
    if isinstance(trouble, (TimeoutError, httpcore.TimeoutException)):
        return "timeout"
    if isinstance(trouble, ssl.SSLError) or isinstance(trouble.__context__, ssl.SSLError):
        return "tls"
    if isinstance(trouble, (OSError, httpcore.NetworkError, UnicodeError)):
        return "connect"
    if not isinstance(trouble, (httpcore.ProtocolError, httpcore.UnsupportedProtocol)):
        logger.warning("attempt_failed", error=type(trouble).__name__)
    return "protocol"


def _outcome(message: Any, status: int | None, error: str | None, took: int, asked: str | None) -> Outcome:
    same = (message["id"], message["webhook_id"], message["attempts"])
    if error is None:
        return Outcome(*same, Became.DELIVERED, status=status, took_ms=took)
    wait = wait_after(message["attempts"], asked)
    if wait is None or status == GONE:
        return Outcome(*same, Became.FAILED, status=status, error=error, took_ms=took)
    return Outcome(*same, Became.AGAIN, wait, status, error, took)


def wait_after(attempts: int, asked: str | None = None) -> float | None:
    """Return how many seconds to wait after so many attempts in vain, None after the last; `asked`: Retry-After."""
    schedule = settings.get().webhook_retry_seconds
    if attempts >= len(schedule):
        return None
    meant = schedule[attempts] * _random.uniform(1 - JITTER, 1 + JITTER)
    return max(meant, min(_put_off(asked), LONGEST))


def _put_off(asked: str | None) -> float:
    """Return the seconds a Retry-After asks for, in either of its forms; none for anything else."""
    said = (asked or "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:10])
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, TypeError, OverflowError, IndexError):
        return 0.0
    return max(0.0, (_aware(until) - clock.now()).total_seconds())


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
