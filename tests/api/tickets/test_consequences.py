"""What an act on one ticket does to others: it turns private, it ends unsolved, and words on a merged one."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app import clock, db, ids
from app.services import imports
from app.services.ledger.verify import verify_ledger
from app.services.photos import photos
from app.storage import DirectoryStorage
from tests import world
from tests.newcomers import Newcomer
from tests.office_settings import put, try_to_put
from tests.world import Everybody, Person, answer, problem, ticket_row

Ticket = dict[str, Any]
LET_GO = "您关注的“{no}”涉及个人隐私，已转为不公开办理，今后不再通知您进展"
BACK = "您上报的“人和家园944号4单元 楼道灯不亮”已恢复单独办理"


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "_storage", DirectoryStorage(tmp_path / "storage"))


async def follow(person: Person, ticket: Ticket) -> None:
    answer(await person.ask("POST", f"/tickets/{ticket['id']}/follow"))


async def notices(person: Person, ticket: Ticket | None = None) -> list[dict[str, Any]]:
    """Return a person's notices, newest first, or those of one ticket, by its number."""
    await world.run_jobs()
    items = (await person.get("/notices", limit=100))["items"]
    return [one for one in items if ticket is None or one["no"] == ticket["no"]]


async def follower_rows(ticket: Ticket) -> int:
    return len(await db.fetch("SELECT FROM follower WHERE ticket_id = $1", ticket["id"]))


async def to_dispute(head: Person, ticket: Ticket) -> None:
    await head.act("recategorise", ticket, category="dispute", reason="是邻里纠纷")


async def by_recategorising(head: Person, ticket: Ticket, _: Path) -> None:
    await to_dispute(head, ticket)


async def by_settings(head: Person, _: Ticket, __: Path) -> None:
    community = await world.sign_in(head.http, "community")
    await put(community, "categories", [{"code": "stair_light", "public": False}])


async def by_import(_: Person, __: Ticket, folder: Path) -> None:
    rows = (Path(imports.__file__).parents[2] / "categories.csv").read_text("utf-8").splitlines()
    number = rows[0].split(",").index("public")
    cells = next(row for row in rows if row.startswith("stair_light,")).split(",")
    cells[number] = "false"
    file = folder / "categories.csv"
    file.write_text("\n".join([rows[0], ",".join(cells)]), "utf-8")
    report = await imports.load_files([file])
    assert report.ok, report.bad


WAYS: dict[str, Callable[[Person, Ticket, Path], Awaitable[None]]] = {
    "recategorise": by_recategorising,
    "settings": by_settings,
    "import": by_import,
}


# A ticket turns private.


@pytest.mark.parametrize("way", WAYS)
async def test_a_neighbour_reads_no_word_more_of_what_turned_private(
    people_of: Everybody, storage: None, tmp_path: Path, way: str
) -> None:
    resident, neighbour, head, member = await people_of("resident", "neighbour", "grid_head", "member")
    photo = await resident.photo()
    ticket = await resident.report(photo_ids=[photo])
    await follow(neighbour, ticket)
    await head.act("accept", ticket)
    assert len(await notices(neighbour, ticket)) == 1
    await WAYS[way](head, ticket, tmp_path)
    await member.act("comment", ticket, text="李家和王家为楼道吵架")
    for method, path in (
        ("GET", f"/tickets/{ticket['id']}"),
        ("GET", f"/tickets/{ticket['id']}/events"),
        ("GET", f"/photos/{photo}"),
        ("POST", f"/tickets/{ticket['id']}/follow"),
        ("DELETE", f"/tickets/{ticket['id']}/follow"),
    ):
        problem(await neighbour.ask(method, path), 404)
    problem(await neighbour.try_to("comment", ticket, text="怎么样了"), 404)
    for box in ("following", "all"):
        assert (await neighbour.get("/tickets", box=box))["items"] == []
    assert (await neighbour.get("/tickets", box="all", updated_cursor=""))["items"] == []
    for category in ("stair_light", "dispute"):
        found = await neighbour.get("/tickets/similar", place_id=await resident.place(), category=category)
        assert found["items"] == []
    told = await notices(neighbour, ticket)
    assert [one["label"] for one in told if one["type"] == "ticket.let_go"] == [
        LET_GO.format(no=ticket["no"])
    ]
    assert len(told) == 2  # this one, and the one of before
    assert {one["ticket_id"] for one in told} == {None}
    export = await neighbour.get("/me/export")
    assert export["following"] == []
    everything = json.dumps([told, export], ensure_ascii=False)
    for word in ("纠纷", "吵架", "楼道灯"):
        assert word not in everything
    assert await follower_rows(ticket) == 0
    assert (await resident.ticket(ticket["id"]))["followers"] == 0
    assert (await verify_ledger()).broken is None


