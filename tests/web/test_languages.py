"""The resident's pages in other languages: no Chinese left but what people wrote and where they live; numbers in one piece."""

import re
from typing import Any

import pytest
from playwright.async_api import Route, expect

from tests.web.common_life import (
    acted,
    asked,
    community_of,
    home_of,
    looked_after,
    made,
    meeting,
    offered,
    paper,
    quarrel,
)
from tests.web.conftest import ARTEFACTS, Holding, Signing
from tests.web.hand import Hand
from tests.web.pages import COMPANY, PAGES
from tests.world import Person, answer, soon

TAGS = {"en": ("en", "ltr"), "kk": ("kk-Arab-CN", "rtl")}
# What may be Chinese on any page: places, posts' units and companies of the demo street, what people wrote, an example.
OURS = re.compile(
    r"人和街道|万寿山社区|第?[一二三四五六七八九十]+网格|人和家园|\d+号(附\d+号)?|\d*单元|\d+楼|简体中文"
    r"|[\u4e00-\u9fff]+(物业|公司|局|供电|所|中心)[\u4e00-\u9fff]*"
)
WRITTEN = ("三楼的灯坏了", "3楼电梯口", "944号居民", "陈网格长", "老李调解工作室", "王某")
# On the office's pages: estates, people and organisations of the demo street, and WeCom's own buttons, as they are.
NAMES = re.compile(
    r"(^|：|Remove )(万寿花园|山水苑|翠微苑|福康里)$|^.(副?网格长|值班员|网格员|社工|经理)$|^(党群服务|城管|消防|社会事务)$|^(Revoke )?演示$|^李社工 · 万寿山社区 community worker$|群机器人|确定"
)
CHINESE = re.compile(r"[\u4e00-\u9fff]+")

_TEXTS = """() => {
  const layer = [...document.querySelectorAll('.layer:not([hidden])')].pop()
  const seen = []
  for (const page of layer.querySelectorAll('wx-page')) { // bars around it are WeChat's own
    const walk = document.createTreeWalker(page, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT)
    while (walk.nextNode()) {
      const node = walk.currentNode
      if (node.nodeType === Node.TEXT_NODE) seen.push(node.data)
      else for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
        if (node.hasAttribute(name)) seen.push(node.getAttribute(name))
    }
  }
  return seen.map(text => text.trim()).filter(Boolean)
}"""


async def chinese_on(hand: Hand) -> list[str]:
    """Return what is Chinese on the page in front, without places and what people wrote."""
    texts: list[str] = await hand.page.evaluate(_TEXTS)
    left = []
    for text in texts:
        rest = text
        for written in WRITTEN:
            rest = rest.replace(written, "")
        if CHINESE.search(OURS.sub("", rest)):
            left.append(text)
    return left


async def subjects(resident: Person, community: Person) -> list[str]:
    """Return the ids of an opinion that is answered, a topic with support, a meeting one signed up for, a survey, and so on."""
    words = "三楼的灯坏了"
    place = await community_of(community)
    opinion = await made(resident, "opinions", text=words, place_id=place)
    await acted(community, "opinions", opinion, "answer", text=words)
    topic = await made(community, "topics", title=words, place_id=place)
    await acted(resident, "topics", topic, "support")
    activity = await meeting(community, title=words)
    await acted(resident, "activities", activity, "sign_up")
    questions = [{"text": words, "kind": "rating"}]
    survey = await asked(community, title=words, questions=questions)
    over = await asked(community, title=words, questions=questions)
    await paper(community, over, await home_of(resident), *[3] * 12)
    await acted(community, "surveys", over, "close", text=words)
    offer = await offered(community, title=words, text=words)
    taken = await made(resident, "reservations", offer_id=offer["id"])
    pairing = await looked_after(resident, community)
    dispute = await quarrel(resident, community, words)
    found = (opinion, topic, activity, survey, over, offer, taken, pairing, dispute)
    return [each["id"] for each in found]


async def speaks(hand: Hand, language: str, **look: Any) -> None:
    """Set the language of the phone, as the harness has it, and begin anew."""
    await hand.page.evaluate(
        "([language, scale]) => { sessionStorage.setItem('harness:language', language); "
        "sessionStorage.setItem('harness:fontScale', scale) }",
        [language, look.get("scale", 1)],
    )
    await hand.page.reload()
    await hand.page.locator("wx-page").first.wait_for()


