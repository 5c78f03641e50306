"""A survey and a vote at the console, by keyboard: from the questions over paper ballots to what they come to."""

import pytest
from playwright.async_api import Page, expect

from tests.console.common_life import (
    FEWEST,
    address,
    asked,
    chosen,
    counted,
    form,
    made,
    moved,
    place_typed,
    press,
    sent,
)
from tests.console.conftest import Desk
from tests.web.conftest import Signing
from tests.world import Person, answer

UNIT = "944号4单元"


@pytest.fixture
async def community(signs: Signing) -> Person:
    return await signs("community")


async def ballot(page: Page, room: int, *digits: int) -> None:
    """Type a paper ballot: the last digit asks for the next one."""
    room_field = form(page).get_by_label("门牌号")
    await expect(room_field).to_be_focused()
    await page.keyboard.type(str(room))
    await press(page, "Enter", *map(str, digits))


async def reworded(page: Page, community: Person) -> None:
    """Edit the draft of what is asked next time."""
    await chosen(page, "修改")
    await expect(form(page).get_by_label("选项 1")).to_have_value("停车\n保洁\n电梯")
    await form(page).get_by_label("问题 2", exact=True).last.fill("停车位管理")
    await form(page).get_by_label("一共问多少户").fill("25")
    await sent(page, "修改")
    (draft,) = (await community.get("/surveys", status="draft"))["items"]
    assert [question["text"] for question in draft["questions"]] == ["最想先改什么", "停车位管理"]
    assert (draft["asked"], draft["questions"][0]["choices"]) == (25, ["停车", "保洁", "电梯"])


async def test_a_survey_is_written_asked_on_paper_and_read_without_the_mouse(
    desk: Desk, community: Person
) -> None:
    page = await desk("community", "surveys/new")
    await form(page).get_by_label("题目").fill("第四季度物业评价")
    await place_typed(page, UNIT)
    await form(page).get_by_label("问题 1", exact=True).last.focus()
    await page.keyboard.type("停车管理")
    await form(page).get_by_role("button", name="加一题").press("Enter")
    await page.keyboard.type("最想先改什么")
    await form(page).get_by_label("怎么答 2").select_option("choices")
    await form(page).get_by_label("选项 2").fill("停车\n保洁\n电梯")
    await form(page).get_by_role("button", name="加一题").press("Enter")
    await page.keyboard.type("不问了")
    await form(page).get_by_label("删除 3").press("Enter")
    await expect(form(page).locator("[data-question]").nth(1)).to_be_focused()
    await press(page, "Alt+ArrowUp")
    await expect(form(page).locator("[data-question]").first).to_have_value("最想先改什么")
    await expect(form(page).locator("[data-question]").first).to_be_focused()
    await form(page).get_by_label("一共问多少户").fill("20")
    await sent(page, "已存为未发布")
    await chosen(page, "发布")
    await sent(page, "发布")
    await expect(page.locator("aside .status").first).to_have_text("进行中")
    await expect(page.locator("aside .survey-result")).to_contain_text("截止以后才公布结果")

    await chosen(page, "录入纸质票")
    await place_typed(page, UNIT)
    for number in range(FEWEST):
        await ballot(page, 101 + number, 1 + number % 3)
        await press(page, "3", "Enter", "2")  # several choices end with Enter, a rating at once
    await expect(form(page)).to_contain_text("共10张")
    await sent(page, "录入纸质票")
    await expect(page.locator("aside .facts")).to_contain_text("10/20户")
    await chosen(page, "提前截止")
    await form(page).get_by_role("textbox").fill("都收齐了")
    await sent(page, "提前截止")
    result = page.locator("aside .survey-result")
    await expect(result).to_contain_text("20户里交了10份（50 %），其中纸质10份")
    await expect(result).to_contain_text("平均2")
    rows = result.locator("tbody").first.locator("tr")
    assert [await row.locator("td").first.inner_text() for row in await rows.all()] == ["4", "3", "10"]
    await chosen(page, "转议题")
    await sent(page, "转议题")
    await expect(page.locator("aside").get_by_role("link", name="议题 · 停车管理")).to_be_visible()
    await chosen(page, "再问一次")
    await sent(page, "再问一次")
    await page.get_by_role("link", name="下一次").press("Enter")
    await expect(page.locator("aside .status").first).to_have_text("未发布")
    await reworded(page, community)
    await page.get_by_role("link", name="上一次").press("Enter")
    await expect(result).to_be_visible()


