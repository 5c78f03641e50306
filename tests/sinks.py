"""Receivers of webhooks on loopback: real servers, well-behaved or not, that remember what they were sent."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

LOOPBACK = "127.0.0.0/8"


@dataclass
class Request:
    """One request as it came."""

    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> Any:
        return json.loads(self.body)


Answering = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


def status(code: int, **headers: str) -> Answering:
    """Return what answers with a status and headers, and keeps the connection."""

    async def answer(_: Request, writer: asyncio.StreamWriter) -> None:
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([f"HTTP/1.1 {code} -", "content-length: 0", *lines, "", ""]).encode())

    return answer


async def silence(_: Request, writer: asyncio.StreamWriter) -> None:
    """Never answer."""
    await asyncio.sleep(60)


@dataclass
class Sink:
    """A receiver; `answer` may be set anew at any time."""

    answer: Answering = field(default_factory=lambda: status(200))
    got: list[Request] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    most: int = 0  # requests at the same time
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                request = await _read(reader)
                self.got.append(request)
                self.open += 1
                self.most = max(self.most, self.open)
                try:
                    await self.answer(request, writer)
                    await writer.drain()
                finally:
                    self.open -= 1
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)
    }
    body = await reader.readexactly(int(headers["content-length"]))
    return Request(headers, body, asyncio.get_running_loop().time())


@asynccontextmanager
async def sink(answer: Answering | None = None, **server: Any) -> AsyncIterator[Sink]:
    """Give a receiver on loopback for the length of a block."""
    made = Sink()
    if answer:
        made.answer = answer
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        tasks.add(task)
        try:
            await made.serve(reader, writer)
        except asyncio.CancelledError:
            pass  # the end of the test
        finally:
            tasks.discard(task)

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, **server)
    made.port = listening.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        listening.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
