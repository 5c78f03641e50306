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
_WHO: Final = {"pages": "resident", "staff": "grid_head", "office": "community"}


def user_of(page: str) -> str:
    """Return the persona who uses a page."""
    return "grid_head" if page == "pages/work/index" else _WHO[page.partition("/")[0]]