@pytest.mark.excused("409")
@pytest.mark.excused("422")
async def test_a_ballot_that_is_refused_is_marked_at_its_row_and_no_other_is_lost(
    desk: Desk, community: Person
) -> None:
    survey = await asked(community)
    place = await community.place()
    before = {"place_id": place, "room": "202", "answers": [{"question": 0, "choices": [1]}]}
    await moved(community, "surveys", survey, "paper", ballots=[before])
    page = await desk("community", f"surveys/{survey['id']}")
    await chosen(page, "录入纸质票")
    await place_typed(page, UNIT)
    for room in (201, 202, 203):
        await ballot(page, room, 5, 1)
    await form(page).locator("button:not([type])").press("Enter")
    rows = form(page).locator("li.ballot")
    await expect(rows.nth(1).get_by_role("alert")).to_contain_text("202已经交过一份")
    await expect(rows.first.get_by_role("alert")).to_have_count(0)
    await form(page).get_by_label(f"删除 人和家园{UNIT} 202").press("Enter")
    await form(page).get_by_label(f"改 人和家园{UNIT} 203").press("Enter")
    await press(page, "Control+a")
    await page.keyboard.type("room?")
    await press(page, "Enter", "4", "4")
    await form(page).locator("button:not([type])").press("Enter")
    await expect(rows.first.get_by_role("alert")).to_be_visible()
    await expect(rows).to_have_count(2)
    await page.reload()
    await chosen(page, "录入纸质票")
    await expect(rows).to_have_count(2)
    await form(page).get_by_label(f"删除 人和家园{UNIT} room?").press("Enter")
    await sent(page, "录入纸质票")
    assert (await community.get(f"/surveys/{survey['id']}"))["paper"] == 2


async def test_a_vote_says_its_rule_with_the_article_and_what_it_comes_to(
    desk: Desk, community: Person
) -> None:
    page = await desk("community", "surveys/new")
    await form(page).get_by_text("表决", exact=True).click()
    await form(page).get_by_label("题目").fill("停车收费")
    await place_typed(page, UNIT)
    await form(page).get_by_label("问题 1", exact=True).last.fill("每车每月收一百元")
    await expect(form(page)).to_contain_text("《民法典》第二百七十八条")
    await form(page).get_by_label("自定").check()
    await form(page).get_by_role("textbox", name="依据").fill("居民公约第八条")
    await form(page).get_by_label("一共问多少户").fill("12")
    await sent(page, "已存为未发布")
    (vote,) = [one for one in (await community.get("/surveys"))["items"] if one["title"] == "停车收费"]
    assert (vote["rule"]["turnout_heads"], vote["rule"]["basis"]) == (">1/2", "居民公约第八条")
    await counted(community, await moved(community, "surveys", vote, "open"), against=2)
    await address(page, f"surveys/{vote['id']}")
    verdict = page.locator("aside .verdict")
    await expect(verdict).to_contain_text("通过。")
    await expect(verdict).to_contain_text("参与人数83.3 %（要求：人数过半数）")
    await expect(verdict).to_contain_text("同意人数80 %（要求：人数过半数）")
    await expect(verdict).to_contain_text("居民公约第八条")


async def test_each_number_of_the_funnel_opens_its_rows(desk: Desk, community: Person) -> None:
    place = await community.place("948号")  # where no other test speaks
    for fate in ("note", "note", None):
        opinion = await made(community, "opinions", text="路灯太暗", place_id=place)
        if fate:
            await moved(community, "opinions", opinion, fate, text="已了解")
    page = await desk("community", f"funnel?place_id={place}")
    await expect(page.locator(".funnel")).to_contain_text("67 %")
    await page.get_by_role("link", name="已记录2").press("Enter")
    await expect(page.locator("tr.opens")).to_have_count(2)
    await expect(page.get_by_role("status").filter(has_text="漏斗")).to_be_visible()
    await page.get_by_role("button", name="看全部").press("Enter")
    await expect(page.get_by_role("status").filter(has_text="漏斗")).to_have_count(0)


@pytest.mark.excused("409")
async def test_weights_are_a_hundred_or_none_and_two_do_not_overwrite_each_other(
    desk: Desk, community: Person
) -> None:
    page = await desk("community", "weights")
    await expect(page.locator("main")).to_contain_text("不宜用来给网格或社区排名")
    for rate, weight in (("响应率", "30"), ("解决率", "40")):
        await page.get_by_label(rate).fill(weight)
    await expect(page.locator("main")).to_contain_text("合计70%，还差30%")
    place = (await community.get("/me"))["posts"][0]["place_id"]
    theirs = {"version": 0, "weights": [{"rate": "satisfaction", "weight": 100}]}
    answer(await community.ask("PUT", "/settings/weights", params={"place_id": place}, json=theirs))
    await page.get_by_label("满意率").fill("30")
    await page.get_by_role("button", name="保存").press("Enter")
    await expect(page.locator("main").get_by_role("alert")).to_be_visible()
    await expect(page.get_by_label("响应率")).to_have_value("30")
    await page.get_by_role("button", name="保存").press("Enter")
    await expect(page.locator(".toast")).to_contain_text("已保存")
    saved = await community.get("/settings/weights", place_id=place)
    assert [item["weight"] for item in saved["own"]] == [30, 40, 30]
    await page.get_by_role("button", name="不要综合").press("Enter")
    await page.get_by_role("alert").get_by_role("button", name="不要综合").press("Enter")
    await expect(page.get_by_label("响应率")).to_have_value("")
    assert (await community.get("/settings/weights", place_id=place))["own"] == []
