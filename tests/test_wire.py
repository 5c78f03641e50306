"""Slow and crowding clients: what is on the wire has deadlines and bounds of its own."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from app import gate, wire
from app.gate import Gate


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
        Gate(echo, upload_bytes=1000),
        http=wire.Deadline,
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
    monkeypatch.setattr(wire, "HEAD_SECONDS", 0.2)
    async with serving() as port:
        assert await said(port, b"GET / HTTP/1.1\r\nHost: x\r\n", b"X-Slow: 1\r\n") == b""


async def test_a_silent_connection_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "HEAD_SECONDS", 0.2)
    async with serving() as port:
        assert await said(port) == b""


async def test_a_body_that_never_ends_is_refused_and_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "RECEIPT_SECONDS", 0.2)
    async with serving() as port:
        got = await said(port, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
    assert got.startswith(b"HTTP/1.1 408")
    assert b"application/problem+json" in got


async def test_a_body_too_large_is_refused_while_it_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "SMALL_BODY", 100)
    async with serving() as port:
        got = await said(port, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 200)
    assert got.startswith(b"HTTP/1.1 413")


async def test_more_requests_than_fit_are_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "AT_ONCE", 0)
    status, headers, body = await through(Gate(echo, upload_bytes=1000))
    assert status == 503
    assert b"retry-after" in headers
    assert json.loads(body)["title"]


async def through(app: Gate) -> tuple[int, dict[bytes, bytes], bytes]:
    """Send one GET through an ASGI application."""
    sent: list[Message] = []
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), body
