"""The quarter's bulletin has the numbers of the common life, and none about fewer than five people."""

from typing import Any

from tests.subjects import act, activity, loan, offer, reserve
from tests.world import Arriving, Person, answer, id_of_code

QUARTER = "2026Q1"


async def numbers(clerk: Person) -> dict[str, Any]:
    """Draft the quarter's bulletin, or read it again; return what it says of the common life."""
    body = {"place_id": await id_of_code("wss"), "quarter": QUARTER}
    made = await clerk.ask("POST", "/bulletins", json=body, headers={"Idempotency-Key": "once"})
    found = await clerk.get(f"/bulletins/{answer(made, 201)['id']}")
    return {one["label"]: one["count"] for one in found["numbers"]["common"]}


async def test_events_of_the_quarter_are_counted_and_a_few_people_folded(on: Arriving) -> None:
    head, community = await on("grid_head", "community")
    umbrellas, tissues = await loan(community), await offer(community, quantity=9)
    for offered, count in ((umbrellas, 4), (tissues, 5)):
        for number in range(count):
            taken = await reserve(head, offered, on_behalf_of={"name": f"第{number}位"})
            await act(head, "reservations", "hand_out", taken)
    for kind in ("course", "patrol"):
        held = await activity(community, kind=kind)
        for action in ("publish", "start", "close"):
            await act(community, "activities", action, held)
    told = await numbers(community)
    assert told == {
        "办活动（场）": 1,
        "议定议题（项）": 0,
        "办完项目（项）": 0,
        "借出（件）": None,
        "领取物资（件）": 5,
        "共建服务（次）": 0,
    }
