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


async def test_every_link_is_drawn_from_both_ends(people_of: Everybody) -> None:
    community, resident = await people_of("community", "resident")
    said = await subjects.act(
        community, "opinions", "to_topic", await subjects.opinion(resident), title="东门装充电桩"
    )
    topic_id = said["outcome"]["id"]
    meeting = await subjects.activity(community, source_id=topic_id)
    heard = await subjects.opinion(resident, activity_id=meeting["id"])
    project = await subjects.project(community, source_id=topic_id)
    ends = {
        f"/topics/{topic_id}": [project["id"], meeting["id"], said["id"]],
        f"/activities/{meeting['id']}": [heard["id"]],
        f"/projects/{project['id']}": [],
        f"/opinions/{said['id']}": [topic_id],
    }
    for path, related in ends.items():
        links = (await community.get(path))["related"]
        assert [link["id"] for link in links] == related, path
        for link in links:
            assert {"id", "kind", "kind_name", "title", "status", "status_name"} == set(link)
    assert {one["related"] for one in (await community.get("/topics"))["items"]} == {None}


async def test_the_other_end_is_named_only_to_whom_may_see_it(people_of: Everybody) -> None:
    community, resident, neighbour = await people_of("community", "resident", "neighbour")
    said = await subjects.act(
        community, "opinions", "to_topic", await subjects.opinion(resident), title="东门装充电桩"
    )
    topic_id = said["outcome"]["id"]
    draft = await subjects.activity(community, source_id=topic_id)
    project = await subjects.project(community, source_id=topic_id)
    seen = (await neighbour.get(f"/topics/{topic_id}"))["related"]
    assert [link["id"] for link in seen] == [project["id"]]
    own = (await resident.get(f"/topics/{topic_id}"))["related"]
    assert [link["id"] for link in own] == [project["id"], said["id"]]
    assert draft["id"] in [link["id"] for link in (await community.get(f"/topics/{topic_id}"))["related"]]


async def test_a_ticket_leads_back_to_the_opinion_it_came_from(people_of: Everybody) -> None:
    resident, head, neighbour = await people_of("resident", "grid_head", "neighbour")
    said = await subjects.opinion(resident, place_id=await resident.place())
    done = await subjects.act(head, "opinions", "to_ticket", said, category="stair_light")
    for person, found in ((head, [said["id"]]), (resident, [said["id"]]), (neighbour, [])):
        page = await person.get("/opinions", outcome_id=done["outcome"]["id"])
        assert [one["id"] for one in page["items"]] == found
