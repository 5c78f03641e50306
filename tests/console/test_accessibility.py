"""axe-core on every screen of the console: in light and dark, right to left, in three widths."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal

import pytest
from playwright.async_api import Locator, Page, ViewportSize

from tests.console.common_life import asked, closed_vote, made, meeting, moved
from tests.console.conftest import Desk
from tests.subjects import ahead
from tests.web import small
from tests.web.conftest import Signing
from tests.world import answer

AXE: Final = small.ROOT / "console/node_modules/axe-core/axe.min.js"
# Of whoever has most of them. The first row of a list is opened, where there is a drawer, and each panel of its filters.
SCREENS: Final = {
    "work": "work tickets register called reviews",
    "people": "unsealings posts absences organisations webhooks",
    "setup": "grids limits calendar hours replies titles",
    "records": "places imports figures figures/hours bulletins audit",
    "forms": "absences/new posts/new organisations/new webhooks/new replies/new bulletins/new limits/stair_light order/{ticket}",
    "the common life": "opinions activities topics topics?tab=list projects",
    "surveys": "surveys surveys/new funnel weights opinion-limit",
    "mutual help": "offers reservations points point-rules pairings partners disputes",
    "its forms": "opinions/new activities/new topics/new projects/new coverage roster titles/head-grid",
}
Colours = Literal["light", "dark"]
# By language, which a screen is opened in; colours and width change while it is open.
LANGUAGES: Final[dict[str, tuple[Colours, ...]]] = {"zh-Hans": ("light", "dark"), "kk": ("light",)}
WIDTHS: Final[tuple[ViewportSize, ...]] = (
    {"width": 1280, "height": 800},
    {"width": 1440, "height": 900},
    {"width": 1920, "height": 1080},
)
# A screen is looked at by all rules once in each language, a panel once; in other colours by those about colours, in
# other widths by those about sizes:
# names, roles and order are the document's, and no rule of the style sheets gives another colour in another width or
# another size in other colours.
OF_COLOURS: Final = ["color-contrast", "link-in-text-block"]
OF_SIZES: Final = ["target-size", "scrollable-region-focusable"]

# Violations as `rule: element why`, and what is wider than the window.
CHECK: Final = """async ([within, rules]) => {
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
  await Promise.allSettled(document.getAnimations().map(({ finished }) => finished))
  const only = rules ? { runOnly: { type: 'rule', values: rules } } : {}
  const { violations } = await axe.run(within ?? document, { resultTypes: ['violations'], elementRef: false, ...only })
  const wide = document.documentElement.scrollWidth > innerWidth + 1 ? [`wide: ${document.documentElement.scrollWidth}`] : []
  return [...wide, ...violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) =>
    `${id}: ${html.slice(0, 160)} ${failureSummary.split('\\n')[1]?.trim() ?? ''}`))]
}"""


# A panel of filters is as wide in every window.
Look = tuple[ViewportSize, Colours, list[str] | None]
PANEL: Final[dict[str, tuple[Look, ...]]] = {
    "zh-Hans": ((WIDTHS[0], "light", None), (WIDTHS[0], "dark", OF_COLOURS)),
    "kk": ((WIDTHS[0], "light", OF_SIZES),),
}


async def violations(
    page: Page, language: str, within: Locator | None = None, looks: Iterable[Look] | None = None
) -> list[str]:
    """Return the violations in each look, without opening the page again; without `looks` in each of the language."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text("utf-8"))
    element: Any = await within.element_handle() if within else None
    found: list[str] = []
    for width, colours, rules in looks or _looks(language):
        await page.set_viewport_size(width)
        await page.emulate_media(color_scheme=colours)
        said = await page.evaluate(CHECK, [element, rules])
        found += [f"{colours}, {width['width']} wide: {each}" for each in said]
    return found


def _looks(language: str) -> Iterator[Look]:
    """Yield pairs of width and colours, with the rules by which each is looked at; None: all."""
    usual, *others = LANGUAGES[language]
    yield WIDTHS[0], usual, None
    yield from ((WIDTHS[0], colours, OF_COLOURS) for colours in others)
    yield from ((width, usual, OF_SIZES) for width in WIDTHS[1:])


# As Back does: the program is not begun anew for every screen.
GO: Final = "(path) => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')) }"
# Nothing is asked of the server, and for a moment nothing has changed.
SETTLED: Final = """() => new Promise((done) => {
  if (!window.asked) {
    const ask = window.fetch
    window.asked = new Set()
    window.fetch = (...of) => {
      const answer = ask(...of)
      asked.add(answer)
      void answer.catch(() => {}).then(() => asked.delete(answer))
      return answer
    }
  }
  let timer
  const wait = () => { clearTimeout(timer); timer = setTimeout(() => (asked.size ? wait() : end()), 150) }
  const watch = new MutationObserver(wait)
  const end = () => { watch.disconnect(); done() }
  watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
  wait()
})"""


async def settled(page: Page) -> None:
    """Wait until nothing is loaded any more."""
    await page.evaluate(SETTLED)
    await page.locator("h1").first.wait_for()


