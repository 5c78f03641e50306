"""A stand-in of WeChat's server: a real HTTP server on loopback that errs with HTTP 200, as the real one does."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.deployed import deployed

SESSION_KEY: Final = "c2Vzc2lvbi1rZXktc3RheXM="
RID: Final = "6512f3a1-0a1b2c3d-4e5f6071"
_OK: Final = "200 OK"
_TOKEN: Final = "/cgi-bin/stable_token"
_CODE: Final = "/wxa/getwxacodeunlimit"
JPEG: Final = b"\xff\xd8\xff\xe0a mini-program code"
# By the kind of a template's field: the longest value, and what it may consist of.
_FIELDS: Final = {
    "thing": (20, r".*"),
    "phrase": (5, r"[\u4e00-\u9fff]*"),
    "character_string": (32, r"[\x20-\x7e]*"),
    "time": (64, r"(\d{4}[-年]\d{1,2}[-月]\d{1,2}日? ?)?(\d{1,2}:\d{2})(~.*)?"),
    "name": (10, r".*"),
    "phone_number": (17, r"[-+\d ]*"),
    "number": (32, r"[\d.]*"),
}


class Wechat:
    """What it answers to a sign-in: the truth about its codes, or whatever a test makes it say."""

    def __init__(self) -> None:
        self.base = ""
        self.asked: list[dict[str, Any]] = []  # the parameters of each request
        self.paths: list[str] = []  # of the same requests
        self.sent: list[dict[str, Any]] = []  # the subscribe messages it has shown to somebody
        self.appids = {"wx-test"}  # of the mini-programs that have the secret
        self.risky: set[str] = set()  # words; a text with one of them is risky
        self.unseen: set[str] = set()  # openids that were not in the mini-program within two hours
        self.images: dict[str, str] = {}  # URLs of images being checked, by trace id
        self.checked: dict[str, str] = {}  # whose words or image it was, by trace id
        self.released: set[str] = set()  # pages of the version that everybody has
        self.draw: Callable[[str], bytes] = lambda _: JPEG  # a code, by what it opens
        self.templates: list[dict[str, Any]] = []  # as `gettemplate` lists them
        self._credits: dict[tuple[str, str], int] = {}
        self._people: dict[str, str] = {}
        self._phones: dict[str, tuple[Any, str]] = {}
        self._used: set[str] = set()
        self._tokens: list[str] = []  # the last one counts
        self._said: tuple[str, bytes, tuple[str, ...]] | None = None
        self._all = False
        self._pause: float = 0
        self._every: float = 0
        self._still: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None

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

    def has_template(self, template_id: str, *fields: str, long_term: bool = False) -> None:
        """Add a template to the account; a field is written `维修地点 thing1`."""
        rows = [field.split() for field in fields]
        self.templates.append(
            {
                "priTmplId": template_id,
                "title": "维修进度提醒",
                "content": "".join(f"{label}:{{{{{name}.DATA}}}}\n" for label, name in rows),
                "example": "".join(f"{label}:示例\n" for label, _ in rows),
                "type": 3 if long_term else 2,
            }
        )

    def allow(self, openid: str, template_id: str, times: int = 1) -> None:
        """Let so many more messages of a template reach somebody, as when they tap "allow"."""
        self._credits[openid, template_id] = self._credits.get((openid, template_id), 0) + times

    def forget_token(self) -> None:
        """Take the token it gave for none of its own, as when somebody fetched another."""
        self._tokens.append(f"token-{len(self._tokens)}")

    def says(self, answer: Any = b"", status: str = _OK, *headers: str, tokens: bool = False) -> None:
        """Answer with this, `tokens` says whether to who asks for a token, too: bytes as they are, anything else as JSON."""
        self._all = tokens
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self._said = (status, body, headers)

    def well(self) -> None:
        """Answer by the truth again."""
        self._said = None

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
            self.paths.append(url.path)
            said = self._said if url.path != _TOKEN or self._all else None
            status, body, headers = said or (_OK, self._truth(url.path, asked), ())
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

    def _truth(self, path: str, asked: dict[str, Any]) -> bytes:
        if path == _TOKEN:
            return json.dumps(self._token(asked)).encode()
        if path == "/sns/jscode2session":
            return json.dumps(self._session(asked)).encode()
        if asked.get("access_token") not in self._tokens[-1:]:
            return json.dumps({"errcode": 40001, "errmsg": f"invalid credential, rid: {RID}"}).encode()
        if path == _CODE:
            refused = self._code(asked)
            return (
                json.dumps(refused).encode()
                if refused
                else self.draw(f"{asked['page']}?scene={asked['scene']}")
            )
        told: Callable[[dict[str, Any]], dict[str, Any]] | None = {
            "/wxa/business/getuserphonenumber": self._phone,
            "/cgi-bin/message/subscribe/send": self._message,
            "/wxa/msg_sec_check": self._text_check,
            "/wxa/media_check_async": self._image_check,
            "/wxa/generate_urllink": self._url_link,
            "/cgi-bin/get_api_domain_ip": self._addresses,
            "/wxaapi/newtmpl/gettemplate": self._templates,
        }.get(path)
        return json.dumps(told(asked) if told else {"errcode": 40066, "errmsg": "invalid url"}).encode()

    def _token(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Return what stable_token gives: the same token until somebody forces another."""
        if asked.get("grant_type") != "client_credential" or not asked.get("secret"):
            return {"errcode": 40002, "errmsg": f"invalid grant_type, rid: {RID}"}
        if asked.get("appid") not in self.appids:
            return {"errcode": 40013, "errmsg": f"invalid appid, rid: {RID}"}
        if asked["secret"] != "wx-test-secret":
            return {"errcode": 40125, "errmsg": f"invalid appsecret, rid: {RID}"}
        if not self._tokens or asked.get("force_refresh") is True:
            self._tokens.append(f"token-{len(self._tokens)}")
        return {"access_token": self._tokens[-1], "expires_in": 7200}

    def _message(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Send a subscribe message: one an acceptance; each field of its kind and length."""
        key = asked.get("touser", ""), asked.get("template_id", "")
        page = asked.get("page")
        if page is not None and not self._exists(page):
            return {"errcode": 41030, "errmsg": f"invalid page, rid: {RID}"}
        for name, field in asked.get("data", {}).items():
            length, pattern = _FIELDS.get(name.rstrip("0123456789"), (0, ""))
            value = field.get("value") if isinstance(field, dict) else None
            if (
                not isinstance(value, str)
                or not value
                or len(value) > length
                or not re.fullmatch(pattern, value)
            ):
                return {"errcode": 47003, "errmsg": f"argument invalid! data.{name}.value, rid: {RID}"}
        if self._credits.get(key, 0) < 1:
            return {"errcode": 43101, "errmsg": f"user refuse to accept the msg, rid: {RID}"}
        self._credits[key] -= 1
        self.sent.append(asked)
        return {"errcode": 0, "errmsg": "ok", "msgid": 3_000_000_000_000_000_000 + len(self.sent)}

    def _text_check(self, asked: dict[str, Any]) -> dict[str, Any]:
        content = asked.get("content", "")
        if (
            asked.get("version") != 2
            or asked.get("scene") not in {1, 2, 3, 4}
            or not 0 < len(content) <= 2500
        ):
            return {"errcode": 40097, "errmsg": f"invalid args, rid: {RID}"}
        if asked.get("openid") in self.unseen:
            return {"errcode": 61010, "errmsg": f"code is expired, rid: {RID}"}
        risky = any(word in content for word in self.risky)
        result = {"suggest": "risky", "label": 20001} if risky else {"suggest": "pass", "label": 100}
        trace_id = self._trace(asked, "text")
        return {"errcode": 0, "errmsg": "ok", "result": result, "detail": [], "trace_id": trace_id}

    def _trace(self, asked: dict[str, Any], kind: str) -> str:
        trace_id = f"{kind}-{len(self.asked):06}"
        self.checked[trace_id] = asked["openid"]
        return trace_id

    def _image_check(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Take an image to check: the verdict comes as a push message, perhaps twice, perhaps never."""
        if asked.get("version") != 2 or asked.get("media_type") != 2 or not asked.get("media_url"):
            return {"errcode": 40097, "errmsg": f"invalid args, rid: {RID}"}
        if asked.get("openid") in self.unseen:
            return {"errcode": 61010, "errmsg": f"code is expired, rid: {RID}"}
        trace_id = self._trace(asked, "image")
        self.images[trace_id] = asked["media_url"]
        return {"errcode": 0, "errmsg": "ok", "trace_id": trace_id}

    def _code(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        """Return what is wrong with the request for a code, None if nothing is."""
        if not re.fullmatch(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}", asked.get("scene", "")):
            return {"errcode": 40169, "errmsg": f"invalid scene, rid: {RID}"}
        page, unchecked = asked.get("page", ""), asked.get("check_path") is False
        if page.startswith("/") or not (unchecked or page in self.released):
            return {"errcode": 41030, "errmsg": f"invalid page, rid: {RID}"}
        return None

    def _exists(self, page: str) -> bool:
        path = page.partition("?")[0]
        return path in self.released if self.released else path.startswith("pages/")

    def _templates(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"errcode": 0, "errmsg": "ok", "data": self.templates}

    def _addresses(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"ip_list": ["101.226.62.77"]}

    def _url_link(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked.get("path", "").startswith("/"):
            return {"errcode": 40165, "errmsg": f"invalid weapp pagepath, rid: {RID}"}
        return {"errcode": 0, "errmsg": "ok", "url_link": f"https://wxaurl.cn/{len(self.asked)}"}

    def _phone(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Return what getuserphonenumber gives: errcode 0, the number in three writings, whom it was told to."""
        code = asked.get("code", "")
        if code in self._used or code not in self._phones:
            return {"errcode": 40029, "errmsg": f"invalid code, rid: {RID}"}
        self._used.add(code)
        country, number = self._phones[code]
        mark = {"appid": "wx-test", "timestamp": 1}
        whole = number if str(country) == "86" else f"+{country}{number}"
        info = {"phoneNumber": whole, "purePhoneNumber": number, "countryCode": country, "watermark": mark}
        return {"errcode": 0, "errmsg": "ok", "phone_info": info}

    def _session(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Return what jscode2session gives: success has no errcode at all."""
        code = asked.get("js_code", "")
        if asked.get("grant_type") != "authorization_code":
            return {"errcode": 40097, "errmsg": f"invalid args, rid: {RID}"}
        if code in self._used:
            return {"errcode": 40163, "errmsg": f"code been used, rid: {RID}"}
        if code not in self._people:
            return {"errcode": 40029, "errmsg": f"invalid code, rid: {RID}"}
        self._used.add(code)
        return {"openid": self._people[code], "session_key": SESSION_KEY}

    async def open(self) -> None:
        """Listen: at the first time somewhere, later where it was."""
        port = urlsplit(self.base).port or 0
        self._server = await asyncio.start_server(self.serve, "127.0.0.1", port)
        self.base = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        """Refuse connections, and drop every one still open."""
        if self._server:
            self._server.close()
        for writer in self._still:
            writer.transport.abort()


async def _body(head: bytes, reader: asyncio.StreamReader) -> dict[str, Any]:
    """Return the JSON a request brings, if any."""
    lines = [line.partition(b":") for line in head.lower().split(b"\r\n")]
    length = next((int(value) for name, _, value in lines if name == b"content-length"), 0)
    told: dict[str, Any] = json.loads(await reader.readexactly(length)) if length else {}
    return told


@asynccontextmanager
async def wechat_server() -> AsyncIterator[Wechat]:
    """Run the stand-in, and have the program take it for WeChat."""
    wechat = Wechat()
    await wechat.open()
    try:
        with deployed(wechat_api_base=wechat.base):
            yield wechat
    finally:
        wechat.close()
