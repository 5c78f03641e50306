"""A stand-in of WeCom's group robots: a real HTTP server on loopback that errs with HTTP 200, as the real one does."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.deployed import deployed

PATH: Final = "/cgi-bin/webhook/send"
A_MINUTE: Final = 20
MAX_BYTES: Final = 2048  # of a text


def key(name: str) -> str:
    """Return the key of a robot."""
    return f"693a91f6-7aaa-4bc4-97a0-{name:0>12}"


@dataclass
class Wecom:
    """The robots it knows, and what they have said."""

    base: str = ""
    robots: set[str] = field(default_factory=lambda: {key("1"), key("2"), key("3")})
    said: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    asked: int = 0
    answer: tuple[str, bytes] | None = None  # instead of the truth
    hang: float = 0

    def url(self, name: str) -> str:
        """Return a robot's address."""
        return f"{self.base}{PATH}?key={key(name)}"

    def texts(self, name: str) -> list[str]:
        """Return what a robot has said."""
        return [one["text"]["content"] for one in self.said[key(name)]]

    def says(self, answer: Any, status: str = "200 OK") -> None:
        """Answer with this, bytes as they are and anything else as JSON."""
        self.answer = status, answer if isinstance(answer, bytes) else json.dumps(answer).encode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and close."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lines = [line.partition(":") for line in head.lower().split("\r\n")]
            length = next(int(value) for name, _, value in lines if name == "content-length")
            body = json.loads(await reader.readexactly(length))
            self.asked += 1
            await asyncio.sleep(self.hang)
            status, content = self.answer or ("200 OK", json.dumps(self._truth(head, body)).encode())
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\nConnection: close\r\n\r\n".encode()
                + content
            )
            await writer.drain()
        writer.close()

    def _truth(self, head: str, body: dict[str, Any]) -> dict[str, Any]:
        url = urlsplit(head.split(" ", 2)[1])
        robot = parse_qs(url.query).get("key", [""])[0]
        if url.path != PATH or robot not in self.robots:
            return {"errcode": 93000, "errmsg": "invalid webhook url"}
        if body.get("msgtype") != "text" or not 0 < len(body["text"]["content"].encode()) <= MAX_BYTES:
            return {"errcode": 40058, "errmsg": "invalid args"}
        self.said[robot].append(body)
        return {"errcode": 0, "errmsg": "ok"}


@asynccontextmanager
async def wecom_server() -> AsyncIterator[Wecom]:
    """Run the stand-in, and have the program take it for WeCom."""
    wecom = Wecom()
    server = await asyncio.start_server(wecom.serve, "127.0.0.1", 0)
    wecom.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        with deployed(wecom_api_base=wecom.base):
            yield wecom
    finally:
        server.close()
