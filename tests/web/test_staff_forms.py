"""Every form of the desk beside the daily ones, filled in and sent: what becomes of the ticket is seen on the page and over the API."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import pytest
from playwright.async_api import Locator, Page, expect

from tests.web.conftest import ARTEFACTS, Signing, Window
from tests.web.hand import Hand, photo
from tests.world import Person, answer

FORMS: Final = ARTEFACTS / "forms"


@dataclass
class Desk:
    """A ticket on somebody's desk, and its act in hand."""

    page: Page
    ticket: str

    async def begins(self, act: str) -> Locator:
        """Open the form of an act, wherever its button is; a question has no form."""
        beside = self.page.locator(".deskbar wx-button", has_text=re.compile(f"^{act}$"))
        if not await beside.count():
            await self.page.get_by_label("更多").last.tap()
            beside = self.page.locator(".rows .item", has=self.page.get_by_text(act, exact=True))
        await beside.tap()
        return self.page.get_by_role("dialog", name=act, exact=True)

    async def sends(self, form: Locator, act: str) -> None:
        """Take a picture of the form as it was filled in, and send it."""
        FORMS.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=FORMS / f"{act}.png")
        await form.locator(".send").tap()
        await expect(form).to_be_hidden()


Seeing = Callable[[str, str], Awaitable[Desk]]


@pytest.fixture
def sees(window: Window) -> Seeing:
    async def as_(persona: str, ticket: str) -> Desk:
        page = await window(persona, f"/staff/ticket/index?id={ticket}")
        await expect(page.locator(".deskbar")).to_be_visible()
        return Desk(page, ticket)

    return as_


async def up_to(step: str, signs: Signing, words: str, category: str = "stair_light") -> dict[str, Any]:
    """Return a ticket taken as far as its form needs it."""
    resident, head = await signs("resident"), await signs("grid_head")
    ticket = await resident.report(description=words, category=category)
    if step in {"accepted", "called_up", "resolved"}:
        await head.act("accept", ticket)
    if step == "resolved":
        await head.resolve(ticket)
    if step in {"dispatched", "taken"}:
        await head.dispatch(ticket)
    if step == "taken":
        await (await signs("property")).act("take", ticket)
    if step == "escalated":
        await head.act("escalate", ticket, reason="需要社区协调")
    return ticket


async def last_event(person: Person, ticket: dict[str, Any]) -> dict[str, Any]:
    page = await person.get(f"/tickets/{ticket['id']}/events")
    event: dict[str, Any] = page["items"][-1]
    return event


async def test_escalate_moves_it_to_the_community(sees: Seeing, signs: Signing) -> None:
    ticket = await up_to("new", signs, "整栋楼都黑了")
    desk = await sees("grid_head", ticket["id"])
    form = await desk.begins("上报上级")
    await form.locator(".send").tap()  # nothing filled in: said at the field
    await expect(form.get_by_role("alert")).to_contain_text("请填写这一项")
    await form.locator("textarea").fill("要供电局配合，网格办不了")
    await desk.sends(form, "上报上级")
    await expect(desk.page.locator(".whose")).to_contain_text("等万寿山社区受理")
    await expect(desk.page.locator(".timeline")).to_contain_text("要供电局配合，网格办不了")
    after = await (await signs("community")).ticket(ticket["id"])
    assert (after["level"], after["holder"]["label"]) == (2, "万寿山社区")


async def test_return_gives_it_back_to_the_grid(sees: Seeing, signs: Signing) -> None:
    ticket = await up_to("escalated", signs, "声控开关老化")
    desk = await sees("community", ticket["id"])
    form = await desk.begins("退回下级")
    await form.locator("textarea").fill("网格可以先换灯泡")
    await desk.sends(form, "退回下级")
    await expect(desk.page.locator(".whose")).to_contain_text("万寿山社区第四网格")
    await expect(desk.page.locator(".timeline")).to_contain_text("网格可以先换灯泡")
    assert (await (await signs("grid_head")).ticket(ticket["id"]))["level"] == 1


async def test_recall_takes_it_back_from_the_company(sees: Seeing, signs: Signing) -> None:
    ticket = await up_to("dispatched", signs, "物业迟迟不来")
    desk = await sees("grid_head", ticket["id"])
    await desk.begins("收回")
    await desk.page.get_by_text("确定", exact=True).last.tap()
    await expect(desk.page.locator(".whose")).to_contain_text("您正在处理")
    after = await (await signs("grid_head")).ticket(ticket["id"])
    assert (after["status"], after["organisation"]) == ("accepted", None)


async def test_extend_gives_more_time_once_and_tells_the_reporter(sees: Seeing, signs: Signing) -> None:
    ticket = await up_to("accepted", signs, "要等新灯具")
    before = (await (await signs("community")).ticket(ticket["id"]))["sla"]["resolve_due"]
    desk = await sees("community", ticket["id"])
    form = await desk.begins("延期")
    await form.locator(".chip").first.tap()
    await form.locator("textarea").fill("灯具明天到货")
    await desk.sends(form, "延期")
    await expect(desk.page.locator(".timeline")).to_contain_text("已延期")
    await expect(desk.page.locator(".timeline")).to_contain_text("灯具明天到货")
    after = await (await signs("community")).ticket(ticket["id"])
    assert after["sla"]["resolve_due"] > before
    assert "extend" not in after["actions"]


