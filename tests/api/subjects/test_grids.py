"""What is held for a whole grid: residents whose home lies in it see it and take part, and nobody else's residents."""

from tests import subjects, world
from tests.world import Everybody, answer, problem


async def test_residents_of_a_grid_see_what_is_held_there(people_of: Everybody) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    grid_id = (await head.get("/me"))["posts"][0]["place_id"]
    far = await world.id_of_code("bl")
    answer(await neighbour.ask("PATCH", "/me", json={"home_id": far}))
    draft = await subjects.activity(head, place_id=grid_id)
    problem(await resident.ask("GET", f"/activities/{draft['id']}"), 404, "not-found")
    await subjects.act(head, "activities", "publish", draft)
    seen = await resident.get(f"/activities/{draft['id']}")
    assert seen["actions"] == ["sign_up"]
    assert [one["id"] for one in (await resident.get("/activities"))["items"]] == [draft["id"]]
    answer(await subjects.try_to(resident, "activities", "sign_up", draft))
    problem(await neighbour.ask("GET", f"/activities/{draft['id']}"), 404, "not-found")
    assert (await neighbour.get("/activities"))["items"] == []
    raised = await subjects.topic(resident, place_id=grid_id)
    assert raised["mine"] is True
