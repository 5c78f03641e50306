"""What residents may see of a post: skills and a number for the public from the office, name and own number from the holder."""

from typing import Any

import pytest

from app import db
from tests.world import Everybody, Person, answer, problem


async def own_post(somebody: Person) -> str:
    (post,) = (await somebody.get("/me"))["posts"]
    identifier: str = post["id"]
    return identifier


async def change(somebody: Person, post_id: str, **fields: Any) -> Any:
    return answer(await somebody.ask("PATCH", f"/posts/{post_id}/card", json=fields))


async def refused(somebody: Person, post_id: str, status: int, **fields: Any) -> Any:
    return problem(await somebody.ask("PATCH", f"/posts/{post_id}/card", json=fields), status)


async def test_the_office_and_the_holder_change_it_field_by_field(people_of: Everybody) -> None:
    community, head = await people_of("community", "grid_head")
    post_id = await own_post(head)
    made = await change(community, post_id, skills=["property", "policy"], phone="023 6700 0000")
    assert [skill["name"] for skill in made["skills"]] == ["物业服务", "政策宣传"]
    assert made["card"] == {
        "phone": "023-67000000",
        "hours": None,
        "shows_name": False,
        "shows_own_phone": False,
    }
    made = await change(head, post_id, hours="工作日 9:00-18:00", shows_name=True)
    assert (made["card"]["phone"], made["card"]["shows_name"]) == ("023-67000000", True)
    assert len(made["skills"]) == 2
    made = await change(community, post_id, shows_name=False, phone=None, skills=[])
    assert (made["card"]["phone"], made["card"]["shows_name"], made["skills"]) == (None, False, [])
    types = [e["type"] for e in (await community.get("/audit", type="post_card_changed"))["items"]]
    assert len(types) == 3


async def test_nobody_shows_anothers_name_or_number(people_of: Everybody) -> None:
    community, street, head = await people_of("community", "street", "grid_head")
    post_id = await own_post(head)
    for manager in (community, street):
        await refused(manager, post_id, 403, shows_name=True)
        await refused(manager, post_id, 403, shows_own_phone=True)
    await change(head, post_id, shows_own_phone=True)
    await change(community, post_id, shows_own_phone=True, hours="随时")  # it is shown already
    for number in ("13812345678", "+86 138 1234 5678", "86-13812345678"):
        said = await refused(community, post_id, 422, phone=number)
        assert said["errors"][0]["pointer"] == "/phone"
        await refused(
            head, post_id, 422, phone=number
        )  # their own number is shown from their account, not typed


async def test_a_title_comes_from_above_and_is_one_of_the_office_s(people_of: Everybody) -> None:
    community, head = await people_of("community", "grid_head")
    post_id = await own_post(head)
    await refused(head, post_id, 403, title="网格总长")
    said = await refused(community, post_id, 422, title="网格总长")
    assert said["errors"][0]["pointer"] == "/title"


@pytest.mark.parametrize(
    "wrong",
    [
        {"skills": ["cooking"]},
        {"skills": ["policy", "policy"]},
        {"skills": "policy"},
        {"phone": "我不知道"},
        {"hours": "x" * 41},
        {"shows_name": "yes"},
        {"absent_from": "2026-12-01"},
        {"role": "street"},
    ],
)
async def test_what_makes_no_sense_changes_nothing(people_of: Everybody, wrong: Any) -> None:
    (head,) = await people_of("grid_head")
    post_id = await own_post(head)
    await refused(head, post_id, 422, **{"hours": "随时"} | wrong)
    assert (await change(head, post_id))["card"]["hours"] is None


async def test_scope_comes_before_permission(people_of: Everybody) -> None:
    head, other, member, resident = await people_of("grid_head", "other_community", "member", "resident")
    post_id = await own_post(head)
    for stranger in (other, resident, member):
        await refused(stranger, post_id, 404, hours="随时")


async def test_who_is_erased_leaves_no_card(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    post_id = await own_post(head)
    await change(head, post_id, shows_name=True, shows_own_phone=True, hours="随时", phone="12345")
    answer(await head.ask("DELETE", "/me"))
    (row,) = await db.fetch(
        "SELECT phone, hours, shows_name, shows_own_phone FROM post WHERE id = $1", post_id
    )
    assert tuple(row) == (None, None, False, False)
