"""An office opens on today's work: what is to be assigned, what is a danger, what is late; two taps give a ticket to a grid."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.web.conftest import ARTEFACTS, Holding, Signing, Window
from tests.web.hand import Hand, photo
from tests.web.layout import STICKS_OUT
from tests.web.news import brings_news


def card(page: Page, words: str) -> Locator:
    """The card of a list on which these words stand."""
    return page.locator(".desk").filter(has_text=words)


def tile(page: Page, words: str) -> Locator:
    """A large number of today's picture."""
    return page.locator(".figure").filter(has_text=words)


async def sent_back(signs: Signing, words: str, category: str = "stair_light") -> dict[str, object]:
    """Report something that the fourth grid says is not its own."""
    resident, head = await signs("resident"), await signs("grid_head")
    ticket = await resident.report(description=words, category=category)
    await head.act("not_mine", ticket, reason=f"归第三网格管，{words}")
    return ticket


async def test_a_community_opens_on_what_is_to_be_assigned_and_gives_it_to_a_grid_in_two_taps(
    window: Window, signs: Signing
) -> None:
    ticket = await sent_back(signs, "两下就改派")
    page = await window("community", "/pages/work/index")
    await expect(page.locator(".desk-tab.on")).to_have_text("今天")
    before = int(await tile(page, "待分派").locator(".h1").inner_text())
    mine = card(page, "两下就改派")
    await expect(mine).to_contain_text("万寿山社区第四网格退回：归第三网格管")
    await mine.locator("wx-button").filter(has_text="改派").tap()  # one
    sheet = page.get_by_role("dialog", name="改派")
    await expect(sheet.locator(".pick").first).to_contain_text("网格长")
    await expect(sheet.locator(".pick").last).to_contain_text("刚退回")
    await sheet.locator(".pick").filter(has_text="第三网格").tap()  # two
    await expect(sheet).to_be_hidden()
    await expect(mine).to_have_count(0)
    await expect(tile(page, "待分派").locator(".h1")).to_have_text(str(before - 1))
    after = await (await signs("other_grid_head")).ticket(str(ticket["id"]))
    assert after["holder"]["label"] == "万寿山社区第三网格"
    assert after["place"] == (await (await signs("resident")).ticket(str(ticket["id"])))["place"]


async def test_each_number_opens_the_list_it_counts(window: Window, signs: Signing) -> None:
    await sent_back(signs, "等人分派的一件")
    resident = await signs("resident")
    await resident.report(description="煤气味很大", category="gas_leak")
    await resident.report(description="只是灯不亮")
    for persona in ("community", "street"):
        page = await window(persona, "/pages/work/index")
        for words in ("危险", "待分派"):
            n = int(await tile(page, words).locator(".h1").inner_text())
            assert n > 0
            await tile(page, words).tap()
            await expect(page.locator(".desk-tab.on")).to_contain_text(f" · {words}")
            await expect(page.locator(".desk")).to_have_count(n)
            await page.get_by_role("tab", name="今天").tap()
            await expect(page.locator(".figure").first).to_be_visible()
    part = page.locator(".number").filter(has_text="危险").first  # of a community, on the street's page
    n = int(re.sub(r"\D", "", await part.inner_text()))
    await part.tap()
    await expect(page.locator(".desk-tab.on")).to_contain_text("社区 · 危险")
    await expect(page.locator(".desk")).to_have_count(n)


async def test_a_danger_is_red_and_first(window: Window, signs: Signing) -> None:
    resident, head = await signs("resident"), await signs("grid_head")
    light = await resident.report(description="灯先报的")
    danger = await resident.report(description="电梯里有人", category="lift_trapped")
    await head.act("accept", danger)
    page = await window("grid_head", "/pages/work/index")
    await expect(page.locator(".desk").first).to_have_class(re.compile("urgent"))
    await expect(page.locator(".desk").first.locator(".pill.late").first).to_have_text("危险")
    await page.evaluate("url => wx.navigateTo({ url })", f"/staff/ticket/index?id={danger['id']}")
    await expect(page.locator(".danger-card").last).to_contain_text("危险")
    page = await window("resident", f"/pages/ticket/index?id={danger['id']}")
    await expect(page.locator(".danger-card")).to_contain_text("危险")
    page = await window("resident", f"/pages/ticket/index?id={light['id']}")
    await expect(page.locator(".card").first).to_be_visible()
    await expect(page.locator(".danger-card")).to_have_count(0)


