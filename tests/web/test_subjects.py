"""The common life on the phone: what a resident says gets a fate; topics gather support; meetings, their list, their minutes."""

import asyncio
from typing import Final

import pytest
from playwright.async_api import expect

from tests.web.common_life import acted, community_of, home_of, made, meeting
from tests.web.conftest import ARTEFACTS, Holding, Signing
from tests.web.hand import Counting, photo

FORM: Final = "/subjects/form/index?noun="
LIST: Final = "/subjects/list/index?noun="
CALLED: Final = "() => __harness.calls.find(({ call }) => call === 'makePhoneCall')?.options.phoneNumber"
CALENDAR: Final = "__harness.calls.filter(({ call }) => call === 'addPhoneCalendar').map(({ options }) => options.alarmOffset)"


async def test_what_a_resident_says_is_answered_and_they_see_it(holds: Holding, signs: Signing) -> None:
    resident = await holds("resident")
    counting = Counting()
    await resident.sees("没坏东西，想说一件事")
    await counting.tap(resident.page.get_by_role("button", name="想说一件事"))
    await resident.sees("人和家园944号4单元")  # nothing is filled in twice
    await resident.write("想在楼下装一排晾衣架")
    await counting.tap(resident.page.get_by_role("button", name="说给社区"))
    await resident.sees("已发出")
    assert counting.taps == 2

    community = await holds("community")
    await community.goes(f"{LIST}opinion")
    await community.tap("想在楼下装一排晾衣架")
    await community.tap("答复")
    await community.write("下周三装，谢谢您")
    await community.page.locator(".sheet .send").tap()
    await community.sees("已答复，说的人会收到通知")

    told = resident.page.get_by_text("想在楼下装一排晾衣架").filter(visible=True)
    for _ in range(60):  # the worker writes the notice
        await resident.opens("/pages/notices/index")
        if await told.count():
            break
        await asyncio.sleep(0.5)
    await told.first.tap()
    await resident.sees("下周三装，谢谢您")  # the notice opens what it is about
    await resident.sees("已答复")
    await resident.page.screenshot(path=ARTEFACTS / "opinion-answered.png", full_page=True)


@pytest.mark.excused("422")
async def test_staff_write_down_what_somebody_without_the_program_says_and_call_them(
    holds: Holding, signs: Signing
) -> None:
    head = await signs("grid_head")
    hand = await holds("grid_head", f"{FORM}opinion&place={await home_of(await signs('resident'))}")
    await hand.write("想在楼下放两张长椅")
    name, phone, _ = await hand.page.locator("input").filter(visible=True).all()
    await name.fill("刘奶奶")
    await phone.fill("12")
    await hand.tap("说给社区")
    await hand.sees("请填写手机号，或带区号的座机号")  # at its field, and nothing is lost
    await phone.fill("13900000000")
    await hand.tap("说给社区")
    await hand.tap("打开看看")
    await hand.sees("139****0000 · 有了结果请打电话告诉他")
    (said,) = [one for one in (await head.get("/opinions"))["items"] if one["text"] == "想在楼下放两张长椅"]
    await acted(head, "opinions", said, "answer", text="下月放好")
    await hand.opens(f"/subjects/detail/index?noun=opinion&id={said['id']}")
    await hand.tap("打电话告诉说的人（查看会留记录）")
    await hand.page.wait_for_function(CALLED)
    assert await hand.page.evaluate(f"({CALLED})()") == "13900000000"
    await hand.tap("呼叫")
    await hand.tap("已告知本人")
    await hand.sees("139****0000 · ")
    await hand.misses("打电话告诉说的人（查看会留记录）")
    assert (await head.get("/opinions", to_tell="true"))["items"] == []


async def test_an_opinion_becomes_a_topic_and_its_author_follows_it_there(
    holds: Holding, signs: Signing
) -> None:
    resident, community = [await signs(one) for one in ("resident", "community")]
    opinion = await made(
        resident, "opinions", text="小区东门要不要装充电桩", place_id=await home_of(resident)
    )
    office = await holds("community")
    await office.goes(f"/subjects/detail/index?noun=opinion&id={opinion['id']}")
    await office.chooses("转议题")
    await office.sees("一句话说清是什么事")  # its words are the title already
    await office.page.locator(".sheet .send").tap()
    await office.sees("已转议题")

    hand = await holds("resident")
    await hand.turns("mine")
    await hand.tap("我说的，有结果了吗")
    await hand.tap("小区东门要不要装充电桩")
    await hand.page.get_by_role("button", name="打开看看").filter(visible=True).tap()
    await hand.sees("征集附议")
    await hand.sees("来自 意见 · 小区东门要不要装充电桩 · 已转议题")
    await hand.tap("附议")
    await hand.sees("1人附议，满10人列入议程")
    await acted(
        community, "topics", {"id": (await resident.get(f"/opinions/{opinion['id']}"))["fate"]["id"]}, "set"
    )
    await hand.opens(hand.page.url.partition("#")[2])
    await hand.sees("已列入议程")


