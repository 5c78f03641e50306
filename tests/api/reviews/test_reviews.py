"""The queue of held content: those over the place decide with one act, and what a person decided stands."""

from typing import Any, Final

import pytest

from app import db
from app.services.content_checks.checker import check_due
from app.services.content_checks.verdicts import judge, store_verdict
from app.services.wechat import TextVerdict
from tests.world import MADE_UP, Everybody, Person, answer, problem, run_jobs

BAD: Final = "加微信办贷款"


@pytest.fixture
async def held(people_of: Everybody) -> dict[str, Any]:
    """A ticket of a resident whose description waits in the queue, followed by a neighbour."""
    resident, neighbour = await people_of("resident", "neighbour")
    ticket = await resident.report(description=BAD)
    answer(await neighbour.ask("POST", f"/tickets/{ticket['id']}/follow"))
    await run_jobs()
    return ticket


async def queue(person: Person) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await person.get("/reviews"))["items"]
    return items


async def decide(person: Person, act: str, review: dict[str, Any]) -> dict[str, Any]:
    decided: dict[str, Any] = answer(await person.ask("POST", f"/reviews/{review['id']}/{act}"))
    return decided


async def test_the_community_and_the_street_see_what_waits(
    held: dict[str, Any], people_of: Everybody
) -> None:
    for reviewer in await people_of("community", "street"):
        (item,) = await queue(reviewer)
        assert item["text"] == BAD
        assert item["kind"] == "text"
        assert item["state_name"] == "待审核"
        assert item["reason_name"] == "含有敏感词"
        assert item["ticket_id"] == held["id"]
        assert item["no"] == held["no"]
        assert item["category"]["zh"] == "楼道灯不亮"
        assert "reporter" not in item


async def test_another_place_sees_nothing_of_it(held: dict[str, Any], people_of: Everybody) -> None:
    community, other = await people_of("community", "other_community")
    (item,) = await queue(community)
    assert await queue(other) == []
    for act in ("release", "remove"):
        for identifier in (item["id"], MADE_UP):
            problem(await other.ask("POST", f"/reviews/{identifier}/{act}"), 404)


async def test_only_a_community_or_street_reviews(held: dict[str, Any], people_of: Everybody) -> None:
    (community, *others) = await people_of(
        "community", "resident", "grid_head", "property", "auditor", "admin"
    )
    (item,) = await queue(community)
    for person in others:
        problem(await person.ask("GET", "/reviews"), 403)
        problem(await person.ask("POST", f"/reviews/{item['id']}/release"), 404)


async def test_released_it_is_shown(held: dict[str, Any], people_of: Everybody) -> None:
    community, neighbour = await people_of("community", "neighbour")
    (item,) = await queue(community)
    assert (await neighbour.ticket(held["id"]))["description"] is None
    assert (await decide(community, "release", item))["state"] == "released"
    assert await queue(community) == []
    assert (await neighbour.ticket(held["id"]))["description"] == BAD


async def test_removed_it_stays_hidden_from_neighbours_and_open_to_those_who_work_on_it(
    held: dict[str, Any], people_of: Everybody
) -> None:
    community, neighbour, head, resident = await people_of("community", "neighbour", "grid_head", "resident")
    (item,) = await queue(community)
    assert (await decide(community, "remove", item))["state_name"] == "已删除"
    assert await queue(community) == []
    assert (await neighbour.ticket(held["id"]))["description"] is None
    for person in (head, resident):
        assert (await person.ticket(held["id"]))["description"] == BAD


async def test_a_decision_can_be_taken_back(held: dict[str, Any], people_of: Everybody) -> None:
    community, neighbour = await people_of("community", "neighbour")
    (item,) = await queue(community)
    for act, shown in (("remove", None), ("release", BAD), ("release", BAD), ("remove", None)):
        await decide(community, act, item)
        assert (await neighbour.ticket(held["id"]))["description"] == shown
    rows = await db.fetch("SELECT type FROM audit WHERE type LIKE 'content%' ORDER BY id")
    assert [row["type"] for row in rows] == ["content_removed", "content_released", "content_removed"]


@pytest.mark.parametrize(("act", "verdict"), [("release", "risky"), ("remove", "pass")])
async def test_what_a_person_decided_stands_whatever_wechat_says_later(
    held: dict[str, Any], people_of: Everybody, act: str, verdict: str
) -> None:
    (community,) = await people_of("community")
    (item,) = await queue(community)
    decided = await decide(community, act, item)
    await judge(item["id"], TextVerdict("t1", verdict, 100))
    await store_verdict(TextVerdict("t1", "risky", 20002))
    await check_due()
    row = await db.fetchrow("SELECT state, suggest FROM content_check")
    assert row
    assert (row["state"], row["suggest"]) == (decided["state"], "risky")


async def test_the_office_finds_decisions_in_the_audit_trail(
    held: dict[str, Any], people_of: Everybody
) -> None:
    community, other = await people_of("community", "other_community")
    (item,) = await queue(community)
    await judge(item["id"], TextVerdict("t1", "risky", 20003))
    await decide(community, "remove", item)
    found = {
        type_: (await community.get("/audit", type=type_))["items"]
        for type_ in ("content_checked", "content_removed")
    }
    (checked,), (removed,) = found.values()
    assert checked["label"] == "内容检查结果"
    assert checked["data"] == {"check": item["id"], "trace_id": "t1", "suggest": "risky", "label": 20003}
    assert removed["person"]["id"] == (await community.get("/me"))["id"]
    assert (await other.get("/audit", type="content_checked"))["items"] == []


async def test_a_photo_is_reviewed_by_looking_at_it(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    await resident.report(description=None, photo_ids=[await resident.photo()])
    await run_jobs()
    await db.fetch("UPDATE content_check SET state = 'risky', suggest = 'risky', label = 20002")
    (item,) = await queue(community)
    assert "text" not in item
    assert item["reason_name"] == "疑似色情"
    path = item["photo"]["thumb_url"].removeprefix("/api/v1")
    assert (await community.ask("GET", path)).status_code == 200


async def test_the_queue_pages_newest_first(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    for n in range(3):
        await resident.report(description=f"{BAD}{n}")
        await run_jobs()
    first = await community.get("/reviews", limit=2)
    assert [item["text"][-1] for item in first["items"]] == ["2", "1"]
    rest = await community.get("/reviews", limit=2, cursor=first["next"])
    assert [item["text"][-1] for item in rest["items"]] == ["0"]
    assert rest["next"] is None


async def test_what_was_erased_is_no_longer_in_the_queue(held: dict[str, Any], people_of: Everybody) -> None:
    community, resident = await people_of("community", "resident")
    assert len(await queue(community)) == 1
    answer(await resident.ask("DELETE", "/me"))
    assert await queue(community) == []
