"""Every page app.json names is reached by whom it is for: it draws itself without an error, and keeps its words inside."""

import re
from typing import Final

import httpx
import pytest
from playwright.async_api import expect

from tests import world
from tests.web.conftest import Window
from tests.web.layout import STICKS_OUT
from tests.web.pages import COMPANY, PAGES, user_of

SOMETHING: Final = re.compile(r"\S")


@pytest.fixture(scope="module")
async def ids(demo: str) -> dict[str, str]:
    """What the pages' `id` names: a ticket, on two an organisation, of the common life an opinion."""
    async with httpx.AsyncClient(base_url=demo, timeout=20) as http:
        resident = await world.sign_in(http, "resident")
        made = await resident.report(anonymous=True)
        opinion = {"text": "楼道里堆满了杂物", "place_id": await resident.place()}
        said = world.answer(await resident.ask("POST", "/opinions", json=opinion), 201)
        company = await (await world.sign_in(http, "community")).organisation(made)
        subjects = {page: said["id"] for page in PAGES if page.startswith("subjects/")}
        return dict.fromkeys(PAGES, made["id"]) | dict.fromkeys(COMPANY, company) | subjects


@pytest.mark.parametrize("page", PAGES)
async def test_every_page_is_reached(window: Window, ids: dict[str, str], page: str) -> None:
    seen = await window(user_of(page), f"/{page}?id={ids[page]}&category=stair_light&noun=opinion")
    await seen.locator("wx-page").filter(visible=True).locator("wx-view").first.wait_for()
    await seen.wait_for_load_state("networkidle")
    await expect(seen.locator("wx-page").filter(visible=True).last).to_have_text(
        SOMETHING, use_inner_text=True
    )
    assert await seen.evaluate(STICKS_OUT) == []
