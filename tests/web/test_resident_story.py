"""A resident's stories in the browser, against the real server: from the report to the stars, and every way beside it."""

import re

import pytest

from tests import world
from tests.web.conftest import Holding, Signing
from tests.web.hand import SEND, photo
from tests.world import Person


async def reported(resident: Person, category: str, **changes: object) -> str:
    ticket = await resident.report(category=category, **changes)
    identifier: str = ticket["id"]
    return identifier


async def test_the_stair_light_burns_before_bedtime(holds: Holding) -> None:
    resident = await holds("resident")
    await resident.tap_first("楼道灯不亮")  # 1
    await resident.photograph(photo())  # 2, 3: the camera's own
    await resident.tap(SEND)  # 4
    await resident.sees("已上报")
    await resident.tap("查看进度")
    await resident.sees("等万寿山社区第四网格受理")

    head = await holds("grid_head")
    await head.tap_first("受理")
    await head.sees("处置中")
    await head.tap_first("楼道灯不亮")
    await head.tap("办结")
    await head.tap("已修好")
    await head.write("换了灯泡")
    await head.photograph(photo(shade=160))
    await head.tap("办结")
    await head.sees("办理结果")

    await resident.does("__harness.pullDown()")
    await resident.sees("等您评价")
    await resident.sees("办结后")
    await resident.sees("修好了吗？")
    await resident.tap("修好了")
    await resident.page.get_by_label("很满意", exact=True).filter(visible=True).tap()
    await resident.tap("修好了")
    await resident.sees("已结案")
    await resident.sees("报告人已确认")


async def test_a_neighbour_joins_instead_of_reporting_again_and_votes_when_it_is_closed(
    holds: Holding, signs: Signing
) -> None:
    resident, head = await signs("resident"), await signs("grid_head")
    place = await resident.place()
    await (await signs("neighbour")).ask("PATCH", "/me", json={"home_id": place})
    ticket_id = await reported(resident, "construction_waste", description="装修垃圾堆在一楼")

    neighbour = await holds("neighbour")
    await neighbour.tap_first("装修垃圾或渣土")
    await neighbour.sees("可能已有人报过")
    await neighbour.write("我家门口也堆了", 0)
    await neighbour.tap("看看")
    await neighbour.tap("我也遇到")
    await neighbour.sees("工单详情")
    assert await neighbour.ticket_id() == ticket_id
    await neighbour.misses("944号居民")
    await neighbour.tap("留言")  # what was typed before joining is not lost
    assert await neighbour.page.locator("textarea").last.input_value() == "我家门口也堆了"
    await neighbour.tap("留言")
    await neighbour.sees("我家门口也堆了")

    await head.act("accept", {"id": ticket_id})
    await head.resolve({"id": ticket_id})
    await resident.act("confirm", {"id": ticket_id}, verdict="solved", rating=4)
    await neighbour.does("__harness.pullDown()")
    await neighbour.tap("反馈是否修好")
    await neighbour.tap("还有")
    await neighbour.tap("反馈是否修好")
    await neighbour.sees("已反馈，谢谢您")
    await neighbour.turns("mine")
    await neighbour.tap("我关注的")
    await neighbour.sees("装修垃圾或渣土")


async def test_nobody_who_handles_it_learns_who_reported_anonymously(holds: Holding) -> None:
    resident = await holds("resident")
    await resident.tap_first("噪音扰民")
    await resident.write("半夜装修", 0)
    await resident.page.get_by_role("switch", name="匿名上报").tap()
    await resident.tap(SEND)
    await resident.tap("查看进度")
    await resident.sees("匿名")
    ticket_id = await resident.ticket_id()
    head = await holds("grid_head", f"/pages/ticket/index?id={ticket_id}")
    await head.sees("半夜装修")
    await head.sees("匿名")
    await head.misses("944号居民")


async def test_a_question_is_answered_where_it_is_asked(holds: Holding, signs: Signing) -> None:
    resident, head = await signs("resident"), await signs("grid_head")
    ticket_id = await reported(resident, "garbage")
    await head.act("accept", {"id": ticket_id})
    await head.act("ask", {"id": ticket_id}, text="是哪个垃圾桶？", until=world.soon())
    hand = await holds("resident")
    await hand.sees("等您处理")  # above everything on the first page
    await hand.goes(f"/pages/ticket/index?id={ticket_id}")
    await hand.sees("是哪个垃圾桶？")
    await hand.tap("答复")
    await hand.write("单元门口左边那个")
    await hand.tap("答复")
    await hand.sees("处置中")
    await hand.sees("单元门口左边那个")