async def test_a_topic_is_raised_where_one_lives_released_and_declined_with_a_reason(
    holds: Holding, signs: Signing
) -> None:
    hand = await holds("resident", f"{FORM}topic")
    await hand.page.locator("input").filter(visible=True).last.fill("把花坛改成车位")
    await hand.sees("万寿山社区")  # the choices are the way to the resident's home
    await hand.tap("提出议题")
    await hand.sees("已发出")
    await hand.tap("打开看看")
    await hand.sees("等社区看过后公开")

    office = await holds("community", f"{LIST}topic")
    await office.tap("把花坛改成车位")
    await office.tap("公开征集附议")
    await office.page.locator(".sheet .send").tap()
    await office.sees("已公开，居民可以附议")
    await office.tap("不列入")
    await office.page.locator(".sheet .send").tap()
    await office.sees("请填写这一项")  # never without a reason
    await office.write("花坛下面有燃气管，不能动土")
    await office.page.locator(".sheet .send").tap()
    await office.sees("已说明原因，附议的人会收到通知")

    await hand.opens(hand.page.url.partition("#")[2])
    await hand.sees("为什么不列入")
    await hand.sees("花坛下面有燃气管，不能动土")


async def test_a_meeting_near_me_is_signed_up_for_waited_for_and_left(holds: Holding, signs: Signing) -> None:
    community, neighbour = [await signs(one) for one in ("community", "neighbour")]
    activity = await meeting(community, title="满员的议事会", capacity=1)
    await acted(neighbour, "activities", activity, "sign_up")
    hand = await holds("resident")
    await hand.tap("身边的活动")
    await hand.tap("满员的议事会")
    await hand.tap("报名")
    await hand.sees("您在候补，有空位会告诉您")
    await hand.page.get_by_role("button", name="写进手机日历").tap()
    await hand.sees("已写进手机日历")
    assert await hand.page.evaluate(CALENDAR) == [3600]
    await hand.tap("取消报名")
    await hand.tap("确定")
    await hand.sees("已取消报名")
    assert (await community.get(f"/activities/{activity['id']}"))["waiting"] == 0


async def test_staff_arrange_a_meeting_tick_who_came_count_heads_and_write_minutes(
    holds: Holding, signs: Signing
) -> None:
    resident, community = [await signs(one) for one in ("resident", "community")]
    office = await holds("community", f"{FORM}activity")
    await office.page.locator("input").filter(visible=True).first.fill("加装电梯议事会")
    await office.sees("万寿山社区")
    await office.tap("明天")
    await office.tap("15:00")
    await office.tap("保存")
    await office.sees("还没有发布")
    await office.tap("打开看看")
    await office.tap("发布")
    await office.sees("已发布，居民可以报名")
    (activity,) = [
        each for each in (await community.get("/activities"))["items"] if each["title"] == "加装电梯议事会"
    ]
    await acted(resident, "activities", activity, "sign_up")
    await office.opens(f"/subjects/detail/index?noun=activity&id={activity['id']}")
    await office.tap("开始")
    await office.sees("签到（0人）")
    await office.page.get_by_role("checkbox").filter(visible=True).tap()
    await office.tap("签到（1人）")
    await office.sees("已到场")
    await office.tap("结束")
    await office.page.locator(".sheet input").fill("35")
    await office.write("一致同意先装一台")
    await office.photograph(photo(400, 300))
    await office.page.locator(".sheet .send").tap()
    await office.sees("35人")
    hand = await holds("resident", f"/subjects/detail/index?noun=activity&id={activity['id']}")
    await hand.sees("纪要")
    await hand.sees("一致同意先装一台")
    await hand.sees("您到场了")
    await expect(hand.page.locator(".timeline image, .timeline img").first).to_be_visible()


@pytest.mark.excused("409")
async def test_an_act_that_came_too_late_keeps_what_was_typed(holds: Holding, signs: Signing) -> None:
    resident, community = [await signs(one) for one in ("resident", "community")]
    topic = await made(community, "topics", title="门禁要不要换", place_id=await community_of(community))
    await acted(community, "topics", topic, "set")
    office = await holds("community", f"/subjects/detail/index?noun=topic&id={topic['id']}")
    await office.tap("形成决议")
    await office.write("换成刷脸加刷卡的")
    await acted(community, "topics", topic, "discuss")
    await office.page.locator(".sheet .send").tap()
    await office.sees("刚刚有了变化")
    await office.tap("形成决议")
    await expect(office.page.locator(".sheet textarea")).to_have_value("换成刷脸加刷卡的")
    await office.page.locator(".sheet .send").tap()
    await office.sees("已写下决议，附议的人会收到通知")
    assert (await resident.get(f"/topics/{topic['id']}"))["result"] == "换成刷脸加刷卡的"


@pytest.mark.parametrize("persona", ["auditor", "property"])
async def test_who_is_no_staff_has_no_ways_of_staff(holds: Holding, persona: str) -> None:
    hand = await holds(persona)
    await hand.opens("/pages/work/index")
    await hand.misses("走访")
