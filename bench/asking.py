"""Requests as bytes, made before they are timed; one of them asked, where nothing is timed."""

import http.client
import json
from typing import Any, Final

API: Final = "/api/v1"


def request(method: str, path: str, token: str, form: Any = None, *, key: str | None = None) -> bytes:
    """Make a request of the API, whole, with its token, JSON body and Idempotency-Key."""
    body = b"" if form is None else json.dumps(form, ensure_ascii=False).encode()
    head = f"{method} {API}{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
    if form is not None:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    if key:
        head += f"Idempotency-Key: {key}\r\n"
    return head.encode() + b"\r\n" + body


def said(port: int, asked: bytes, status: int = 200) -> Any:
    """Send a request over a line of its own and return the JSON of the answer; RuntimeError for another status."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.connect()
        line.sock.sendall(asked)
        response = http.client.HTTPResponse(line.sock)
        response.begin()
        body = response.read()
    finally:
        line.close()
    if response.status != status:
        raise RuntimeError(f"{response.status} {body.decode()}")
    return json.loads(body)
