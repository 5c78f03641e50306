"""An office's own limit for opinions without a fate: what is overdue and who is told follow it at once."""

from datetime import timedelta
from typing import Any

import pytest

from app import clock
from app.services import subjects as service
from tests import subjects
from tests.office_settings import current, put, try_to_put
from tests.world import Everybody, Person, moment, problem


async def days_left(person: Person, opinion: dict[str, Any]) -> int:
    now = await person.get(f"/opinions/{opinion['id']}")
    return (moment(now["due_at"]) - moment(opinion["created_at"])).days


async def overdue(person: Person) -> list[str]:
    return [row["id"] for row in (await person.get("/opinions", overdue=True))["items"]]


async def told(person: Person) -> int:
    """Return how often somebody has been told that an opinion is overdue."""
    await service.remind_offices()
    notices = (await person.get("/notices"))["items"]
    return sum(notice["type"] == "opinion.overdue" for notice in notices)


async def test_a_limit_is_inherited_and_taken_back(people_of: Everybody) -> None:
    street, community, resident = await people_of("street", "community", "resident")
    opinion = await subjects.opinion(resident)
    assert await days_left(community, opinion) == 30
    await put(street, "opinions", 20, "rh")
    assert await days_left(community, opinion) == 20
    said = await put(community, "opinions", 10)
    assert (said["own"], said["effective"], said["default"]) == (10, 10, 20)
    assert await days_left(community, opinion) == 10
    await put(street, "opinions", 5, "rh")  # the community's own counts
    assert await days_left(community, opinion) == 10
    assert await days_left(community, await subjects.opinion(resident)) == 10
    await put(community, "opinions", None)
    assert await days_left(community, opinion) == 5
    said = await current(community, "opinions")
    assert (said["own"], said["effective"], said["version"]) == (None, 5, 2)
    await put(street, "opinions", None, "rh")
    assert await days_left(community, opinion) == 30


async def test_who_is_told_follows_the_limit_at_once(people_of: Everybody) -> None:
    community, resident = await people_of("community", "resident")
    opinion = await subjects.opinion(resident)
    answered = await subjects.opinion(resident, text="路灯不亮")
    await subjects.act(community, "opinions", "answer", answered, text="已修好")
    clock.travel(timedelta(days=8))
    (community, head) = await people_of("community", "grid_head")
    assert (await overdue(community), await told(community), await told(head)) == ([], 0, 0)
    await put(community, "opinions", 7)
    assert await overdue(community) == [opinion["id"]]
    assert await told(community) + await told(head) == 1
    await put(community, "opinions", 9)
    assert await overdue(community) == []
    assert await told(community) + await told(head) == 0  # what is not so any more is not said
    clock.travel(timedelta(days=1))
    (community, head) = await people_of("community", "grid_head")
    assert await told(community) + await told(head) == 1


@pytest.mark.parametrize("days", [0, 181, 7.5, "7", True])
async def test_a_limit_that_makes_no_sense_is_refused(people_of: Everybody, days: Any) -> None:
    (community,) = await people_of("community")
    problem(await try_to_put(community, "opinions", days), 422)


async def test_a_limit_changed_meanwhile_is_not_overwritten(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    await put(community, "opinions", 7)
    refused = problem(await try_to_put(community, "opinions", 8, version=0), 409, "stale-version")
    assert "意见时限刚刚有人改过" in refused["detail"]
