"""One connection of a client, over which ready-made requests are asked one after another."""

import asyncio
from typing import Final, NamedTuple

PATIENCE: Final = 15.0  # seconds for an answer


class Lost(Exception):
    """The connection ended, or the time was up, before the answer was whole."""


class Answer(NamedTuple):
    """What came back; the names of headers are in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def proper(self) -> bool:
        """Tell whether a refusal for now is a problem that says when to come back; others are proper."""
        if self.status not in {429, 503}:
            return True
        return "retry-after" in self.headers and "problem+json" in self.headers.get("content-type", "")


class Line:
    """Opened when first needed, and again after it was lost."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> Answer:
        """Send a request and return its answer; Lost when none comes."""
        try:
            async with asyncio.timeout(PATIENCE):
                reader = await self.send(request)
                answer = await _answer(reader)
        except (OSError, EOFError, ValueError) as trouble:
            self.close()
            raise Lost(repr(trouble)) from trouble
        if answer.headers.get("connection") == "close":
            self.close()
        return answer

    async def send(self, some: bytes) -> asyncio.StreamReader:
        """Send bytes and return where the answer is to be read."""
        if self._ends is None:
            self._ends = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._ends
        writer.write(some)
        await writer.drain()
        return reader

    async def answer(self) -> Answer:
        """Wait for the answer to what was sent; Lost when none comes."""
        assert self._ends
        try:
            async with asyncio.timeout(PATIENCE):
                return await _answer(self._ends[0])
        except (OSError, EOFError, ValueError) as trouble:
            raise Lost(repr(trouble)) from trouble

    def close(self) -> None:
        """Let the connection go."""
        if self._ends:
            self._ends[1].close()
            self._ends = None


async def _answer(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Answer(int(head[0].split()[1]), headers, body)
