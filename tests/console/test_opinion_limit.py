"""After how many days an opinion is overdue: an office's own number, with what it would do said before it is saved."""

from playwright.async_api import expect

from tests.console.common_life import made
from tests.console.conftest import Desk
from tests.web.conftest import Signing


async def test_what_a_limit_would_do_is_said_before_it_is_saved(desk: Desk, signs: Signing) -> None:
    resident, community = await signs("resident"), await signs("community")
    await made(resident, "opinions", text="楼道里堆满了杂物")
    place = (await community.get("/me"))["posts"][0]["place_id"]
    page = await desk("community", "opinion-limit")
    days, effect = page.get_by_label("多少天之内回应"), page.locator("#opinion-limit-effect")
    await expect(effect).to_contain_text("现在有1条待回应；改成30天")
    await days.fill("400")
    await expect(effect).to_contain_text("请填1到180的整数")
    await days.fill("14")
    await expect(effect).to_contain_text("改成14天，没有马上超期的")
    await page.get_by_role("button", name="保存").press("Enter")
    await page.get_by_role("button", name="恢复为30天").wait_for()
    said = await community.get("/settings/opinions", place_id=place)
    assert (said["own"], said["effective"]) == (14, 14)
    await page.get_by_role("button", name="恢复为30天").press("Enter")
    await expect(days).to_have_value("")
    assert (await community.get("/settings/opinions", place_id=place))["own"] is None
