"""Nothing a resident wrote or photographed reaches neighbours unchecked; a ticket waits for no check."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest

from app import clock, db
from app.services import content_checks
from app.services.content_checks.checker import check_due
from app.services.content_checks.verdicts import store_verdict
from app.services.wechat import TextVerdict
from tests.deployed import deployed
from tests.newcomers import Newcomer
from tests.pushes import SAFE, as_json, encrypted, media_verdict, push
from tests.wechat_standin import Wechat
from tests.world import Everybody, Person, answer, problem, run_jobs

BASE: Final = "https://loudeng.example"


@pytest.fixture(autouse=True)
async def public(street: None) -> AsyncIterator[None]:
    with deployed(public_url=BASE, **SAFE):
        yield


@pytest.fixture
async def resident(newcomer: Newcomer) -> Person:
    """Somebody known to WeChat as o1."""
    return await newcomer("o1")


@pytest.fixture
async def neighbour(newcomer: Newcomer) -> Person:
    return await newcomer("o2")


async def check() -> None:
    """Follow the events up, then check until nothing is due."""
    await run_jobs()
    while await check_due():
        pass


async def follow(person: Person, ticket: dict[str, Any]) -> None:
    answer(await person.ask("POST", f"/tickets/{ticket['id']}/follow"))


async def shown(person: Person, ticket: dict[str, Any]) -> dict[str, Any]:
    """Return what somebody sees of a ticket: its texts, in the order of its timeline, and its photos."""
    seen = await person.ticket(ticket["id"])
    events = (await person.get(f"/tickets/{ticket['id']}/events"))["items"]
    return {
        "description": seen["description"],
        "note": seen["place_note"],
        "photos": [photo["id"] for photo in seen["photos"]],
        "texts": [event.get("text") for event in events if event["type"] != "ticket.reminded"],
        "event_photos": [photo["id"] for event in events for photo in event.get("photos", ())],
    }


async def states() -> list[str]:
    return [row["state"] for row in await db.fetch("SELECT state FROM content_check ORDER BY id")]


async def trace_id() -> str:
    row = await db.fetchrow("SELECT trace_id FROM content_check WHERE kind = 'photo'")
    assert row
    assert row["trace_id"]
    return str(row["trace_id"])


async def test_until_the_verdict_only_reporter_and_handlers_see_it(
    resident: Person, neighbour: Person, people_of: Everybody
) -> None:
    (head,) = await people_of("grid_head")
    photo = await resident.photo()
    ticket = await resident.report(description="灯坏了", place_note="三楼", photo_ids=[photo])
    await follow(neighbour, ticket)
    nothing = {"description": None, "note": None, "photos": [], "texts": [None], "event_photos": []}
    everything = {
        "description": "灯坏了",
        "note": "三楼",
        "photos": [photo],
        "texts": ["灯坏了"],
        "event_photos": [photo],
    }
    for follow_up in (None, run_jobs):
        if follow_up:
            await follow_up()
        assert await shown(neighbour, ticket) == nothing
        problem(await neighbour.ask("GET", f"/photos/{photo}"), 404)
        for person in (resident, head):
            assert await shown(person, ticket) == everything
            assert (await person.ask("GET", f"/photos/{photo}")).status_code == 200


async def test_what_has_passed_is_shown(
    resident: Person, neighbour: Person, http: httpx.AsyncClient, wechat: Wechat
) -> None:
    photo = await resident.photo()
    ticket = await resident.report(description="灯坏了", place_note="三楼", photo_ids=[photo])
    await follow(neighbour, ticket)
    await check()
    assert await shown(neighbour, ticket) == {
        "description": "灯坏了",
        "note": "三楼",
        "photos": [],
        "texts": ["灯坏了"],
        "event_photos": [],
    }
    answered = await push(http, *encrypted(as_json(media_verdict(await trace_id()))))
    assert answered.text == "success"
    await check()
    assert (await shown(neighbour, ticket))["photos"] == [photo]
    assert (await neighbour.ask("GET", f"/photos/{photo}")).status_code == 200
    assert [asked["openid"] for asked in wechat.asked if "openid" in asked] == ["o1"] * 3


async def test_a_risky_photo_never_reaches_a_neighbour(
    resident: Person, neighbour: Person, http: httpx.AsyncClient
) -> None:
    photo = await resident.photo()
    ticket = await resident.report(photo_ids=[photo])
    await follow(neighbour, ticket)
    await check()
    await push(http, *encrypted(as_json(media_verdict(await trace_id(), "risky"))))
    await check()
    assert (await shown(neighbour, ticket))["photos"] == []
    problem(await neighbour.ask("GET", f"/photos/{photo}"), 404)
    assert (await states())[-1] == "risky"


async def test_a_risky_text_is_hidden_and_the_ticket_goes_on(
    resident: Person, neighbour: Person, people_of: Everybody, wechat: Wechat
) -> None:
    (head,) = await people_of("grid_head")
    wechat.risky = {"坏话"}
    ticket = await resident.report(description="坏话")
    await follow(neighbour, ticket)
    await check()
    assert (await shown(neighbour, ticket))["texts"] == [None]
    assert (await shown(head, ticket))["description"] == "坏话"
    assert (await head.act("accept", ticket))["status"] == "accepted"


async def test_a_comment_of_one_neighbour_waits_for_the_others(
    resident: Person, neighbour: Person, newcomer: Newcomer
) -> None:
    other = await newcomer("o3")
    ticket = await resident.report()
    await follow(neighbour, ticket)
    await follow(other, ticket)
    await check()
    photo = await other.photo()
    await other.act("comment", ticket, text="我家也是", photo_ids=[photo])
    assert (await shown(neighbour, ticket))["texts"][-1] is None
    assert (await shown(neighbour, ticket))["event_photos"] == []
    assert (await shown(other, ticket))["texts"][-1] == "我家也是"
    assert (await shown(other, ticket))["event_photos"] == [photo]
    await check()
    assert (await shown(neighbour, ticket))["texts"][-1] == "我家也是"


async def test_an_edited_description_is_checked_anew(
    resident: Person, neighbour: Person, wechat: Wechat
) -> None:
    wechat.risky = {"坏话"}
    ticket = await resident.report(description="灯坏了")
    await follow(neighbour, ticket)
    await check()
    await resident.act("edit", ticket, description="坏话")
    for follow_up in (None, check):
        if follow_up:
            await follow_up()
        assert (await shown(neighbour, ticket))["description"] is None
    assert await states() == ["pass", "risky"]


async def test_what_an_office_writes_waits_for_nothing(
    resident: Person, neighbour: Person, people_of: Everybody
) -> None:
    (head,) = await people_of("grid_head")
    ticket = await resident.report()
    await follow(neighbour, ticket)
    await head.act("accept", ticket)
    await head.resolve(ticket, text="换了灯泡")
    seen = await neighbour.ticket(ticket["id"])
    assert seen["resolution"]["text"] == "换了灯泡"
    (photo,) = seen["resolution"]["photos"]
    assert (await neighbour.ask("GET", f"/photos/{photo['id']}")).status_code == 200
    assert seen["latest"]["text"] == "换了灯泡"


async def test_a_word_of_the_reporter_on_top_of_the_ticket_waits_too(
    resident: Person, neighbour: Person, people_of: Everybody
) -> None:
    (head,) = await people_of("grid_head")
    ticket = await resident.report()
    await follow(neighbour, ticket)
    await head.act("accept", ticket)
    await head.resolve(ticket)
    await resident.act("reopen", ticket, text="又不亮了")
    assert "text" not in (await neighbour.ticket(ticket["id"]))["latest"]
    await check()
    assert (await neighbour.ticket(ticket["id"]))["latest"]["text"] == "又不亮了"


async def test_a_search_does_not_find_what_is_hidden(resident: Person, neighbour: Person) -> None:
    ticket = await resident.report(description="隔壁老王欠钱")
    await follow(neighbour, ticket)
    for found in (0, 1):
        for box in ("following", "all"):
            page = await neighbour.get("/tickets", box=box, q="老王")
            assert len(page["items"]) == found
        assert len((await resident.get("/tickets", box="mine", q="老王"))["items"]) == 1
        await check()


async def test_a_merged_report_is_read_by_its_reporter_once_it_has_passed(
    resident: Person, neighbour: Person, people_of: Everybody
) -> None:
    (head,) = await people_of("grid_head")
    ticket, other = await resident.report(description="三楼的灯"), await neighbour.report()
    await head.act("merge", other, into=ticket["id"])
    assert (await neighbour.ticket(ticket["id"]))["description"] is None
    following = (await neighbour.get("/tickets", box="following"))["items"]
    assert [item["description"] for item in following] == [None]
    await check()
    assert (await neighbour.ticket(ticket["id"]))["description"] == "三楼的灯"


async def test_a_long_text_is_checked_to_its_end(resident: Person, wechat: Wechat) -> None:
    """WeChat takes 2,500 characters; the strictest of its verdicts counts."""
    wechat.risky = {"坏话"}
    await resident.report()
    await run_jobs()
    await db.fetch("UPDATE remark SET text = repeat('好', 2600) || '坏话' || repeat('好', 2600)")
    await check()
    assert await states() == ["risky"]


@pytest.mark.parametrize(
    ("answered", "status"),
    [
        ({"errcode": -1, "errmsg": "busy"}, "200 OK"),
        ({"errcode": 45009, "errmsg": "quota"}, "200 OK"),
        ({"errcode": 48001, "errmsg": "no permission"}, "200 OK"),
        ({"errcode": 0, "errmsg": "ok"}, "200 OK"),
        ({"errcode": 0, "result": {"suggest": "who knows"}, "trace_id": "t"}, "200 OK"),
        (b"<html>", "200 OK"),
        (b"<html>", "502 Bad Gateway"),
        (b"{" + b" " * 3_000_000, "200 OK"),
    ],
    ids=lambda value: str(value)[:30],
)
async def test_an_error_is_no_verdict_and_is_asked_again(
    resident: Person, neighbour: Person, wechat: Wechat, answered: Any, status: str
) -> None:
    photo = await resident.photo()
    ticket = await resident.report(photo_ids=[photo])
    await follow(neighbour, ticket)
    wechat.says(answered, status)
    await check()
    assert await states() == ["pending", "pending"]
    assert (await shown(neighbour, ticket))["texts"] == [None]
    wechat.well()
    clock.travel(timedelta(seconds=61))
    await check()
    assert await states() == ["pass", "pending"]
    assert await trace_id()


async def test_after_45_minutes_without_a_verdict_a_person_has_to_look(
    resident: Person, wechat: Wechat
) -> None:
    await resident.report(photo_ids=[await resident.photo()])
    await run_jobs()
    wechat.says({"errcode": -1})
    clock.travel(timedelta(minutes=44))
    await check()
    assert await states() == ["pending", "pending"]
    clock.travel(timedelta(minutes=2))
    await check()
    assert await states() == ["review", "review"]
    rows = await db.fetch("SELECT reason FROM content_check")
    assert {row["reason"] for row in rows} == {"silent"}


async def test_whom_wechat_has_not_seen_lately_a_person_looks_at(resident: Person, wechat: Wechat) -> None:
    wechat.unseen = {"o1"}
    await resident.report(photo_ids=[await resident.photo()])
    await check()
    assert await states() == ["review", "review"]


async def test_a_worker_that_dies_while_it_asks_loses_nothing(
    resident: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await resident.report()
    await run_jobs()
    await db.fetch("UPDATE content_check SET due_at = now() + interval '60 seconds', attempts = 1")
    await check()
    assert await states() == ["pending"]
    clock.travel(timedelta(seconds=62))
    await check()
    assert await states() == ["pass"]


async def test_a_clock_set_back_stalls_nothing(resident: Person) -> None:
    await resident.report()
    await run_jobs()
    await db.fetch("UPDATE content_check SET due_at = now() + interval '1 hour'")
    await check()
    assert await states() == ["pass"]


VERDICTS: Final = [
    (("pass",), "pass"),
    (("pass", "pass"), "pass"),
    (("risky", "pass"), "risky"),
    (("pass", "risky"), "risky"),
    (("review", "pass"), "review"),
    (("review", "risky", "review"), "risky"),
]


@pytest.mark.parametrize(("pushed", "state"), VERDICTS)
@pytest.mark.parametrize("early", [True, False])
async def test_the_strictest_verdict_counts(
    resident: Person, pushed: tuple[str, ...], state: str, early: bool
) -> None:
    """Doubled, contradictory, one at a time or all before our own commit of the trace id."""
    await resident.report(description=None, photo_ids=[await resident.photo()])
    await check()
    trace = await trace_id()
    if early:
        await db.fetch("UPDATE content_check SET trace_id = NULL")
    for suggest in pushed:
        await store_verdict(TextVerdict(trace, suggest, 100))
        if not early:
            await check_due()
    if early:
        await check_due()
        assert await states() == ["pending"]
        await db.fetch("UPDATE content_check SET trace_id = $1", trace)
        await check_due()
    assert await states() == [state]
    assert await db.fetch("SELECT FROM content_verdict") == []


async def test_a_verdict_that_comes_late_still_counts(resident: Person) -> None:
    await resident.report(description=None, photo_ids=[await resident.photo()])
    await check()
    trace = await trace_id()
    clock.travel(timedelta(minutes=46))
    await check()
    assert await states() == ["review"]
    await store_verdict(TextVerdict(trace, "pass", 100))
    await check()
    assert await states() == ["pass"]


async def test_a_verdict_for_an_unknown_trace_id_is_forgotten_after_a_day(resident: Person) -> None:
    await store_verdict(TextVerdict("made-up", "risky", 20002))
    await check_due()
    await content_checks.sweep_verdicts()
    assert len(await db.fetch("SELECT FROM content_verdict")) == 1
    clock.travel(timedelta(days=1, minutes=1))
    await content_checks.sweep_verdicts()
    assert await db.fetch("SELECT FROM content_verdict") == []


async def test_a_verdict_is_audited(resident: Person, wechat: Wechat) -> None:
    wechat.risky = {"坏话"}
    ticket = await resident.report(description="坏话")
    await check()
    (entry,) = await db.fetch("SELECT subject_id, data FROM audit WHERE type = 'content_checked'")
    assert str(entry["subject_id"]) == ticket["id"]
    assert entry["data"].keys() == {"check", "trace_id", "suggest", "label"}
    assert (entry["data"]["suggest"], entry["data"]["label"]) == ("risky", 20001)


WORDS: Final = [
    ("楼道灯不亮", "pass"),
    ("想借钱加微信", "review"),
    ("加 微-信 有福利", "review"),
    ("加Ｗ", "pass"),
]


@pytest.mark.parametrize(("description", "state"), WORDS)
async def test_without_an_openid_the_list_of_words_decides(
    people_of: Everybody, wechat: Wechat, description: str, state: str
) -> None:
    resident, neighbour = await people_of("resident", "neighbour")
    ticket = await resident.report(description=description)
    await follow(neighbour, ticket)
    await run_jobs()
    assert await states() == [state]
    assert (await shown(neighbour, ticket))["description"] == (description if state == "pass" else None)
    assert wechat.asked == []


async def test_without_wechat_the_list_of_words_decides(resident: Person, wechat: Wechat) -> None:
    with deployed(wechat_appid=None, wechat_secret=None):
        await resident.report(description="加微信")
        await resident.report(description="灯坏了", place_note="二楼", photo_ids=[await resident.photo()])
        await run_jobs()
        assert await states() == ["review", "pass", "pass", "pass"]


async def test_an_office_adds_its_own_words(people_of: Everybody, tmp_path: Any) -> None:
    (resident,) = await people_of("resident")
    words = tmp_path / "words.txt"
    words.write_text("# ours\n某某广告\n\n", "utf-8")
    with deployed(banned_words=str(words)):
        await resident.report(description="某某广告贴满楼道")
        await run_jobs()
    assert await states() == ["review"]


async def test_without_a_public_address_a_person_looks_at_photos(resident: Person, wechat: Wechat) -> None:
    with deployed(public_url=None):
        await resident.report(description=None, photo_ids=[await resident.photo()])
        await check()
    assert await states() == ["review"]
    assert "/wxa/media_check_async" not in wechat.paths


async def test_what_was_erased_meanwhile_needs_no_check(resident: Person) -> None:
    await resident.report(photo_ids=[await resident.photo()])
    await run_jobs()
    answer(await resident.ask("DELETE", "/me"))
    await run_jobs()
    await check()
    rows = await db.fetch("SELECT kind, state FROM content_check")
    assert rows == []


async def test_of_what_was_erased_only_the_audit_knows_wechat_s_number(
    resident: Person, http: httpx.AsyncClient
) -> None:
    """Who has a trace id can ask WeChat whose words it was. A check that still waits ends with its photo."""
    await resident.report(photo_ids=[await resident.photo()])
    await check()
    answer(await resident.ask("DELETE", "/me"))
    await push(http, *encrypted(as_json(media_verdict("image-000001"))))
    await check()
    rows = await db.fetch("SELECT kind, state, trace_id FROM content_check")
    assert [tuple(row) for row in rows] == [("text", "pass", None)]
    (audited,) = await db.fetch(
        "SELECT data ->> 'trace_id' AS trace_id FROM audit WHERE type = 'content_checked'"
    )
    assert audited["trace_id"].startswith("text-")


class TestTheLinkForWechat:
    """It shows one photo, to whoever has it, while the check runs, for an hour."""

    @pytest.fixture
    async def link(self, resident: Person, wechat: Wechat) -> str:
        await resident.report(description=None, photo_ids=[await resident.photo(), await resident.photo()])
        await check()
        link = next(iter(wechat.images.values()))
        assert link.startswith(f"{BASE}/wechat/photos/")
        return link.removeprefix(BASE)

    async def test_it_opens_without_signing_in(self, link: str, http: httpx.AsyncClient) -> None:
        clock.travel(timedelta(minutes=40))
        fetched = await http.get(link)
        assert fetched.status_code == 200
        assert fetched.headers["content-type"] == "image/jpeg"
        assert fetched.headers["cache-control"] == "private, no-store"
        assert fetched.content[:3] == b"\xff\xd8\xff"

    async def test_it_ends(self, link: str, http: httpx.AsyncClient) -> None:
        clock.travel(timedelta(minutes=61))
        problem(await http.get(link), 404)

    async def test_it_ends_with_the_check(self, link: str, http: httpx.AsyncClient) -> None:
        await db.fetch("UPDATE content_check SET state = 'pass'")
        problem(await http.get(link), 404)

    async def test_it_is_good_for_nothing_else(
        self, link: str, http: httpx.AsyncClient, wechat: Wechat
    ) -> None:
        parts = urlsplit(link)
        signed = {name: values[0] for name, values in parse_qs(parts.query).items()}
        other = urlsplit(list(wechat.images.values())[1]).path
        assert other != parts.path
        made_up = UUID(int=1)
        for path, query in (
            (other, signed),
            (f"/wechat/photos/{made_up}", signed),
            (parts.path, signed | {"until": str(int(signed["until"]) + 1)}),
            (parts.path, signed | {"until": "9" * 40}),
            (parts.path, signed | {"until": "٣"}),
            (parts.path, signed | {"signature": "汉字"}),
            (parts.path, signed | {"signature": ""}),
            (parts.path, {}),
            (parts.path.replace("/wechat/photos", "/api/v1/photos"), signed),
        ):
            refused = await http.get(path, params=query)
            assert refused.status_code == (401 if path.startswith("/api") else 404), (path, query)
