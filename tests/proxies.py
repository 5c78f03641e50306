"""A TCP address in front of the tests' database that can fall silent, as a host does that was stopped or unplugged."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from urllib.parse import parse_qs, urlsplit


class Proxy:
    """Forwards bytes to a Unix socket, and while it is silent none: connections stay open, new ones are accepted."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._speaking = asyncio.Event()
        self._speaking.set()
        self._writers: list[asyncio.StreamWriter] = []
        self._ended = False
        self.port = 0

    def silence(self) -> None:
        self._speaking.clear()

    def speak(self) -> None:
        self._speaking.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        await self._speaking.wait()
        if self._ended:
            return
        server_reader, server_writer = await asyncio.open_unix_connection(self._target)
        self._writers.append(server_writer)
        await asyncio.gather(self._forward(reader, server_writer), self._forward(server_reader, writer))

    async def _forward(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(1 << 16):
                await self._speaking.wait()
                target.write(data)
                await target.drain()
        target.close()

    async def end(self) -> None:
        self._ended = True
        self.speak()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)


@asynccontextmanager
async def proxy(dsn: str) -> AsyncIterator[Proxy]:
    """Have a proxy of the database at `dsn`."""
    one = Proxy(socket_of(dsn))
    server = await asyncio.start_server(one.serve, "127.0.0.1", 0)
    one.port = server.sockets[0].getsockname()[1]
    try:
        yield one
    finally:
        server.close()
        await one.end()


def socket_of(dsn: str) -> str:
    """Return the path of the socket of the database at `dsn`."""
    options = parse_qs(urlsplit(dsn).query)
    return f"{options['host'][0]}/.s.PGSQL.{options['port'][0]}"


@contextmanager
def black_hole() -> Iterator[int]:
    """Have a port that answers no connection, as an unplugged host: the queue of its connections is full."""
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for filler in (first, second):
            filler.setblocking(False)
            with suppress(BlockingIOError):
                filler.connect(deaf.getsockname())
        yield deaf.getsockname()[1]


def dsn_of(dsn: str, *ports: int) -> str:
    """Return the DSN of the same database behind these ports of this machine, as several hosts."""
    parts = urlsplit(dsn)
    hosts = ",".join(f"127.0.0.1:{port}" for port in ports)
    return f"postgresql://{parts.username}:{parts.password}@{hosts}{parts.path}"