async def test_unread_dangers_are_the_first_news_and_read_once_acted_upon(
    window: Window, signs: Signing
) -> None:
    resident, head = await signs("resident"), await signs("grid_head")
    await resident.report(description="楼顶掉瓷砖", category="falling_object")
    await brings_news(resident, head, "后报的灯")
    page = await window("grid_head", "/pages/notices/index")
    first = page.locator(".list .item").first
    await expect(first).to_contain_text("外墙脱落或高空坠物")
    await expect(first.locator(".danger-mark")).to_be_visible()
    await page.evaluate("wx.switchTab({ url: '/pages/work/index' })")
    badge = page.locator(".badge").filter(visible=True)
    unread = int(await badge.inner_text())
    await card(page, "楼顶掉瓷砖").locator("wx-button").filter(has_text="受理").tap()
    await expect(badge).not_to_have_text(str(unread))
    await page.evaluate("wx.switchTab({ url: '/pages/notices/index' })")
    about = page.locator(".list .item").filter(has_text="外墙脱落").filter(visible=True).first
    await expect(about.locator(".unread.new")).to_have_count(0)


async def test_who_stands_in_is_told_and_each_card_says_for_whom(window: Window, signs: Signing) -> None:
    resident, head = await signs("resident"), await signs("grid_head")
    await resident.report(description="网格长不在时的灯")
    (post,) = (await head.get("/me"))["posts"]
    absence = {"absent_from": "2000-01-01", "absent_until": "2099-12-07"}
    assert (await head.ask("PATCH", f"/posts/{post['id']}", json=absence)).status_code == 200
    try:
        page = await window("deputy", "/pages/notices/index")
        told = page.locator(".list .item").filter(has_text="件由您代办").first
        await expect(told).to_contain_text("网格长请假到12月7日")
        await told.tap()
        await expect(card(page, "网格长不在时的灯").filter(visible=True)).to_contain_text(
            "代网格长办理（请假到2099年12月7日）"
        )
        own = await window("grid_head", "/pages/work/index")
        await expect(card(own, "网格长不在时的灯").filter(visible=True)).to_contain_text(
            "您请假到2099年12月7日，由副网格长代办"
        )
    finally:
        await head.ask("PATCH", f"/posts/{post['id']}", json={"absent_from": None})


async def test_the_tab_that_is_open_is_the_one_that_is_lit(window: Window) -> None:
    page = await window("community", "/pages/work/index")
    for name in ("我的", "工作台", "消息", "上报", "工作台"):
        await page.locator(".tabs .tab").filter(has_text=name).filter(visible=True).last.tap()
        lit = page.locator(".tabs .tab.on").filter(visible=True)
        await expect(lit).to_have_count(1)
        await expect(lit).to_contain_text(name)
    await page.evaluate("wx.navigateTo({ url: '/office/desk/index' })")
    await page.evaluate("wx.switchTab({ url: '/pages/me/index' })")
    await expect(page.locator(".tabs .tab.on").filter(visible=True)).to_contain_text("我的")


