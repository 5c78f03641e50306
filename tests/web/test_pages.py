"""Every page app.json names is reached by whom it is for: it draws itself without an error, and keeps its words inside."""

import json
from typing import Any, Final

import httpx
import pytest

from tests import world
from tests.e2e.program import ROOT
from tests.web.conftest import Window
from tests.web.test_looks import STICKS_OUT

_APP: Final[dict[str, Any]] = json.loads((ROOT / "miniprogram" / "src" / "app.json").read_text("utf-8"))
PAGES: Final = [
    *_APP["pages"],
    *(f"{package['root']}/{page}" for package in _APP["subPackages"] for page in package["pages"]),
]
WHO: Final = {"pages": "resident", "staff": "grid_head", "office": "community"}


COMPANY: Final = "office/organisation/index"


@pytest.fixture(scope="module")
async def ids(demo: str) -> dict[str, str]:
    """What the pages' `id` names: a ticket, on one page an organisation."""
    async with httpx.AsyncClient(base_url=demo, timeout=20) as http:
        made = await (await world.sign_in(http, "resident")).report(anonymous=True)
        company = await (await world.sign_in(http, "community")).organisation(made)
        return {page: company if page == COMPANY else made["id"] for page in PAGES}


@pytest.mark.parametrize("page", PAGES)
async def test_every_page_is_reached(window: Window, ids: dict[str, str], page: str) -> None:
    seen = await window(WHO[page.partition("/")[0]], f"/{page}?id={ids[page]}&category=stair_light")
    await seen.locator("wx-page").filter(visible=True).locator("wx-view").first.wait_for()
    await seen.wait_for_timeout(500)
    assert (await seen.locator("wx-page").filter(visible=True).last.inner_text()).strip()
    assert await seen.evaluate(STICKS_OUT) == []
