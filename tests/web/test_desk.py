"""The desk in the browser: one tap accepts, two dispatch; the company's work, a race and a note among staff are seen by those they concern."""

import io
from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
import pytest
from PIL import Image
from playwright.async_api import Locator, Page, expect

from tests.web.conftest import Window

_PHOTO: Final = io.BytesIO()
Image.new("RGB", (64, 48), "orange").save(_PHOTO, "JPEG")
SHOT: Final[Any] = {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": _PHOTO.getvalue()}


class Street:
    """Whoever lives or works in the demo street, over the API."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._tokens: dict[str, str] = {}

    async def ask(self, persona: str, method: str, path: str, **options: Any) -> Any:
        if persona not in self._tokens:
            signed_in = await self._http.post("/auth/demo", json={"persona": persona})
            self._tokens[persona] = signed_in.json()["access_token"]
        bearer = {"Authorization": f"Bearer {self._tokens[persona]}"}
        answer = await self._http.request(method, path, headers=bearer, **options)
        assert answer.status_code < 300, answer.text
        return answer.json()

    async def report(self, text: str, category: str = "stair_light") -> str:
        """Report something at the resident's home; the ticket's id."""
        home = (await self.ask("resident", "GET", "/me"))["home_id"]
        form = {"category": category, "place_id": home, "description": text}
        return str((await self.ask("resident", "POST", "/tickets", json=form))["id"])

    async def act(self, persona: str, ticket: str, action: str, **values: Any) -> Any:
        seen = await self.ask(persona, "GET", f"/tickets/{ticket}")
        form = values if action == "comment" else {"version": seen["version"], **values}
        return await self.ask(persona, "POST", f"/tickets/{ticket}/{action}", json=form)


@pytest.fixture
async def street(demo: str) -> AsyncIterator[Street]:
    async with httpx.AsyncClient(base_url=f"{demo}/api/v1") as http:
        yield Street(http)


def card(page: Page, text: str) -> Locator:
    """The card of a list on which `text` stands."""
    return page.locator(".desk").filter(has_text=text)


def button(where: Page | Locator, words: str) -> Locator:
    return where.locator("wx-button").filter(has_text=words)


async def test_one_tap_on_the_list_accepts(window: Window, street: Street) -> None:
    ticket = await street.report("一楼灯不亮，一次点按就受理")
    page = await window("grid_head", "/pages/work/index")
    mine = card(page, "一次点按就受理")
    await expect(mine).to_contain_text("等您受理")
    await expect(mine.locator(".countdown")).to_contain_text("受理还剩")
    await button(mine, "受理").tap()
    await expect(mine).to_contain_text("您正在处理")
    assert (await street.ask("grid_head", "GET", f"/tickets/{ticket}"))["status"] == "accepted"
    inbox = (await street.ask("grid_head", "GET", "/tickets/counts"))["inbox"]
    tabs = page.locator(".desk-tab")
    await expect(tabs.filter(has_text="待办").locator(".desk-count")).to_have_text(str(inbox["open"]))
    await expect(tabs.filter(has_text="处置中").locator(".desk-count")).to_have_text(str(inbox["accepted"]))


@pytest.mark.excused("422")
async def test_two_taps_dispatch_and_the_company_mends_it(window: Window, street: Street) -> None:
    ticket = await street.report("二楼灯不亮，派给物业修")
    head = await window("grid_head", "/pages/work/index")
    await button(card(head, "派给物业修"), "派遣").tap()
    sheet = head.get_by_role("dialog", name="派遣")
    await expect(sheet.locator(".chip.on")).to_contain_text("人和物业")
    await button(sheet, "派遣").tap()
    await expect(card(head, "派给物业修")).to_contain_text("等人和物业接单")

    company = await window("property", "/pages/work/index")
    theirs = card(company, "派给物业修")
    await expect(theirs.locator(".countdown")).to_contain_text("接单还剩")
    await button(theirs, "接单").tap()
    await expect(theirs).to_contain_text("您正在处理")
    await button(theirs, "办结").tap()
    form = company.get_by_role("dialog", name="办结")
    await form.locator(".chip", has_text="已修好").tap()
    await form.locator("textarea").first.fill("换了声控灯泡")
    await button(form, "办结").tap()  # this kind asks for a photo: said at its field, nothing lost
    await expect(form.get_by_role("alert").last).to_contain_text("照片")
    async with company.expect_file_chooser() as choosing:
        await form.locator(".add").tap()
    await (await choosing.value).set_files(SHOT)
    await expect(form.locator(".cell")).to_have_count(1)
    await button(form, "办结").tap()
    await expect(form).to_be_hidden()

    head = await window("grid_head", f"/staff/ticket/index?id={ticket}")
    await expect(head.locator(".whose")).to_contain_text("等报告人评价")
    await expect(head.get_by_text("换了声控灯泡").first).to_be_visible()
    await expect(head.locator("wx-image").first).to_be_visible()


@pytest.mark.excused("409")
async def test_who_was_faster_is_told_and_nothing_typed_is_lost(window: Window, street: Street) -> None:
    ticket = await street.report("三楼灯不亮，两个人同时办")
    page = await window("grid_head", f"/staff/ticket/index?id={ticket}")
    await page.get_by_label("更多").last.tap()
    await page.locator(".item", has_text="不属于本网格").tap()
    form = page.get_by_role("dialog", name="不属于本网格")
    await form.locator("textarea").first.fill("这是二号楼的灯")
    await street.act("deputy", ticket, "accept")
    await button(form, "不属于本网格").tap()
    told = page.locator(".d-changed")
    await expect(told).to_contain_text("副网格长：已受理")
    await expect(told).to_contain_text("这是二号楼的灯")
    await expect(page.locator(".whose")).to_contain_text("您正在处理")
    await button(told, "接着不属于本网格").tap()
    await expect(form.locator("textarea").first).to_have_value("这是二号楼的灯")


async def test_a_note_among_staff_is_not_for_the_resident(window: Window, street: Street) -> None:
    ticket = await street.report("四楼灯不亮，先看内部备注")
    page = await window("grid_head", f"/staff/ticket/index?id={ticket}")
    await button(page, "内部备注").tap()
    form = page.get_by_role("dialog", name="内部备注")
    await form.locator("textarea").first.fill("老住户，先打电话再上门")
    await button(form, "内部备注").tap()
    note = page.locator(".timeline .inside")
    await expect(note).to_contain_text("老住户，先打电话再上门")
    await expect(note).to_contain_text("仅工作人员可见")
    await street.act("grid_head", ticket, "comment", text="今晚七点去修")

    resident = await window("resident", f"/pages/ticket/index?id={ticket}")
    await expect(resident.locator(".timeline")).to_contain_text("今晚七点去修")
    await expect(resident.locator(".timeline")).not_to_contain_text("先打电话再上门")


async def test_a_department_called_up_reports_and_the_community_sees_it(
    window: Window, street: Street
) -> None:
    ticket = await street.report("楼道堆满旧家具，吹哨清理", "stair_clutter")
    await street.act("grid_head", ticket, "accept")
    page = await window("community", f"/staff/ticket/index?id={ticket}")
    await page.get_by_label("更多").last.tap()
    await page.locator(".item", has_text="叫几个部门一起到场").tap()
    form = page.get_by_role("dialog", name="吹哨")
    await form.locator(".chip", has_text="城管").tap()
    await form.locator(".chip", has_text="消防").tap()
    await form.locator("textarea").first.fill("请到现场一起清理")
    await button(form, "吹哨").tap()
    await expect(page.locator(".called .unit")).to_have_count(2)

    department = await window("department", "/pages/work/index")
    part = card(department, "吹哨清理")
    await expect(part).to_contain_text("吹哨了，等您报到")
    await part.locator("wx-button.main", has_text="报到").tap()
    await expect(part).to_contain_text("您已报到，等您反馈")
    await button(part, "报到反馈").tap()
    report = department.get_by_role("dialog", name="报到反馈")
    await report.locator("textarea").first.fill("已清走三车")
    await button(report, "报到反馈").tap()
    await expect(report).to_be_hidden()

    page = await window("community", f"/staff/ticket/index?id={ticket}")
    await expect(page.locator(".called .unit", has_text="城管")).to_contain_text("已反馈")
    await expect(page.locator(".called .unit", has_text="消防")).to_contain_text("等报到")


async def test_who_leaves_a_ticket_with_a_form_open_finds_the_tabs_again(
    window: Window, street: Street
) -> None:
    await street.report("五楼灯不亮，写到一半就走")
    page = await window("grid_head", "/pages/work/index")
    await card(page, "写到一半就走").get_by_text("五楼灯不亮").tap()
    await button(page.locator("wx-page").last, "内部备注").tap()
    await expect(page.get_by_role("dialog", name="内部备注")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("tab", name="工作台")).to_be_visible()