async def test_reading_is_refused_at_once_before_anybody_is_let_go(people_of: Everybody) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    ticket, closed = await resident.report(), await resident.report()
    for one in (ticket, closed):
        await follow(neighbour, one)
    await head.act("accept", closed)
    await head.resolve(closed)
    await resident.act("confirm", closed, verdict="solved")
    # What a process leaves that dies right after the change was committed.
    await db.fetch("UPDATE category SET public = false WHERE code = 'stair_light'")
    await db.fetch("UPDATE setup SET version = version + 1")
    await db.fetch(
        "INSERT INTO job (id, kind, due_at, attempts) VALUES ($1, 'recompute', $2, 1)",
        ids.new(),
        clock.now() + timedelta(seconds=15),
    )
    for one in (ticket, closed):
        problem(await neighbour.ask("GET", f"/tickets/{one['id']}"), 404)
        problem(await neighbour.try_to("vote", one, still_there=True), 404)
        problem(await neighbour.ask("POST", f"/tickets/{one['id']}/follow"), 404)
    assert (await neighbour.get("/tickets", box="following"))["items"] == []
    await head.act("comment", ticket, text="有进展")
    assert "ticket.commented" not in {one["type"] for one in await notices(neighbour)}
    assert await follower_rows(ticket) == 1
    clock.travel(timedelta(minutes=1))  # the worker goes on with what the change left
    await world.run_jobs()
    assert await follower_rows(ticket) == 0
    await head.act("reopen", closed, text="又不亮了")
    assert await follower_rows(closed) == 0


async def test_an_office_makes_private_only_what_is_its_own(people_of: Everybody) -> None:
    resident, neighbour, community = await people_of("resident", "neighbour", "community")
    here = await resident.report()
    there = await resident.report(place_id=await resident.place("柏林社区"))
    await follow(neighbour, here)
    await put(community, "categories", [{"code": "stair_light", "public": False}])
    problem(await neighbour.ask("GET", f"/tickets/{here['id']}"), 404)
    assert (
        answer(
            await neighbour.ask(
                "GET",
                "/tickets/similar",
                params={"place_id": there["place"]["id"], "category": "stair_light"},
            )
        )["items"][0]["id"]
        == there["id"]
    )
    shown = answer(
        await neighbour.http.get(
            "/open311/v2/requests.json", params={"service_request_id": f"{here['id']},{there['id']}"}
        )
    )
    assert [one["service_request_id"] for one in shown] == [there["id"]]
    said = problem(await try_to_put(community, "categories", [{"code": "stair_light", "public": True}]), 422)
    assert said["errors"][0]["pointer"] == "/categories/0/public"


@pytest.mark.parametrize("way", WAYS)
async def test_reports_merged_into_it_come_back_in_the_same_act(
    people_of: Everybody, tmp_path: Path, way: str
) -> None:
    resident, neighbour, third, head = await people_of("resident", "neighbour", "department", "grid_head")
    private_to_be, merged = await resident.report(), await neighbour.report()
    await follow(third, merged)
    await head.act("merge", merged, into=private_to_be["id"])
    await neighbour.ticket(private_to_be["id"])
    await WAYS[way](head, private_to_be, tmp_path)
    own = await neighbour.ticket(merged["id"])
    assert (own["status"], "merged_into" in own) == ("new", False)
    assert await neighbour.events(merged) == ["submitted", "merged", "unmerged"]
    problem(await neighbour.ask("GET", f"/tickets/{private_to_be['id']}"), 404)
    problem(await third.ask("GET", f"/tickets/{private_to_be['id']}"), 404)
    assert BACK in {one["label"] for one in await notices(neighbour, merged)}
    assert "ticket.let_go" not in {one["type"] for one in await notices(neighbour)}
    if way == "recategorise":  # the merged one's own category is public still
        assert (await third.ticket(merged["id"]))["following"]
        assert [one["type"] for one in await notices(third, merged)][:1] == ["ticket.unmerged"]
    else:
        problem(await third.ask("GET", f"/tickets/{merged['id']}"), 404)
    assert (await verify_ledger()).broken is None


