"""The console's screens of the common life, as tests use them: mostly by keyboard."""

from typing import Any, Final

from playwright.async_api import Locator, Page, expect

from tests.subjects import UNVERSIONED, ahead
from tests.world import Person, answer

FEWEST: Final = 10  # ballots from which a result is shown


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def address(page: Page, path: str) -> None:
    """Open another address of the console."""
    await page.goto(f"{page.url.partition('/console/')[0]}/console/{path}")
    await page.locator("h1").wait_for()


def form(page: Page) -> Locator:
    return page.locator("aside form")


async def place_typed(page: Page, said: str) -> None:
    """Type an address into the place's field and take the first one found."""
    await form(page).locator("input[role=combobox]").fill(said)
    await page.get_by_role("option").filter(has_text=said).first.wait_for()
    await press(page, "Enter")


async def sent(page: Page, said: str) -> None:
    """Send the form that is open, from the keyboard, and wait for what is said."""
    await form(page).locator("button:not([type])").press("Enter")
    await expect(page.locator(".toast")).to_contain_text(said)


async def chosen(page: Page, act: str) -> None:
    """Choose an act of the drawer by its digit."""
    buttons = page.locator("aside .acts > .buttons button")
    await buttons.filter(has_text=act).first.wait_for()
    names = await buttons.all_inner_texts()
    await page.locator("aside h2").focus()
    await press(page, str(names.index(act) + 1))


async def made(person: Person, path: str, **body: Any) -> dict[str, Any]:
    """Create a subject over HTTP at 944号4单元; it must succeed."""
    body = {"place_id": await person.place()} | body
    subject: dict[str, Any] = answer(await person.ask("POST", f"/{path}", json=body), 201)
    return subject


async def meeting(person: Person, **body: Any) -> dict[str, Any]:
    """Plan a meeting over HTTP, from tomorrow on."""
    times = {"starts_at": ahead(days=1), "ends_at": ahead(days=1, hours=2)}
    return await made(person, "activities", **{"kind": "meeting", "title": "楼栋会"} | times | body)


async def moved(
    person: Person, path: str, subject: dict[str, Any], action: str, **body: Any
) -> dict[str, Any]:
    """Do an act over HTTP on a subject as it is now."""
    fresh = await person.get(f"/{path}/{subject['id']}")
    sent_body = body if action in UNVERSIONED else {"version": fresh["version"]} | body
    after: dict[str, Any] = answer(
        await person.ask("POST", f"/{path}/{subject['id']}/{action}", json=sent_body)
    )
    return after


async def asked(community: Person, **body: Any) -> dict[str, Any]:
    """Draft a survey of two ratings over HTTP and open it."""
    questions = [{"text": "停车管理", "kind": "rating"}, {"text": "楼道保洁", "kind": "rating"}]
    survey = {"kind": "survey", "title": "物业评价", "ends_at": ahead(days=7), "households": 20}
    drafted = await made(community, "surveys", **survey | {"questions": questions} | body)
    return await moved(community, "surveys", drafted, "open")


async def counted(community: Person, survey: dict[str, Any], against: int = 0) -> None:
    """Enter ten paper ballots, so many of them with the second choice, and end it."""
    place = await community.place()
    ballots = [
        {"place_id": place, "room": str(401 + n), "answers": [{"question": 0, "choices": [int(n < against)]}]}
        for n in range(FEWEST)
    ]
    await moved(community, "surveys", survey, "paper", ballots=ballots)
    await moved(community, "surveys", survey, "close", text="收齐了")


async def closed_vote(community: Person) -> None:
    """Have a vote that has ended, with its result."""
    rule = {"code": "own", "majority_heads": ">1/2", "basis": "居民公约第八条"}
    questions = [{"text": "每车每月收一百元", "kind": "vote"}]
    vote = await asked(community, kind="vote", title="停车收费", rule=rule, questions=questions)
    await counted(community, vote, against=2)