@pytest.mark.excused("404")  # the code of the computer is made up
@pytest.mark.parametrize("language", ["en", "kk"])
async def test_no_page_of_a_resident_has_chinese_left(holds: Holding, signs: Signing, language: str) -> None:
    resident, head = [await signs(one) for one in ("resident", "grid_head")]
    waits = await resident.report(description="三楼的灯坏了", place_note="3楼电梯口")
    handled = await resident.report(category="access_door", description="三楼的灯坏了")
    await head.act("accept", handled)
    ids = await subjects(resident, await signs("community"))
    opinion, topic, activity, survey, over, offer, taken, pairing, dispute = ids
    refused = await resident.report(category="greenery", description="三楼的灯坏了")
    await head.act("reject", refused, reason="not_ours", text="三楼的灯坏了")
    hand = await holds("resident")
    await speaks(hand, language)
    found: dict[str, list[str]] = {}
    ARTEFACTS.mkdir(exist_ok=True)
    pages = {
        "home": "/pages/home/index",
        "mine": "/pages/mine/index",
        "notices": "/pages/notices/index",
        "me": "/pages/me/index",
        "report": "/pages/report/index?category=stair_light",
        "danger": "/pages/report/index?category=lift_trapped",
        "place": "/pages/place/index",
        "new": f"/pages/ticket/index?id={waits['id']}",
        "handled": f"/pages/ticket/index?id={handled['id']}",
        "refused": f"/pages/ticket/index?id={refused['id']}",
        "data": "/pages/data/index",
        "guide": "/pages/guide/index",
        "notice-settings": "/pages/notice-settings/index",
        "approve": "/pages/approve/index?scene=s.x",
        "redeem": "/office/redeem/index",
        "say": "/subjects/form/index?noun=opinion",
        "raise": "/subjects/form/index?noun=topic",
        "said": "/subjects/list/index?noun=opinion",
        "topics": "/subjects/list/index?noun=topic",
        "meetings": "/subjects/list/index?noun=activity",
        "opinion": f"/subjects/detail/index?noun=opinion&id={opinion}",
        "topic": f"/subjects/detail/index?noun=topic&id={topic}",
        "meeting": f"/subjects/detail/index?noun=activity&id={activity}",
        "surveys": "/subjects/list/index?noun=survey",
        "survey": f"/subjects/detail/index?noun=survey&id={survey}",
        "survey-over": f"/subjects/detail/index?noun=survey&id={over}",
        "points": "/subjects/points/index",
        "certificates": "/subjects/certificates/index",
        "offers": "/subjects/list/index?noun=offer",
        "offer": f"/subjects/detail/index?noun=offer&id={offer}",
        "reservations": "/subjects/list/index?noun=reservation",
        "reservation": f"/subjects/detail/index?noun=reservation&id={taken}",
        "pairing": f"/subjects/detail/index?noun=relationship&id={pairing}",
        "mediate": "/subjects/form/index?noun=dispute",
        "dispute": f"/subjects/detail/index?noun=dispute&id={dispute}",
    }
    for name, path in pages.items():
        await hand.page.evaluate("url => wx.reLaunch({ url })", path)
        await hand.page.wait_for_load_state("networkidle")
        await hand.page.wait_for_timeout(400)
        found[name] = await chinese_on(hand)
        await hand.page.screenshot(path=ARTEFACTS / f"{language}-{name}.png")
    assert {name: left for name, left in found.items() if left} == {}
    html = hand.page.locator("html")
    assert (await html.get_attribute("lang"), await html.get_attribute("dir")) == TAGS[language]


