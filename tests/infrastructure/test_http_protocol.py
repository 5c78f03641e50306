"""Slow and crowding clients: what is on the wire has deadlines and bounds of its own."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from app import http_protocol, middleware
from app.middleware import RequestMiddleware


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Read a body and answer how long it was."""
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    await PlainTextResponse(str(length))(scope, receive, send)


@asynccontextmanager
async def serving() -> AsyncIterator[int]:
    """Serve `echo` behind the gate, as the program does, and yield the port."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        RequestMiddleware(echo, upload_bytes={"photos": 1000}),
        http=http_protocol.DeadlineProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        lifespan="off",
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server._serve(sockets=[listening]))  # noqa: SLF001 - without its signal handlers
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await running
        listening.close()


async def said(port: int, *parts: bytes) -> bytes:
    """Send parts, never end the request, and return what comes until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for part in parts:
        writer.write(part)
        await writer.drain()
    async with asyncio.timeout(5):
        got = await reader.read()
    writer.close()
    await writer.wait_closed()
    return got


async def test_a_head_that_never_ends_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "HEADERS_SECONDS", 0.2)
    async with serving() as port:
        assert await said(port, b"GET / HTTP/1.1\r\nHost: x\r\n", b"X-Slow: 1\r\n") == b""


async def test_a_silent_connection_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "HEADERS_SECONDS", 0.2)
    async with serving() as port:
        assert await said(port) == b""


async def test_a_body_that_never_ends_is_refused_and_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "BODY_SECONDS", 0.2)
    async with serving() as port:
        got = await said(port, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
    assert got.startswith(b"HTTP/1.1 408")
    assert b"application/problem+json" in got


async def test_a_body_too_large_is_refused_while_it_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "MAX_BODY_BYTES", 100)
    async with serving() as port:
        got = await said(port, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 200)
    assert got.startswith(b"HTTP/1.1 413")


# Of a photo that may have 66,536 bytes with its form: how many come, how many the server reads before it refuses them.
TOO_LARGE: Final = [(70_000, 70_000), (150_000, 150_000), (400_000, 170_000)]


@pytest.mark.parametrize(("coming", "read"), TOO_LARGE)
async def test_a_photo_too_large_is_read_to_its_end_before_it_is_refused(
    monkeypatch: pytest.MonkeyPatch, coming: int, read: int
) -> None:
    """Who is answered while sending may see a broken connection only; who sends without end is cut."""
    monkeypatch.setattr(middleware, "MAX_DROPPED_BYTES", 100_000)
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        taken += 10_000
        return {"type": "http.request", "body": b"x" * 10_000, "more_body": taken < coming}

    app = RequestMiddleware(echo, upload_bytes={"photos": 1000})
    status, _, body = await through(app, "POST", b"1", "/api/v1/photos", receive)
    assert (status, json.loads(body)["title"]) == (413, "内容太大了，请压缩后再上传")
    assert taken == read


async def test_more_requests_than_fit_are_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "MAX_CONCURRENT_REQUESTS", 0)
    monkeypatch.setattr(middleware, "QUEUE_SECONDS", 0.01)
    for method, length in (("GET", b"0"), ("POST", b"0"), ("POST", b"4")):
        status, headers, body = await through(
            RequestMiddleware(echo, upload_bytes={"photos": 1000}), method, length
        )
        assert status == 503
        assert b"retry-after" in headers
        assert json.loads(body)["title"]


async def test_however_crowded_it_says_that_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "MAX_CONCURRENT_REQUESTS", 0)
    assert (await through(RequestMiddleware(echo, upload_bytes={"photos": 1000}), path="/health"))[0] == 200


async def test_who_finds_no_place_waits_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "MAX_CONCURRENT_REQUESTS", 1)
    most = at_work = 0

    async def busy(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal most, at_work
        at_work += 1
        most = max(most, at_work)
        await asyncio.sleep(0.01)
        at_work -= 1
        await echo(scope, receive, send)

    app = RequestMiddleware(busy, upload_bytes={"photos": 1000})
    answers = await asyncio.gather(*(through(app) for _ in range(5)))
    assert [status for status, *_ in answers] == [200] * 5
    assert most == 1


async def test_a_body_that_is_not_whole_takes_nobodys_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "MAX_CONCURRENT_REQUESTS", 1)
    monkeypatch.setattr(middleware, "QUEUE_SECONDS", 0.05)
    async with serving() as port:
        half = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        for _, writer in half:
            writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
        got = await said(
            port, b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab"
        )
        assert got.startswith(b"HTTP/1.1 200")
        for reader, writer in half:  # and each finds one when it is
            writer.write(b"cd")
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            writer.close()


async def through(
    app: RequestMiddleware,
    method: str = "GET",
    length: bytes = b"0",
    path: str = "/",
    receive: Receive | None = None,
) -> tuple[int, dict[bytes, bytes], bytes]:
    """Send one request through an ASGI application; without a body unless `receive` gives one."""
    sent: list[Message] = []
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(b"content-length", length)],
        "query_string": b"",
    }

    async def receive_nothing() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive or receive_nothing, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), body


OFFER = b"Upgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\nConnection: Upgrade, HTTP2-Settings\r\n"


@pytest.mark.parametrize("offer", [OFFER, OFFER.replace(b"h2c", b"websocket"), b"Connection: Upgrade\r\n"])
@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"Content-Length: 5\r\n", b"hello"),
        (b"Transfer-Encoding: chunked\r\n", b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"),
    ],
)
@pytest.mark.parametrize("cut", [1, 40, 10_000])
async def test_the_body_of_a_request_that_offers_another_protocol_arrives(
    offer: bytes, head: bytes, body: bytes, cut: int
) -> None:
    """As Java's HttpClient sends it; and what follows on the connection is read as ever."""
    request = b"POST / HTTP/1.1\r\nHost: x\r\n" + offer + head + b"\r\n" + body
    last = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab"
    async with serving() as port:
        both = request + last
        parts = [both[at : at + cut] for at in range(0, len(both), cut)]
        answers = await said(port, *parts)
    assert answers.count(b"HTTP/1.1 200 OK") == 2
    assert b"\r\n\r\n5HTTP/1.1 200 OK" in answers
    assert answers.endswith(b"\r\n\r\n2")


async def test_an_offer_does_not_hide_a_broken_request() -> None:
    broken = b"POST / HTTP/1.1\r\nHost: x\r\n" + OFFER + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"
    async with serving() as port:
        assert b"400 Bad Request" in await said(port, broken)
        closing = b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade, close\r\n\r\n"
        assert (await said(port, closing)).startswith(b"HTTP/1.1 200 OK")  # and the connection ends


async def test_many_offers_in_one_packet_are_read_one_by_one() -> None:
    one = b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"
    last = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    async with serving() as port:
        assert (await said(port, one * 600 + last)).count(b"HTTP/1.1 200 OK") == 601


async def test_a_tunnel_is_refused() -> None:
    async with serving() as port:
        got = await said(port, b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n")
    assert got.startswith(b"HTTP/1.1 400")
