"""Going out to addresses strangers gave: resolved once, every address checked, connected to exactly what was checked."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cache
from ipaddress import ip_address
from typing import Any, Final

import httpcore
import httpx

from app import settings
from app.rules import networks
from app.rules.networks import Address

KEPT: Final = 20.0  # seconds a connection waits for the next message
PER_ADDRESS: Final = 5.0  # seconds to connect, before the next address of the same name is tried


class Refused(Exception):
    """The name leads to an address nothing is sent to."""


@cache
def _askers() -> ThreadPoolExecutor:
    """Return who asks for names: threads of their own, so that a slow name server holds up nothing else."""
    return ThreadPoolExecutor(32, thread_name_prefix="names")


_asking: dict[str, asyncio.Task[list[Address]]] = {}


async def resolved(host: str) -> list[Address]:
    """Return the addresses of a name, asked for once by however many wait. OSError when there are none."""
    try:
        return [ip_address(host)]
    except ValueError:
        pass
    if (task := _asking.get(host)) is None:
        _asking[host] = task = asyncio.create_task(_ask(host))
        task.add_done_callback(lambda done: _answered(host, done))
    return await asyncio.shield(task)


def _answered(host: str, task: asyncio.Task[list[Address]]) -> None:
    _asking.pop(host, None)
    if not task.cancelled():
        task.exception()  # whoever waited has it; perhaps nobody does any more


async def _ask(host: str) -> list[Address]:
    def ask() -> Iterable[Any]:
        return socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)

    found = await asyncio.get_running_loop().run_in_executor(_askers(), ask)
    return list(dict.fromkeys(ip_address(entry[4][0]) for entry in found))


def require_reachable(addresses: Iterable[Address], *, secure: bool) -> None:
    """Raise Refused when one of a name's addresses is not to be gone to; a name with two faces is not trusted."""
    allowed = settings.get().webhook_allow_networks
    for address in addresses:
        if not networks.may_reach(address, allowed, secure=secure):
            raise Refused(str(address))


class Checked(httpcore.AsyncNetworkBackend):
    """A network on which only what was checked is connected to. TLS still verifies the name, not the address."""

    def __init__(self, *, secure: bool) -> None:
        self.secure = secure
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109, ARG002 - httpcore's own signature; we bound each address
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, check all, connect to one of them."""
        addresses = await resolved(host)
        require_reachable(addresses, secure=self.secure)
        error: Exception = httpcore.ConnectError("no address")
        for address in addresses:
            try:
                return await self._network.connect_tcp(
                    str(address), port, PER_ADDRESS, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
        raise error

    async def sleep(self, seconds: float) -> None:
        """Wait; httpcore asks for it between its own retries, of which there are none."""
        await self._network.sleep(seconds)


@cache
def tls() -> ssl.SSLContext:
    """Read the certificate authorities once; `SSL_CERT_FILE` adds an office's own."""
    return httpx.create_ssl_context()


class Connections:
    """Kept connections to one receiver: no proxy, no redirect, no retry, no decompression; the last used is used next.

    httpcore's own pool looks at every connection for every request, which is most of what a small message costs.
    """

    def __init__(self, url: str) -> None:
        self.url = httpcore.URL(url)
        self._host = httpx.URL(url).netloc
        self._secure = self.url.scheme == b"https"
        self._idle: list[httpcore.AsyncHTTPConnection] = []

    @asynccontextmanager
    async def post(self, headers: Mapping[str, str], content: bytes) -> AsyncIterator[httpcore.Response]:
        """Send a body and give the answer, its headers read; its body is the block's to read or to leave."""
        lines: list[tuple[bytes | str, bytes | str]] = [("host", self._host), *headers.items()]
        lines.append(("content-length", str(len(content))))
        connection = await self._free()
        try:
            request = httpcore.Request("POST", self.url, headers=lines, content=content)
            response = await connection.handle_async_request(request)
            try:
                yield response
            finally:
                await response.aclose()
        finally:
            if connection.is_available():
                self._idle.append(connection)
            else:
                await connection.aclose()

    async def _free(self) -> httpcore.AsyncHTTPConnection:
        while self._idle:
            connection = self._idle.pop()
            if not (connection.is_closed() or connection.has_expired()):
                return connection
            await connection.aclose()
        return httpcore.AsyncHTTPConnection(
            self.url.origin,
            ssl_context=tls() if self._secure else None,
            keepalive_expiry=KEPT,
            network_backend=Checked(secure=self._secure),
        )

    async def close(self) -> None:
        """Let go of those that are idle; those in use go when they are done."""
        while self._idle:
            await self._idle.pop().aclose()
