"""Whom to call now, on a resident's first page: the grid's card, with a button that calls."""

import re
from typing import Any, Final

import pytest

from tests.web.conftest import ARTEFACTS, Holding, Signing
from tests.world import answer

CALLED: Final = (
    "__harness.calls.filter(({ call }) => call === 'makePhoneCall').map(({ options }) => options.phoneNumber)"
)


async def show(somebody: Any, **fields: Any) -> None:
    """Change the card of somebody's own post."""
    post = (await somebody.get("/me"))["posts"][0]["id"]
    answer(await somebody.ask("PATCH", f"/posts/{post}/card", json=fields))


async def test_a_resident_sees_whom_to_call_and_calls(holds: Holding, signs: Signing) -> None:
    head = await signs("grid_head")
    await show(head, skills=["property", "safety"], hours="工作日 9:00-18:00", shows_name=True)
    try:
        hand = await holds("resident")
        await hand.sees("我的网格")
        await hand.sees("现在找：网格长 陈网格长")
        await hand.tap("谁管什么")
        await hand.sees("物业服务、综治安全")
        await hand.sees("工作日 9:00-18:00")
        await hand.page.screenshot(path=ARTEFACTS / "duty-card.png", full_page=True)
        await hand.tap(re.compile("打给万寿山社区第四网格"))
        assert await hand.page.evaluate(CALLED) == ["023-00000004"]
    finally:
        await show(head, skills=[], hours=None, shows_name=False)


@pytest.mark.parametrize(("language", "words"), [("en", "Ask now: grid head"), ("kk", "تور باستىعى")])
async def test_the_card_speaks_other_languages(holds: Holding, language: str, words: str) -> None:
    hand = await holds("resident")
    await hand.page.evaluate("language => sessionStorage.setItem('harness:language', language)", language)
    await hand.page.evaluate("sessionStorage.setItem('harness:fontScale', 2)")
    await hand.page.emulate_media(color_scheme="dark")
    await hand.page.reload()
    await hand.sees(re.compile(words))
    await hand.page.get_by_text("023-00000004").last.scroll_into_view_if_needed()
    await hand.page.screenshot(path=ARTEFACTS / f"duty-card-{language}.png")
