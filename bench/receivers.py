"""Receivers of webhooks in a process of their own: one that answers at once, one that never does."""

import asyncio
import multiprocessing
import signal
from multiprocessing.connection import Connection

import uvloop

_ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


class _Line(asyncio.Protocol):
    """One connection; requests come one at a time."""

    answers = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # it is one
        self.transport, self.got = transport, b""

    def data_received(self, data: bytes) -> None:
        self.got = got = self.got + data if self.got else data
        head = got.find(b"\r\n\r\n")
        if head < 0:
            return
        at = got.lower().find(b"content-length:", 0, head) + 15
        if len(got) >= head + 4 + int(got[at : got.find(b"\r", at)]):
            self.got = b""
            if self.answers:
                self.transport.write(_ANSWER)


class _Silent(_Line):
    answers = False


async def _serve(orders: Connection) -> None:
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    servers = [await loop.create_server(kind, "127.0.0.1", 0) for kind in (_Line, _Silent)]
    orders.send([server.sockets[0].getsockname()[1] for server in servers])
    loop.add_reader(orders.fileno(), over.set)
    await over.wait()


def serve(orders: Connection) -> None:
    """Say both ports, then serve until nobody holds the other end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(orders))


class Receivers:
    """The receivers' process; `healthy` and `dead` are addresses."""

    def __init__(self) -> None:
        spawning = multiprocessing.get_context("spawn")
        self.orders, theirs = spawning.Pipe()
        self.process = spawning.Process(target=serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()
        if not self.orders.poll(30):
            self.stop()
            raise RuntimeError("the receivers do not start")
        self.healthy, self.dead = (f"http://127.0.0.1:{port}/" for port in self.orders.recv())

    def stop(self) -> None:
        """End the process."""
        self.orders.close()
        self.process.join(2)
        self.process.kill()
