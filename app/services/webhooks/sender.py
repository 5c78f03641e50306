"""Send one message once: sign it, and bound the time and the size of the response whatever the receiver does."""

import asyncio
import secrets
import ssl
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Final

import httpcore
from standardwebhooks import Webhook

from app import clock, log, settings
from app.errors import Unreadable
from app.models.webhook import ClaimedDelivery
from app.services import encryption
from app.services.webhooks import messages
from app.services.webhooks.results import AttemptResult, ResultKind
from app.services.webhooks.safe_http import AddressRefused, Connections

logger = log.get("webhook_sender")

MAX_RESPONSE_BYTES: Final = 64 * 1024  # as received: nothing is decompressed
JITTER: Final = 0.2  # of the wait between attempts, both ways
MAX_RETRY_AFTER_SECONDS: Final = 24 * 3600.0
_random: Final = secrets.SystemRandom()
_HEADERS: Final = {"content-type": "application/json", "user-agent": "loudeng-webhooks/1", "accept": "*/*"}


async def attempt(connections: Connections, delivery: ClaimedDelivery) -> AttemptResult:
    """Send a message once and return the result; faults of the receiver are results, never exceptions."""
    began, status, retry_after, error = time.monotonic(), None, None, None
    try:
        async with asyncio.timeout(settings.get().webhook_timeout_seconds):  # in total, also for a slow body
            async with connections.post(signed_headers(delivery), delivery["body"].encode()) as response:
                status, retry_after = response.status, _header(response, b"retry-after")
                await _read(response)
    except Exception as exception:  # noqa: BLE001 - a foreign server may cause anything
        error = _error_code(exception)
    took_ms = round((time.monotonic() - began) * 1000)
    if error is None and status is not None and not 200 <= status < 300:
        error = "redirect" if 300 <= status < 400 else "status"
    return _result(delivery, status=status, error=error, took_ms=took_ms, retry_after=retry_after)


def signed_headers(delivery: ClaimedDelivery) -> dict[str, str]:
    """Return a message's headers, with one signature for each valid secret, the newest first.

    Secrets that cannot be read do not sign. Raises Unreadable when none can.
    """
    now, message_id = clock.now(), messages.message_id(delivery["id"])
    signers = [signer for secret in delivery["secrets"] if (signer := _signer(secret))]
    if not signers:
        raise Unreadable
    signatures = [signer.sign(message_id, now, delivery["body"]) for signer in signers]
    return _HEADERS | {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


@lru_cache(maxsize=1000)
def _signer(encrypted_secret: bytes) -> Webhook | None:
    try:
        return Webhook(encryption.decrypt(encrypted_secret))
    except Unreadable:
        return None


def _header(response: httpcore.Response, name: bytes) -> str | None:
    values = (value for key, value in response.headers if key.lower() == name)
    return next((value.decode("latin-1") for value in values), None)


async def _read(response: httpcore.Response) -> None:
    """Read a response, so that its connection can be reused. A longer one is cut off and its connection closed."""
    size = 0
    async for chunk in response.aiter_stream():
        size += len(chunk)
        if size > MAX_RESPONSE_BYTES:
            return


def _error_code(exception: Exception) -> str:
    """Return the code of an error as the delivery log shows it."""
    if isinstance(exception, AddressRefused):
        return "refused"
    if isinstance(exception, Unreadable):
        return "secret"
    if isinstance(exception, (TimeoutError, httpcore.TimeoutException)):
        return "timeout"
    if isinstance(exception, ssl.SSLError) or isinstance(exception.__context__, ssl.SSLError):
        return "tls"
    if isinstance(exception, (OSError, httpcore.NetworkError, UnicodeError)):
        return "connect"
    if not isinstance(exception, (httpcore.ProtocolError, httpcore.UnsupportedProtocol)):
        logger.warning("attempt_failed", error=type(exception).__name__)
    return "protocol"


def _result(
    delivery: ClaimedDelivery,
    *,
    status: int | None,
    error: str | None,
    took_ms: int,
    retry_after: str | None,
) -> AttemptResult:
    kind, wait = ResultKind.DELIVERED, None
    if error is not None:
        wait = retry_seconds(delivery["attempts"], retry_after) if status != HTTPStatus.GONE else None
        kind = ResultKind.FAILED if wait is None else ResultKind.RETRY
    return AttemptResult(
        id=delivery["id"],
        webhook_id=delivery["webhook_id"],
        attempts=delivery["attempts"],
        kind=kind,
        retry_seconds=wait or 0.0,
        status=status,
        error=error,
        took_ms=took_ms,
    )


def retry_seconds(attempts: int, retry_after: str | None = None) -> float | None:
    """Return the seconds until the next attempt, None after the last. `retry_after`: the receiver's header."""
    schedule = settings.get().webhook_retry_seconds
    if attempts >= len(schedule):
        return None
    seconds = schedule[attempts] * _random.uniform(1 - JITTER, 1 + JITTER)
    return max(seconds, min(_retry_after_seconds(retry_after), MAX_RETRY_AFTER_SECONDS))


def _retry_after_seconds(retry_after: str | None) -> float:
    """Return the seconds of a Retry-After header in either of its forms; 0 for anything else."""
    value = (retry_after or "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:10])
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError, IndexError):
        return 0.0
    return max(0.0, (_aware(until) - clock.now()).total_seconds())


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
