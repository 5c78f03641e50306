"""Lists narrowed by day, room and words; nobody finds by a search what is masked for them."""

from datetime import timedelta

from app import clock
from app.enums import SHANGHAI
from tests import subjects
from tests.world import Everybody, Person, problem


async def found(person: Person, path: str, **query: str) -> list[str]:
    """Return the titles, or else texts, of a list."""
    items = (await person.get(f"/{path}", **query))["items"]
    return [one["title"] or one["text"] for one in items]


async def test_activities_by_the_day_they_begin_and_by_room(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    await subjects.activity(head, title="明天", venue="议事厅")
    times = {"starts_at": subjects.ahead(days=5), "ends_at": subjects.ahead(days=5, hours=1)}
    await subjects.activity(head, title="五天后", venue="活动室", **times)
    tomorrow = (clock.now().astimezone(SHANGHAI) + timedelta(days=1)).date().isoformat()
    assert await found(head, "activities", created_from=tomorrow, created_to=tomorrow) == ["明天"]
    assert await found(head, "activities", venue="活动室") == ["五天后"]
    assert await found(head, "activities", venue="没有的") == []


async def test_words_are_found_as_they_are_written(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    for text in ("楼道里堆满了杂物", "停车涨了50%", "灯_坏了"):
        await subjects.opinion(head, text=text)
    assert await found(head, "opinions", q="堆满") == ["楼道里堆满了杂物"]
    assert await found(head, "opinions", q="%") == ["停车涨了50%"]
    assert await found(head, "opinions", q="_") == ["灯_坏了"]
    assert await found(head, "opinions", q="\\") == []
    for name in ("q", "venue"):
        problem(await head.ask("GET", "/opinions", params={name: "\0"}), 422)
    await subjects.project(head, title="更换楼道灯")
    assert await found(head, "projects", q="楼道灯") == ["更换楼道灯"]


async def test_what_is_masked_is_not_found(people_of: Everybody) -> None:
    community, resident = await people_of("community", "resident")
    topic = await subjects.topic(community, title="装充电桩", text="请打13812345678报名")
    await subjects.act(community, "topics", "set", topic)
    assert await found(resident, "topics", q="报名") == ["装充电桩"]
    assert await found(resident, "topics", q="1381234") == []
    assert await found(community, "topics", q="1381234") == ["装充电桩"]
