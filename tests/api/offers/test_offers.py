"""What is offered and who takes it: the last ones once each, waiting in turn, back at any station, nothing owed."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock, db
from app.services import subjects as service
from tests import accounts, keys, subjects, world
from tests.newcomers import Newcomer
from tests.subjects import act, loan, offer, reserve, try_to, try_to_reserve
from tests.world import Arriving, Everybody, Person, answer, problem


async def left(person: Person, offered: Any) -> int:
    """Return how many of an offer can be reserved now."""
    count: int = (await person.get(f"/offers/{offered['id']}"))["left"]
    return count


async def status(person: Person, reservation: Any) -> str:
    found: str = (await person.get(f"/reservations/{reservation['id']}"))["status"]
    return found


async def handed_out(staff: Person, owner: Person, reservation: Any) -> dict[str, Any]:
    """Hand over what was reserved, by the code that its owner shows."""
    code = (await owner.get(f"/reservations/{reservation['id']}"))["code"]
    found = await staff.get("/reservations/scan", code=code.lower())
    return await act(staff, "reservations", "hand_out", found, code=code)


async def test_points_are_held_when_it_is_reserved_and_paid_when_it_is_collected(
    people_of: Everybody,
) -> None:
    resident, head, community = await people_of("resident", "grid_head", "community")
    await accounts.pay(resident, 30)
    tissues = await offer(community, price=10, points="residents")
    taken = await reserve(resident, tissues, quantity=2)
    assert (taken["status"], taken["paid"], taken["source"]["title"]) == ("granted", 20, "抽纸")
    assert (await accounts.balance(resident), await left(resident, tissues)) == (10, 3)
    done = await handed_out(head, resident, taken)
    assert (done["status"], done["name"], done["code"]) == ("done", "944号居民", None)
    assert await subjects.events(resident, "reservations", taken) == ["raised", "handed_out"]
    refused = problem(await try_to(resident, "reservations", "cancel", done), 409)
    assert refused["detail"] == "已经领取，不能再取消"
    assert (await accounts.balance(resident), await left(resident, tissues)) == (10, 3)
    books = (await community.get("/accounts", circle="residents"))["items"]
    assert {book["sort"]: book["balance"] for book in books} == {"issue": -10, "held": 0, "person": 10}
    await world.run_jobs()
    assert await accounts.broken() is None


async def test_what_is_cancelled_returns_to_stock_and_points_and_whoever_waits_gets_it(
    people_of: Everybody,
) -> None:
    resident, neighbour, community = await people_of("resident", "neighbour", "community")
    for person in (resident, neighbour):
        await accounts.pay(person, 10)
    tissues = await offer(community, price=10, points="residents", quantity=1)
    first, second = await reserve(resident, tissues), await reserve(neighbour, tissues)
    assert (first["status"], second["status"], second["paid"]) == ("granted", "waiting", 0)
    assert (await community.get(f"/offers/{tissues['id']}"))["waiting"] == 1
    await act(resident, "reservations", "cancel", first)
    moved = await neighbour.get(f"/reservations/{second['id']}")
    assert (moved["status"], moved["paid"]) == ("granted", 10)
    assert (await accounts.balance(resident), await accounts.balance(neighbour)) == (10, 0)
    assert "您的预约“抽纸”：轮到您了" in await subjects.notices(neighbour)
    assert await accounts.broken() is None


async def test_what_is_not_collected_within_14_days_returns_by_the_clock(on: Arriving) -> None:
    resident, neighbour, community = await on("resident", "neighbour", "community")
    await accounts.pay(resident, 10)
    tissues = await offer(community, price=10, points="residents", quantity=1)
    taken = await reserve(resident, tissues)
    answer(await neighbour.ask("GET", f"/offers/{tissues['id']}"))
    (resident,) = await on("resident", at="2026-03-18 09:49")
    assert await service.sweep_reservations() == 0
    resident, community = await on("resident", "community", at="2026-03-18 09:51")
    refused = problem(await try_to(community, "reservations", "hand_out", taken, code=taken["code"]), 409)
    assert refused["detail"] == "过了14天没有领取，预约已经失效，请重新预约"
    assert [await service.sweep_reservations() for _ in range(2)] == [1, 0]
    assert (await status(resident, taken), await accounts.balance(resident)) == ("expired", 10)
    assert await left(resident, tissues) == 1
    assert "您的预约“抽纸”：逾期未领，已退回" in await subjects.notices(resident)
    assert await accounts.broken() is None


async def test_a_loan_comes_back_at_any_station_and_is_reminded_of_before_and_never_after(
    on: Arriving,
) -> None:
    resident, head, community = await on("resident", "grid_head", "community")
    umbrellas, station = await loan(community), await resident.place()
    taken = await reserve(resident, umbrellas)
    out = await handed_out(head, resident, taken)
    assert (out["status"], out["back_by"]) == ("out", "2026-03-07T16:00:00Z")
    said = []
    for day in ("03-04", "03-05", "03-06", "03-07"):
        (resident,) = await on("resident", at=f"2026-{day} 09:50")
        await service.remind_borrowers()
        said.append(len(await subjects.notices(resident)))
    assert said == [0, 0, 1, 2]
    assert (await subjects.notices(resident))[0] == "您借的“雨伞”今天到期，请在任一站点归还"
    head, community = await on("grid_head", "community", at="2026-03-07 10:00")
    back = await act(head, "reservations", "give_back", out, place_id=station)
    assert back["status"] == "back"
    stocks = (await head.get(f"/offers/{umbrellas['id']}"))["stocks"]
    assert [stock["left"] for stock in stocks] == [4, 1]
    await on("resident", at="2026-03-08 09:50")
    await service.remind_borrowers()
    await world.run_jobs()
    assert await accounts.broken() is None


async def test_after_30_days_it_is_written_off_and_nobody_owes_an_umbrella(on: Arriving) -> None:
    resident, head, community = await on("resident", "grid_head", "community")
    umbrellas = await loan(community)
    taken = await reserve(resident, umbrellas)
    await handed_out(head, resident, taken)
    await on("resident", at="2026-04-06 23:59")
    assert await service.sweep_reservations() == 0
    resident, head = await on("resident", "grid_head", at="2026-04-07 00:01")
    assert [await service.sweep_reservations() for _ in range(2)] == [1, 0]
    assert await status(resident, taken) == "lost"
    lost = await head.get(f"/reservations/{taken['id']}")
    refused = problem(await try_to(head, "reservations", "give_back", lost), 409)
    assert refused["detail"] == "这件已经核销，不用归还；找到了请交给社区重新入库"
    assert (await reserve(resident, umbrellas))["status"] == "granted"
    assert await accounts.broken() is None


async def test_fifty_who_claim_the_last_twenty_at_once_get_exactly_twenty(
    people_of: Everybody, newcomer: Newcomer
) -> None:
    (community,) = await people_of("community")
    bottles = await offer(community, title="洗洁精", quantity=20)
    home = {"home_id": await community.place()}
    people = [await newcomer(f"claims-{n}") for n in range(50)]
    for person in people:
        answer(await person.ask("PATCH", "/me", json=home))
    waits: list[float] = []

    async def claim(person: Person) -> str:
        began = time.monotonic()
        claimed = await reserve(person, bottles)
        waits.append(time.monotonic() - began)
        return str(claimed["status"])

    answers = await asyncio.gather(*(claim(person) for person in people))
    assert (answers.count("granted"), answers.count("waiting")) == (20, 30)
    assert await left(community, bottles) == 0
    print(f"slowest {max(waits):.2f} s")  # noqa: T201
    await world.run_jobs()
    assert await accounts.broken() is None


async def test_a_company_offers_by_its_key_and_hands_out_and_the_office_releases(http: Any) -> None:
    community, resident = [await world.sign_in(http, name) for name in ("community", "resident")]
    system = await keys.machine(http, "offers:manage")
    tickets_only = await keys.machine(http, "tickets:read")
    place_id = await resident.place()
    problem(await tickets_only.ask("GET", "/offers"), 403)
    hall = await offer(system, place_id=place_id, title="会议椅", quantity=2)
    problem(await try_to_reserve(resident, hall), 422)
    await act(community, "offers", "release", hall)
    taken = await reserve(resident, hall)
    (listed,) = (await system.get("/reservations"))["items"]
    assert (listed["id"], listed["name"]) == (taken["id"], "944号居民")
    done = await act(system, "reservations", "hand_out", listed, code=taken["code"])
    assert done["status"] == "done"
    other = await keys.machine(http, "offers:manage", name="安居物业", by="street")
    problem(await other.ask("GET", f"/reservations/{taken['id']}"), 404)
    await world.run_jobs()
    assert await accounts.broken() is None


@dataclass(frozen=True)
class Scene:
    """Who tries what makes no sense."""

    resident: Person
    neighbour: Person
    head: Person
    community: Person

    async def taken(self, **body: Any) -> dict[str, Any]:
        """Return an umbrella that the resident has reserved."""
        return await reserve(self.resident, await loan(self.community, **body))

    async def out(self) -> dict[str, Any]:
        """Return one that the resident has."""
        return await handed_out(self.head, self.resident, await self.taken())

    async def try_to(self, action: str, reservation: Any, **body: Any) -> httpx.Response:
        return await try_to(self.head, "reservations", action, reservation, **body)


async def elsewhere(scene: Scene) -> httpx.Response:
    there = await scene.resident.place()
    return await try_to_reserve(scene.resident, await loan(scene.community), place_id=there)


async def twice(scene: Scene) -> httpx.Response:
    taken = await scene.taken()
    return await try_to_reserve(scene.resident, {"id": taken["source_id"]})


async def without_points(scene: Scene) -> httpx.Response:
    return await try_to_reserve(scene.resident, await offer(scene.community, price=10, points="residents"))


async def while_paused(scene: Scene) -> httpx.Response:
    return await try_to_reserve(
        scene.resident, await act(scene.community, "offers", "pause", await offer(scene.community))
    )


async def after_the_end(scene: Scene) -> httpx.Response:
    ended = await act(scene.community, "offers", "end", await offer(scene.community), text="发完了")
    return await try_to_reserve(scene.resident, ended)


async def back_and_back_again(scene: Scene) -> httpx.Response:
    back = await act(scene.head, "reservations", "give_back", await scene.out())
    return await scene.try_to("give_back", back)


async def back_what_was_given(scene: Scene) -> httpx.Response:
    given = await reserve(scene.resident, await offer(scene.community))
    return await scene.try_to("give_back", await handed_out(scene.head, scene.resident, given))


async def to_who_waits(scene: Scene) -> httpx.Response:
    last = await loan(scene.community, quantity=1)
    await reserve(scene.resident, last)
    waits = await reserve(scene.neighbour, last)
    return await scene.try_to("hand_out", waits, code=waits["code"])


async def to_oneself(scene: Scene) -> httpx.Response:
    own = await reserve(scene.head, await loan(scene.community))
    return await scene.try_to("hand_out", own, code=own["code"])


async def back_outside(scene: Scene) -> httpx.Response:
    return await scene.try_to("give_back", await scene.out(), place_id=await world.id_of_code("bl"))


async def cancel_what_is_out(scene: Scene) -> httpx.Response:
    return await try_to(scene.resident, "reservations", "cancel", await scene.out())


async def write_off_too_many(scene: Scene) -> httpx.Response:
    tissues = await offer(scene.community)
    return await try_to(scene.community, "offers", "write_off", tissues, quantity=6, text="受潮")


async def two_umbrellas(scene: Scene) -> httpx.Response:
    return await try_to_reserve(scene.resident, await loan(scene.community), quantity=2)


async def not_lent(scene: Scene) -> httpx.Response:
    return await scene.try_to("give_back", await scene.taken())


async def a_wrong_code(scene: Scene) -> httpx.Response:
    return await scene.try_to("hand_out", await scene.taken(), code="22222222")


REFUSED: dict[Callable[[Scene], Awaitable[httpx.Response]], str] = {
    elsewhere: "这里没有了，万寿山社区还有5件",
    twice: "您已经预约了这一项，用完或取消后才能再约",
    two_umbrellas: "一次只能预约一份",
    without_points: "积分不够：需要10分，现有0分",
    while_paused: "这项资源暂停预约，请过些时候再来",
    after_the_end: "这项资源已经下架，不能预约",
    not_lent: "这件还没有借出，不用归还",
    back_and_back_again: "这件已经归还过了",
    back_what_was_given: "这件是领取的，不用归还",
    back_outside: "这里不是这项资源的存放点，请重新选择",
    cancel_what_is_out: "已经借出，用完请归还，不能取消",
    to_who_waits: "还在候补，轮到后才能领取",
    a_wrong_code: "领取码不对，请让对方出示这项预约的码",
    to_oneself: "自己的预约请同事来办",
    write_off_too_many: "库存只有5件，报损不能更多；预约占用的要先取消预约",
}


@pytest.mark.parametrize("tried", REFUSED, ids=lambda tried: tried.__name__)
async def test_what_makes_no_sense_is_refused_in_words_and_the_books_sum(
    people_of: Everybody, tried: Callable[[Scene], Awaitable[httpx.Response]]
) -> None:
    scene = Scene(*await people_of("resident", "neighbour", "grid_head", "community"))
    refused = await tried(scene)
    assert refused.status_code in {409, 422}
    assert refused.json()["detail"] == REFUSED[tried]
    assert await accounts.broken() is None


async def test_two_phones_do_not_spend_the_same_points(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    await accounts.pay(resident, 10)
    offers = [await offer(community, price=10, points="residents") for _ in range(2)]
    answers = await asyncio.gather(*(try_to_reserve(resident, each) for each in offers))
    assert sorted(one.status_code for one in answers) == [201, 409]
    assert await accounts.balance(resident) == 0
    assert len(await db.fetch("SELECT FROM subject WHERE kind = 'reservation'")) == 1
    assert await accounts.broken() is None


async def test_a_repeated_request_reserves_once(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    tissues, once = await offer(community), {"Idempotency-Key": "once"}
    first = await reserve(resident, tissues, headers=once)
    again = await try_to_reserve(resident, tissues, headers=once)
    assert (answer(again, 201)["id"], again.headers["Idempotent-Replayed"]) == (first["id"], "true")
    assert await left(resident, tissues) == 4


async def test_a_reservation_is_seen_by_its_owner_and_staff_only(people_of: Everybody) -> None:
    resident, neighbour, head, other, community = await people_of(
        *("resident", "neighbour", "grid_head", "other_community", "community")
    )
    taken = await reserve(resident, await offer(community))
    for stranger in (neighbour, other):
        problem(await stranger.ask("GET", f"/reservations/{taken['id']}"), 404)
        problem(await stranger.ask("GET", "/reservations/scan", params={"code": taken["code"]}), 404)
        assert (await stranger.get("/reservations"))["items"] == []
    assert (await head.get("/reservations"))["items"][0]["code"] is None
    assert clock.now() + timedelta(days=13) < world.moment(taken["collect_by"])


async def test_new_stock_goes_to_those_who_wait_in_turn(people_of: Everybody) -> None:
    resident, neighbour, member, community = await people_of("resident", "neighbour", "member", "community")
    tissues = await offer(community, quantity=0)
    waiting = [(person, await reserve(person, tissues)) for person in (resident, neighbour, member)]
    await act(community, "offers", "stock", tissues, quantity=2)
    found = [await status(person, reservation) for person, reservation in waiting]
    assert found == ["granted", "granted", "waiting"]
    assert await accounts.broken() is None


async def test_who_leaves_gives_back_what_they_had_reserved(people_of: Everybody) -> None:
    resident, neighbour, community = await people_of("resident", "neighbour", "community")
    await accounts.pay(resident, 10)
    tissues = await offer(community, price=10, points="residents", quantity=1)
    await accounts.pay(neighbour, 10)
    await reserve(resident, tissues)
    waits = await reserve(neighbour, tissues)
    answer(await resident.ask("DELETE", "/me", params={"open_tickets": "withdraw"}))
    assert await status(neighbour, waits) == "granted"
    await world.run_jobs()
    assert await accounts.broken() is None


async def test_whose_it_was_is_shown_for_180_days_after_its_end(on: Arriving) -> None:
    resident, head, community = await on("resident", "grid_head", "community")
    done = await handed_out(head, resident, await reserve(resident, await offer(community)))
    shown = []
    for at in ("2026-08-31 09:40", "2026-08-31 10:00"):
        (head,) = await on("grid_head", at=at)
        shown.append((await head.get(f"/reservations/{done['id']}"))["name"])
    assert shown == ["944号居民", None]
