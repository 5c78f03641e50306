"""A stand-in of WeChat's server: a real HTTP server on loopback that errs with HTTP 200, as the real one does."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.deployed import deployed

SESSION_KEY: Final = "c2Vzc2lvbi1rZXktc3RheXM="
RID: Final = "6512f3a1-0a1b2c3d-4e5f6071"
_OK: Final = "200 OK"
_TOKEN: Final = "/cgi-bin/stable_token"
_PHONE: Final = "/wxa/business/getuserphonenumber"


class Wechat:
    """What it answers to a sign-in: the truth about its codes, or whatever a test makes it say."""

    def __init__(self) -> None:
        self.base = ""
        self.asked: list[dict[str, str]] = []  # the parameters of each request
        self._people: dict[str, str] = {}
        self._phones: dict[str, tuple[Any, str]] = {}
        self._used: set[str] = set()
        self._tokens: list[str] = []  # the last one counts
        self._said: tuple[str, bytes, tuple[str, ...]] | None = None
        self._all = False
        self._pause: float = 0
        self._every: float = 0
        self._still: list[asyncio.StreamWriter] = []

    def code_for(self, openid: str) -> str:
        """Return what `wx.login` would give this person: good once."""
        code = f"code-{len(self._people)}-of-{openid}"
        self._people[code] = openid
        return code

    def phone_code(self, number: str, country: Any = "86") -> str:
        """Return what the phone button would give a person with this number: good once."""
        code = f"phone-{len(self._phones)}-of-{number}"
        self._phones[code] = (country, number)
        return code

    def forget_token(self) -> None:
        """Take the token it gave for none of its own, as when somebody fetched another."""
        self._tokens.append(f"token-{len(self._tokens)}")

    def says(self, answer: Any = b"", status: str = _OK, *headers: str, tokens: bool = False) -> None:
        """Answer with this, `tokens` says whether to who asks for a token, too: bytes as they are, anything else as JSON."""
        self._all = tokens
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self._said = (status, body, headers)

    def hangs(self, seconds: float) -> None:
        """Wait before answering."""
        self._pause = seconds

    def trickles(self, seconds: float) -> None:
        """Send one byte of the answer each `seconds`: never silent for long, never done."""
        self._every = seconds

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request and close."""
        self._still.append(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            url = urlsplit(head.split(b" ", 2)[1].decode())
            asked = {name: values[0] for name, values in parse_qs(url.query).items()} | await _body(
                head, reader
            )
            self.asked.append(asked)
            said = self._said if url.path != _TOKEN or self._all else None
            status, body, headers = said or (_OK, json.dumps(self._truth(url.path, asked)).encode(), ())
            lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
            await asyncio.sleep(self._pause)
            writer.write("\r\n".join([*lines, "", ""]).encode())
            await self._send(writer, body)
        writer.close()

    async def _send(self, writer: asyncio.StreamWriter, body: bytes) -> None:
        pieces = [body[n : n + 1] for n in range(len(body))] if self._every else [body]
        for piece in pieces:
            await asyncio.sleep(self._every)
            writer.write(piece)
            await writer.drain()

    def _truth(self, path: str, asked: dict[str, str]) -> dict[str, Any]:
        if path == _TOKEN:
            self._tokens = self._tokens or ["token-0"]
            return {"access_token": self._tokens[-1], "expires_in": 7200}
        return self._phone(asked) if path == _PHONE else self._session(path, asked)

    def _phone(self, asked: dict[str, str]) -> dict[str, Any]:
        """Return what getuserphonenumber gives: errcode 0, the number in three writings, whom it was told to."""
        code = asked.get("code", "")
        if asked.get("access_token") not in self._tokens[-1:]:
            return {"errcode": 40001, "errmsg": f"invalid credential, rid: {RID}"}
        if code in self._used or code not in self._phones:
            return {"errcode": 40029, "errmsg": f"invalid code, rid: {RID}"}
        self._used.add(code)
        country, number = self._phones[code]
        mark = {"appid": "wx-test", "timestamp": 1}
        whole = number if str(country) == "86" else f"+{country}{number}"
        info = {"phoneNumber": whole, "purePhoneNumber": number, "countryCode": country, "watermark": mark}
        return {"errcode": 0, "errmsg": "ok", "phone_info": info}

    def _session(self, path: str, asked: dict[str, str]) -> dict[str, Any]:
        """Return what jscode2session gives: success has no errcode at all."""
        code = asked.get("js_code", "")
        if path != "/sns/jscode2session" or asked.get("grant_type") != "authorization_code":
            return {"errcode": 40097, "errmsg": f"invalid args, rid: {RID}"}
        if code in self._used:
            return {"errcode": 40163, "errmsg": f"code been used, rid: {RID}"}
        if code not in self._people:
            return {"errcode": 40029, "errmsg": f"invalid code, rid: {RID}"}
        self._used.add(code)
        return {"openid": self._people[code], "session_key": SESSION_KEY}

    def leave(self) -> None:
        """Drop every connection still open."""
        for writer in self._still:
            writer.transport.abort()


async def _body(head: bytes, reader: asyncio.StreamReader) -> dict[str, str]:
    """Return the JSON a request brings, if any."""
    lines = [line.partition(b":") for line in head.lower().split(b"\r\n")]
    length = next((int(value) for name, _, value in lines if name == b"content-length"), 0)
    told: dict[str, str] = json.loads(await reader.readexactly(length)) if length else {}
    return told


@asynccontextmanager
async def wechat_server() -> AsyncIterator[Wechat]:
    """Run the stand-in, and have the program take it for WeChat."""
    wechat = Wechat()
    server = await asyncio.start_server(wechat.serve, "127.0.0.1", 0)
    wechat.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        with deployed(wechat_api_base=wechat.base):
            yield wechat
    finally:
        server.close()
        wechat.leave()
