"""Bulletins: drafted, edited by two, frozen when they are published, public without a word that was not meant for all."""

import io
import re
import sys
from datetime import UTC, datetime, time, timedelta
from html.parser import HTMLParser
from typing import Any

import httpx
import pypdf
import pytest

from app import clock, db
from app.rules import bulletins as rules
from app.services import demo
from app.services.bulletins import drafts, numbers
from app.services.bulletins import pdf as pdf_of
from app.services.demo import history
from tests.deployed import deployed
from tests.world import API, Everybody, Person, answer, id_of_code, problem

_TODAY = clock.now().date()
QUARTER = rules.quarter_before(f"{_TODAY.year}Q{(_TODAY.month + 2) // 3}")


@pytest.fixture
async def past(street: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six busy days at the beginning of the last quarter, at which residents also wrote what nobody else may read."""
    first, _ = rules.quarter_days(QUARTER)
    monkeypatch.setattr(history, "quarter_before", lambda _: first)
    monkeypatch.setattr(history, "REPORTS_A_DAY", 120)
    clock.travel(datetime.combine(first, time(4), UTC) + timedelta(days=6) - clock.now())
    await demo.load_history()


@pytest.fixture
async def clerk(past: None, people_of: Everybody) -> Person:
    """The community's clerk, on a day of the past in which it goes on."""
    (community,) = await people_of("community")
    return community


def _quarter_after(quarter: str) -> str:
    year, number = int(quarter[:4]), int(quarter[5])
    return f"{year + number // 4}Q{number % 4 + 1}"


HOSTILE = "<script>alert(1)</script> 我是张三13812345678，住944号4单元301，楼下李四打人"


async def hostile_reports(people_of: Everybody) -> None:
    """Report, anonymously and about others, and have it resolved with words as bad."""
    resident, head = await people_of("resident", "grid_head")
    for fields in (
        {"anonymous": True},
        {"category": "care"},
        {"category": "dispute"},
        {"contact_phone": "13812345678"},
    ):
        ticket = await resident.report(description=HOSTILE, place_note="3楼301", **fields)
        await head.act("accept", ticket)
        await head.resolve(ticket, outcome="explained", text=HOSTILE)


async def drafted(clerk: Person, quarter: str) -> dict[str, Any]:
    body = {"place_id": await id_of_code("wss"), "quarter": quarter}
    made: dict[str, Any] = answer(await clerk.ask("POST", "/bulletins", json=body), 201)
    return made


LATER = (_TODAY + timedelta(days=60)).isoformat()


async def explain(clerk: Person, bulletin: dict[str, Any]) -> dict[str, Any]:
    """Write the reason and the next date of every listed line, if there are any."""
    listed = [
        {"category": line["category"], "reason": "等待维修资金到位", "next_on": LATER}
        for line in bulletin["numbers"]["listed"]
    ]
    if not listed:
        return bulletin
    body = {"version": bulletin["version"], "listed": listed}
    explained: dict[str, Any] = answer(await clerk.ask("PATCH", f"/bulletins/{bulletin['id']}", json=body))
    return explained


async def publish(clerk: Person, bulletin: dict[str, Any]) -> dict[str, Any]:
    bulletin = await explain(clerk, bulletin)
    sent = await clerk.ask(
        "POST", f"/bulletins/{bulletin['id']}/publish", json={"version": bulletin["version"]}
    )
    published: dict[str, Any] = answer(sent)
    return published


async def today(people_of: Everybody) -> Person:
    clock.reset()
    (community,) = await people_of("community")
    return community


async def test_a_published_bulletin_tells_nothing_private(
    clerk: Person, people_of: Everybody, http: httpx.AsyncClient
) -> None:
    await hostile_reports(people_of)
    clerk = await today(people_of)
    made = await publish(clerk, await drafted(clerk, QUARTER))
    page = await http.get(made["url"])
    assert page.status_code == 200
    text = page.text.replace(made["digest"], "").replace(made["url"], "")  # random letters and digits
    for secret in (
        "<script",
        "alert(1)",
        "13812345678",
        "张三",
        "李四",
        "301",
        "4单元",
        "困难帮扶",
        "邻里矛盾",
        "噪音扰民",
        "物业服务投诉",
    ):
        assert secret not in text, secret
    assert "944号" not in text
    assert made["numbers"]["done"], "the lines are there"
    for line in made["numbers"]["done"]:
        assert set(line) == {"estate", "category", "outcome", "days"}
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.styled: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.styled += [name for name, _ in attrs if name == "style" or name.startswith("on")]


async def test_the_page_is_html_without_script_and_with_its_code(
    clerk: Person, people_of: Everybody, http: httpx.AsyncClient
) -> None:
    clerk = await today(people_of)
    draft = await drafted(clerk, QUARTER)
    words = {
        "version": draft["version"],
        "opening": "<b>各位居民</b>\n“好”",
        "activities": "</p><img src=x onerror=alert(1)>",
    }
    draft = answer(await clerk.ask("PATCH", f"/bulletins/{draft['id']}", json=words))
    made = await publish(clerk, draft)
    page = (await http.get(made["url"])).text
    tags = _Tags()
    tags.feed(page)
    assert {"script", "img", "b", "iframe", "form"} & set(tags.seen) <= {
        "b"
    }  # the program's own headline numbers
    assert tags.styled == []
    assert tags.seen.count("svg") == 3  # the rates, the categories, the QR code
    assert "&lt;b&gt;各位居民" in page
    assert page.count("viewBox") == 3  # each fits the room it is given
    assert made["digest"] in page
    assert len(re.findall(r'id="([^"]+)"', page)) == len(set(re.findall(r'id="([^"]+)"', page)))


async def test_what_is_published_stays_as_it_is_and_can_be_recomputed(
    clerk: Person, people_of: Everybody
) -> None:
    clerk = await today(people_of)
    made = await publish(clerk, await drafted(clerk, QUARTER))
    row = await db.fetchrow("SELECT * FROM bulletin")
    assert row is not None
    document = {
        "place_id": str(row["place_id"]),
        "quarter": row["quarter"],
        "as_of": row["as_of"].isoformat(),
        "query": row["query"],
        "words": row["words"],
        "numbers": row["numbers"],
    }
    assert drafts.digest(document) == made["digest"]
    (street,) = await people_of("street")
    for ticket in (await street.get("/tickets", box="all", status="resolved", limit=50))["items"]:
        await street.act("settle", ticket, text="到现场看过")
    assert await clerk.get(f"/bulletins/{made['id']}") == made
    again = await numbers.compute(row["query"], row["quarter"], row["as_of"])
    assert again.model_dump(mode="json") == row["numbers"]
    problem(
        await clerk.ask(
            "PATCH", f"/bulletins/{made['id']}", json={"version": made["version"], "title": "改"}
        ),
        409,
    )
    problem(
        await clerk.ask("POST", f"/bulletins/{made['id']}/publish", json={"version": made["version"]}), 409
    )


async def test_later_answers_are_corrections_of_the_next_one(clerk: Person, people_of: Everybody) -> None:
    quarter = QUARTER
    clerk = await today(people_of)
    made = await publish(clerk, await drafted(clerk, quarter))
    told = made["numbers"]["rates"][1]
    assert told["share"] is not None
    # As if other answers had been known when it was published.
    await db.fetch("UPDATE bulletin SET numbers = jsonb_set(numbers, '{rates,1,share}', '0.0123')")
    draft = await drafted(clerk, _quarter_after(quarter))
    (line,) = draft["numbers"]["corrections"]
    assert line.startswith(f"{rules.quarter_name(quarter)}公示的解决率为1.2%")
    assert f"更正为{told['share']:.1%}" in line


async def answered(resident: Person, head: Person, verdict: str, rating: int) -> list[dict[str, Any]]:
    """Report and resolve six tickets and answer them: so many that the rates may be told."""
    tickets = [await resident.report() for _ in range(6)]
    for ticket in tickets:
        await head.act("accept", ticket)
        await head.resolve(ticket)
        await resident.act("confirm", ticket, verdict=verdict, rating=rating)
    return tickets


async def test_a_verdict_changed_later_is_a_correction_of_the_next_bulletin(
    street: None, people_of: Everybody
) -> None:
    last = datetime.combine(rules.quarter_days(QUARTER)[1], time(4), UTC)
    clock.travel(last - timedelta(days=1) - clock.now())
    resident, head = await people_of("resident", "grid_head")
    await answered(resident, head, "solved", 5)
    partly = await answered(resident, head, "partly", 1)
    clock.travel(timedelta(days=3))
    resident, clerk = await people_of("resident", "community")
    made = await publish(clerk, await drafted(clerk, QUARTER))
    assert [rate["share"] for rate in made["numbers"]["rates"]] == [1, 0.75, 0.5]
    draft = await drafted(clerk, _quarter_after(QUARTER))
    assert draft["numbers"]["corrections"] == []
    for ticket in partly:
        await resident.act("reopen", ticket, text="又不亮了")
    corrected = (await clerk.get(f"/bulletins/{draft['id']}"))["numbers"]["corrections"]
    before = f"{rules.quarter_name(QUARTER)}公示的"
    assert corrected == [
        f"{before}解决率为75.0%，此后又有答复，更正为100.0%。",
        f"{before}满意率为50.0%，此后又有答复，更正为100.0%。",
    ]
    assert await clerk.get(f"/bulletins/{made['id']}") == made


async def listed_tickets(people_of: Everybody) -> None:
    """Five neighbours report the same, and it is put off."""
    (head,) = await people_of("grid_head")
    for resident in await people_of("resident", "neighbour", "member", "community", "street"):
        ticket = await resident.report()
        await head.act("accept", ticket)
        await head.resolve(ticket, outcome="listed", text=HOSTILE)


async def test_listed_lines_have_a_reason_and_a_next_date(
    clerk: Person, people_of: Everybody, http: httpx.AsyncClient
) -> None:
    await listed_tickets(people_of)
    clerk = await today(people_of)
    draft = await drafted(clerk, QUARTER)
    path = f"/bulletins/{draft['id']}"
    lines = {line["category"]: line for line in draft["numbers"]["listed"]}
    assert lines["stair_light"]["count"] >= rules.FEW
    body = {"version": draft["version"]}
    refused = problem(await clerk.ask("POST", f"{path}/publish", json=body), 409)
    assert lines["stair_light"]["label"] in refused["detail"]
    one = {"category": "stair_light", "reason": "<b>等待维修资金</b>", "next_on": LATER}
    for bad in ({"next_on": _TODAY.isoformat()}, {"next_on": "2099-13-01"}, {"reason": " "}):
        problem(await clerk.ask("PATCH", path, json=body | {"listed": [one | bad]}), 422)
    problem(await clerk.ask("PATCH", path, json=body | {"listed": [one, one]}), 422)
    draft = await explain(clerk, draft)
    listed = [line for line in draft["words"]["listed"] if line["category"] != "stair_light"] + [one]
    draft = answer(await clerk.ask("PATCH", path, json={"version": draft["version"], "listed": listed}))
    made = answer(await clerk.ask("POST", f"{path}/publish", json={"version": draft["version"]}))
    page = (await http.get(made["url"])).text
    day = datetime.fromisoformat(LATER)
    assert f"&lt;b&gt;等待维修资金&lt;/b&gt;</td><td>{day:%Y年%m月%d日}</td>" in page
    assert "张三" not in page


async def test_a_published_bulletin_is_a_pdf_of_the_same_bytes_every_time(
    people_of: Everybody, http: httpx.AsyncClient
) -> None:
    (clerk,) = await people_of("community")
    draft = await drafted(clerk, "2025Q1")
    words = {
        "version": draft["version"],
        "opening": "#各位居民：*好*",
        "activities": "قۇرمەتتى تۇرعىندار\n第二行",
    }
    draft = answer(await clerk.ask("PATCH", f"/bulletins/{draft['id']}", json=words))
    code = (await db.fetch("SELECT code FROM bulletin"))[0]["code"]
    problem(await http.get(f"/b/{code}.pdf"), 404)
    made = await publish(clerk, draft)
    first = await http.get(f"{made['url']}.pdf")
    assert first.status_code == 200, first.text
    assert first.headers["content-type"] == "application/pdf"
    pdf_of._compile.cache_clear()  # noqa: SLF001 - made anew, not remembered
    assert (await http.get(f"{made['url']}.pdf")).content == first.content
    document = pypdf.PdfReader(io.BytesIO(first.content))
    text = "".join(page.extract_text() for page in document.pages)
    for told in (made["title"], "#各位居民：*好*", "第二行", made["digest"]):
        assert told in "".join(text.split()), told  # the reader sees gaps beside digits as blanks
    fonts = {font for page in document.pages for font in _fonts(page)}
    assert any("NotoSansArabic" in font for font in fonts), "Kazakh has its letters"
    root: Any = document.trailer["/Root"]
    assert "/StructTreeRoot" in root, "it can be read aloud"


def _fonts(page: pypdf.PageObject) -> list[str]:
    fonts: Any = page["/Resources"].get_object()["/Font"].get_object()  # type: ignore[index]  # pypdf's type is wide
    return [str(font.get_object()["/BaseFont"]) for font in fonts.values()]


async def test_without_the_extra_a_sentence_says_what_to_do(
    people_of: Everybody, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clerk,) = await people_of("community")
    made = await publish(clerk, await drafted(clerk, "2025Q1"))
    monkeypatch.setitem(sys.modules, "typst", None)  # as if it were not installed
    refused = problem(await http.get(f"{made['url']}.pdf"), 501, "not-installed")
    assert "另存为 PDF" in refused["detail"]
    assert (await http.get(made["url"])).status_code == 200


async def test_of_two_clerks_the_slower_one_keeps_their_words(clerk: Person, people_of: Everybody) -> None:
    (street,) = await people_of("street")
    draft = await drafted(clerk, QUARTER)
    path = f"/bulletins/{draft['id']}"
    first = answer(await street.ask("PATCH", path, json={"version": draft["version"], "title": "街道写的"}))
    assert first["words"]["title"] == "街道写的"
    refused = problem(
        await clerk.ask("PATCH", path, json={"version": draft["version"], "title": "社区写的"}),
        409,
        "stale-version",
    )
    assert refused["version"] == first["version"]
    assert refused["words"]["title"] == "街道写的"
    second = answer(await clerk.ask("PATCH", path, json={"version": refused["version"], "title": "社区写的"}))
    assert second["words"]["title"] == "社区写的"
    blank = answer(await clerk.ask("PATCH", path, json={"version": second["version"], "title": None}))
    assert blank["words"]["title"].startswith("万寿山社区")


async def test_a_quarter_that_goes_on_is_not_published(clerk: Person, people_of: Everybody) -> None:
    draft = await drafted(clerk, QUARTER)  # the clerk is in its second week
    refused = problem(
        await clerk.ask("POST", f"/bulletins/{draft['id']}/publish", json={"version": draft["version"]}), 409
    )
    assert "还没有结束" in refused["detail"]


async def test_bad_drafts_are_refused_in_a_sentence(people_of: Everybody) -> None:
    (clerk,) = await people_of("community")
    wss = await id_of_code("wss")

    async def post(**body: str) -> httpx.Response:
        return await clerk.ask("POST", "/bulletins", json={"place_id": wss, "quarter": "2026Q1"} | body)

    answer(await post(), 201)
    assert "已经有了" in problem(await post(), 409)["detail"]
    problem(await post(quarter="2026Q5"), 422)
    problem(await post(quarter="2099Q1"), 422)
    problem(await post(place_id=await id_of_code("wss-g4")), 422)
    problem(await post(place_id=await id_of_code("bl")), 404)
    problem(await post(place_id=await id_of_code("rhwy")), 404)


async def test_others_neither_write_nor_read_drafts(people_of: Everybody, http: httpx.AsyncClient) -> None:
    (clerk,) = await people_of("community")
    draft = await drafted(clerk, "2026Q1")
    other, head, resident = await people_of("other_community", "grid_head", "resident")
    problem(await other.ask("GET", f"/bulletins/{draft['id']}"), 404)
    assert (await other.get("/bulletins"))["items"] == []
    for somebody in (head, resident):
        problem(await somebody.ask("GET", f"/bulletins/{draft['id']}"), 403)
        problem(await somebody.ask("GET", "/bulletins"), 403)
    code = (await db.fetch("SELECT code FROM bulletin"))[0]["code"]
    problem(await http.get(f"/b/{code}"), 404)
    problem(await http.get("/b/NOWHERE"), 404)
    problem(await http.get(f"{API}/bulletins"), 401)


async def test_the_public_address_is_the_one_of_the_settings(clerk: Person, people_of: Everybody) -> None:
    clerk = await today(people_of)
    with deployed(public_url="https://loudeng.example.cn/"):
        made = await publish(clerk, await drafted(clerk, QUARTER))
    assert made["url"].startswith("https://loudeng.example.cn/b/")


async def test_an_empty_quarter_is_a_bulletin_too(people_of: Everybody, http: httpx.AsyncClient) -> None:
    (clerk,) = await people_of("community")
    made = await publish(clerk, await drafted(clerk, "2025Q1"))
    assert made["numbers"]["done"] == []
    assert (await http.get(made["url"])).status_code == 200
