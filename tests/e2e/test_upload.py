"""A file far too large, sent to the real program to its end: it is answered, nothing is written, no memory is taken."""

import asyncio
import http.client
import json
from typing import Any, Final

import httpx
import psutil

from tests.e2e.people import API, sign_in
from tests.e2e.program import Program, Serving

MEGABYTE: Final = 1024 * 1024
SIZE: Final = 50 * MEGABYTE
MOST_MEMORY: Final = 24 * MEGABYTE  # above what the process had: half the file
_HEAD: Final = b'--x\r\nContent-Disposition: form-data; name="files"; filename="places.csv"\r\n\r\ncode,parent,level,name\n'
_LINE: Final = "wss-n1,wss,estate,新苑\n".encode()
_PIECE: Final = _LINE * (MEGABYTE // len(_LINE))
_TAIL: Final = b"\r\n--x--\r\n"


class _Upload:
    """An import of 50 MB, sent piece by piece; looks at the program's memory after each."""

    def __init__(self, program: Program, token: dict[str, str]) -> None:
        self.port, self.token = program.port, token
        self.api: psutil.Process = program.child("api")
        self.most = 0

    def send(self) -> tuple[int, Any]:
        """Send all of it, and only then read the answer: its status and problem."""
        pieces = [_HEAD, *[_PIECE] * (SIZE // len(_PIECE) + 1), _TAIL]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.putrequest("POST", f"{API}/imports?preview=false")
        for name, value in self.token.items():
            connection.putheader(name, value)
        connection.putheader("Content-Type", "multipart/form-data; boundary=x")
        connection.putheader("Content-Length", str(sum(map(len, pieces))))
        connection.endheaders()
        for piece in pieces:
            connection.send(piece)
            self.most = max(self.most, self.api.memory_info().rss)
        answered = connection.getresponse()
        said = json.loads(answered.read())
        connection.close()
        return answered.status, said


async def test_an_import_of_50_megabytes_is_answered_and_leaves_nothing(serving: Serving) -> None:
    program = await serving()
    async with httpx.AsyncClient(base_url=program.url) as client:
        office = await sign_in(client, "community")
        upload = _Upload(program, office.token)
        before = upload.api.memory_info().rss
        status, said = await asyncio.to_thread(upload.send)
        assert (status, said["type"].rpartition("/")[2]) == (413, "too-large")
        assert upload.most - before < MOST_MEMORY
        found = await client.get(f"{API}/places/search", params={"q": "新苑"}, headers=office.token)
        assert (found.status_code, found.json()["items"]) == (200, [])
        assert (await client.get("/ready")).status_code == 200
