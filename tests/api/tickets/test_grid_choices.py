"""To which grids a ticket can be given by hand: one's own, the most likely first."""

from typing import Any

import pytest

from tests.world import Everybody, Person, id_of_code, problem


async def choices(somebody: Person, ticket: Any) -> list[Any]:
    found: list[Any] = (await somebody.get(f"/tickets/{ticket['id']}/grids"))["items"]
    return found


async def test_the_one_that_covers_the_place_comes_first_and_the_holder_is_no_choice(
    people_of: Everybody,
) -> None:
    resident, community, street = await people_of("resident", "community", "street")
    ticket = await resident.report()  # at 944号: the fourth grid's
    ours = [f"万寿山社区第{n}网格" for n in "一二三五六"]
    assert [one["label"] for one in await choices(community, ticket)] == ours
    everywhere = [one["label"] for one in await choices(street, ticket)]
    assert everywhere[:5] == ours
    assert len(everywhere) > 80
    await community.act("reassign", ticket, grid_id=await id_of_code("wss-g3"))
    first, *others = await choices(community, ticket)
    assert (first["label"], first["covers"], first["role_name"]) == ("万寿山社区第四网格", True, "网格长")
    assert not any(one["covers"] for one in others)


async def test_who_sent_it_back_comes_last(people_of: Everybody) -> None:
    resident, head, community = await people_of("resident", "grid_head", "community")
    ticket = await resident.report()
    await head.act("not_mine", ticket, reason="不是我们的楼")
    *others, last = await choices(community, ticket)
    assert (last["label"], last["sent_back"], last["covers"]) == ("万寿山社区第四网格", True, True)
    assert len(others) == 5
    assert not any(one["sent_back"] for one in others)


async def test_every_choice_is_one_that_is_accepted(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    ticket = await resident.report()
    for choice in await choices(community, ticket):
        moved = await community.act("reassign", ticket, grid_id=choice["id"])
        assert moved["holder"]["label"] == choice["label"]
        assert moved["holder"]["name"] == choice["name"]


@pytest.mark.parametrize(
    ("persona", "status"), [("resident", 403), ("grid_head", 403), ("auditor", 403), ("other_community", 404)]
)
async def test_only_who_may_reassign_it_chooses(people_of: Everybody, persona: str, status: int) -> None:
    resident, somebody = await people_of("resident", persona)
    ticket = await resident.report()
    problem(await somebody.ask("GET", f"/tickets/{ticket['id']}/grids"), status)