async def of_panels(page: Page, language: str) -> dict[str, list[str]]:
    """Return the violations in each panel that a button of the screen opens."""
    wrong: dict[str, list[str]] = {}
    for n in range(await page.locator("details.popup").count()):
        panel = page.locator("details.popup").nth(n)
        await panel.locator("summary").click()
        await panel.locator(".popover").wait_for()
        await settled(page)
        wrong[await panel.locator("legend").inner_text()] = await violations(
            page, language, panel, PANEL[language]
        )
        await panel.locator("summary").press("Escape")
    return wrong


@pytest.fixture
async def common_life(signs: Signing) -> None:
    """One of each kind of subject; the meeting has somebody who signed up, and minutes in two versions; a vote has ended."""
    community, resident = await signs("community"), await signs("resident")
    if (await community.get("/activities"))["items"]:
        return  # an earlier test of this file has made them
    for path, body in (
        ("opinions", {"text": "楼道里堆满了杂物"}),
        ("topics", {"title": "东门装充电桩"}),
        ("projects", {"title": "装两台充电桩", "due_at": ahead(days=30)}),
    ):
        await made(community, path, **body)
    await made(community, "offers", kind="loan", title="雨伞", days=3, quantity=2)
    offered = (await community.get("/offers"))["items"][0]
    answer(await resident.ask("POST", "/reservations", json={"offer_id": offered["id"]}), 201)
    post_id = (await community.get("/me"))["posts"][0]["id"]
    await made(community, "relationships", kind="pairing", room="301", post_id=post_id, agreed=True)
    forum = await moved(community, "activities", await meeting(community, venue="议事厅"), "publish")
    await moved(resident, "activities", forum, "sign_up")
    await moved(community, "activities", forum, "start")
    for said in ("先装两台", "先装两台，三个月后再议"):
        await moved(community, "activities", forum, "minutes", text=said)
    await asked(community, title="正在问的")
    await closed_vote(community)


pytestmark = pytest.mark.usefixtures("three_tickets", "common_life")

# Which row is opened, where the first has no form: the roster begins on Monday, and what is over is not planned.
ROWS = {"roster": 6}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("screens", SCREENS)
async def test_every_screen_is_without_violations(
    desk: Desk, screens: str, language: str, three_tickets: list[dict[str, Any]]
) -> None:
    page = await desk("street", language=language)
    wrong: dict[str, list[str]] = {}
    for screen in SCREENS[screens].format(ticket=three_tickets[0]["id"]).split():
        await settled(page)  # the last screen asks no more
        await page.evaluate(GO, f"/console/{screen}")
        await settled(page)
        assert await page.evaluate("location.pathname + location.search") == f"/console/{screen}"
        wrong[screen] = await violations(page, language)
        panels = await of_panels(page, language)
        wrong |= {f"{screen}, {panel}": found for panel, found in panels.items()}
        row = page.locator("a.row-link").nth(ROWS.get(screen, 0))
        if "/" not in screen and await row.count():
            await row.click()
            await page.locator("aside form" if screen in ROWS else "aside").first.wait_for()
            await settled(page)
            wrong[f"{screen}, opened"] = await violations(page, language)
    assert {screen: found for screen, found in wrong.items() if found} == {}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_rule_questions_and_paper_ballots_are_without_violations(
    desk: Desk, signs: Signing, language: str
) -> None:
    page = await desk("community", "surveys/new", language=language)
    form = page.locator("aside form")
    await form.locator("input[type=radio]").nth(1).check()
    await form.locator(".law input").last.check()
    await settled(page)
    wrong = await violations(page, language, form)
    items = (await (await signs("community")).get("/surveys", status="open"))["items"]
    await page.goto(f"{page.url.partition('/console/')[0]}/console/surveys/{items[0]['id']}")
    await page.locator("aside .acts button").first.click()
    await form.locator("[data-step]").first.wait_for()
    await settled(page)
    wrong += await violations(page, language, form)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_palette_help_form_and_sign_in_are_without_violations(desk: Desk, language: str) -> None:
    page = await desk("street", "tickets", language=language)
    await settled(page)
    wrong: list[str] = []
    await page.keyboard.press("Control+k")
    await page.get_by_role("dialog").get_by_role("combobox").wait_for()
    wrong += await violations(page, language)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await page.get_by_role("dialog").wait_for(state="detached")
    await page.keyboard.press("?")
    await page.get_by_role("dialog").wait_for()
    wrong += await violations(page, language)
    await page.keyboard.press("Escape")
    await page.get_by_role("dialog").wait_for(state="detached")
    await page.locator("tr.opens a.row-link").first.click()
    await page.locator(".acts button").nth(1).click()
    await page.locator(".act-form").wait_for()
    await settled(page)
    wrong += await violations(page, language)
    await page.locator(".who button").first.click()
    await page.locator(".sign-in").wait_for()
    await settled(page)
    wrong += await violations(page, language)
    assert wrong == []
