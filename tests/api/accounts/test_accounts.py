"""Accounts: who sees which, what moves between them, and that the books sum whatever is tried."""

import asyncio
import random
from typing import Any

import asyncpg
import pytest

from app import db
from app.enums import AccountSort, CircleKind
from app.errors import Overdrawn
from tests import accounts
from tests.world import Everybody, Person, answer, problem, run_jobs

WRONG = {"text": "登记错了人"}


async def reverse(person: Person, transfer_id: Any, **headers: str) -> Any:
    """Try to reverse a transfer."""
    return await person.ask("POST", f"/transfers/{transfer_id}/reverse", json=WRONG, headers=headers)


async def lines(person: Person, account_id: str) -> list[tuple[str, int]]:
    """Return what moved an account, newest first."""
    page = await person.get(f"/accounts/{account_id}/transfers")
    return [(line["reason_name"], line["amount"]) for line in page["items"]]


async def test_what_is_paid_is_seen_by_its_owner_and_their_office(people_of: Everybody) -> None:
    resident, neighbour, head, community, other, street, auditor = await people_of(
        *("resident", "neighbour", "grid_head", "community", "other_community", "street", "auditor")
    )
    await accounts.pay(resident, 20)
    await run_jobs()
    (own,) = (await resident.get("/accounts"))["items"]
    assert (own["balance"], own["mine"], own["circle"]["kind_name"]) == (20, True, "居民积分")
    assert await lines(resident, own["id"]) == [("获得积分", 20)]
    for office in (community, street):
        seen = {item["sort"]: item["balance"] for item in (await office.get("/accounts"))["items"]}
        assert seen == {"person": 20, "issue": -20}
        assert await lines(office, own["id"]) == [("获得积分", 20)]
    seen = (await auditor.get("/accounts"))["items"]
    assert [(item["sort"], item["name"]) for item in seen] == [("issue", None)]
    for stranger in (neighbour, head, other):
        assert (await stranger.get("/accounts"))["items"] == []
        problem(await stranger.ask("GET", f"/accounts/{own['id']}/transfers"), 404)
    assert await accounts.broken() is None


async def test_a_transfer_is_reversed_once_and_a_reversal_never(people_of: Everybody) -> None:
    resident, neighbour, head, community = await people_of("resident", "neighbour", "grid_head", "community")
    paid = await accounts.pay(resident, 20)
    problem(await reverse(resident, paid), 403)
    for stranger in (neighbour, head):
        problem(await reverse(stranger, paid), 404)
    headers = {"Idempotency-Key": "once"}
    back = answer(await reverse(community, paid, **headers))
    assert (back["amount"], back["reason_name"], back["reverses_id"]) == (-20, "冲正：获得积分", paid)
    again = await reverse(community, paid, **headers)
    assert (answer(again)["id"], again.headers["Idempotent-Replayed"]) == (back["id"], "true")
    refused = problem(await reverse(community, paid), 409)
    assert refused["detail"] == "这一笔已经冲正过了，每笔只能冲正一次"
    refused = problem(await reverse(community, back["id"]), 409)
    assert refused["detail"] == "这一笔本身就是冲正，不能再冲正"
    assert await accounts.balance(resident) == 0
    (own,) = (await resident.get("/accounts"))["items"]
    page = await resident.get(f"/accounts/{own['id']}/transfers")
    assert [(line["reversed"], line["text"], line["actions"]) for line in page["items"]] == [
        (False, "登记错了人", []),
        (True, None, []),
    ]
    assert await accounts.broken() is None


