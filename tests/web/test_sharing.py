"""Points, things and loans on the phone: redeemed, borrowed, waited for, handed out by the code that is shown or by name."""

from typing import Final

from playwright.async_api import expect

from tests.web.common_life import helped, home_of, made, offered
from tests.web.conftest import ARTEFACTS, Holding, Signing

HANDOVER: Final = "/subjects/handover/index"


async def test_an_umbrella_is_borrowed_scanned_waited_for_and_comes_back(
    holds: Holding, signs: Signing
) -> None:
    community, neighbour = [await signs(one) for one in ("community", "neighbour")]
    umbrella = await offered(community)
    hand = await holds("resident")
    await hand.tap("换东西、借东西")
    await hand.tap("雨伞")
    await hand.sees("能借3天")
    await hand.tap("我要借")
    await hand.sees("给工作人员看这个码")
    await hand.page.screenshot(path=ARTEFACTS / "pickup-code.png", full_page=True)
    code = await hand.scannable()
    letters = (await hand.page.locator(".letters").last.inner_text()).replace(" ", "")
    assert code == letters

    waits = await holds("neighbour", f"/subjects/detail/index?noun=offer&id={umbrella['id']}")
    await waits.sees("现在没有了。排上候补，您是第1位，轮到了马上告诉您。")
    await waits.tap("排队候补")
    await waits.sees("您在候补，排第1位；轮到了马上告诉您")

    staff = await holds("grid_head")
    await staff.tap("交付和归还")
    await staff.does("", scan=code)
    await staff.tap("扫领取码")
    await staff.sees("944号居民 · 待领取")
    await staff.page.locator(".hand-found").get_by_role("button", name="交付").tap()
    await staff.sees("已交付")
    await hand.opens(hand.page.url.partition("#")[2])
    await hand.sees("归还时给工作人员看这个码")
    await hand.misses("取消预约")

    await staff.page.locator("input").filter(visible=True).first.fill(f"{code[:4].lower()} {code[4:]}")
    await staff.tap("查一下")
    await staff.page.locator(".hand-found").get_by_role("button", name="收回").tap()
    await staff.sees("还到哪里")
    await staff.page.locator(".sheet .send").tap()
    await staff.sees("已收回")
    await waits.opens(waits.page.url.partition("#")[2])
    await waits.sees("给工作人员看这个码")  # who waited is next
    taken = (await neighbour.get("/reservations", mine=True, status="granted"))["items"]
    assert [one["source_id"] for one in taken] == [umbrella["id"]]


async def test_points_are_read_redeemed_and_returned_and_who_has_no_phone_gets_it_by_name(
    holds: Holding, signs: Signing
) -> None:
    resident, neighbour, community = [await signs(one) for one in ("resident", "neighbour", "community")]
    await helped(resident, community)
    tissues = {"kind": "goods", "title": "抽纸", "days": None, "quantity": 5}
    priced = await offered(community, **tissues, price=5, points="residents")
    free = await offered(community, **tissues | {"title": "口罩"}, place_id=await home_of(neighbour))
    await made(neighbour, "reservations", offer_id=free["id"])

    hand = await holds("resident", "/pages/me/index")
    await hand.tap("我的积分")
    await expect(hand.page.locator(".points-balance")).to_have_text("10")
    await hand.sees("清扫楼道")
    await hand.sees("万寿山社区")
    await hand.misses("排行")
    await hand.page.screenshot(path=ARTEFACTS / "points.png", full_page=True)
    await hand.tap("去换东西")
    await hand.tap("抽纸")
    await hand.sees("一共5积分，您有10积分")
    await hand.tap("2")
    await hand.sees("一共10积分，您有10积分")
    await hand.tap("我要领")
    await hand.sees("给工作人员看这个码")
    assert (await resident.get(f"/offers/{priced['id']}"))["left"] == 3
    await hand.tap("取消预约")
    await hand.tap("确定")
    await hand.sees("已取消，积分已退回")
    assert [own["balance"] for own in (await resident.get("/accounts", mine=True))["items"]] == [10]

    staff = await holds("grid_head", HANDOVER)
    await staff.page.locator("input").filter(visible=True).last.fill("邻居")
    await staff.page.get_by_role("button", name="按姓名找").filter(visible=True).tap()
    await staff.sees("944号邻居")
    await staff.page.get_by_role("button", name="交付 944号邻居 口罩").filter(visible=True).tap()
    await staff.sees("对方没有手机、没有码，就不填")
    await staff.page.screenshot(path=ARTEFACTS / "hand-out-by-name.png")
    await staff.page.locator(".sheet .send").tap()
    await staff.sees("已交付")
    (done,) = (await neighbour.get("/reservations", mine=True, status="done"))["items"]
    timeline = (await neighbour.get(f"/reservations/{done['id']}/events"))["items"]
    assert timeline[-1]["label"] == "凭姓名交付，没有出示领取码"
