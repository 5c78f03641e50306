"""The pages app.json names, and a persona who uses each."""

import json
from typing import Any, Final

from tests.web.small import ROOT

_APP: Final[dict[str, Any]] = json.loads((ROOT / "miniprogram/src/app.json").read_text("utf-8"))
PAGES: Final = [
    *_APP["pages"],
    *(f"{package['root']}/{page}" for package in _APP["subPackages"] for page in package["pages"]),
]
COMPANY: Final = (
    "office/organisation/index",
    "office/keys/index",
)  # their `id` names an organisation, others a ticket
_WHO: Final = {"pages": "resident", "subjects": "resident", "staff": "grid_head", "office": "community"}
_OF_HEADS: Final = (
    "pages/work/index",
    *(f"subjects/{page}/index" for page in ("visits", "duty", "care", "handover")),
)


def user_of(page: str) -> str:
    """Return the persona who uses a page."""
    return "grid_head" if page in _OF_HEADS else _WHO[page.partition("/")[0]]
