"""Uvicorn's HTTP protocol, with a deadline for request headers and without upgrades to other protocols."""

import asyncio
from typing import Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADERS_SECONDS: Final = 29  # a slow client holds a connection for half a minute at most
_UPGRADE_HEADERS: Final = {b"upgrade", b"http2-settings"}  # also their names in `connection`


class DeadlineProtocol(HttpToolsProtocol):
    """Closes a connection whose request line and headers do not arrive in time; app.middleware does so for bodies.

    Java's HttpClient asks for an upgrade to HTTP/2 in each request it sends without TLS. Uvicorn does not upgrade but
    loses the request's body (its issue 2722): such a request is parsed once more without its upgrade headers.
    """

    _deadline: asyncio.TimerHandle | None = None
    _pending: bytes = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        super().connection_made(transport)
        self.parser = _Parser(self)
        self._start_deadline()

    def data_received(self, data: bytes) -> None:
        self._pending = data
        while self._pending:  # a loop: each of several pipelined requests may ask for an upgrade
            data, self._pending = self._pending, b""
            super().data_received(data)

    def on_message_begin(self) -> None:
        self._start_deadline()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        if not self.parser.should_upgrade():
            self._cancel_deadline()
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def restart_without_upgrade(self, rest: bytes) -> None:
        """Parse the current request again without its upgrade headers; `rest` are the bytes after its headers."""
        request_line = (
            self.parser.get_method(),
            self.url,
            b"HTTP/" + self.parser.get_http_version().encode(),
        )
        headers = [
            (name, _without_upgrade(name, value))
            for name, value in self.headers
            if name not in _UPGRADE_HEADERS
        ]
        head = [b" ".join(request_line), *(name + b": " + value for name, value in headers), b"", b""]
        self.parser = _Parser(self)
        self._pending = b"\r\n".join(head) + rest

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel_deadline()
        super().connection_lost(exc)

    def _start_deadline(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEADERS_SECONDS, self._close)

    def _cancel_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _close(self) -> None:
        self.transport.close()


class _Parser(httptools.HttpRequestParser):
    """A parser that has its protocol restart the request where the client asks for an upgrade."""

    def __init__(self, protocol: DeadlineProtocol) -> None:
        super().__init__(protocol)
        self._protocol = protocol

    def feed_data(self, data: Any) -> None:
        try:
            super().feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            if self.get_method() == b"CONNECT":  # not an optional upgrade: refused
                raise httptools.HttpParserInvalidMethodError from None
            self._protocol.restart_without_upgrade(bytes(data[upgrade.args[0] :]))


def _without_upgrade(name: bytes, value: bytes) -> bytes:
    if name != b"connection":
        return value
    options = (option.strip() for option in value.split(b","))
    return b", ".join(option for option in options if option.lower() not in _UPGRADE_HEADERS)
