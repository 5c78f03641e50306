"""Points of a year lapse on the office's day of the next, after their owner was told 60 days before; never untold."""

from datetime import datetime
from typing import Any

import pytest

from app import ids
from app.enums import SHANGHAI, AccountSort
from app.services import accounts as service
from app.services.ledger import Cause
from tests import accounts, office_settings
from tests.world import Arriving, Person, problem


async def lapsed(on: Arriving, day: str) -> tuple[int, Person]:
    """Return of how many accounts something was told or lapsed at noon of a day, and the resident, signed in then."""
    (resident,) = await on("resident", at=f"{day} 12:00")
    return await service.lapse_points(), resident


async def earned(person: Person, amount: int, day: str) -> None:
    """Pay for something of a day."""
    circle = await accounts.circle()
    issue = await accounts.account(circle, AccountSort.ISSUE)
    own = await accounts.account(circle, AccountSort.PERSON, (await person.get("/me"))["id"])
    at = datetime.fromisoformat(f"{day} 12:00").replace(tzinfo=SHANGHAI)
    cause: Any = Cause(subject_id=ids.new(), seq=1, at=at, rule="event")
    await accounts.move(circle, issue, own, amount, cause=cause)


async def spent(person: Person, amount: int) -> None:
    circle = await accounts.circle()
    own = await accounts.account(circle, AccountSort.PERSON, (await person.get("/me"))["id"])
    await accounts.move(circle, own, await accounts.account(circle, AccountSort.HELD), amount, "reserve")


async def next_lapse(person: Person) -> dict[str, Any] | None:
    """Return what the owner reads of what lapses next."""
    (own,) = (await person.get("/accounts", mine=True))["items"]
    lapse: dict[str, Any] | None = own["lapsing"]
    return lapse


async def sentences(person: Person) -> list[str]:
    return [notice["label"] for notice in (await person.get("/notices"))["items"]]


async def test_what_is_left_of_a_year_lapses_on_the_day_after_sixty_days_notice(on: Arriving) -> None:
    resident, community = await on("resident", "community")
    await earned(resident, 30, "2025-10-01")
    await earned(resident, 5, "2026-01-10")
    await spent(resident, 12)
    assert await next_lapse(resident) is None
    await office_settings.put(community, "points", "06-30")
    assert await next_lapse(resident) == {"on": "2026-06-30", "amount": 18}
    assert [one["lapsing"] for one in (await community.get("/accounts"))["items"]] == [None] * 3
    assert (await lapsed(on, "2026-04-30"))[0] == 0
    told, resident = await lapsed(on, "2026-05-01")
    assert [told, *[await service.lapse_points() for _ in range(2)]] == [1, 0, 0]
    assert await sentences(resident) == ["您在万寿山社区的18积分将在2026-06-30到期，请在那之前使用"]
    await spent(resident, 4)
    assert (await lapsed(on, "2026-06-29"))[0] == 0
    gone, resident = await lapsed(on, "2026-06-30")
    assert [gone, await service.lapse_points()] == [1, 0]
    assert (await accounts.balance(resident), await next_lapse(resident)) == (
        5,
        {"on": "2027-06-30", "amount": 5},
    )
    assert len(await sentences(resident)) == 1
    assert await accounts.broken() is None


async def test_a_day_that_is_set_late_gives_sixty_days_all_the_same(on: Arriving) -> None:
    (resident,) = await on("resident")
    await earned(resident, 30, "2025-10-01")
    (community,) = await on("community", at="2026-06-25 12:00")
    await office_settings.put(community, "points", "06-30")
    for day, left in (("2026-06-25", 30), ("2026-08-23", 30), ("2026-08-24", 0)):
        _, resident = await lapsed(on, day)
        assert await accounts.balance(resident) == left, day


async def test_without_a_day_nothing_lapses_and_a_street_sets_it_for_its_communities(on: Arriving) -> None:
    resident, community, street = await on("resident", "community", "street", at="2026-05-01 12:00")
    await earned(resident, 30, "2025-10-01")
    assert await service.lapse_points() == 0
    await office_settings.put(street, "points", "06-30", "rh")
    said = await office_settings.current(community, "points")
    assert (said["own"], said["effective"]) == (None, "06-30")
    assert await service.lapse_points() == 1


@pytest.mark.parametrize("day", ["02-29", "13-01", "3-31", "03-32", "明天", 331, [], {}])
async def test_a_day_is_one_of_every_year(on: Arriving, day: Any) -> None:
    (community,) = await on("community")
    refused = problem(await office_settings.try_to_put(community, "points", day), 422)
    assert refused["errors"][0]["pointer"] == "/lapse"


async def test_an_office_sees_what_would_lapse_and_its_accounts_what_they_were_told_of(on: Arriving) -> None:
    resident, community = await on("resident", "community")
    await earned(resident, 30, "2025-10-01")
    await earned(resident, 5, "2026-01-10")
    await spent(resident, 12)
    found = await office_settings.current(community, "points")
    assert found["left"] == [
        {"year": 2025, "accounts": 1, "points": 18},
        {"year": 2026, "accounts": 1, "points": 23},
    ]
    assert {award["rule"]: award["amount"] for award in found["awards"]} == {
        "volunteer": 5,
        "event": 2,
        "course": 2,
    }
    await office_settings.put(community, "points", "06-30")
    (own,) = (await resident.get("/accounts", mine=True))["items"]
    assert own["lapsing"] == {"on": "2026-06-30", "amount": 18}, "its owner reads it before they are told"
    assert [one["lapsing"] for one in (await community.get("/accounts", sort="person"))["items"]] == [None]
    _, resident = await lapsed(on, "2026-05-01")
    (own,) = (await resident.get("/accounts", mine=True))["items"]
    assert own["lapsing"] == {"on": "2026-06-30", "amount": 18}
