"""Pairing on the phone: admitted and agreed to in two taps, visited by taps, asked for by the head, who sees what is open."""

from typing import Any, Final

from playwright.async_api import expect

from tests import subjects
from tests.web.common_life import home_of, made
from tests.web.conftest import ARTEFACTS, Holding, Signing
from tests.web.hand import Hand
from tests.world import Person

CARE: Final = "/subjects/care/index"
ROOM: Final = "人和家园944号4单元301"


async def paired(head: Person, helper: Person, home: str, **body: Any) -> dict[str, Any]:
    """Propose that somebody looks after 301, which has to be visited every week."""
    whole = {"kind": "pairing", "place_id": home, "room": "301", "need": "high", "reason": "elderly_alone"}
    return await made(head, "relationships", **whole | {"post_id": await subjects.post_of(helper)} | body)


async def visited(hand: Hand, *acts: str) -> None:
    """Tick what was done at the first door and write it down."""
    for act in acts:
        await hand.page.get_by_role("checkbox", name=act).filter(visible=True).first.tap()
    await hand.tap("记下这次走访")


async def test_a_household_is_admitted_agrees_is_visited_by_taps_and_ends_it(
    holds: Holding, signs: Signing
) -> None:
    resident, member, head = [await signs(one) for one in ("resident", "member", "grid_head")]
    pairing = await paired(head, member, await home_of(resident))
    await subjects.household(resident, "301")
    hand = await holds("resident", "/pages/me/index")
    await hand.tap("我的结对")
    await hand.sees("还没有结对")  # naming a room shows nothing of it

    office = await holds("grid_head", CARE)
    await office.sees("还有人没同意")
    await office.page.get_by_role("button", name=ROOM).filter(visible=True).first.tap()
    await office.tap("确认住户")
    await office.tap("944号居民")
    await office.page.locator(".sheet .send").tap()
    await office.sees("已确认，对方会收到通知")

    await hand.opens("/subjects/list/index?noun=relationship")
    await hand.tap(ROOM)
    await hand.sees("为什么结对，只有帮扶人、网格长和社区看得到。")
    await hand.tap("同意")
    await hand.sees("已同意")
    helper = await holds("member", f"/subjects/detail/index?noun=relationship&id={pairing['id']}")
    await helper.tap("同意")
    await helper.sees("生效中")

    await office.opens(CARE)
    await office.tap("发起一次走访")
    await office.page.get_by_role("button", name="1天内").filter(visible=True).tap()
    await office.tap("确定")
    await office.sees("1户都要走访，帮扶人会收到通知")
    await expect(office.page.locator(".item").filter(has_text=ROOM, visible=True)).to_be_visible()
    await office.page.screenshot(path=ARTEFACTS / "care-office.png", full_page=True)

    await helper.opens(CARE)
    await helper.page.screenshot(path=ARTEFACTS / "care.png", full_page=True)
    await helper.offline(True)
    await visited(helper, "聊", "帮")
    await helper.sees(f"{ROOM}：已存在手机里，联网后自动发送")
    await helper.offline(False)
    await helper.misses("1处走访还没有发出")  # it goes by itself
    (visit,) = (await head.get("/activities", kind="care"))["items"]
    assert (visit["acts"], visit["status"]) == (["talk", "help"], "closed")
    await office.opens(CARE)
    await office.sees("都走访过了")

    await hand.opens(hand.page.url.partition("#")[2])
    await hand.sees("今天")  # when it was visited
    await hand.tap("终止")
    await hand.page.locator(".sheet .send").tap()
    await hand.sees("已终止，对方会收到通知")
    assert (await head.get(f"/relationships/{pairing['id']}"))["status"] == "ended"


async def test_a_helper_who_ends_it_leaves_a_task_and_the_head_finds_another(
    holds: Holding, signs: Signing
) -> None:
    member, deputy, head = [await signs(one) for one in ("member", "deputy", "grid_head")]
    pairing = await paired(head, member, await head.place(), room="302", agreed=True)
    helper = await holds("member", f"/subjects/detail/index?noun=relationship&id={pairing['id']}")
    await helper.tap("同意")
    await helper.tap("终止")
    await helper.write("调走了")
    await helper.page.locator(".sheet .send").tap()
    await helper.sees("已终止，对方会收到通知")
    office = await holds("grid_head")
    await office.tap("结对帮扶")
    await office.sees("没有人帮扶了，请安排人接手")
    await office.page.get_by_role("button", name="302").filter(visible=True).first.tap()
    await office.tap("换人帮扶")
    await office.page.get_by_role("radio", name="副网格长").filter(visible=True).first.tap()
    await office.sees("已请对方接手，对方同意前照旧")
    await subjects.act(deputy, "relationships", "agree", pairing)
    await office.opens(CARE)
    await office.misses("没有人帮扶了，请安排人接手")
