"""A community worker's day in small, by keyboard: two visits and a forum become opinions, topics, projects; who spoke is told."""

import asyncio
from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from app import clock
from tests.console.common_life import address, chosen, form, made, meeting, moved, place_typed, press, sent
from tests.console.conftest import Desk
from tests.web.conftest import Signing
from tests.web.hand import photo
from tests.world import Person

IN_A_MONTH = timedelta(days=30)


@pytest.fixture
async def resident(signs: Signing) -> Person:
    return await signs("resident")


@pytest.fixture
async def community(signs: Signing) -> Person:
    return await signs("community")


async def told(person: Person, words: str) -> list[str]:
    """Return the notices with these words, as soon as there are some."""
    async with asyncio.timeout(30):
        while True:
            labels = [notice["label"] for notice in (await person.get("/notices"))["items"]]
            if found := [label for label in labels if words in label]:
                return found
            await asyncio.sleep(0.2)


async def reported_with_a_photo(page: Page) -> None:
    """Begin the project that the list has, and say how far it is, with a photo."""
    await page.locator("tr.opens a").first.press("Enter")
    await chosen(page, "开始实施")
    await expect(page.locator("aside .status").first).to_have_text("实施中")
    await chosen(page, "通报进展")
    await form(page).get_by_role("textbox").fill("已量好位置")
    await (
        form(page)
        .locator("input[type=file]")
        .set_input_files({"name": "1.jpg", "mimeType": "image/jpeg", "buffer": photo(400, 300)})
    )
    await expect(form(page).locator(".photos img")).to_be_visible()
    await sent(page, "通报进展")
    await expect(page.locator("aside .timeline .photos img")).to_be_visible()


async def test_two_visits_and_a_forum_become_topics_and_projects_and_who_spoke_is_told(
    desk: Desk, resident: Person, community: Person
) -> None:
    page = await desk("community")
    for kind, title in (("走访", "走访944号"), ("走访", "走访946号"), ("会议", "东门议事会")):
        await address(page, "activities/new")
        await form(page).get_by_label("类型").select_option(kind)
        await form(page).get_by_label("题目").fill(title)
        await sent(page, "已安排")
        await chosen(page, "发布")
        await expect(page.locator("aside .status").first).to_have_text("报名中")
    await expect(page.locator("tr.opens", has_text="走访94")).to_have_count(2)

    # At the forum: somebody who signed up, and somebody with a paper and no phone.
    forum = await moved(community, "activities", await meeting(community), "publish")
    await moved(resident, "activities", forum, "sign_up")
    await address(page, f"activities/{forum['id']}")
    await page.get_by_role("link", name="记一条意见").press("Enter")
    await form(page).get_by_label("怎么说的").fill("楼下想装一排晾衣架")
    await form(page).get_by_text("需求", exact=True).click()
    await form(page).get_by_text("944号居民").click()
    await sent(page, "已登记")
    await chosen(page, "转项目")
    await form(page).get_by_label("完成日期").fill(f"{clock.now() + IN_A_MONTH:%Y-%m-%d}")
    await sent(page, "转项目")
    assert await told(resident, "转为项目")

    await address(page, f"opinions/new?source_id={forum['id']}&place_id={forum['place']['id']}")
    await expect(form(page)).to_contain_text("没有手机的人")
    await form(page).get_by_label("怎么说的").fill("东门要装充电桩")
    await sent(page, "已登记")
    await chosen(page, "转议题")
    await sent(page, "转议题")
    await page.get_by_role("link", name="议题 · 东门要装充电桩").press("Enter")
    for act, says, status in (
        ("列入议程", "", "已列入议程"),
        ("形成决议", "先装两台试用", "已议定"),
        ("开始落实", "", "正在落实"),
    ):
        await chosen(page, act)
        if says:
            await form(page).get_by_role("textbox").fill(says)
            await sent(page, act)
        await expect(page.locator("aside .status").first).to_have_text(status)
    await page.get_by_role("link", name="立项").press("Enter")
    await form(page).get_by_label("题目").fill("东门装两台充电桩")
    await form(page).get_by_label("完成日期").fill(f"{clock.now() + IN_A_MONTH:%Y-%m-%d}")
    await sent(page, "已立项")
    await expect(page.locator("tr.opens")).to_have_count(1)
    await expect(page.locator("tr.opens")).to_contain_text("社区工作人员")
    assert len((await community.get("/projects"))["items"]) == 2
    await reported_with_a_photo(page)

    # What was said at the forum, and what became of it.
    await address(page, f"opinions?source_id={forum['id']}")
    fates = page.locator("tr.opens .status")
    await expect(fates).to_have_count(2)
    assert sorted(await fates.all_inner_texts()) == ["已转议题", "已转项目"]


@pytest.mark.excused("409")
async def test_whoever_comes_second_reads_what_became_of_an_opinion_and_loses_no_word(
    desk: Desk, resident: Person, community: Person
) -> None:
    opinion = await made(resident, "opinions", text="楼道里堆满了杂物")
    page = await desk("community", f"opinions/{opinion['id']}")
    await chosen(page, "答复")
    await form(page).get_by_role("textbox").fill("已请物业清走")
    await moved(community, "opinions", opinion, "note", text="转安全检查")
    await form(page).locator("button:not([type])").press("Enter")
    said = page.locator(".act-form [role=alert]")
    await expect(said).to_contain_text("记录在案，转安全检查")
    await expect(said).to_contain_text("不能做了")
    await expect(form(page).get_by_role("textbox")).to_have_value("已请物业清走")


