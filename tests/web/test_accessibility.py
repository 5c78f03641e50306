"""axe-core on every page of app.json: light, dark, large text, right to left; and the size of what is tapped."""

from collections.abc import Awaitable, Callable
from typing import Final

import httpx
import pytest
from playwright.async_api import Page, expect

from tests import world
from tests.web import small
from tests.web.common_life import rostered, street_life
from tests.web.conftest import Holding
from tests.web.hand import Hand, photo
from tests.web.pages import COMPANY, PAGES, user_of

AXE: Final = small.ROOT / "miniprogram/node_modules/axe-core/axe.min.js"
LARGE: Final = 1.5
SMALLEST: Final = 44  # CSS pixels, of what is tapped
# Rules that do not hold, with the reason.
EXCEPTIONS: Final[dict[str, str]] = {}

# Violations as `rule: element why`.
CHECK: Final = """async (without) => {
  await new Promise(requestAnimationFrame)
  const moving = document.getAnimations().filter((each) => each instanceof CSSTransition)
  await Promise.allSettled(moving.map(({ finished }) => finished))
  const rules = Object.fromEntries(without.map((rule) => [rule, { enabled: false }]))
  const { violations } = await axe.run(document, { rules, resultTypes: ['violations'], elementRef: false })
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) =>
    `${id}: ${html.slice(0, 160)} ${failureSummary.split('\\n')[1]?.trim() ?? ''}`))
}"""

# What is tapped and is too small, or is no keyboard's.
TAPPED: Final = """(smallest) => [...document.querySelectorAll(
  '[role=button], [role=tab], [role=radio], [role=checkbox], [role=switch], [role=link], input, textarea')]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }))
  .flatMap((each) => {
    const box = (each.matches('input, textarea') ? each.parentElement : each).getBoundingClientRect()
    const name = (each.ariaLabel ?? each.textContent).trim().slice(0, 20)
    return [
      ...(Math.min(box.width, box.height) < smallest - 0.5 ? [`small: ${name} ${box.width} × ${box.height}`] : []),
      ...(each.tabIndex < 0 ? [`out of reach: ${name}`] : []),
    ]
  })"""


async def as_it_opens(_: Hand) -> None:
    pass


def tapping(*words: str) -> Callable[[Hand], Awaitable[None]]:
    """Return what taps one word after the other."""

    async def steps(hand: Hand) -> None:
        for each in words:
            await hand.tap(each)

    return steps


async def half_written(hand: Hand) -> None:
    await hand.photograph(photo(300, 400))
    await hand.sees("您已上报过")
    await hand.tap("看看")


async def searching(hand: Hand) -> None:
    await hand.page.locator("input").filter(visible=True).last.fill("944号")
    await hand.sees("人和家园944号")


async def stairwell_code(hand: Hand) -> None:
    await hand.page.get_by_role("button", name="选地点").tap()
    await searching(hand)
    await hand.tap_first("人和家园944号")
    await hand.page.locator(".code-picture").wait_for()


async def reasons_to_replace(hand: Hand) -> None:
    await stairwell_code(hand)
    await hand.tap("换一个码")
    await hand.sees("贴错了地方")


async def more(hand: Hand) -> None:
    await hand.page.get_by_role("button", name="更多").filter(visible=True).last.tap()


