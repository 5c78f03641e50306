"""A client of the demo street: tokens of its personas, a place, prepared requests."""

from typing import Any, Final
from urllib.parse import quote

from bench.http_client import build_request, fetch_json, sign_in

HOME: Final = "944号4单元"
PERSONAS: Final = ("resident", "neighbour", "grid_head")


class DemoClient:
    """Signs the personas in at a port. The tokens stay valid when the program restarts over the same data."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.tokens = {persona: sign_in(port, persona) for persona in PERSONAS}
        self.place_id = self.get(f"/places/search?q={quote(HOME)}")["items"][0]["id"]

    def get(self, path: str, persona: str = "resident") -> Any:
        """Return the JSON of a path. Raises RuntimeError for any status but 200."""
        return fetch_json(self.port, build_request("GET", path, self.tokens[persona]))

    def submit(self, idempotency_key: str | None, text: str = "楼道灯不亮") -> bytes:
        """Build the request that submits a resident's ticket."""
        body = {"category": "stair_light", "place_id": self.place_id, "description": text}
        token = self.tokens["resident"]
        return build_request("POST", "/tickets", token, body, idempotency_key=idempotency_key)

    def accept(self, ticket_id: str, version: int = 1) -> bytes:
        """Build the request with which the grid head accepts a ticket."""
        path = f"/tickets/{ticket_id}/accept"
        return build_request("POST", path, self.tokens["grid_head"], {"version": version})
