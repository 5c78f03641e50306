"""吹哨报到: departments called to one ticket, each with a part of its own; the ticket waits for all of them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app import clock, db
from app.models import ticket as tables
from app.services.ledger.verify import verify_ledger
from app.services.outbox import jobs
from app.services.tickets.lists import scope
from tests import world
from tests.world import Everybody, Person, answer, problem, ticket_row

Ticket = dict[str, Any]
Office = tuple[Person, Person, Person, Person]  # community, resident, 城管, 消防
ACKNOWLEDGE = 120  # minutes, of a stair light


@pytest.fixture
async def office(people_of: Everybody) -> Office:
    """The community, the resident, and the agents of 城管 and 消防."""
    community, resident, inspectors, fire = await people_of(
        "community", "resident", "department", "other_department"
    )
    return community, resident, inspectors, fire


async def ids(person: Person, ticket: Ticket, *names: str) -> list[str]:
    return [await person.organisation(ticket, name) for name in names]


async def accepted(community: Person, resident: Person, **changes: Any) -> Ticket:
    ticket = await resident.report(**changes)
    return await community.act("accept", ticket)


async def call(community: Person, ticket: Ticket, *names: str) -> Ticket:
    called = await ids(community, ticket, *(names or ("城管", "消防")))
    return await community.act("call_up", ticket, organisation_ids=called, text="一起到现场看看")


def parts(ticket: Ticket) -> dict[str, dict[str, Any]]:
    return {part["organisation"]["name"]: part for part in ticket["called"]}


async def listed(person: Person, **params: Any) -> list[str]:
    return [one["id"] for one in (await person.get("/tickets", **params))["items"]]


async def labels(person: Person) -> list[str]:
    while await jobs.run_due():
        pass
    return [notice["label"] for notice in (await person.get("/notices"))["items"]]


async def lines(person: Person, ticket: Ticket) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await person.get(f"/tickets/{ticket['id']}/events"))["items"]
    return found


# The call.


async def test_each_department_called_has_its_own_part_and_due_time(office: Office) -> None:
    community, resident, inspectors, fire = office
    ticket = await accepted(community, resident)
    before = clock.now()
    called = await call(community, ticket)
    assert (called["status"], called["version"]) == ("accepted", ticket["version"])
    for name in ("城管", "消防"):
        part = parts(called)[name]
        assert before <= world.moment(part["called_at"]) <= clock.now()
        assert world.moment(part["due"]) == world.moment(part["called_at"]) + timedelta(minutes=ACKNOWLEDGE)
        assert [part[at] for at in ("acknowledged_at", "reported_at", "released_at")] == [None] * 3
        assert part["late"] is False
    for agent in (inspectors, fire):
        seen = await agent.ticket(ticket["id"])
        assert seen["called"] == called["called"]
        assert seen["actions"] == ["take", "report", "comment"]
    line = (await lines(resident, ticket))[-1]
    assert (line["type"], line["label"], line["text"]) == (
        "ticket.called_up",
        "已吹哨：城管、消防",
        "一起到现场看看",
    )


@pytest.mark.parametrize("persona", ["member", "grid_head", "property", "resident"])
async def test_only_community_and_street_call_and_release(persona: str, people_of: Everybody) -> None:
    resident, community, person = await people_of("resident", "community", persona)
    ticket = await accepted(community, resident)
    if persona == "property":
        await community.dispatch(ticket)
    called = await call(community, ticket, "城管")
    assert not {"call_up", "release"} & set((await person.ticket(ticket["id"]))["actions"])
    (fire,) = await ids(community, ticket, "消防")
    problem(await person.try_to("call_up", called, organisation_ids=[fire], text="来"), 403)
    problem(await person.try_to("release", called, organisation_id=fire, reason="不用"), 403)
    problem(await person.try_to("report", called, text="好了"), 403)


@pytest.mark.parametrize("state", ["accepted", "dispatched", "waiting"])
async def test_departments_are_called_whoever_has_it_in_hand(state: str, people_of: Everybody) -> None:
    community, resident, street = await people_of("community", "resident", "street")
    ticket = await accepted(community, resident)
    if state == "dispatched":
        await community.dispatch(ticket)
    if state == "waiting":
        await community.act("wait", ticket, reason="weather", until=world.soon())
    called = await call(street, ticket, "城管")
    assert (called["status"], list(parts(called))) == (state, ["城管"])


async def test_nobody_is_called_to_what_is_new_or_over(people_of: Everybody) -> None:
    community, resident = await people_of("community", "resident")
    ticket = await resident.report()
    body = {"organisation_ids": await ids(community, ticket, "城管"), "text": "来"}
    assert "call_up" not in (await community.ticket(ticket["id"]))["actions"]
    problem(await community.try_to("call_up", ticket, **body), 409, "wrong-state")
    await community.act("accept", ticket)
    resolved = await community.resolve(ticket)
    problem(await community.try_to("call_up", resolved, **body), 409, "wrong-state")


async def test_what_cannot_be_called_is_named_one_by_one(office: Office) -> None:
    community, resident, *_ = office
    ticket = await accepted(community, resident)
    await community.dispatch(ticket)
    await call(community, ticket, "城管")
    cg, xf, rhwy = await ids(community, ticket, "城管", "消防", "人和物业")
    (ajwy,) = [
        str(r["id"]) for r in await db.fetch("SELECT id FROM organisation WHERE code = 'ajwy'")
    ]  # serves elsewhere
    before = await world.written()
    wanted = [xf, cg, xf, rhwy, ajwy, str(uuid4())]
    fresh = await community.ticket(ticket["id"])
    refused = problem(await community.try_to("call_up", fresh, organisation_ids=wanted, text="来"), 422)
    assert {error["pointer"]: error["detail"] for error in refused["errors"]} == {
        "/organisation_ids/1": "已经向这个单位吹哨，还在等它报到",
        "/organisation_ids/2": "这个单位重复了",
        "/organisation_ids/3": "工单已经派给这个单位，不用再吹哨",
        "/organisation_ids/4": "这个单位不服务工单所在的地点",
        "/organisation_ids/5": "这个单位不服务工单所在的地点",
    }
    assert await world.written() == before


@pytest.mark.parametrize(
    "body",
    [
        {"organisation_ids": []},
        {"organisation_ids": [str(uuid4()) for _ in range(21)]},
        {"organisation_ids": "城管"},
        {"organisation_ids": [None]},
        {"organisation_ids": ["城管"]},
        {"text": " "},
        {"text": None},
        {"more": 1},
    ],
)
async def test_a_call_that_makes_no_sense_is_422(body: dict[str, Any], office: Office) -> None:
    community, resident, *_ = office
    ticket = await accepted(community, resident)
    good = {"organisation_ids": await ids(community, ticket, "城管"), "text": "来"}
    problem(await community.try_to("call_up", ticket, **good | body), 422, "invalid")
    assert (await ticket_row(ticket))["called"] == []


async def test_a_department_that_is_awaited_is_not_dispatched_to(office: Office) -> None:
    community, resident, inspectors, _ = office
    ticket = await call(community, await accepted(community, resident), "城管")
    (cg,) = await ids(community, ticket, "城管")
    refused = problem(await community.try_to("dispatch", ticket, organisation_id=cg), 422)
    assert refused["errors"][0]["pointer"] == "/organisation_id"
    await inspectors.act("report", ticket, text="看过了")
    assert (await community.dispatch(ticket, "城管"))["status"] == "dispatched"
    assert (await inspectors.ticket(ticket["id"]))["actions"][:1] == ["take"]  # now as the one it is with


# Taking, reporting, releasing.


async def test_taking_acknowledges_ones_own_part_only(office: Office) -> None:
    community, resident, inspectors, fire = office
    ticket = await call(community, await accepted(community, resident))
    taken = await inspectors.act("take", ticket)
    assert (taken["status"], taken["actions"]) == ("accepted", ["report", "comment"])
    assert parts(taken)["城管"]["acknowledged_at"]
    assert parts(taken)["消防"]["acknowledged_at"] is None
    refused = problem(await inspectors.try_to("take", taken), 409, "wrong-state")
    assert refused["allowed"] == ["report", "comment"]
    assert "take" in (await fire.ticket(ticket["id"]))["actions"]
    line = (await lines(community, ticket))[-1]
    assert (line["type"], line["actor"]["label"]) == ("ticket.taken", "城管")


async def test_a_called_department_takes_nothing_of_the_company_the_ticket_is_with(
    people_of: Everybody,
) -> None:
    community, resident, company, inspectors = await people_of(
        "community", "resident", "property", "department"
    )
    ticket = await accepted(community, resident)
    await community.dispatch(ticket)
    called = await call(community, ticket, "城管")
    await inspectors.act("take", called)
    assert (await ticket_row(ticket))["acknowledged_at"] is None
    await company.act("take", called)
    assert (await ticket_row(ticket))["acknowledged_at"]
    for action, said in (
        ("resolve", {"outcome": "explained", "text": "好了"}),
        ("hand_back", {"reason": "not_our_trade", "text": "不会"}),
        ("wait", {"reason": "parts", "until": world.soon()}),
        ("ask", {"text": "几楼？", "until": world.soon()}),
        ("call_up", {"organisation_ids": [str(uuid4())], "text": "来"}),
        ("release", {"organisation_id": str(uuid4()), "reason": "不用"}),
        ("recall", {}),
    ):
        problem(await inspectors.try_to(action, called, **said), 403)


async def test_a_paused_ticket_is_not_taken_by_the_company_but_by_who_is_called(people_of: Everybody) -> None:
    community, resident, company, inspectors = await people_of(
        "community", "resident", "property", "department"
    )
    ticket = await accepted(community, resident)
    await community.dispatch(ticket)
    await community.act("wait", ticket, reason="weather", until=world.soon())
    called = await call(community, ticket, "城管")
    assert "take" not in (await company.ticket(ticket["id"]))["actions"]
    problem(await company.try_to("take", called), 409, "wrong-state")
    assert (await inspectors.act("take", called))["status"] == "waiting"


async def test_a_report_ends_the_part_with_words_and_photos_and_takes_it(office: Office) -> None:
    community, resident, inspectors, _ = office
    ticket = await call(community, await accepted(community, resident))
    photo = await inspectors.photo()
    before = clock.now()
    done = await inspectors.act("report", ticket, text="已清理", photo_ids=[photo])
    part = parts(done)["城管"]
    assert before <= world.moment(part["reported_at"]) <= clock.now()
    assert part["acknowledged_at"] == part["reported_at"]
    line = (await lines(resident, ticket))[-1]
    assert (line["label"], line["actor"]["label"], line["text"]) == ("已报到反馈", "城管", "已清理")
    assert [one["id"] for one in line["photos"]] == [photo]
    assert done["actions"] == ["comment"]
    problem(await inspectors.try_to("report", done, text="再报一次"), 403)
    assert (await ticket_row(ticket))["awaited_ids"] == [
        UUID(one) for one in await ids(community, ticket, "消防")
    ]


async def test_a_repeat_of_a_report_under_its_key_is_told_it_is_done(office: Office) -> None:
    community, resident, inspectors, _ = office
    ticket = await call(community, await accepted(community, resident))
    key = {"headers": {"Idempotency-Key": "once"}}
    answer(await inspectors.try_to("report", ticket, text="已清理", **key))
    again = await inspectors.try_to("report", ticket, text="已清理", **key)
    assert again.headers["idempotent-replayed"] == "true"
    assert answer(again)["id"] == ticket["id"]
    problem(await inspectors.try_to("report", ticket, text="别的", **key), 422, "idempotency-key-reused")
    assert (await resident.events(ticket)).count("reported") == 1


async def test_who_is_released_is_not_awaited_and_sees_it_no_more(office: Office) -> None:
    community, resident, inspectors, fire = office
    ticket = await call(community, await accepted(community, resident))
    cg, xf = await ids(community, ticket, "城管", "消防")
    released = await community.act("release", ticket, organisation_id=cg, reason="不涉及城管")
    assert parts(released)["城管"]["released_at"]
    problem(await inspectors.ask("GET", f"/tickets/{ticket['id']}"), 404)
    problem(await inspectors.try_to("report", ticket, text="好了"), 404)
    for wrong in (cg, str(uuid4()), await community.organisation(ticket)):
        refused = problem(
            await community.try_to("release", released, organisation_id=wrong, reason="不用"), 422
        )
        assert refused["errors"][0]["pointer"] == "/organisation_id"
    await fire.act("report", ticket, text="已看")
    refused = problem(await community.try_to("release", released, organisation_id=xf, reason="不用"), 409)
    assert "release" not in refused["allowed"]
    line = next(line for line in await lines(resident, ticket) if line["type"] == "ticket.released")
    assert line["label"] == "已解除吹哨：城管"


# The ticket waits for all.


async def test_nobody_resolves_until_all_have_reported_or_are_released(people_of: Everybody) -> None:
    community, resident, company, inspectors, fire = await people_of(
        "community", "resident", "property", "department", "other_department"
    )
    ticket = await accepted(community, resident)
    await community.dispatch(ticket)
    called = await call(community, ticket)
    claim = {"outcome": "explained", "text": "好了"}
    for person in (company, community):
        assert "resolve" not in (await person.ticket(ticket["id"]))["actions"]
        refused = problem(await person.try_to("resolve", called, **claim), 409, "wrong-state")
        assert "城管、消防" in refused["detail"]
        assert "resolve" not in refused["allowed"]
    await inspectors.act("report", ticket, text="好了")
    refused = problem(await company.try_to("resolve", called, **claim), 409)
    assert "消防" in refused["detail"]
    assert "城管" not in refused["detail"]
    (xf,) = await ids(community, ticket, "消防")
    await community.act("release", ticket, organisation_id=xf, reason="不涉及")
    assert (await company.resolve(ticket))["status"] == "resolved"
    assert fire


@pytest.fixture
async def verified(street: None) -> AsyncIterator[None]:
    """A street whose stair lights the head looks at before they count as done."""
    for wanted in (True, False):
        await db.fetch("UPDATE category SET verify_claim = $1 WHERE code = 'stair_light'", wanted)
        await db.fetch("UPDATE setup SET version = version + 1")
        if wanted:
            yield


@pytest.mark.usefixtures("verified")
async def test_a_claim_to_be_verified_waits_as_well(people_of: Everybody) -> None:
    resident, company, community, inspectors = await people_of(
        "resident", "property", "community", "department"
    )
    ticket = await accepted(community, resident)
    await community.dispatch(ticket)
    await call(community, ticket, "城管")
    fresh = await company.ticket(ticket["id"])
    said = {"outcome": "fixed", "text": "好了", "photo_ids": [await company.photo()]}
    refused = problem(await company.try_to("resolve", fresh, **said), 409)
    assert "城管" in refused["detail"]
    assert (await company.ticket(ticket["id"]))["claim"] is None
    await inspectors.act("report", ticket, text="好了")
    assert (await company.act("resolve", fresh, **said))["claim"]["outcome"] == "fixed"


async def test_a_ticket_that_awaits_departments_is_not_merged(office: Office) -> None:
    community, resident, inspectors, _ = office
    into = await resident.report()
    ticket = await call(community, await accepted(community, resident), "城管")
    refused = problem(await community.try_to("merge", ticket, into=into["id"]), 409, "wrong-state")
    assert "城管" in refused["detail"]
    await inspectors.act("report", ticket, text="好了")
    assert (await community.act("merge", ticket, into=into["id"]))["status"] == "merged"
    problem(await inspectors.ask("GET", f"/tickets/{ticket['id']}"), 404)


async def test_parts_stay_whoever_the_ticket_goes_to(people_of: Everybody) -> None:
    community, resident, company, street = await people_of("community", "resident", "property", "street")
    ticket = await accepted(community, resident)
    called = (await call(community, ticket))["called"]
    place = await community.place()
    await community.dispatch(ticket)
    await company.act("wait", ticket, reason="parts", until=world.soon())
    await company.act("resume", ticket)
    await company.act("hand_back", ticket, reason="not_our_trade", text="不会修")
    await community.dispatch(ticket)
    await community.act("recall", ticket)
    await community.act("escalate", ticket, reason="要街道协调")
    await street.act("return", ticket, reason="社区办")
    await street.act("extend", ticket, minutes=60, reason="等会商")
    await street.act("reassign", ticket, place_id=place)
    assert (await community.ticket(ticket["id"]))["called"] == called


async def test_a_reopened_ticket_keeps_what_was_reported_and_needs_a_new_call(office: Office) -> None:
    community, resident, inspectors, fire = office
    ticket = await call(community, await accepted(community, resident))
    await inspectors.act("report", ticket, text="好了")
    await fire.act("report", ticket, text="好了")
    await community.resolve(ticket)
    await resident.act("confirm", ticket, verdict="solved")
    problem(await inspectors.ask("GET", f"/tickets/{ticket['id']}"), 404)
    reopened = await resident.act("reopen", ticket, text="又堵了")
    assert [part["reported_at"] is not None for part in reopened["called"]] == [True, True]
    assert "resolve" in (await community.ticket(ticket["id"]))["actions"]
    again = await call(community, ticket, "城管")
    assert [name for name, part in parts(again).items() if part["reported_at"] is None] == ["城管"]
    assert "resolve" not in again["actions"]
    assert "report" in (await inspectors.ticket(ticket["id"]))["actions"]
    assert (await resident.events(ticket)).count("called_up") == 2


async def test_another_category_gives_those_who_have_not_taken_their_part_its_limit(office: Office) -> None:
    community, resident, inspectors, _ = office
    ticket = await call(community, await accepted(community, resident))
    await inspectors.act("take", ticket)
    before = parts(await community.ticket(ticket["id"]))
    found = await db.fetchrow(
        "SELECT code, acknowledge_minutes AS m FROM category "
        "WHERE clock_acknowledge = '24x7' AND acknowledge_minutes < 120 LIMIT 1"
    )
    assert found
    after = parts(await community.act("recategorise", ticket, category=found["code"], reason="其实是这个"))
    assert world.moment(after["消防"]["due"]) == world.moment(after["消防"]["called_at"]) + timedelta(
        minutes=found["m"]
    )
    assert after["城管"] == before["城管"]


# Who sees what.


async def test_who_is_called_sees_the_reporter_masked_while_awaited_and_never_the_phone(
    office: Office,
) -> None:
    community, resident, inspectors, fire = office
    ticket = await accepted(community, resident, contact_phone="13812345678", description="打13912345678找我")
    await call(community, ticket)
    await community.act("comment", ticket, text="他家13712345678", internal=True)
    seen = await inspectors.ticket(ticket["id"])
    assert seen["reporter"]["phone_masked"] == "138****5678"
    assert "13912345678" in seen["description"]
    assert "13712345678" in str(await lines(inspectors, ticket))
    problem(await inspectors.ask("GET", f"/tickets/{ticket['id']}/phone"), 403)
    await inspectors.act("report", ticket, text="好了")
    seen = await inspectors.ticket(ticket["id"])
    assert "reporter" not in seen
    assert "13912345678" not in seen["description"]
    assert "13712345678" not in str(await lines(inspectors, ticket))
    assert seen["called"][0].keys() == (await community.ticket(ticket["id"]))["called"][0].keys()
    problem(await inspectors.ask("GET", f"/tickets/{ticket['id']}/phone"), 403)
    problem(await inspectors.try_to("comment", seen, text="我们内部说", internal=True), 403)
    assert "reporter" in await fire.ticket(ticket["id"])


async def test_an_anonymous_reporter_stays_anonymous(office: Office) -> None:
    community, resident, inspectors, _ = office
    ticket = await call(community, await accepted(community, resident, anonymous=True))
    seen = await inspectors.ticket(ticket["id"])
    assert "reporter" not in seen
    assert "匿名报告人" in str(await lines(inspectors, ticket))


async def test_neighbours_see_who_has_reported_and_who_is_late(people_of: Everybody) -> None:
    community, resident, neighbour, inspectors, auditor = await people_of(
        "community", "resident", "neighbour", "department", "auditor"
    )
    ticket = await accepted(community, resident)
    answer(await neighbour.ask("POST", f"/tickets/{ticket['id']}/follow"))
    await call(community, ticket, "城管", "消防", "社会事务")
    (gone,) = await ids(community, ticket, "社会事务")
    await community.act("release", ticket, organisation_id=gone, reason="不用")
    done = await inspectors.act("report", ticket, text="好了")
    for person in (resident, neighbour):
        assert (await person.ticket(ticket["id"]))["called"] == [
            {
                "organisation": {"name": "城管"},
                "reported_at": parts(done)["城管"]["reported_at"],
                "late": False,
            },
            {"organisation": {"name": "消防"}, "reported_at": None, "late": False},
        ]
    assert (await auditor.ticket(ticket["id"]))["called"] == (await community.ticket(ticket["id"]))["called"]
    clock.travel(timedelta(minutes=ACKNOWLEDGE + 1))
    later = await world.sign_in(resident.http, "resident")
    assert [part["late"] for part in (await later.ticket(ticket["id"]))["called"]] == [False, True]


async def test_a_ticket_nobody_was_called_to_says_nothing_of_it(office: Office) -> None:
    community, resident, *_ = office
    assert "called" not in await accepted(community, resident)


async def test_inbox_and_scope_follow_the_part(office: Office) -> None:
    community, resident, inspectors, fire = office
    ticket = await accepted(community, resident)
    assert await listed(inspectors) == await listed(inspectors, box="all") == []
    start = (await inspectors.get("/tickets", updated_cursor=""))["updated_cursor"]
    await call(community, ticket)
    assert await listed(inspectors) == await listed(inspectors, box="all") == [ticket["id"]]
    assert await listed(inspectors, updated_cursor=start) == [ticket["id"]]
    assert await listed(inspectors, updated_cursor="", box="inbox") == [ticket["id"]]
    await inspectors.act("report", ticket, text="好了")
    assert await listed(inspectors) == []
    assert await listed(inspectors, updated_cursor="", box="inbox") == []
    assert (
        await listed(inspectors, box="all")
        == await listed(inspectors, updated_cursor=start)
        == [ticket["id"]]
    )
    assert (await inspectors.get("/tickets", box="all"))["items"] == [await inspectors.ticket(ticket["id"])]
    assert await listed(fire) == [ticket["id"]]
    (xf,) = await ids(community, ticket, "消防")
    await community.act("release", ticket, organisation_id=xf, reason="不用")
    assert await listed(fire) == await listed(fire, box="all") == []
    assert await listed(fire, updated_cursor="") == []
    await community.resolve(ticket)
    assert await listed(inspectors, box="all") == [ticket["id"]]
    await resident.act("confirm", ticket, verdict="solved")
    assert await listed(inspectors, box="all") == await listed(inspectors, updated_cursor=start) == []


async def test_what_a_department_was_called_to_is_found_by_its_index(office: Office) -> None:
    """Among many open tickets to which nobody was called."""
    community, resident, *_ = office
    await accepted(community, resident)
    for column in (scope.CALLED, scope.AWAITED):
        plan = await _plan(column.format(n=1).replace("$1", f"'{{{uuid4()}}}'"))
        assert "ticket_called" in plan, plan
        assert "Seq Scan" not in plan


_COPIED = {"id": "gen_random_uuid()", "no": "'copy-' || n"}
_COLUMNS = [column.name for column in tables.Ticket.__table__.columns]  # type: ignore[attr-defined]  # SQLModel's stub hides it
_MANY = f"""
INSERT INTO ticket ({", ".join(_COLUMNS)}) SELECT {", ".join(_COPIED.get(name, f"t.{name}") for name in _COLUMNS)}
FROM ticket t, generate_series(1, 3000) n
"""


async def _plan(condition: str) -> str:
    async with db.transaction() as session:
        connection = await session.connection()
        for statement in (_MANY, "ANALYZE ticket"):
            await connection.exec_driver_sql(statement)
        rows = await connection.exec_driver_sql(f"EXPLAIN SELECT * FROM ticket WHERE {condition}")
        plan = "\n".join(row[0] for row in rows)
        await session.rollback()
    return plan


# Who is told.


async def test_who_is_called_released_or_waited_for_is_told(people_of: Everybody) -> None:
    community, resident, head, inspectors, fire = await people_of(
        "community", "resident", "grid_head", "department", "other_department"
    )
    ticket = await resident.report()
    await head.act("accept", ticket)
    await call(community, ticket)
    for agent in (inspectors, fire):
        assert [label.split("：")[0] for label in await labels(agent)] == ["已吹哨，请相关部门报到"]
    assert "您上报的“人和家园944号4单元 楼道灯不亮”已召集相关部门一起办理" in await labels(resident)
    heard = {label.split("：")[0] for label in await labels(head)}
    assert heard == {"已吹哨，请相关部门报到", "有新的上报待受理"}
    await community.act("comment", ticket, text="下午三点集合")
    assert (await labels(inspectors))[0].startswith("有新留言")
    await inspectors.act("report", ticket, text="好了")
    assert (await labels(head))[0].startswith("部门已报到反馈")
    assert (await labels(community))[0].startswith("部门已报到反馈")
    (xf,) = await ids(community, ticket, "消防")
    await community.act("release", ticket, organisation_id=xf, reason="不用")
    assert "不用再报到" in (await labels(fire))[0]
    assert len(await labels(inspectors)) == 2


# At once.


async def test_two_departments_reporting_at_once_both_count(office: Office) -> None:
    community, resident, inspectors, fire = office
    for _ in range(5):
        ticket = await call(community, await accepted(community, resident))
        both = await asyncio.gather(
            *(agent.try_to("report", ticket, text="好了") for agent in (inspectors, fire))
        )
        assert [one.status_code for one in both] == [200, 200]
        assert (await ticket_row(ticket))["awaited_ids"] == []
        assert (await community.events(ticket)).count("reported") == 2
    assert (await verify_ledger()).broken is None


async def test_a_report_beside_a_release_ends_the_part_once(office: Office) -> None:
    community, resident, inspectors, _ = office
    ends = set()
    for n in range(6):
        ticket = await call(community, await accepted(community, resident), "城管")
        (cg,) = await ids(community, ticket, "城管")
        acts = [
            inspectors.try_to("report", ticket, text="好了"),
            community.try_to("release", ticket, organisation_id=cg, reason="不用"),
        ]
        reported, released = await _both(acts, turned=n % 2 == 1)
        assert sorted((reported, released)) in ([200, 403], [200, 404], [200, 409], [200, 422])
        (part,) = (await ticket_row(ticket))["called"]
        assert [part["reported_at"] is None, part["released_at"] is None] == [
            reported != 200,
            released != 200,
        ]
        ends.add(reported)
    assert ends


async def _both(acts: Sequence[Any], *, turned: bool) -> list[int]:
    done = await asyncio.gather(*(reversed(acts) if turned else acts))
    return [one.status_code for one in (reversed(done) if turned else done)]


async def test_a_call_beside_resolving_leaves_nothing_resolved_that_is_awaited(office: Office) -> None:
    community, resident, *_ = office
    head = await world.sign_in(community.http, "grid_head")
    for n in range(6):
        ticket = await accepted(community, resident)
        cg = await ids(community, ticket, "城管")
        photo = await head.photo()
        acts = [
            community.try_to("call_up", ticket, organisation_ids=cg, text="来"),
            head.try_to("resolve", ticket, outcome="fixed", text="好了", photo_ids=[photo]),
        ]
        called, resolved = await _both(acts, turned=n % 2 == 1)
        assert sorted((called, resolved)) == [200, 409]
        now = await ticket_row(ticket)
        assert (now["status"], len(now["awaited_ids"])) == (
            ("resolved", 0) if resolved == 200 else ("accepted", 1)
        )
