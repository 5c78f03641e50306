"""Serves HTTP in one process until it is told to stop; requests in progress are answered."""

import asyncio
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import uvicorn

from app.http_protocol import DeadlineProtocol

if TYPE_CHECKING:
    from fastapi import FastAPI

CLOSE_SECONDS: Final = (
    0.5  # of supervisor.STOP_SECONDS: requests are still answered, each answer closes its connection
)
DRAIN_SECONDS: Final = 8  # of these: requests in progress are answered


class _Server(uvicorn.Server):
    """Uvicorn without signal handlers: the supervisor stops it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve_api(application: "FastAPI", sockets: Sequence[socket.socket], stop: asyncio.Event) -> None:
    """Serve an application on all of these sockets until `stop` is set."""
    config = uvicorn.Config(
        application,
        http=DeadlineProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=list(sockets)))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    await _close_keep_alive(server)
    server.should_exit = True
    await serving
    stopping.cancel()


async def _close_keep_alive(server: uvicorn.Server) -> None:
    """Let every answer from now on close its connection: a request sent on a connection as it is closed would be lost."""
    for headers in (server.config.encoded_headers, server.server_state.default_headers):
        headers.append((b"connection", b"close"))
    await asyncio.sleep(CLOSE_SECONDS)