@pytest.mark.parametrize("language", ["zh_CN", "kk"])
async def test_the_chosen_tab_of_the_desk_stays_in_sight(window: Window, language: str) -> None:
    page = await window("community", "/pages/work/index")
    await page.evaluate("language => sessionStorage.setItem('harness:language', language)", language)
    await page.reload()
    await expect(page.locator(".desk-tab.on")).to_be_in_viewport(ratio=1)
    for name in ("待评价", "待办", "全部"):
        await page.get_by_role("tab", name=re.compile(f"^{name}")).tap()
        chosen = page.locator(".desk-tab.on")
        await expect(chosen).to_contain_text(name)
        await expect(chosen).to_be_in_viewport(ratio=1)
    await page.reload()
    await expect(page.locator(".desk-tab.on")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_what_is_still_to_come_is_seen_to_come(window: Window, scheme: str) -> None:
    page = await window("grid_head", "/pages/me/index", color_scheme=scheme)
    await page.evaluate("__harness.slow = 3000")
    await page.evaluate("wx.reLaunch({ url: '/pages/notices/index' })")
    bone = page.locator(".t-skeleton__col").filter(visible=True).first
    await expect(bone).to_be_visible()
    contrast = await bone.evaluate(
        """bone => {
          const light = colour => {
            const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(v => v / 255)
              .map(v => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
            return 0.2126 * r + 0.7152 * g + 0.0722 * b
          }
          const [one, other] = [getComputedStyle(bone), getComputedStyle(bone.closest('.whole'))]
            .map(style => light(style.backgroundColor) + 0.05).sort((a, b) => b - a)
          return one / other
        }"""
    )
    assert contrast > 1.25


async def choose(hand: Hand, *files: Path) -> None:
    """Choose photos on the page of a report."""
    async with hand.page.expect_file_chooser() as choosing:
        await hand.page.locator(".add").filter(visible=True).last.tap()
    await (await choosing.value).set_files(files)


async def test_a_photo_that_is_too_large_is_refused_when_it_is_chosen(holds: Holding, tmp_path: Path) -> None:
    hand = await holds("resident", "/pages/report/index?category=stair_light")
    small, huge = tmp_path / "small.jpg", tmp_path / "huge.jpg"
    small.write_bytes(photo(300, 400))
    huge.write_bytes(b"\xff\xd8\xff\xe0" + bytes(20 * 1024 * 1024))
    await choose(hand, small, huge)
    await expect(hand.shots).to_have_count(1)
    assert "照片太大（超过10MB），1张没有添加，请换一张或重新拍" in await hand.said()


async def test_the_tenth_photo_is_said(holds: Holding, tmp_path: Path) -> None:
    hand = await holds("resident", "/pages/report/index?category=stair_light")
    shots = [tmp_path / f"{n}.jpg" for n in range(10)]
    for n, shot in enumerate(shots):
        shot.write_bytes(photo(60 + n, 80))
    await choose(hand, *shots)
    await expect(hand.shots).to_have_count(9)
    assert "最多9张照片，多出的1张没有添加" in await hand.said()
    await hand.sees("已有9张，不能再加")
    await expect(hand.page.locator(".add").filter(visible=True)).to_have_count(0)


async def test_a_ticket_without_a_place_is_corrected_by_place_too(window: Window, signs: Signing) -> None:
    await sent_back(signs, "其实报错了地方")
    page = await window("community", "/pages/work/index")
    await card(page, "其实报错了地方").locator("wx-button").filter(has_text="改派").tap()
    sheet = page.get_by_role("dialog", name="改派")
    await expect(sheet.locator(".send")).to_have_count(0)  # nothing to send yet
    await (
        sheet.get_by_role("button")
        .filter(has=page.locator(".ico, wx-text"))
        .last.scroll_into_view_if_needed()
    )
    await sheet.locator(".field").tap()
    await page.locator("input").filter(visible=True).last.fill("人和家园944号5单元")
    await page.locator(".item").filter(has_text="5单元").filter(visible=True).first.tap()
    await expect(sheet.locator(".send")).to_be_visible()


@pytest.mark.parametrize("look", [{}, {"scale": 2}, {"language": "kk"}, {"language": "en", "scale": 1.5}])
async def test_todays_words_stay_inside_at_every_size(
    window: Window, signs: Signing, look: dict[str, object]
) -> None:
    await sent_back(signs, "各种字号都看得清")
    await (await signs("resident")).report(description="烟味", category="fire_passage")
    page = await window("street", color_scheme="dark" if look.get("language") else "light")
    await page.evaluate(
        "([scale, language]) => { sessionStorage.setItem('harness:fontScale', scale); "
        "sessionStorage.setItem('harness:language', language) }",
        [look.get("scale", 1), look.get("language", "zh_CN")],
    )
    await page.reload()
    await page.evaluate("wx.reLaunch({ url: '/pages/work/index' })")
    await page.locator(".figure").first.wait_for()
    folder = ARTEFACTS / "today"
    folder.mkdir(parents=True, exist_ok=True)
    name = "-".join(str(value) for value in look.values()) or "plain"
    await page.screenshot(path=folder / f"{name}.png", full_page=True)
    assert await page.evaluate(STICKS_OUT) == []
    await page.locator(".desk wx-button").first.tap()
    await page.locator(".pick").first.wait_for()
    await page.wait_for_timeout(400)  # the sheet slides in
    await page.screenshot(path=folder / f"{name}-sheet.png")
    assert await page.evaluate(STICKS_OUT) == []


async def test_why_a_ticket_was_sent_back_is_said_once_on_its_page(window: Window, signs: Signing) -> None:
    ticket = await sent_back(signs, "只说一遍的灯")
    page = await window("community", f"/staff/ticket/index?id={ticket['id']}")
    await expect(page.locator(".latest")).to_contain_text("归第三网格管，只说一遍的灯")
    await expect(page.locator(".note").filter(has_text="归第三网格管")).to_have_count(0)
