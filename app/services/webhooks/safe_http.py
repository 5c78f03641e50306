"""HTTP to URLs that users gave: every address of the host is checked, and the connection goes to a checked address."""

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

KEEPALIVE_SECONDS: Final = 20.0  # a connection waits for the next message
CONNECT_TIMEOUT_SECONDS: Final = 5.0  # for each address of a host


class AddressRefused(Exception):
    """The host has an address that nothing may be sent to."""


@cache
def _resolver_threads() -> ThreadPoolExecutor:
    """Return the threads that resolve names: a pool of its own, so that a slow name server delays nothing else."""
    return ThreadPoolExecutor(32, thread_name_prefix="dns")


_lookups: dict[str, asyncio.Task[list[Address]]] = {}


async def resolve_addresses(host: str) -> list[Address]:
    """Return the addresses of a host. Callers that wait for the same host share one lookup. Raises OSError."""
    try:
        return [ip_address(host)]
    except ValueError:
        pass
    if (task := _lookups.get(host)) is None:
        _lookups[host] = task = asyncio.create_task(_look_up(host))
        task.add_done_callback(lambda done: _finish_lookup(host, done))
    return await asyncio.shield(task)


def _finish_lookup(host: str, task: asyncio.Task[list[Address]]) -> None:
    _lookups.pop(host, None)
    if not task.cancelled():
        task.exception()  # marks it as retrieved: whoever waited for it may have been cancelled


async def _look_up(host: str) -> list[Address]:
    def getaddrinfo() -> Iterable[Any]:
        return socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)

    entries = await asyncio.get_running_loop().run_in_executor(_resolver_threads(), getaddrinfo)
    return list(dict.fromkeys(ip_address(entry[4][0]) for entry in entries))


def require_reachable(addresses: Iterable[Address], *, secure: bool) -> None:
    """Raise AddressRefused when one of a host's addresses may not be reached: a host with a private one is not trusted."""
    allowed = settings.get().webhook_allow_networks
    for address in addresses:
        if not networks.may_reach(address, allowed, secure=secure):
            raise AddressRefused(str(address))


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """A network backend that connects to checked addresses only. TLS still verifies the host's name."""

    def __init__(self, *, secure: bool) -> None:
        self.secure = secure
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109, ARG002 - httpcore's signature; the timeout here is per address
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve the host, check all its addresses and connect to the first that answers."""
        addresses = await resolve_addresses(host)
        require_reachable(addresses, secure=self.secure)
        error: Exception = httpcore.ConnectError("no address")
        for address in addresses:
            try:
                return await self._network.connect_tcp(
                    str(address), port, CONNECT_TIMEOUT_SECONDS, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as connect_error:
                error = connect_error
        raise error

    async def sleep(self, seconds: float) -> None:
        """Wait. httpcore requires it for its own retries, which are off."""
        await self._network.sleep(seconds)


@cache
def tls_context() -> ssl.SSLContext:
    """Read the certificate authorities once; `SSL_CERT_FILE` adds a deployment's own."""
    return httpx.create_ssl_context()


class Connections:
    """Keep-alive connections to one URL, without proxy, redirect, retry or decompression.

    httpcore's own pool scans all its connections for each request, which is most of the cost of a small message.
    """

    def __init__(self, url: str) -> None:
        self.url = httpcore.URL(url)
        self._host = httpx.URL(url).netloc
        self._secure = self.url.scheme == b"https"
        self._idle: list[httpcore.AsyncHTTPConnection] = []  # the last used is taken first

    @asynccontextmanager
    async def post(self, headers: Mapping[str, str], content: bytes) -> AsyncIterator[httpcore.Response]:
        """Send a body and yield the response; the block may read its body or leave it."""
        fields: list[tuple[bytes | str, bytes | str]] = [("host", self._host), *headers.items()]
        fields.append(("content-length", str(len(content))))
        connection = await self._acquire()
        try:
            request = httpcore.Request("POST", self.url, headers=fields, content=content)
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

    async def _acquire(self) -> httpcore.AsyncHTTPConnection:
        while self._idle:
            connection = self._idle.pop()
            if not (connection.is_closed() or connection.has_expired()):
                return connection
            await connection.aclose()
        return httpcore.AsyncHTTPConnection(
            self.url.origin,
            ssl_context=tls_context() if self._secure else None,
            keepalive_expiry=KEEPALIVE_SECONDS,
            network_backend=CheckedBackend(secure=self._secure),
        )

    async def close(self) -> None:
        """Close the idle connections. One in use is closed or kept when its request is done."""
        while self._idle:
            await self._idle.pop().aclose()