async def test_no_page_of_the_office_has_chinese_left_in_english(holds: Holding, signs: Signing) -> None:
    resident, head = [await signs(one) for one in ("resident", "grid_head")]
    ticket = await resident.report(description="三楼的灯坏了", place_note="3楼电梯口")
    await head.dispatch(ticket)
    company = await head.organisation(ticket)
    hand = await holds("community")
    await speaks(hand, "en")
    found: dict[str, list[str]] = {}
    for page in (page for page in PAGES if page.startswith(("pages/work", "staff/", "office/"))):
        identifier = company if page in COMPANY else ticket["id"]
        await hand.page.evaluate("url => wx.reLaunch({ url })", f"/{page}?id={identifier}")
        await hand.page.wait_for_load_state("networkidle")
        await hand.page.wait_for_timeout(400)
        found[page] = await chinese_on(hand)
        await hand.page.screenshot(path=ARTEFACTS / f"en-{page.replace('/', '-')}.png")
    left = [f"{page}: {text}" for page, texts in found.items() for text in texts if not NAMES.search(text)]
    assert not left, "\n".join(left)


# Each number with signs in it, like 138****5678 or 12/3 17:30, that a text shows backwards or torn apart.
_TORN = """() => {
  const torn = []
  const walk = document.createTreeWalker(document.querySelector('#app'), NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const text = walk.currentNode
    for (const { 0: number, index } of text.data.matchAll(/\\d[\\d:*+-]*[:*+-][\\d:*+-]*\\d/g)) {
      const box = at => {
        const range = document.createRange()
        range.setStart(text, at)
        range.setEnd(text, at + 1)
        return range.getBoundingClientRect()
      }
      const boxes = [...number].map((_, n) => box(index + n)).filter(each => each.width)
      if (boxes.some((each, n) => n && each.top === boxes[n - 1].top && each.left < boxes[n - 1].left)) torn.push(number)
    }
  }
  return torn
}"""


async def test_numbers_are_read_from_left_to_right_within_arabic_script(
    holds: Holding, signs: Signing
) -> None:
    resident, head = [await signs(one) for one in ("resident", "grid_head")]
    answer(await resident.ask("POST", "/me/phone", json={"phone": "13812345678"}), 201)
    ticket = await resident.report()
    await head.act("accept", ticket)
    hand = await holds("resident")

    async def with_verified_phone(route: Route) -> None:
        await route.fulfill(json=await (await route.fetch()).json() | {"phone_verified": True})

    async def with_long_number(route: Route) -> None:  # as an office may have set it
        page = await (await route.fetch()).json()
        items = [each | {"emergency_phone": "0991-123-4567"} for each in page["items"]]
        await route.fulfill(json=page | {"items": items})

    await hand.page.route("**/api/v1/me", with_verified_phone)
    await hand.page.route("**/api/v1/categories*", with_long_number)
    await speaks(hand, "kk")
    torn: dict[str, list[str]] = {}
    pages = {
        "me/index": "138****5678",
        "report/index?category=lift_trapped": "0991-123-4567",
        "notices/index": ticket["no"],
        f"ticket/index?id={ticket['id']}": ticket["no"],
    }
    for path, number in pages.items():
        await hand.page.evaluate("url => wx.reLaunch({ url })", f"/pages/{path}")
        await hand.sees(re.compile(re.escape(number)))
        torn[path] = await hand.page.evaluate(_TORN)
    assert {path: numbers for path, numbers in torn.items() if numbers} == {}


async def test_a_line_begins_with_what_happened_whatever_script_is_quoted(
    holds: Holding, signs: Signing
) -> None:
    resident, head = [await signs(one) for one in ("resident", "grid_head")]
    ticket = await resident.report(category="manhole")
    await head.act("accept", ticket)
    await head.act("ask", ticket, text="哪个路口的井盖？", until=soon())
    hand = await holds("resident")
    await speaks(hand, "kk")
    line = hand.page.locator(".latest").filter(has_text="哪个路口的井盖？").first
    what, said = [await line.locator(part).bounding_box() for part in (".what", ".said")]
    assert what
    assert said
    assert what["x"] > said["x"]


async def test_roles_and_kinds_of_organisations_are_named_in_the_readers_language(holds: Holding) -> None:
    hand = await holds("community")
    await speaks(hand, "en")
    for path, here, elsewhere in (
        ("/office/grids/index", "Grid head", "网格长"),
        ("/office/organisations/index", "Department", "职能部门"),
    ):
        await hand.opens(path)
        await expect(hand.page.get_by_text(here, exact=True).filter(visible=True).first).to_be_visible()
        await expect(hand.page.get_by_text(elsewhere, exact=True).filter(visible=True)).to_have_count(0)