# What pages show after a tap or two; `{ticket}` is one that waits for its reporter's verdict, `{open}` one for the head.
STATES: Final[dict[str, list[tuple[str, Callable[[Hand], Awaitable[None]]]]]] = {
    "resident": [
        ("/pages/report/index", as_it_opens),  # all categories
        ("/pages/report/index?category=garbage", half_written),
        ("/pages/report/index?category=lift_trapped", as_it_opens),
        ("/pages/place/index", searching),
        ("/pages/ticket/index?id={ticket}", tapping("修好了")),
        ("/pages/ticket/index?id={open}", more),
        ("/pages/me/index", tapping("电话")),
        ("/pages/data/index", lambda hand: hand.page.locator(".btn.danger").first.tap()),
        (f"/pages/ticket/index?id={world.MADE_UP}", as_it_opens),
        ("/subjects/form/index?noun=topic", as_it_opens),
        ("/subjects/list/index?noun=activity", as_it_opens),
        ("/subjects/detail/index?noun=activity&id={activity}", as_it_opens),
        ("/subjects/list/index?noun=survey", as_it_opens),
        (
            "/subjects/detail/index?noun=survey&id={survey}",
            tapping("停车", "选好了，看一遍"),
        ),  # without a room
        ("/subjects/detail/index?noun=survey&id={over}", as_it_opens),
        ("/subjects/list/index?noun=offer", as_it_opens),
        ("/subjects/detail/index?noun=offer&id={offer}", as_it_opens),
        ("/subjects/detail/index?noun=reservation&id={reservation}", as_it_opens),
        ("/subjects/detail/index?noun=relationship&id={pairing}", tapping("终止")),
        ("/subjects/form/index?noun=dispute", as_it_opens),
        ("/subjects/detail/index?noun=dispute&id={dispute}", as_it_opens),
    ],
    "grid_head": [
        ("/pages/work/index", tapping("派遣")),
        ("/staff/ticket/index?id={open}", more),
        ("/staff/ticket/index?id={open}", tapping("内部备注")),
        ("/pages/report/index?category=stair_light&behalf=1", as_it_opens),
        ("/subjects/visits/index", tapping("人和家园944号1单元")),
        ("/subjects/care/index", tapping("发起一次走访")),
        ("/subjects/handover/index", tapping("交付")),
        ("/subjects/duty/index", lambda hand: hand.sees("副网格长 赵副网格长请您替这个班")),
    ],
    "community": [
        ("/office/desk/index", tapping("登记请假")),
        ("/office/settings/index", tapping("噪音扰民")),
        ("/office/settings/index", tapping("节假日", "加一段日子")),
        ("/office/robots/index", tapping("添加", "保存")),  # with nothing in the field
        ("/office/code/index", stairwell_code),
        ("/office/code/index", reasons_to_replace),
        ("/office/reviews/index", lambda hand: hand.sees("加微信办贷款")),
        ("/subjects/detail/index?noun=opinion&id={opinion}", tapping("答复")),
        ("/subjects/detail/index?noun=activity&id={activity}", tapping("开始")),
        ("/subjects/form/index?noun=activity", as_it_opens),
        ("/subjects/detail/index?noun=survey&id={survey}", tapping("提前截止")),
    ],
}


@pytest.fixture(scope="module")
async def ids(demo: str) -> dict[str, str]:
    """The tickets and the company that pages show."""
    async with httpx.AsyncClient(base_url=demo, timeout=20) as http:
        resident, head, company, community = [
            await world.sign_in(http, name) for name in ("resident", "grid_head", "property", "community")
        ]
        shot = await resident.photo(photo(300, 400))
        ticket = await resident.report(photo_ids=[shot], place_note="3楼")
        await rostered(head, await world.sign_in(http, "deputy"))
        await head.dispatch(ticket)
        await company.act("take", ticket)
        await company.resolve(ticket)
        await resident.report(category="garbage", description="垃圾桶满了三天")
        waiting = await resident.report(
            category="ponding", anonymous=True, photo_ids=[await resident.photo(photo(300, 400))]
        )
        await resident.report(description="加微信办贷款")  # is held back
        return {
            "ticket": ticket["id"], "open": waiting["id"], "company": await community.organisation(waiting),
        } | await street_life(resident, community)  # fmt: skip


async def violations(page: Page, look: str) -> list[str]:
    """Return what axe-core finds, and what it does not look at: the size of what is tapped."""
    found = [
        *await page.evaluate(CHECK, list(EXCEPTIONS)),
        *await page.evaluate(TAPPED, SMALLEST),
    ]
    return [f"{look}: {each}" for each in found]


async def in_every_look(page: Page) -> list[str]:
    """Return the violations in light and dark colours and in large text, without opening the page again."""
    found = await violations(page, "light")
    await page.emulate_media(color_scheme="dark")
    found += await violations(page, "dark")
    await page.evaluate("size => wx.setStorageSync('size', size)", LARGE)
    await page.emulate_media(color_scheme="light")  # when colours change, the program looks at the size again
    await expect(page.locator(".theme.large").first).to_be_attached()
    await page.evaluate("wx.removeStorageSync('size')")
    return found + await violations(page, "large")


def test_the_exceptions_have_reasons() -> None:
    assert all(EXCEPTIONS.values())


@pytest.mark.excused("404")  # the ticket and the sign-in that do not exist
@pytest.mark.parametrize("persona", STATES)
async def test_every_page_is_accessible_in_every_look(
    holds: Holding, ids: dict[str, str], persona: str
) -> None:
    hand = await holds(persona, bypass_csp=True)
    page = hand.page
    await page.add_script_tag(path=AXE)
    pages = [(address(each, ids), as_it_opens) for each in PAGES if user_of(each) == persona]
    found: list[str] = []
    for path, prepare in [*pages, *STATES[persona]]:
        await hand.opens(path.format(**ids))
        await prepare(hand)
        found += [f"{path} {each}" for each in await in_every_look(page)]
    await hand.opens("/pages/me/index")
    await hand.tap("قازاقشا")
    for path, _ in pages:
        await hand.opens(path)
        found += [f"{path} {each}" for each in await violations(page, "right to left")]
    assert not found, "\n".join(found)


def address(page: str, ids: dict[str, str]) -> str:
    if page.startswith("subjects/"):
        return f"/{page}?noun=topic&id={ids['topic']}"
    return f"/{page}?id={ids['company' if page in COMPANY else 'ticket']}&category=garbage"