async def test_a_chain_comes_back_by_its_last_link(people_of: Everybody) -> None:
    resident, neighbour, third, head = await people_of("resident", "neighbour", "department", "grid_head")
    last, middle, first = await resident.report(), await neighbour.report(), await third.report()
    await head.act("merge", first, into=middle["id"])
    await head.act("merge", middle, into=last["id"])
    await to_dispute(head, last)
    assert (await third.ticket(first["id"]))["merged_into"]["id"] == middle["id"]
    assert (await third.ticket(middle["id"]))["status"] == "new"
    problem(await third.ask("GET", f"/tickets/{last['id']}"), 404)


async def test_what_a_place_hides_turns_private_by_a_reassignment(people_of: Everybody) -> None:
    resident, neighbour, street, community = await people_of(
        "resident", "neighbour", "street", "other_community"
    )
    ticket = await resident.report()
    await follow(neighbour, ticket)
    await put(community, "categories", [{"code": "stair_light", "public": False}], "bl")
    await street.act("reassign", ticket, place_id=await resident.place("柏林社区"))
    problem(await neighbour.ask("GET", f"/tickets/{ticket['id']}"), 404)
    assert await follower_rows(ticket) == 0


# A ticket ends unsolved.


async def rejected(_: Person, head: Person, ticket: Ticket) -> None:
    await head.act("reject", ticket, reason="not_ours", text="不归我们")


async def withdrawn(reporter: Person, _: Person, ticket: Ticket) -> None:
    await reporter.act("withdraw", ticket)


async def erased(reporter: Person, _: Person, __: Ticket) -> None:
    answer(await reporter.ask("DELETE", "/me"))


async def erased_after_acceptance(reporter: Person, head: Person, ticket: Ticket) -> None:
    await head.act("accept", ticket)
    answer(await reporter.ask("DELETE", "/me"))


ENDS = (rejected, withdrawn, erased, erased_after_acceptance)


@pytest.mark.parametrize("end", ENDS)
async def test_reports_merged_into_what_ends_unsolved_come_back(
    newcomer: Newcomer, people_of: Everybody, end: Callable[[Person, Person, Ticket], Awaitable[None]]
) -> None:
    neighbour, third, head = await people_of("neighbour", "department", "grid_head")
    reporter = await newcomer("leaver")
    target, merged = await reporter.report(), await neighbour.report()
    await follow(third, target)
    before = await ticket_row(merged)
    await head.act("merge", merged, into=target["id"])
    clock.travel(timedelta(minutes=5))
    await end(reporter, head, target)
    own = await neighbour.ticket(merged["id"])
    assert (own["status"], "merged_into" in own, own["actions"]) == (
        "new",
        False,
        ["edit", "withdraw", "urge", "comment"],
    )
    after = await ticket_row(merged)
    assert after["resolve_due"] - before["resolve_due"] >= timedelta(minutes=5)
    assert after["timer_at"] is not None
    labels = {one["label"] for one in await notices(neighbour)}
    assert BACK in labels
    assert not [label for label in labels if "重新上报" in label or "未予受理" in label]
    assert f"已取消并案：{BACK[4 : BACK.index('已')]}" in {one["label"] for one in await notices(head)}
    problem(await neighbour.ask("GET", f"/tickets/{target['id']}"), 404)
    assert (await third.ticket(target["id"]))["followers"] == 1  # who chose to follow it still does
    assert (await world.last_event(head, merged))["actor"] is None
    assert (await verify_ledger()).broken is None


async def test_what_ends_well_keeps_what_was_merged_into_it(cast: world.Cast, people_of: Everybody) -> None:
    resident, head, company = cast
    (neighbour,) = await people_of("neighbour")
    target, merged = await resident.report(), await neighbour.report()
    await head.act("merge", merged, into=target["id"])
    await head.dispatch(target)
    await company.resolve(target)
    await resident.act("confirm", target, verdict="solved")
    assert (await neighbour.ticket(merged["id"]))["status"] == "merged"


async def test_a_merge_beside_the_end_of_its_target_leaves_nothing_in_nobody_s_hands(
    people_of: Everybody,
) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    for _ in range(12):
        target, merged = await resident.report(), await neighbour.report()
        await asyncio.gather(
            head.try_to("merge", merged, into=target["id"]), resident.try_to("withdraw", target)
        )
        assert (await resident.ticket(target["id"]))["status"] == "closed"
        assert (await neighbour.ticket(merged["id"]))["status"] == "new"
        assert await follower_rows(target) == 0


