"""HTTP requests built as bytes before they are timed, and a blocking client for the calls that are not timed."""

import http.client
import json
import re
from typing import Any, Final

API_PREFIX: Final = "/api/v1"
TIMEOUT: Final = 10.0  # seconds
_CONTENT_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


def build_request(
    method: str, path: str, token: str, body: Any = None, *, idempotency_key: str | None = None
) -> bytes:
    """Return a complete API request as bytes; `body` is sent as JSON."""
    content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    head = f"{method} {API_PREFIX}{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
    if body is not None:
        head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
    if idempotency_key:
        head += f"Idempotency-Key: {idempotency_key}\r\n"
    return head.encode() + b"\r\n" + content


def fetch_json(port: int, request: bytes, status: int = 200) -> Any:
    """Send one request over its own connection and return the response's JSON.

    Raises RuntimeError when the response has another status.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        connection.connect()
        connection.sock.sendall(request)
        response = http.client.HTTPResponse(connection.sock)
        response.begin()
        content = response.read()
    finally:
        connection.close()
    if response.status != status:
        raise RuntimeError(f"expected status {status}, got {response.status}: {content.decode()}")
    return json.loads(content)


def sign_in(port: int, persona: str) -> str:
    """Sign a demo persona in and return the access token."""
    response = fetch_json(port, build_request("POST", "/auth/demo", "-", {"persona": persona}))
    return str(response["access_token"])


def is_complete(message: bytes) -> bool:
    """Tell whether an HTTP message is complete. Without a Content-Length header its body is empty, as a GET's is."""
    head_end = message.find(b"\r\n\r\n")
    if head_end < 0:
        return False
    length = _CONTENT_LENGTH.search(message, 0, head_end + 2)
    return len(message) >= head_end + 4 + (int(length[1]) if length else 0)