async def test_settle_closes_it_after_a_look_on_site(sees: Seeing, signs: Signing) -> None:
    ticket = await up_to("resolved", signs, "修好没人评价")
    desk = await sees("community", ticket["id"])
    form = await desk.begins("核实结案")
    await form.locator("textarea").fill("现场看过，灯亮了")
    await desk.sends(form, "核实结案")
    await expect(desk.page.locator(".whose")).to_contain_text("已结束")
    await expect(desk.page.locator(".timeline")).to_contain_text("现场看过，灯亮了")
    after = await (await signs("resident")).ticket(ticket["id"])
    assert (after["status"], after["verdict"]) == ("closed", "silent")


async def test_recategorise_changes_what_it_is(sees: Seeing, signs: Signing) -> None:
    ticket = await up_to("new", signs, "其实是楼里没水")
    desk = await sees("grid_head", ticket["id"])
    form = await desk.begins("改类别")
    await form.locator(".chip", has_text="停水").first.tap()
    await form.locator("textarea").fill("电话问过，是停水")
    await desk.sends(form, "改类别")
    await expect(desk.page.locator(".d-head")).to_contain_text("停水")
    after = await (await signs("resident")).ticket(ticket["id"])
    assert after["category"]["code"] == "water_out"


@pytest.mark.excused("404")  # what was handed back is no longer theirs to see
async def test_a_company_hands_back_what_it_took_with_a_reason_and_a_photo(
    sees: Seeing, signs: Signing
) -> None:
    ticket = await up_to("taken", signs, "是供电局的表箱")
    desk = await sees("property", ticket["id"])
    form = await desk.begins("退回")
    await form.locator(".chip", has_text="不是我们的业务").tap()
    await form.locator("textarea").first.fill("表箱归供电公司")
    await Hand(desk.page).photograph(photo(400, 300))
    await expect(form.locator(".chip", has_text="人和物业")).to_have_count(
        0
    )  # whom one could propose: others
    await form.locator(".chip", has_text="城管").tap()
    await desk.sends(form, "退回")
    await expect(desk.page.get_by_role("alert")).to_contain_text("这张工单已经转走，不再由您办理")
    await expect(desk.page.locator(".deskbar")).to_have_count(0)
    head = await signs("grid_head")
    after = await head.ticket(ticket["id"])
    assert (after["status"], after["organisation"]) == ("accepted", None)
    event = await last_event(head, ticket)
    assert (event["type"], event["data"]["reason"], event["text"], len(event["photos"])) == (
        "ticket.handed_back",
        "not_our_trade",
        "表箱归供电公司",
        1,
    )
    seen = await sees("grid_head", ticket["id"])
    await expect(seen.page.locator(".timeline")).to_contain_text("建议派给城管 · 不是我们的业务")


async def test_unmerge_makes_it_a_ticket_of_its_own_again(sees: Seeing, signs: Signing) -> None:
    other = await up_to("new", signs, "三楼灯不亮")
    ticket = await up_to("new", signs, "另一盏灯不亮")
    await (await signs("grid_head")).act("merge", ticket, into=other["id"])
    desk = await sees("grid_head", ticket["id"])
    await expect(desk.page.locator(".note.link")).to_contain_text(other["no"])
    await desk.begins("取消并案")
    await desk.page.get_by_text("确定", exact=True).last.tap()
    await expect(desk.page.locator(".whose")).to_contain_text("等您受理")
    await expect(desk.page.locator(".note.link")).to_have_count(0)
    assert (await (await signs("resident")).ticket(ticket["id"]))["status"] == "new"


async def test_release_waits_for_a_department_no_longer(sees: Seeing, signs: Signing) -> None:
    ticket = await up_to("accepted", signs, "两家都叫来了", "stair_clutter")
    community = await signs("community")
    serving = await community.get("/organisations", place_id=ticket["place"]["id"], category="stair_clutter")
    called = [each for each in serving["items"] if each["kind"] == "department"][:2]
    await community.act("call_up", ticket, organisation_ids=[each["id"] for each in called], text="一起清理")
    desk = await sees("community", ticket["id"])
    form = await desk.begins("解除吹哨")
    await form.locator(".chip", has_text=called[0]["name"]).tap()
    await form.locator("textarea").fill("这一家不用来了")
    await desk.sends(form, "解除吹哨")
    await expect(desk.page.locator(".called .unit", has_text=called[0]["name"])).to_contain_text("已解除")
    await expect(desk.page.locator(".timeline .line").first).to_contain_text(called[0]["name"])
    await expect(desk.page.locator(".called .unit", has_text=called[1]["name"])).to_contain_text("等报到")
    after = await community.ticket(ticket["id"])
    assert [bool(each.get("released_at")) for each in after["called"]].count(True) == 1


@pytest.mark.excused("422")
async def test_a_company_that_took_it_is_told_at_the_form_to_say_why(sees: Seeing, signs: Signing) -> None:
    ticket = await up_to("taken", signs, "退回要有说明")
    desk = await sees("property", ticket["id"])
    form = await desk.begins("退回")
    await form.locator(".chip", has_text="不在合同范围内").tap()
    await form.locator(".send").tap()
    await expect(form.get_by_role("alert").first).to_be_visible()
    assert (
        answer(await (await signs("property")).ask("GET", f"/tickets/{ticket['id']}"))["status"]
        == "dispatched"
    )