@pytest.mark.parametrize("count", [200])
async def test_hundreds_come_back_at_once_in_little_time(people_of: Everybody, count: int) -> None:
    resident, head = await people_of("resident", "grid_head")
    target = await resident.report()
    merged = [await resident.report() for _ in range(2)]
    for one in merged:
        await head.act("merge", one, into=target["id"])
    (names,) = await db.fetch(
        "SELECT string_agg(quote_ident(column_name), ', ') AS all FROM information_schema.columns "
        "WHERE table_name = 'ticket' AND column_name NOT IN ('id', 'no')"
    )
    await db.fetch(
        f"INSERT INTO ticket (id, no, {names['all']}) SELECT gen_random_uuid(), 'x-' || n, {names['all']} "
        "FROM ticket, generate_series(1, $2) n WHERE id = $1",
        merged[0]["id"],
        count,
    )
    began = asyncio.get_running_loop().time()
    await resident.act("withdraw", target)
    took = asyncio.get_running_loop().time() - began
    left = await db.fetch("SELECT FROM ticket WHERE merged_into_id = $1", target["id"])
    assert not left
    assert took < 5


# Words on a merged ticket.


async def test_words_on_a_merged_ticket_reach_whoever_holds_the_one_it_ended_in(
    people_of: Everybody, storage: None
) -> None:
    resident, neighbour, third, head, community = await people_of(
        "resident", "neighbour", "department", "grid_head", "community"
    )
    last, middle, first = await resident.report(), await third.report(), await neighbour.report()
    await head.act("merge", first, into=middle["id"])
    await head.act("merge", middle, into=last["id"])
    await head.act("escalate", last, reason="要社区协调")
    await notices(head)
    photo = await neighbour.photo()
    after = await neighbour.act("comment", first, text="四楼也不亮了", photo_ids=[photo])
    assert after["id"] == first["id"]
    for person, ticket in ((neighbour, first), (community, last), (resident, last)):
        line = await world.last_event(person, ticket)
        assert (line["type"], line["text"]) == ("ticket.commented", "四楼也不亮了")
        assert [one["id"] for one in line["photos"]] == [photo]
        assert (await person.ask("GET", f"/photos/{photo}")).status_code == 200
    assert (await world.last_event(community, last))["actor"]["label"] == "关注人"
    assert (await world.last_event(neighbour, first))["actor"]["label"] == "报告人"
    assert await third.events(middle) == ["submitted", "merged"]
    (told,) = [one for one in await notices(community) if one["type"] == "ticket.commented"]
    assert told["ticket_id"] == last["id"]
    assert "ticket.commented" not in {one["type"] for one in await notices(head)}
    assert (await verify_ledger()).broken is None


async def test_a_repeated_comment_is_passed_on_once(people_of: Everybody) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    target, merged = await resident.report(), await neighbour.report()
    await head.act("merge", merged, into=target["id"])
    for _ in range(2):
        await neighbour.act("comment", merged, text="还不亮", headers={"Idempotency-Key": "once"})
    assert (await resident.events(target)).count("commented") == 1
    assert (await neighbour.events(merged)).count("commented") == 1


async def test_a_merged_report_s_own_reporter_answers_the_question_of_the_other(
    people_of: Everybody,
) -> None:
    resident, head = await people_of("resident", "grid_head")
    target, merged = await resident.report(), await resident.report()
    await head.act("merge", merged, into=target["id"])
    await head.act("accept", target)
    await head.act("ask", target, text="三楼还是四楼？", until=world.soon())
    await resident.act("comment", merged, text="四楼")
    assert (await resident.ticket(target["id"]))["status"] == "accepted"
    assert (await resident.events(target))[-1] == "answered"


async def test_staff_s_words_stay_where_they_were_said(people_of: Everybody) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    target, merged, patrol = await resident.report(), await neighbour.report(), await head.report()
    for ticket in (merged, patrol):
        await head.act("merge", ticket, into=target["id"])
        await head.act("comment", ticket, text="内部：并在一起办", internal=True)
    await head.act("comment", merged, text="并在一起办")
    assert await resident.events(target) == ["submitted"]


async def test_words_passed_on_go_with_the_person_who_said_them(
    newcomer: Newcomer, people_of: Everybody
) -> None:
    resident, head = await people_of("resident", "grid_head")
    leaver = await newcomer("leaver")
    target, merged = await resident.report(), await leaver.report()
    await head.act("merge", merged, into=target["id"])
    await leaver.act("comment", merged, text="我是三楼王家的")
    answer(await leaver.ask("DELETE", "/me"))
    texts = [row["text"] for row in await db.fetch("SELECT text FROM remark")]
    assert "我是三楼王家的" not in texts
