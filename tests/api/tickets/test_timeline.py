"""The timeline: every act one line, oldest first, by post and never by name."""

from datetime import timedelta
from typing import Any

import pytest

from app import clock, db
from app.services.ledger import verify
from tests import world
from tests.world import Everybody, problem


async def lines(person: world.Person, ticket: dict[str, Any], **params: Any) -> list[dict[str, Any]]:
    """Return the lines of a ticket's timeline."""
    items: list[dict[str, Any]] = (await person.get(f"/tickets/{ticket['id']}/events", **params))["items"]
    return items


async def test_every_act_is_one_line_by_the_post_that_did_it(people_of: Everybody) -> None:
    """With its Chinese, its words and its photos; the sequence has no hole."""
    resident, member, head, company = await people_of("resident", "member", "grid_head", "property")
    ticket = await resident.report()
    await member.act("accept", ticket)
    await head.dispatch(ticket)
    await company.act("take", ticket)
    photo = await company.photo()
    await company.resolve(ticket, photo_ids=[photo])
    await resident.act("confirm", ticket, verdict="partly", rating=4, text="还有一盏")
    shown = await lines(resident, ticket)
    assert [line["seq"] for line in shown] == [1, 2, 3, 4, 5, 6]
    assert [(line["type"], line["label"], line["actor"], line.get("text")) for line in shown] == [
        ("ticket.submitted", "已上报", {"post": "reporter", "label": "报告人"}, "楼道灯不亮"),
        ("ticket.accepted", "已受理", {"post": "member", "label": "万寿山社区第四网格 网格员"}, None),
        ("ticket.dispatched", "已派遣", {"post": "head", "label": "万寿山社区第四网格 网格长"}, None),
        ("ticket.taken", "已接单", {"post": "agent", "label": "人和物业"}, None),
        ("ticket.resolved", "已办结", {"post": "agent", "label": "人和物业"}, "换了灯泡"),
        ("ticket.confirmed", "报告人已确认", {"post": "reporter", "label": "报告人"}, "还有一盏"),
    ]
    assert [p["id"] for p in shown[4]["photos"]] == [photo]
    assert shown[5]["data"] == {"verdict": "partly", "rating": 4}
    assert all("photos" not in line for line in shown[:4])
    assert not {"said", "salt"} & {name for line in shown for name in line["data"]}


async def test_internal_words_are_read_inside_only(people_of: Everybody) -> None:
    """The reporter's timeline has a hole there and nothing else of it; comments for all are for all."""
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    await head.act("comment", ticket, text="这家常常报假的", internal=True)
    await head.act("comment", ticket, text="师傅在路上")
    assert [line["text"] for line in await lines(resident, ticket)] == ["楼道灯不亮", "师傅在路上"]
    assert "常常报假的" not in str(await lines(resident, ticket))
    await head.dispatch(ticket)
    for person in await people_of("member", "grid_head", "community", "street", "property", "auditor"):
        texts = {line["text"]: line.get("internal") for line in await lines(person, ticket) if "text" in line}
        assert texts == {"楼道灯不亮": None, "这家常常报假的": True, "师傅在路上": None}


async def test_numbers_in_words_are_masked_for_the_auditor(people_of: Everybody) -> None:
    resident, head, auditor = await people_of("resident", "grid_head", "auditor")
    ticket = await resident.report(description="打 13812345678")
    await head.act("comment", ticket, text="已打 13812345678")
    assert [line["text"] for line in await lines(head, ticket)] == ["打 13812345678", "已打 13812345678"]
    assert [line["text"] for line in await lines(auditor, ticket)] == ["打 138****5678", "已打 138****5678"]


@pytest.mark.parametrize("persona", ["resident", "grid_head", "property"])
async def test_an_anonymous_reporter_is_nobody_in_the_timeline(persona: str, people_of: Everybody) -> None:
    """Staff and companies too: neither post nor unit shows, to anybody."""
    reporter, street, community = await people_of(persona, "street", "community")
    ticket = await reporter.report(anonymous=True)
    await reporter.act("edit", ticket, description="三楼的灯")
    for person in (street, community):
        shown = await lines(person, ticket)
        assert [line["actor"] for line in shown] == [{"post": "reporter", "label": "匿名报告人"}] * 2
        assert "人和物业" not in str(shown)
        assert "网格长" not in str(shown)


async def test_a_staff_reporter_is_shown_by_the_post(people_of: Everybody) -> None:
    head, street = await people_of("grid_head", "street")
    ticket = await head.report()
    (line,) = await lines(street, ticket)
    assert line["actor"] == {"post": "head", "label": "万寿山社区第四网格 网格长"}


async def test_pages_follow_oldest_first(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report()
    for n in range(11):
        await resident.act("comment", ticket, text=str(n))
    seen: list[list[int]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await resident.get(f"/tickets/{ticket['id']}/events", limit=5, **cursor)
        seen.append([line["seq"] for line in page["items"]])
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11, 12]]


async def test_a_page_that_hides_internal_words_is_still_full(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    for n in range(6):
        await head.act("comment", ticket, text=str(n), internal=n % 2 == 0)
    page = await resident.get(f"/tickets/{ticket['id']}/events", limit=3)
    assert [line["seq"] for line in page["items"]] == [1, 3, 5]
    assert [line["seq"] for line in await lines(resident, ticket, cursor=page["next"])] == [7]


@pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "٣", "9" * 10, "9" * 201, "%00"])
async def test_a_bad_cursor_is_422(cursor: str, people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report()
    refused = await resident.ask("GET", f"/tickets/{ticket['id']}/events?cursor={cursor}")
    assert problem(refused, 422, "invalid")["errors"][0]["pointer"] == "/cursor"
    assert await lines(resident, ticket, cursor="999999999") == []


async def test_history_does_not_run_backwards_with_the_clock(people_of: Everybody) -> None:
    """An hour back on the wall: acts go on, none is missing, none comes before the one before it."""
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    clock.travel(-timedelta(hours=1))
    await head.act("accept", ticket)
    shown = await lines(resident, ticket)
    assert [line["type"] for line in shown] == ["ticket.submitted", "ticket.accepted"]
    assert shown[0]["at"] <= shown[1]["at"]


async def test_the_ledger_holds_no_words_and_no_names(people_of: Everybody) -> None:
    """Text lies in rows of its own; the chain over both holds."""
    resident, head, company = await people_of("resident", "grid_head", "property")
    ticket = await world.brought("closed", resident, head, company)
    await head.act("comment", ticket, text="回访过了", internal=True)
    events = await db.fetch("SELECT data::text AS said FROM event ORDER BY seq")
    for word in ("楼道灯不亮", "换了灯泡", "回访过了", "居民", "13812345678"):
        assert not any(word in event["said"] for event in events)
    assert len(await db.fetch("SELECT FROM remark")) == 3
    assert (await verify.verify_ledger()).broken is None
