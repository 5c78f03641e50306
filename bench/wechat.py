"""A server of ours that checks content and sends messages, beside one that does neither; WeChat is a process here."""

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Final

from bench.child_process import ChildProcess, event_loop
from bench.dataset import Dataset
from bench.http_client import is_complete
from bench.server import Server

_TEMPLATE: Final = {"id": "T-bench", "fields": {"thing1": "{place}", "phrase2": "{status}"}}
_EVENTS: Final = ("ticket.submitted", "ticket.accepted")
# What every call is answered with: a token, a verdict, and that a message was sent.
_ANSWER: Final = {
    "errcode": 0,
    "access_token": "token",
    "expires_in": 7200,
    "result": {"suggest": "pass", "label": 100},
    "trace_id": "trace",
    "msgid": 1,
}
# Everybody is known to WeChat and allows as many messages as there may be.
_INTRODUCE: Final = """
WITH known AS (UPDATE person SET openid = 'bench-' || id WHERE openid IS NULL RETURNING id)
INSERT INTO subscription (person_id, template_id, remaining) SELECT id, $1, 1000000 FROM known
"""
_WORKED: Final = """
SELECT EXISTS (SELECT FROM content_check WHERE suggest = 'pass') AND EXISTS (SELECT FROM wechat_message WHERE outcome = 'sent')
"""
_PATIENCE: Final = 10.0  # seconds


class _WechatProtocol(asyncio.Protocol):
    """One connection; requests arrive one at a time."""

    body = json.dumps(_ANSWER).encode()
    response = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # a TCP transport
        self.transport, self.buffer = transport, b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if is_complete(self.buffer):
            self.buffer = b""
            self.transport.write(self.response)


async def _serve(pipe: Connection) -> None:
    loop, closed = asyncio.get_running_loop(), asyncio.Event()
    server = await loop.create_server(_WechatProtocol, "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    loop.add_reader(pipe.fileno(), closed.set)
    await closed.wait()


def serve(pipe: Connection) -> None:
    """Send the port, then serve until the pipe is closed."""
    with event_loop() as loop:
        loop.run(_serve(pipe))


def _require_work(dataset: Dataset) -> None:
    """Raise RuntimeError unless texts were checked and messages sent: else nothing was compared."""
    deadline = time.monotonic() + _PATIENCE
    while not dataset.query(lambda connection: connection.fetchval(_WORKED)):
        if time.monotonic() > deadline:
            raise RuntimeError("nothing was checked, or nobody was sent a message")
        time.sleep(0.1)


@contextmanager
def server_with_wechat(server: Server, dataset: Dataset) -> Iterator[Server]:
    """Run a second server over the data of `server`, for whose residents WeChat is configured, during a block."""
    dataset.query(lambda connection: connection.execute(_INTRODUCE, _TEMPLATE["id"]))
    wechat = ChildProcess("WeChat", serve)
    try:
        second = Server(
            server.data_dir,
            wechat_appid="wx-bench",
            wechat_secret="bench",  # noqa: S106 - of nobody
            wechat_api_base=f"http://127.0.0.1:{wechat.receive_first()}",
            wechat_templates=json.dumps(dict.fromkeys(_EVENTS, _TEMPLATE)),
        )
        try:
            yield second
            _require_work(dataset)
        finally:
            second.stop()
    finally:
        wechat.stop()
