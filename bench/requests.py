"""The requests of the benchmark, built before they are timed."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from app.rules import lifecycle
from bench.acts import Step
from bench.http_client import build_request

_DESCRIPTION: Final = "楼道灯不亮,老人上下楼看不见,请尽快来修"


class RequestFactory:
    """Builds requests. `tokens`: by persona; `residents`: their tokens; `places`: where they report from."""

    def __init__(self, tokens: dict[str, str], residents: Sequence[str], places: Sequence[UUID]) -> None:
        self.tokens, self.residents, self.places = tokens, residents, places
        self.placeholders: dict[str, str] = {}  # of the bodies in bench/acts.py
        self._numbers = itertools.count()

    def submits(
        self, places: Sequence[UUID] | None = None, residents: Sequence[str] | None = None
    ) -> Iterator[bytes]:
        """Yield submit requests without end: residents and places in turn, each with its own idempotency key."""
        places, residents = places or self.places, residents or self.residents
        for number in self._numbers:
            body = {
                "category": "stair_light",
                "place_id": str(places[number % len(places)]),
                "place_note": "3楼",
                "description": _DESCRIPTION,
                "photo_ids": [],
            }
            token = residents[number % len(residents)]
            yield build_request("POST", "/tickets", token, body, idempotency_key=f"bench-{number:012}")

    def act(self, step: Step, ticket_id: str, version: int, placeholders: dict[str, str]) -> bytes:
        """Build the request of an act. `placeholders` are those of this ticket only."""
        placeholders = self.placeholders | placeholders
        body = {name: _replace(value, placeholders) for name, value in step.body.items()}
        if lifecycle.MOVES[step.act].versioned:
            body["version"] = version
        return build_request("POST", f"/tickets/{ticket_id}/{step.act}", self.tokens[step.persona], body)

    def inbox(self, limit: int) -> bytes:
        """Build a request for the newest `limit` tickets of the grid head's inbox."""
        return build_request("GET", f"/tickets?box=inbox&limit={limit}", self.tokens["grid_head"])

    def search(self, text: str) -> bytes:
        """Build a community's search through all its tickets."""
        path = f"/tickets?box=all&limit=20&q={quote(text)}"
        return build_request("GET", path, self.tokens["community"])

    def organisations(self, place_id: UUID, category: str) -> bytes:
        """Build a request for the organisations that serve a place and category."""
        path = f"/organisations?place_id={place_id}&category={category}"
        return build_request("GET", path, self.tokens["grid_head"])


def _replace(value: Any, placeholders: dict[str, str]) -> Any:
    """Return a value of a body with its placeholders replaced, also inside a list."""
    if isinstance(value, list):
        return [_replace(item, placeholders) for item in value]
    return placeholders.get(value, value)
