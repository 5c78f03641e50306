"""A bulletin begins with what the quarter's common life came to: what residents see anyway, and no number of too few."""

from tests import office_settings, subjects
from tests.world import Arriving, Person, answer, id_of_code

QUARTER = "2026Q1"


async def drafted(community: Person) -> dict[str, str]:
    """Return the words of the community's draft of this quarter."""
    body = {"place_id": await id_of_code("wss"), "quarter": QUARTER}
    made = answer(await community.ask("POST", "/bulletins", json=body), 201)
    words: dict[str, str] = made["words"]
    return words


async def test_what_was_decided_planned_asked_and_held_is_in_the_draft(on: Arriving) -> None:
    resident, community = await on("resident", "community")
    topic = await subjects.topic(
        resident, title="13812345678说：东门装充电桩", place_id=await resident.place()
    )
    await subjects.act(community, "topics", "set", topic)
    await subjects.act(community, "topics", "decide", topic, text="先装两台")
    await subjects.topic(resident, title="还没有公开的", place_id=await resident.place())
    clerk = {"title": "社区社工", "role": "community", "level": "community"}
    await office_settings.put(community, "titles", [clerk])
    await subjects.project(community, title="装两台充电桩")
    survey = await subjects.act(community, "surveys", "open", await subjects.survey(community))
    papers = subjects.papers(await resident.place(), 12)
    await subjects.act(community, "surveys", "paper", survey, ballots=papers)
    await subjects.act(community, "surveys", "close", survey, text="收齐了")
    for headcount in (35, 3):
        kind = "meeting" if headcount > 5 else "event"
        held = await subjects.activity(community, kind=kind)
        for action in ("publish", "start"):
            held = await subjects.act(community, "activities", action, held)
        await subjects.act(community, "activities", "close", held, headcount=headcount)
    words = await drafted(community)
    assert words["projects"].split("\n")[0] == "议定“138****5678说：东门装充电桩”：先装两台"
    assert "项目“装两台充电桩”：待实施，" in words["projects"]
    assert "前完成，负责：万寿山社区 社区社工" in words["projects"]
    assert "征询“物业服务评价”：问1000户，12户交了" in words["projects"]
    assert "还没有公开的" not in words["projects"]
    assert words["activities"] == "活动1次；会议1次，35人次参加"


async def test_a_quarter_without_any_says_nothing_and_a_clerks_words_come_first(on: Arriving) -> None:
    (community,) = await on("community")
    words = await drafted(community)
    assert (words["projects"], words["activities"]) == ("", "")
    await subjects.project(community)
    (ref,) = (await community.get("/bulletins"))["items"]
    body = {"version": ref["version"], "projects": "居民议事会议定先装两台充电桩。"}
    edited = answer(await community.ask("PATCH", f"/bulletins/{ref['id']}", json=body))
    assert edited["words"]["projects"] == "居民议事会议定先装两台充电桩。"
    blank = {"version": edited["version"], "projects": None}
    again = answer(await community.ask("PATCH", f"/bulletins/{ref['id']}", json=blank))
    assert again["words"]["projects"].startswith("项目“装两台充电桩”")
