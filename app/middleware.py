"""Wraps every request: an id, a deadline for its body, a limit on concurrency, a log line, metrics."""

import asyncio
import secrets
import time
from collections.abc import Mapping
from functools import cache
from typing import Final

from fastapi import HTTPException, Response  # FastAPI lets its own pass while it reads a body
from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import db, log, problems, words
from app.deps import client_address, has_body
from app.errors import Unavailable
from app.limiter import Limiter
from app.services import audit

logger = log.get("request")

MAX_CONCURRENT_REQUESTS: Final = 100  # in one process
QUEUE_SECONDS: Final = 1.0  # that a request waits to be one of them, before it gets 503
DATABASE_SECONDS: Final = (
    3.5  # that a request waits for the database in all: with the queue, an answer within 5
)
BODY_SECONDS: Final = (
    29  # for a whole body to arrive: a slow client holds a connection for half a minute at most
)
MAX_BODY_BYTES: Final = 192 * 1024  # JSON; files have their own limits
# Of a file that is too large; its rest is read and dropped. Who is refused while sending may see a broken connection
# only, a resident or a proxy that would answer 502 for it.
MAX_DROPPED_BYTES: Final = 64 * 1024 * 1024

REQUESTS = Counter("loudeng_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "loudeng_request_seconds",
    "Time to answer, in seconds.",
    ["method", "route"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.5, 1, 5),
)
# How a mini-program sends PATCH: wx.request supports GET, HEAD, POST, PUT, DELETE, OPTIONS, TRACE and CONNECT only.
_PATCH_OVERRIDE: Final = (b"x-http-method-override", b"PATCH")
_HEALTH_PATH: Final = "/health"  # not limited: a busy process must not be restarted for being busy
_CLOSE: Final = {"Connection": "close"}
_RETRY_LATER: Final = {"Retry-After": "1"}
_HEADERS: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"SAMEORIGIN"),
]


@cache  # looking up a series costs more than counting in it; there are few routes
def _series(method: str, path: str, status: int) -> tuple[Counter, Histogram]:
    return REQUESTS.labels(method, path, status), SECONDS.labels(method, path)


class RequestMiddleware:
    """Plain ASGI: buffers nothing and starts no task."""

    def __init__(self, app: ASGIApp, *, upload_bytes: Mapping[str, int]) -> None:
        """`upload_bytes`: how much routes that take files take, by the last part of their paths."""
        self.app = app
        around = 64 * 1024  # the multipart encoding
        self.max_bytes = {route: size + around for route, size in upload_bytes.items()}
        self.limiter = Limiter(MAX_CONCURRENT_REQUESTS, QUEUE_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "POST" and _PATCH_OVERRIDE in scope["headers"]:
            scope["method"] = "PATCH"
        scope["request_id"] = request_id = secrets.token_hex(16)
        state = _ResponseState(scope, send, request_id)
        audit.client_address.set(client_address(scope))
        words.ask(Headers(scope=scope).get("accept-language"))
        log_token = log.request_id.set(request_id)
        try:
            if has_body(scope):
                receive = self._limit_body(state, receive)
            elif scope["path"] != _HEALTH_PATH:
                await self._acquire(state)
            with db.within(DATABASE_SECONDS):
                await self.app(scope, receive, state.send)
        except Unavailable as refusal:
            await state.answer(problems.of(refusal, request_id, scope["path"]), receive)
        except HTTPException as error:  # too busy, too slow or too large: raised before a route could answer
            await state.answer(
                problems.of_status(request_id, error.status_code, scope["path"], headers=error.headers),
                receive,
            )
        except Exception:
            logger.exception("unexpected", path=scope["path"])
            await state.answer(problems.of_status(request_id, 500, scope["path"]), receive)
        finally:
            if state.acquired:
                self.limiter.release()
            state.report()
            log.request_id.reset(log_token)

    async def _acquire(self, state: "_ResponseState") -> None:
        """Wait for a permit. A client that is refused at once would ask again at once, so it waits a moment first."""
        try:
            await self.limiter.acquire()
        except TimeoutError:
            raise HTTPException(503, headers=_RETRY_LATER) from None
        state.acquired = True

    def _limit_body(self, state: "_ResponseState", receive: Receive) -> Receive:
        """Limit a body in size and in the time it takes to arrive; a permit is taken when it has arrived."""
        route = state.scope["path"].rpartition("/")[2]
        max_bytes = self.max_bytes.get(route, MAX_BODY_BYTES)
        max_read_bytes = max_bytes + (route in self.max_bytes) * MAX_DROPPED_BYTES
        deadline = asyncio.get_running_loop().time() + BODY_SECONDS
        received = 0
        complete = False

        async def receive_piece() -> Message:
            nonlocal received, complete
            message = await receive()
            received += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            return message

        async def receive_limited() -> Message:
            if complete:  # waiting for a disconnect has no deadline
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive_piece()
                    while max_bytes < received <= max_read_bytes and not complete:
                        await receive_piece()
            except TimeoutError:
                raise HTTPException(408, headers=_CLOSE) from None
            if received > max_bytes:
                raise HTTPException(413, headers=_CLOSE)
            if complete:
                await self._acquire(state)
            return message

        return receive_limited


class _ResponseState:
    """What one request has been answered so far, and since when it runs."""

    def __init__(self, scope: Scope, send: Send, request_id: str) -> None:
        self.scope, self._send, self.request_id = scope, send, request_id
        self.status = 0
        self.acquired = False
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
        """Send the response, unless another has begun."""
        if not self.status:
            await response(self.scope, receive, self.send)

    def report(self) -> None:
        """Count and log the request by its route's template: a path may identify a person, a template does not."""
        seconds = time.perf_counter() - self.started
        route = self.scope.get("route")
        path = getattr(route, "path", "-")
        method = self.scope["method"]
        counter, histogram = _series(method, path, self.status)
        counter.inc()
        histogram.observe(seconds)
        logger.info("request", method=method, route=path, status=self.status, ms=round(seconds * 1000, 1))
