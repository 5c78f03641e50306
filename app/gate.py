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
from app.room import Room
from app.services import audit

logger = log.get("gate")

AT_ONCE: Final = 100  # requests one process works at
WAITING_SECONDS: Final = 1.0  # for a place among them; then one is told to come back
RECEIPT_SECONDS: Final = 29  # to send a whole body: whoever is slow is gone in half a minute
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
_BODILESS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_ALIVE: Final = "/health"  # answered however crowded it is: who is busy is not to be restarted
_CLOSE: Final = {"Connection": "close"}
_LATER: Final = {"Retry-After": "1"}
_HEADERS: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"SAMEORIGIN"),
]


@cache  # looking a series up costs more than counting in it; routes are few
def _series(method: str, path: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, path, status), SECONDS.labels(method, path)


def _brings_body(scope: Scope) -> bool:
    return scope["method"] not in _BODILESS and any(
        name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
        for name, value in scope["headers"]
    )


class Gate:
    """Pure ASGI: nothing is buffered, nothing is run in another task."""

    def __init__(self, app: ASGIApp, *, upload_bytes: int) -> None:
        self.app = app
        self.upload_bytes = upload_bytes + 64 * 1024  # the multipart around it
        self.room = Room(AT_ONCE, WAITING_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "POST" and _AS_PATCH in scope["headers"]:
            scope["method"] = "PATCH"
        scope["request_id"] = request_id = secrets.token_hex(16)
        passage = _Passage(scope, send, request_id)
        audit.came_from.set(address(scope))
        named = log.request_id.set(request_id)
        try:
            if _brings_body(scope):
                receive = self._bounded(passage, receive)
            elif scope["path"] != _ALIVE:
                await self._enter(passage)
            await self.app(scope, receive, passage.send)
        except Unavailable as refusal:
            await passage.answer(problems.of(refusal, request_id, scope["path"]), receive)
        except HTTPException as error:  # too busy, too slow, too large: before a route would answer for it
            await passage.answer(
                problems.of_status(request_id, error.status_code, scope["path"], headers=error.headers),
                receive,
            )
        except Exception:
            logger.exception("unexpected", path=scope["path"])
            await passage.answer(problems.of_status(request_id, 500, scope["path"]), receive)
        finally:
            if passage.entered:
                self.room.leave()
            passage.tell()
            log.request_id.reset(named)

    async def _enter(self, passage: "_Passage") -> None:
        """Take a place. Who finds none waits a moment: to refuse at once is to be asked again at once."""
        try:
            await self.room.enter()
        except TimeoutError:
            raise HTTPException(503, headers=_LATER) from None
        passage.entered = True

    def _bounded(self, passage: "_Passage", receive: Receive) -> Receive:
        """Bound a body in size and in the time it takes to arrive; only when it is whole it takes a place."""
        most = self.upload_bytes if passage.scope["path"].endswith("/photos") else SMALL_BODY
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
            if whole:
                await self._enter(passage)
            return message

        return bounded


class _Passage:
    """One request on its way: what was answered, and how long it took."""

    def __init__(self, scope: Scope, send: Send, request_id: str) -> None:
        self.scope, self._send, self.request_id = scope, send, request_id
        self.status = 0
        self.entered = False
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
