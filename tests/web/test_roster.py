"""The roster on the phone: a colleague is asked with one tap, the other takes over with one, and what was asked is taken back."""

from playwright.async_api import expect

from tests.subjects import ahead
from tests.web.conftest import ARTEFACTS, Holding, Signing
from tests.world import answer

ROSTER = "/subjects/duty/index"


async def test_two_swap_a_shift_by_a_tap_each(holds: Holding, signs: Signing) -> None:
    head, member = await signs("grid_head"), await signs("member")
    post_id = (await member.get("/me"))["posts"][0]["id"]
    times = {"starts_at": ahead(days=2), "ends_at": ahead(days=2, hours=14)}
    answer(await head.ask("POST", "/duty/shifts", json={"post_id": post_id, **times}), 201)

    hand = await holds("member")
    await hand.tap("值班")
    await hand.tap("副网格长 赵副网格长")
    await hand.sees("已请副网格长 赵副网格长替，等对方答复")
    await hand.tap("撤回")
    await hand.misses("撤回")
    await hand.tap("副网格长 赵副网格长")
    await hand.sees("已请副网格长 赵副网格长替，等对方答复")

    other = await holds("deputy", "/pages/notices/index")
    await other.tap("万寿山社区第四网格：网格员请您替", exact=False)  # the notice opens the roster
    await other.sees("网格员 周网格员请您替这个班")
    await other.page.screenshot(path=ARTEFACTS / "roster.png", full_page=True)
    await other.tap("我来替")
    await other.sees("我的班")
    await expect(
        other.front.get_by_role("button", name="请值班员")
    ).to_be_visible()  # theirs to give away now
    (shift,) = (await head.get("/duty/shifts"))["items"]
    assert shift["post"]["name"] == "赵副网格长"
    await hand.opens(ROSTER)
    await hand.sees("大家的班")


async def test_two_exchange_their_shifts_by_a_tap_each(holds: Holding, signs: Signing) -> None:
    head, member, deputy = await signs("grid_head"), await signs("member"), await signs("deputy")
    for somebody, days in ((member, 4), (deputy, 6)):
        post_id = (await somebody.get("/me"))["posts"][0]["id"]
        times = {"starts_at": ahead(days=days), "ends_at": ahead(days=days, hours=10)}
        answer(await head.ask("POST", "/duty/shifts", json={"post_id": post_id, **times}), 201)
    hand = await holds("member", ROSTER)
    await hand.page.get_by_role("button", name="或换对方的班： 副网格长 赵副网格长").last.tap()
    await hand.sees("您替对方的班：")
    other = await holds("deputy", ROSTER)
    await other.sees("对方替您的班：")
    await other.tap("我来替")
    await other.misses("我来替")
    mine = (await member.get("/duty/shifts", mine="true"))["items"]
    assert [shift["starts_at"][:10] for shift in mine] == [ahead(days=6)[:10]]
