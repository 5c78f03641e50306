"""Two webhook receivers in a process of their own: one answers at once, one never does."""

import asyncio
from multiprocessing.connection import Connection
from typing import Final

from bench.child_process import ChildProcess, event_loop
from bench.http_client import is_complete

_RESPONSE: Final = b"HTTP/1.1 204 No Content\r\n\r\n"


class _HealthyProtocol(asyncio.Protocol):
    """One connection; requests arrive one at a time."""

    responds = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # a TCP transport
        self.transport, self.buffer = transport, b""

    def data_received(self, data: bytes) -> None:
        self.buffer = buffer = self.buffer + data if self.buffer else data
        if is_complete(buffer):
            self.buffer = b""
            if self.responds:
                self.transport.write(_RESPONSE)


class _SilentProtocol(_HealthyProtocol):
    responds = False


async def _serve(pipe: Connection) -> None:
    loop, closed = asyncio.get_running_loop(), asyncio.Event()
    protocols = (_HealthyProtocol, _SilentProtocol)
    servers = [await loop.create_server(protocol, "127.0.0.1", 0) for protocol in protocols]
    pipe.send([server.sockets[0].getsockname()[1] for server in servers])
    loop.add_reader(pipe.fileno(), closed.set)
    await closed.wait()


def serve(pipe: Connection) -> None:
    """Send both ports, then serve until the pipe is closed."""
    with event_loop() as loop:
        loop.run(_serve(pipe))


class WebhookReceivers(ChildProcess):
    """The receivers' process. `healthy_url` answers with 204, `silent_url` never answers."""

    def __init__(self) -> None:
        super().__init__("webhook receivers", serve)
        self.healthy_url, self.silent_url = (f"http://127.0.0.1:{port}/" for port in self.receive_first())
