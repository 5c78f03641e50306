"""The demo street as a client knows it: tokens of its people, a place, reports made ready."""

from typing import Any, Final
from urllib.parse import quote

from bench.asking import request, said

HOME: Final = "944号4单元"
PEOPLE: Final = ("resident", "neighbour", "grid_head")


class Street:
    """What one needs to ask the program at a port anything. Tokens last as long as the folder's keys."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.tokens = {one: self._sign_in(one) for one in PEOPLE}
        self.place = self.get(f"/places/search?q={quote(HOME)}")["items"][0]["id"]

    def _sign_in(self, persona: str) -> str:
        return str(said(self.port, request("POST", "/auth/demo", "-", {"persona": persona}))["access_token"])

    def get(self, path: str, who: str = "resident") -> Any:
        """Return what somebody sees there."""
        return said(self.port, request("GET", path, self.tokens[who]))

    def do(self, path: str, who: str, status: int = 200, **form: Any) -> Any:
        """Return what came of something somebody did."""
        return said(self.port, request("POST", path, self.tokens[who], form), status)

    def report(self, key: str | None, who: str = "resident", words: str = "楼道灯不亮") -> bytes:
        """Make a report under a key."""
        form = {"category": "stair_light", "place_id": self.place, "description": words}
        return request("POST", "/tickets", self.tokens[who], form, key=key)
