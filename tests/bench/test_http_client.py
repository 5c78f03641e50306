"""The benchmark's own HTTP: when a message is whole."""

import pytest

from bench.http_client import is_complete


@pytest.mark.parametrize(
    ("message", "complete"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", False),
        (b"POST / HTTP/1.1\r\ncontent-length: 3\r\nA: b\r\n\r\nabc", True),
    ],
    ids=["half a head", "no body", "half a body", "a body"],
)
def test_message_is_whole_when_its_body_has_arrived(message: bytes, complete: bool) -> None:
    assert is_complete(message) is complete