async def test_five_who_reverse_at_once_reverse_it_once(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    await accounts.pay(resident, 50)
    paid = await accounts.pay(resident, 20)
    answers = await asyncio.gather(*(reverse(community, paid) for _ in range(5)))
    assert sorted(one.status_code for one in answers) == [200, 409, 409, 409, 409]
    assert await accounts.balance(resident) == 50


async def test_what_has_been_spent_is_not_taken_back(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    paid = await accounts.pay(resident, 20)
    circle = await accounts.circle()
    own = await accounts.account(circle, AccountSort.PERSON, (await resident.get("/me"))["id"])
    held = await accounts.account(circle, AccountSort.HELD)
    assert await accounts.move(circle, own, held, 15, "reserve")
    refused = problem(await reverse(community, paid), 409, "overdrawn")
    assert refused["detail"] == "这一笔已经用掉了一部分，余额不够冲正"
    assert await accounts.balance(resident) == 5


async def test_nobody_spends_what_they_do_not_have_from_two_phones(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    await accounts.pay(resident, 20)
    circle = await accounts.circle()
    own = await accounts.account(circle, AccountSort.PERSON, (await resident.get("/me"))["id"])
    held = await accounts.account(circle, AccountSort.HELD)
    spent = await asyncio.gather(
        *(accounts.move(circle, own, held, 15, "reserve") for _ in range(2)), return_exceptions=True
    )
    assert [type(one) for one in spent if isinstance(one, Exception)] == [Overdrawn]
    assert await accounts.balance(resident) == 5
    assert await accounts.broken() is None


async def test_the_two_circles_never_mix(people_of: Everybody) -> None:
    (member,) = await people_of("member")
    person_id = (await member.get("/me"))["id"]
    for kind in (CircleKind.MEMBERS, CircleKind.RESIDENTS):
        await accounts.pay(member, 10, kind)
    circles = [await accounts.circle(kind) for kind in (CircleKind.MEMBERS, CircleKind.RESIDENTS)]
    one, other = [await accounts.account(circle, AccountSort.PERSON, person_id) for circle in circles]
    for circle in circles:
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await accounts.move(circle, one, other, 5)
    assert await accounts.broken() is None


CHANGES = (
    "UPDATE transfer SET amount = amount + 1",
    "DELETE FROM transfer",
    "TRUNCATE transfer CASCADE",
)


@pytest.mark.parametrize("change", CHANGES)
async def test_the_database_changes_no_transfer(people_of: Everybody, change: str) -> None:
    (resident,) = await people_of("resident")
    await accounts.pay(resident, 20)
    with pytest.raises(asyncpg.RestrictViolationError):
        await db.fetch(change)


# What somebody who owns the database could do, and what verifying says of it.
TAMPERING = {
    "UPDATE account SET balance = balance + 1 WHERE sort = 'person'": "的余额与它的各笔账目合不上",
    "UPDATE transfer SET amount = 21": "被改动过",
    "UPDATE event SET data = replace(data::text, ':20', ':21')::json WHERE subject = 'transfer'": "被改动过",
    "UPDATE transfer SET amount = 21; UPDATE account SET balance = sign(balance) * 21; "
    "UPDATE event SET data = replace(data::text, ':20', ':21')::json WHERE subject = 'transfer'": "被改动过",
    "DELETE FROM event WHERE subject = 'transfer'": "被改动过",
    "DELETE FROM transfer": "合不上",
    "DELETE FROM transfer; UPDATE account SET balance = 0": "没有账目",
    "DELETE FROM account WHERE sort = 'issue'": "合计不为零",
    "UPDATE account SET sort = 'held' WHERE sort = 'person'": "事由与两边的账户不符",
}


@pytest.mark.parametrize("change", TAMPERING)
async def test_tampering_is_found(people_of: Everybody, change: str) -> None:
    (resident,) = await people_of("resident")
    await accounts.pay(resident, 20)
    await run_jobs()
    assert await accounts.broken() is None
    await db.fetch(f"DO $$ BEGIN SET LOCAL session_replication_role = replica; {change}; END $$")
    assert TAMPERING[change] in (await accounts.broken() or "")


async def test_the_books_sum_whatever_is_moved_at_once(people_of: Everybody) -> None:
    """Random reservations and returns of six people, ten at a time; what one does not have is refused, and none waits for ever."""
    names = ("resident", "neighbour", "member", "grid_head", "deputy", "community")
    circle, chance = await accounts.circle(), random.Random(7)
    held = await accounts.account(circle, AccountSort.HELD)
    issue = await accounts.account(circle, AccountSort.ISSUE)
    people = [
        await accounts.account(circle, AccountSort.PERSON, (await person.get("/me"))["id"])
        for person in await people_of(*names)
    ]
    for own in people:
        await accounts.move(circle, issue, own, 10)

    async def one() -> bool:
        own, amount = chance.choice(people), chance.randint(1, 9)
        ends = (own, held, amount, "reserve") if chance.random() < 0.6 else (held, own, amount, "release")
        try:
            return await accounts.move(circle, *ends) is not None
        except Overdrawn:
            return False

    done = [await asyncio.gather(*(one() for _ in range(10))) for _ in range(20)]
    moved = sum(sum(batch) for batch in done)
    assert 20 < moved < 200
    rows = await db.fetch("SELECT balance FROM account WHERE sort <> 'issue'")
    assert sum(row["balance"] for row in rows) == 60
    assert await accounts.broken() is None


async def test_who_leaves_takes_their_name_along_and_the_sums_stay(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    await accounts.pay(resident, 20)
    exported = await resident.get("/me/export")
    (kept,) = exported["accounts"]
    assert (kept["balance"], [line["amount"] for line in kept["transfers"]]) == (20, [20])
    answer(await resident.ask("DELETE", "/me", params={"open_tickets": "withdraw"}))
    rows = (await community.get("/accounts"))["items"]
    assert sum(row["balance"] for row in rows) == 0
    assert {row["name"] for row in rows} == {None, "已注销用户"}
    assert not await db.fetch("SELECT FROM account WHERE person_id IS NOT NULL")
    await run_jobs()
    assert await accounts.broken() is None