@pytest.mark.excused("409")
async def test_a_room_that_is_taken_is_refused_at_its_field_and_the_form_stays(
    desk: Desk, community: Person
) -> None:
    begin = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT")
    await meeting(
        community,
        title="早来的会",
        venue="议事厅",
        starts_at=f"{begin}09:30:00+08:00",
        ends_at=f"{begin}10:30:00+08:00",
    )
    page = await desk("community", "activities/new")
    await form(page).get_by_label("题目").fill("晚来的会")
    await form(page).get_by_label("场地").fill("议事厅")
    await form(page).get_by_label("开始").fill(f"{begin}10:00")
    await form(page).get_by_label("结束").fill(f"{begin}11:00")
    await expect(form(page).locator(".note")).to_contain_text("早来的会")
    await form(page).locator("button:not([type])").press("Enter")
    await expect(form(page).get_by_role("alert")).to_contain_text("已经安排了“早来的会”")
    await expect(form(page).get_by_label("场地")).to_have_attribute("aria-invalid", "true")
    await form(page).get_by_label("场地").fill("二楼活动室")
    await sent(page, "已安排")


async def test_who_came_is_ticked_and_minutes_keep_their_versions(
    desk: Desk, resident: Person, community: Person
) -> None:
    forum = await moved(community, "activities", await meeting(community), "publish")
    await moved(resident, "activities", forum, "sign_up")
    page = await desk("community", f"activities/{forum['id']}")
    await chosen(page, "开始")
    await page.get_by_label("944号居民").press("Space")
    await page.get_by_role("button", name="签到1人").press("Enter")
    await expect(page.locator(".attendance")).to_contain_text("已到场")
    for said in ("先装两台", "先装两台，三个月后再议"):
        await chosen(page, "写纪要")
        await form(page).get_by_role("textbox").fill(said)
        await sent(page, "写纪要")
    await expect(page.locator("aside")).to_contain_text("第2版")
    await page.get_by_text("以前的版本").press("Enter")
    await expect(page.locator("aside details")).to_contain_text("第1版")
    await chosen(page, "结束")
    await form(page).get_by_label("清点人数").fill("35")
    await sent(page, "结束")
    await page.get_by_label("944号居民").press("Space")
    await page.get_by_label("每人几小时").fill("1.5")
    await page.get_by_role("button", name="确认1人").press("Enter")
    await expect(page.locator(".attendance")).to_contain_text("已确认 · 1.5小时")
    after = await community.get(f"/activities/{forum['id']}")
    assert (after["headcount"], after["signed_up"]) == (35, 1)


async def test_the_board_of_topics_is_walked_by_keys(desk: Desk, community: Person) -> None:
    titles = ("楼下空地", "电梯保养", "门禁")
    place = await community.place("946号")  # where no other test has topics
    topics = [await made(community, "topics", title=title, place_id=place) for title in titles]
    await moved(community, "topics", topics[0], "set")
    page = await desk("community", f"topics?place_id={place}")
    await expect(page.locator(".board h2")).to_have_text(["征集附议 2", "已列入议程 1"])
    await press(page, "j", "j")
    await expect(page.locator(".board-row.at")).to_contain_text("电梯保养")
    await press(page, "ArrowRight")
    await expect(page.locator(".board-row.at a")).to_be_focused()
    await expect(page.locator(".board-row.at")).to_contain_text("楼下空地")
    await press(page, "Enter")
    await expect(page.locator("aside h2")).to_have_text("楼下空地")
    await chosen(page, "不列入")
    await sent_empty(page)
    await form(page).get_by_role("textbox").fill("产权不在社区")
    await sent(page, "不列入")
    await expect(page.locator(".board h2")).to_have_text(["征集附议 2", "未列入 1"])
    await press(page, "Escape")
    await page.get_by_role("button", name="列表").press("Enter")
    await expect(page.locator("tr.opens")).to_have_count(3)


async def sent_empty(page: Page) -> None:
    """Send a form without the reason it asks for: it says so, and stays."""
    await form(page).locator("button:not([type])").press("Enter")
    await expect(form(page).get_by_role("alert")).to_have_text("请填写这一项")


async def test_an_opinion_on_paper_is_typed_with_a_number_and_its_speaker_told(
    desk: Desk, community: Person
) -> None:
    page = await desk("community")
    await press(page, "Control+k")
    await page.get_by_role("dialog").get_by_role("combobox").fill("登记意见")
    await page.get_by_role("option", name="登记意见 意见").wait_for()
    await press(page, "Enter")
    await form(page).get_by_label("怎么说的").fill("希望装扶手")
    await place_typed(page, "944号4单元")
    await form(page).get_by_label("说的人怎么称呼").fill("刘奶奶")
    await form(page).get_by_label("他的电话").fill("13900000000")
    await sent(page, "已登记")
    (opinion,) = [one for one in (await community.get("/opinions"))["items"] if one["text"] == "希望装扶手"]
    assert opinion["place"]["label"].endswith("944号4单元")
    await chosen(page, "转工单")
    await form(page).get_by_label("哪类问题").select_option("stair_light")
    await sent(page, "转工单")
    await expect(page.locator("aside .status").first).to_have_text("已转工单")
    speaker = page.locator("aside dt", has_text="谁说的").locator("xpath=following-sibling::dd[1]")
    await expect(speaker).to_contain_text("139****0000")
    await expect(speaker).to_contain_text("请打电话告诉他")
    await speaker.get_by_role("button").press("Enter")
    await expect(speaker).to_contain_text("刘奶奶 +8613900000000")
    await chosen(page, "已告知本人")
    await expect(speaker).to_contain_text("已告知")
