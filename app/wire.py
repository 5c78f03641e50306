"""HTTP on the wire: uvicorn's protocol with a deadline for a request's head, and deaf to offers of other protocols."""

import asyncio
from typing import Any, Final

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS: Final = 29  # whoever is slow is gone in half a minute
_OFFERS: Final = {b"upgrade", b"http2-settings"}  # headers, and the words for them in `connection`


class Deadline(HttpToolsProtocol):
    """Cut a connection whose request line and headers have not arrived in time. Bodies have theirs in app.gate.

    Java's HttpClient offers HTTP/2 with each request it sends without TLS. uvicorn takes no offer but loses the
    body that came with it (its issue 2722): such a request is read once more without the offer.
    """

    _head: asyncio.TimerHandle | None = None
    _unread: bytes = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        super().connection_made(transport)
        self.parser = _Parser(self)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        self._unread = data
        while self._unread:  # a loop: requests that follow one another may each offer something
            data, self._unread = self._unread, b""
            super().data_received(data)

    def on_message_begin(self) -> None:
        self._expect_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        if not self.parser.should_upgrade():
            self._forget_head()
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def read_plainly(self, rest: bytes) -> None:
        """Have the request whose head offered another protocol read as if it had not; `rest` came after the head."""
        line = (self.parser.get_method(), self.url, b"HTTP/" + self.parser.get_http_version().encode())
        kept = [(name, _without_offers(name, value)) for name, value in self.headers if name not in _OFFERS]
        head = [b" ".join(line), *(name + b": " + value for name, value in kept), b"", b""]
        self.parser = _Parser(self)
        self._unread = b"\r\n".join(head) + rest

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_head()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        if self._head is None:
            self._head = self.loop.call_later(HEAD_SECONDS, self._cut)

    def _forget_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _cut(self) -> None:
        self.transport.close()


class _Parser(httptools.HttpRequestParser):
    """A parser that asks its protocol to read on where one would change to another protocol."""

    def __init__(self, protocol: Deadline) -> None:
        super().__init__(protocol)
        self._protocol = protocol

    def feed_data(self, data: Any) -> None:
        try:
            super().feed_data(data)
        except httptools.HttpParserUpgrade as offer:
            if self.get_method() == b"CONNECT":  # no offer but the whole of it
                raise httptools.HttpParserInvalidMethodError from None
            self._protocol.read_plainly(bytes(data[offer.args[0] :]))


def _without_offers(name: bytes, value: bytes) -> bytes:
    if name != b"connection":
        return value
    words = (word.strip() for word in value.split(b","))
    return b", ".join(word for word in words if word.lower() not in _OFFERS)