@pytest.mark.excused("429")
async def test_urging_twice_says_when_one_may_again(holds: Holding, signs: Signing) -> None:
    ticket_id = await reported(await signs("resident"), "access_door")
    hand = await holds("resident", f"/pages/ticket/index?id={ticket_id}")
    await hand.chooses("催办")
    await hand.tap("确定")
    await hand.sees("催过1次")
    await hand.chooses("催办")
    await hand.tap("确定")
    await hand.sees(re.compile("请在60分钟后再试"))
    await hand.tap("知道了")
    await hand.sees("催过1次")


async def test_what_was_reported_is_mended_while_nobody_has_begun(holds: Holding, signs: Signing) -> None:
    resident = await signs("resident")
    ticket_id = await reported(
        resident, "parking", description="车堵门", photo_ids=[await resident.photo(photo())]
    )
    hand = await holds("resident", f"/pages/ticket/index?id={ticket_id}")
    await hand.tap("补充修改")
    await hand.write("白色面包车堵了单元门")
    await hand.photograph(photo(shade=120))
    await hand.tap("补充修改")
    await hand.sees("白色面包车堵了单元门")
    ticket = await resident.ticket(ticket_id)
    assert (ticket["description"], len(ticket["photos"])) == ("白色面包车堵了单元门", 2)
    await hand.tap("补充修改")
    await hand.page.get_by_role("button", name="删除这张照片").filter(visible=True).first.tap()
    async with hand.page.expect_response(lambda said: said.request.method == "POST"):
        await hand.tap("补充修改")
    assert len((await resident.ticket(ticket_id))["photos"]) == 1


async def test_a_report_is_withdrawn_after_a_question(holds: Holding, signs: Signing) -> None:
    ticket_id = await reported(await signs("resident"), "greenery")
    hand = await holds("resident", f"/pages/ticket/index?id={ticket_id}")
    await hand.chooses("撤回")
    await hand.sees("撤回后这件事就结束了，确定撤回？")
    await hand.tap("确定")
    await hand.sees("报告人撤回")


async def test_what_is_not_fixed_is_opened_again(holds: Holding, signs: Signing) -> None:
    resident, head = await signs("resident"), await signs("grid_head")
    ticket_id = await reported(resident, "road_light")
    await head.act("accept", {"id": ticket_id})
    await head.resolve({"id": ticket_id})
    hand = await holds("resident", f"/pages/ticket/index?id={ticket_id}")
    await hand.tap("还没修好")
    await hand.write("亮了一会儿又灭了")
    await hand.tap("还没修好")
    await hand.sees("已重新办理")
    await hand.sees("处置中")


async def test_a_refusal_says_why_and_can_be_appealed(holds: Holding, signs: Signing) -> None:
    resident, head = await signs("resident"), await signs("grid_head")
    ticket_id = await reported(resident, "stair_clutter")
    await head.act("reject", {"id": ticket_id}, reason="not_ours", text="请联系产权单位")
    hand = await holds("resident", f"/pages/ticket/index?id={ticket_id}")
    await hand.sees("请联系产权单位")
    await hand.tap("申诉")
    await hand.tap("申诉")  # nothing written yet: said at the field, nothing sent
    await hand.sees("请填写这一项")
    await hand.write("楼道是公共部分")
    await hand.tap("申诉")
    await hand.sees("已申诉")
    await hand.sees("待受理")


@pytest.mark.excused("409")
async def test_who_was_too_late_sees_what_happened_and_keeps_what_was_typed(
    holds: Holding, signs: Signing
) -> None:
    resident, head = await signs("resident"), await signs("grid_head")
    ticket_id = await reported(resident, "ponding", description="门口积水")
    hand = await holds("resident", f"/pages/ticket/index?id={ticket_id}")
    await hand.tap("补充修改")
    await hand.write("积水已经进楼道了")
    await head.act("accept", {"id": ticket_id})
    await hand.tap("补充修改")
    await hand.sees("处置中")  # as it is now
    await hand.sees(re.compile("您写的话留在“留言”里"))
    await hand.tap("留言")
    assert await hand.page.locator("textarea").last.input_value() == "积水已经进楼道了"


async def test_a_merged_report_leads_to_the_ticket_it_was_joined_with(holds: Holding, signs: Signing) -> None:
    resident, neighbour, head = await signs("resident"), await signs("neighbour"), await signs("grid_head")
    target = await resident.report(category="manhole", description="井盖翘起来了")
    merged = await neighbour.report(category="manhole", description="井盖坏了")
    await head.act("merge", merged, into=target["id"])
    hand = await holds("neighbour", f"/pages/ticket/index?id={merged['id']}")
    await hand.tap(f"已并入 {target['no']}，点开查看")
    await hand.sees("井盖翘起来了")
