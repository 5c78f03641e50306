"""What a subject came from and led to, named only to whom may see it."""

from tests import subjects
from tests.world import Everybody


async def test_an_opinion_names_its_activity_and_what_became_of_it(people_of: Everybody) -> None:
    head, resident = await people_of("grid_head", "resident")
    place_id = await resident.place()
    visit = await subjects.activity(head, kind="visit", title="入户走访", place_id=place_id)
    me = (await resident.get("/me"))["id"]
    said = await subjects.opinion(head, activity_id=visit["id"], place_id=place_id, person_id=me)
    assert said["source"] == {
        "id": visit["id"],
        "kind": "activity",
        "kind_name": "活动",
        "title": "入户走访",
        "status": "draft",
        "status_name": "未发布",
    }
    raised = await subjects.act(head, "opinions", "to_topic", said, title="清理楼道")
    assert (raised["outcome"]["kind"], raised["outcome"]["title"]) == ("topic", "清理楼道")
    seen = await resident.get(f"/opinions/{said['id']}")
    assert (seen["source"], seen["source_id"]) == (None, visit["id"])
    topic = await head.get(f"/topics/{raised['outcome']['id']}")
    assert (topic["source"]["kind"], topic["source"]["title"]) == ("opinion", "楼道里堆满了杂物")
    (listed,) = (await head.get("/topics"))["items"]
    assert listed["source"] == topic["source"]


async def test_neighbours_read_a_topic_without_the_opinion_it_came_from(people_of: Everybody) -> None:
    community, resident, neighbour = await people_of("community", "resident", "neighbour")
    said = await subjects.act(
        community, "opinions", "to_topic", await subjects.opinion(resident), title="东门装充电桩"
    )
    seen = await neighbour.get(f"/topics/{said['outcome']['id']}")
    assert seen["source"] is None
    assert (await resident.get(f"/topics/{said['outcome']['id']}"))["source"]["id"] == said["id"]


async def test_a_ticket_is_named_by_its_number(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    said = await subjects.opinion(resident, place_id=await resident.place())
    done = await subjects.act(head, "opinions", "to_ticket", said, category="stair_light")
    for person in (resident, head):
        outcome = (await person.get(f"/opinions/{said['id']}"))["outcome"]
        assert (outcome["kind"], outcome["title"]) == ("ticket", done["fate"]["label"])
