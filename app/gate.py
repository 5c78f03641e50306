"""What every request passes: an id, a deadline for its body, a bound on how many at once, a log line, a count."""

import asyncio
import secrets
import time
from functools import cache
from typing import Final

from fastapi import HTTPException, Response  # FastAPI lets its own pass while it reads a body
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import log, problems
from app.deps import address
from app.errors import Unavailable
from app.services import audit

logger = log.get("gate")

AT_ONCE: Final = 200  # requests in flight in one process; more are told to come back
RECEIPT_SECONDS: Final = 30  # to send a whole body
SMALL_BODY: Final = 192 * 1024  # JSON; photos have their own limit

REQUESTS = Counter("loudeng_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "loudeng_request_seconds",
    "Time to answer, in seconds.",
    ["method", "route"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.5, 1, 5),
)
# How a mini-program says PATCH: wx.request knows GET, HEAD, POST, PUT, DELETE, OPTIONS, TRACE and CONNECT only.
_AS_PATCH: Final = (b"x-http-method-override", b"PATCH")
_CLOSE: Final = {"Connection": "close"}
_HEADERS: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"SAMEORIGIN"),
]


@cache  # looking a series up costs more than counting in it; routes are few
def _series(method: str, path: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, path, status), SECONDS.labels(method, path)


class Gate:
    """Pure ASGI: nothing is buffered, nothing is run in another task."""

    def __init__(self, app: ASGIApp, *, upload_bytes: int) -> None:
        self.app = app
        self.upload_bytes = upload_bytes + 64 * 1024  # the multipart around it
        self.in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "POST" and _AS_PATCH in scope["headers"]:
            scope["method"] = "PATCH"
        scope["request_id"] = request_id = secrets.token_hex(16)
        passage = _Passage(scope, send, request_id)
        self.in_flight += 1
        audit.came_from.set(address(scope))
        named = log.request_id.set(request_id)
        try:
            if self.in_flight > AT_ONCE:
                raise Unavailable(retry_after=1)
            await self.app(scope, self._bounded(scope, receive), passage.send)
        except Unavailable as refusal:
            await passage.answer(problems.of(refusal, request_id, scope["path"]), receive)
        except HTTPException as error:  # a body too slow or too large, where no route has answered for it
            await passage.answer(
                problems.of_status(request_id, error.status_code, scope["path"], headers=error.headers),
                receive,
            )
        except Exception:
            logger.exception("unexpected", path=scope["path"])
            await passage.answer(problems.of_status(request_id, 500, scope["path"]), receive)
        finally:
            self.in_flight -= 1
            passage.tell()
            log.request_id.reset(named)

    def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        """Bound a body in size and in the time it takes to arrive."""
        if scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            return receive
        most = self.upload_bytes if scope["path"].endswith("/photos") else SMALL_BODY
        deadline = asyncio.get_running_loop().time() + RECEIPT_SECONDS
        got = 0
        whole = False

        async def bounded() -> Message:
            nonlocal got, whole
            if whole:  # waiting for a disconnect has no deadline
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, headers=_CLOSE) from None
            got += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if got > most:
                raise HTTPException(413, headers=_CLOSE)
            return message

        return bounded


class _Passage:
    """One request on its way: what was answered, and how long it took."""

    def __init__(self, scope: Scope, send: Send, request_id: str) -> None:
        self.scope, self._send, self.request_id = scope, send, request_id
        self.status = 0
        self.started = time.perf_counter()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [
                *message["headers"],
                *_HEADERS,
                (b"x-request-id", self.request_id.encode()),
            ]
        await self._send(message)

    async def answer(self, response: Response, receive: Receive) -> None:
        """Answer, unless an answer has begun."""
        if not self.status:
            await response(self.scope, receive, self.send)

    def tell(self) -> None:
        """Count and log by the route's template: an address may name a person, a template does not."""
        took = time.perf_counter() - self.started
        route = self.scope.get("route")
        path = getattr(route, "path", "-")
        method = self.scope["method"]
        count, seconds = _series(method, path, self.status)
        count.inc()
        seconds.observe(took)
        logger.info("request", method=method, route=path, status=self.status, ms=round(took * 1000, 1))
