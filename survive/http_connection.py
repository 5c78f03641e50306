"""A client's HTTP connection over which prepared requests are sent one after another."""

import asyncio
from collections.abc import Sequence
from typing import Final, NamedTuple

RESPONSE_TIMEOUT: Final = 15.0  # seconds


class ConnectionLost(Exception):
    """The connection ended, or the time was up, before the response was complete."""


class Response(NamedTuple):
    """A response. The names of its headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_well_formed(self) -> bool:
        """Tell whether a 429 or 503 is a problem document with Retry-After. Other statuses always are well formed."""
        if self.status not in {429, 503}:
            return True
        return "retry-after" in self.headers and "problem+json" in self.headers.get("content-type", "")

    @property
    def is_replay(self) -> bool:
        """Tell whether the response repeats that of an earlier request with the same idempotency key."""
        return self.headers.get("idempotent-replayed") == "true"


class HttpConnection:
    """Opens when first used, and again after it was lost."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def request(self, request: bytes) -> Response:
        """Send a request and return its response. Raises ConnectionLost when there is none."""
        try:
            async with asyncio.timeout(RESPONSE_TIMEOUT):
                reader = await self.send(request)
                response = await _read_response(reader)
        except (OSError, EOFError, ValueError) as error:
            self.close()
            raise ConnectionLost(repr(error)) from error
        if response.headers.get("connection") == "close":
            self.close()
        return response

    async def send(self, data: bytes) -> asyncio.StreamReader:
        """Send bytes, which need not be a whole request, and return the reader for the response."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._streams
        writer.write(data)
        await writer.drain()
        return reader

    async def receive(self) -> Response:
        """Return the response to what was sent. Raises ConnectionLost when there is none."""
        assert self._streams
        try:
            async with asyncio.timeout(RESPONSE_TIMEOUT):
                return await _read_response(self._streams[0])
        except (OSError, EOFError, ValueError) as error:
            raise ConnectionLost(repr(error)) from error

    def close(self) -> None:
        """Close the connection."""
        if self._streams:
            self._streams[1].close()
            self._streams = None


async def send_all(port: int, requests: Sequence[bytes], connections: int) -> list[Response]:
    """Send requests over several connections at once; return the responses in the order of the requests."""
    responses: dict[int, Response] = {}

    async def send_share(first: int) -> None:
        connection = HttpConnection(port)
        for number in range(first, len(requests), connections):
            responses[number] = await connection.request(requests[number])
        connection.close()

    await asyncio.gather(*(send_share(first) for first in range(connections)))
    return [responses[number] for number in range(len(requests))]


async def _read_response(reader: asyncio.StreamReader) -> Response:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Response(int(head[0].split()[1]), headers, body)
