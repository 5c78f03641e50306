"""Surveys: once per household, of those who live there when they answer; shown after the end, from ten answers on."""

import asyncio

import pytest

from tests import subjects, world
from tests.newcomers import Newcomer
from tests.world import Everybody, Person, answer, problem

STOPPED = "征询已经截止，没有计入"


async def opened(community: Person, **body: object) -> dict[str, object]:
    """Draft a survey and open it."""
    return await subjects.act(community, "surveys", "open", await subjects.survey(community, **body))


async def test_a_household_answers_once_and_its_others_hear_so(people_of: Everybody) -> None:
    resident, neighbour, community = await people_of("resident", "neighbour", "community")
    survey = await opened(community)
    for person in (resident, neighbour):
        await subjects.household(person, "301", "人和家园944号4单元")
    after = await subjects.respond(resident, survey, 3, 4)
    assert (after["answered"], after["can_answer"], after["why_not"]) == (
        1,
        False,
        "您已经交过了，每户只算一份",
    )
    again = await subjects.try_to_respond(resident, survey, 0, 0)
    assert problem(again, 409, "conflict")["detail"] == "您已经交过了，每户只算一份"
    theirs = await subjects.try_to_respond(neighbour, survey, 0, 0)
    assert problem(theirs, 409, "conflict")["detail"] == "您家已经有人交过了，每户只算一份"
    assert (await neighbour.get(f"/surveys/{survey['id']}"))["answered_by_household"]


async def test_what_a_household_lacks_is_named_until_it_is_known(people_of: Everybody) -> None:
    neighbour, community = await people_of("neighbour", "community")
    survey = await opened(community)

    async def missing() -> str | None:
        seen = await neighbour.get(f"/surveys/{survey['id']}")
        assert seen["can_answer"] is (seen["missing"] is None)
        lacks: str | None = seen["missing"]
        return lacks

    answer(await neighbour.ask("PATCH", "/me", json={"home_id": None}))
    assert await missing() == "home"
    answer(await neighbour.ask("PATCH", "/me", json={"home_id": await neighbour.place("人和家园944号4单元")}))
    assert await missing() == "room"
    await subjects.household(neighbour, "301")
    assert await missing() is None
    by_area = await subjects.act(community, "surveys", "open", await subjects.vote(community, area=90_000))
    assert (await neighbour.get(f"/surveys/{by_area['id']}"))["missing"] == "area"


async def test_two_phones_of_a_household_at_once_count_once(people_of: Everybody, newcomer: Newcomer) -> None:
    resident, community = await people_of("resident", "community")
    survey, home = await opened(community), await resident.place()
    people = [await newcomer(f"openid-{number}") for number in range(8)]
    for person in people:
        answer(await person.ask("PATCH", "/me", json={"home_id": home, "room": "301"}))
    sent = await asyncio.gather(*(subjects.try_to_respond(person, survey, 1, 1) for person in people))
    assert sorted(response.status_code for response in sent) == [201] + [409] * 7
    assert (await community.get(f"/surveys/{survey['id']}"))["answered"] == 1


async def test_many_households_at_once_are_all_counted(people_of: Everybody, newcomer: Newcomer) -> None:
    resident, community = await people_of("resident", "community")
    survey, home = await opened(community), await resident.place()
    people = [await newcomer(f"openid-{number}") for number in range(12)]
    for number, person in enumerate(people):
        answer(await person.ask("PATCH", "/me", json={"home_id": home, "room": str(101 + number)}))
    await asyncio.gather(*(subjects.respond(person, survey, n % 5, 4) for n, person in enumerate(people)))
    await subjects.act(community, "surveys", "close", survey, text="人齐了")
    result = await community.get(f"/surveys/{survey['id']}/result")
    assert [choice["heads"] for choice in result["questions"][0]["results"]] == [3, 3, 2, 2, 2]
    assert (result["answered"], result["questions"][1]["mean"], result["worst"]) == (12, 5.0, 0)


async def test_the_end_is_a_fact_of_the_clock_when_it_is_read(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    survey = await opened(community, ends_at=subjects.ahead(minutes=20))
    await subjects.household(resident)
    resident = await world.later(resident, "resident", minutes=21)
    community = await world.sign_in(resident.http, "community")
    seen = await resident.get(f"/surveys/{survey['id']}")
    assert (seen["status"], seen["can_answer"], seen["why_not"]) == ("closed", False, STOPPED)
    refused = problem(await subjects.try_to_respond(resident, survey, 1, 1), 409, "wrong-state")
    assert refused["detail"] == STOPPED
    assert len((await resident.get("/surveys", status="closed"))["items"]) == 1
    assert (await resident.get("/surveys", status="open"))["items"] == []
    replied = await subjects.act(community, "surveys", "reply", survey, text="月底前整改")
    assert (replied["status"], replied["result"]) == ("replied", "月底前整改")


async def test_an_answer_that_meets_the_end_is_not_counted(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    survey = await opened(community)
    await subjects.household(resident)
    sent = await asyncio.gather(
        subjects.try_to(community, "surveys", "close", survey, text="提前结束"),
        subjects.try_to_respond(resident, survey, 1, 1),
    )
    counted = (await community.get(f"/surveys/{survey['id']}"))["answered"]
    assert counted == (1 if sent[1].status_code == 201 else 0)
    assert answer(sent[0])["status"] == "closed"


async def test_who_has_moved_out_cannot_answer(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    survey = await opened(community)
    await subjects.household(resident)
    answer(await resident.ask("PATCH", "/me", json={"home_id": await world.id_of_code("bl")}))
    refused = problem(await subjects.try_to_respond(resident, survey, 1, 1), 403, "forbidden")
    assert "搬了家请先改" in refused["detail"]


async def test_who_lives_elsewhere_reads_why_not(people_of: Everybody) -> None:
    community, elsewhere, resident = await people_of("community", "other_community", "resident")
    draft = await subjects.survey(community)
    problem(await elsewhere.ask("GET", f"/surveys/{draft['id']}"), 404, "not-found")
    problem(await resident.ask("GET", f"/surveys/{draft['id']}"), 404, "not-found")
    survey = await subjects.act(community, "surveys", "open", draft)
    seen = await elsewhere.get(f"/surveys/{survey['id']}")
    assert (seen["actions"], seen["can_answer"]) == ([], False)
    assert "不在这次征询的范围内" in seen["why_not"]
    problem(await subjects.try_to_respond(elsewhere, survey, 1, 1), 403, "forbidden")
    problem(await elsewhere.ask("GET", f"/surveys/{survey['id']}/result"), 403, "forbidden")
    assert (await elsewhere.get("/surveys"))["items"] == []


async def test_a_household_needs_the_number_on_its_door(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    survey = await opened(community)
    refused = problem(await subjects.try_to_respond(resident, survey, 1, 1), 409, "conflict")
    assert "门牌号" in refused["detail"]
    await subjects.household(resident, "12-3A")
    me = await resident.get("/me")
    assert (me["household"]["room"], me["household"]["label"][-5:]) == ("12-3A", "12-3A")
    await subjects.respond(resident, survey, 1, 1)
    await world.run_jobs()
    answer(await resident.ask("PATCH", "/me", json={"home_id": await resident.place()}))
    assert (await resident.get("/me"))["household"] is None


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([{"question": 0, "choices": [5]}], "第1题没有这个选项"),
        ([{"question": 2, "choices": [0]}], "没有第3题"),
        ([{"question": 1, "choices": [0, 1]}], "第2题只能选一项"),
        ([{"question": 1, "choices": [0]}, {"question": 1, "choices": [1]}], "同一题不能答两次"),
    ],
)
async def test_answers_that_fit_no_question_are_said(
    people_of: Everybody, answers: list[dict[str, object]], said: str
) -> None:
    resident, community = await people_of("resident", "community")
    survey = await opened(community)
    await subjects.household(resident)
    sent = await resident.ask("POST", f"/surveys/{survey['id']}/responses", json={"answers": answers})
    assert problem(sent, 422, "invalid")["errors"][0]["detail"] == said
    assert (await community.get(f"/surveys/{survey['id']}"))["answered"] == 0


async def test_a_repeat_of_an_answer_with_its_key_is_no_second_one(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    survey = await opened(community)
    await subjects.household(resident)
    key = {"Idempotency-Key": "once"}
    first = await subjects.try_to_respond(resident, survey, 1, 1, **key)
    again = await subjects.try_to_respond(resident, survey, 1, 1, **key)
    assert (answer(first, 201)["answered"], answer(again, 201)["answered"]) == (1, 1)
    assert again.headers["Idempotent-Replayed"] == "true"


async def test_those_asked_are_told_and_those_who_answered_hear_the_reply(people_of: Everybody) -> None:
    resident, neighbour, community = await people_of("resident", "neighbour", "community")
    survey = await opened(community)
    await subjects.household(resident)
    await subjects.respond(resident, survey, 1, 1)
    await subjects.act(community, "surveys", "close", survey, text="人齐了")
    await subjects.act(community, "surveys", "reply", survey, text="下月加两个车位")
    told = ["征询“物业服务评价”：提前截止", "征询“物业服务评价”：开始征询"]
    assert await subjects.notices(resident) == ["征询“物业服务评价”：回应", *told]
    assert await subjects.notices(neighbour) == told


async def test_small_results_are_not_shown_and_small_groups_are_folded(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    questions = [
        {"text": "停车管理", "kind": "rating"},
        {"text": "您是", "kind": "choice", "choices": ["业主", "租户", "其他"]},
    ]
    survey, unit = await opened(community, questions=questions, group_by=1), await resident.place()
    nine = subjects.papers(unit, 9, 4, 0)
    await subjects.act(community, "surveys", "paper", survey, ballots=nine)
    few = await opened(community, ends_at=subjects.ahead(days=2))
    await subjects.act(community, "surveys", "paper", few, ballots=nine)
    more = subjects.papers(unit, 6, 1, 1, first=201) + subjects.papers(unit, 2, 0, 2, first=301)
    await subjects.act(community, "surveys", "paper", survey, ballots=more)
    while_open = await community.get(f"/surveys/{survey['id']}/result")
    assert (while_open["questions"], while_open["note"]) == ([], "截止以后才公布结果")
    community = await world.later(community, "community", days=8)
    hidden = await community.get(f"/surveys/{few['id']}/result")
    assert (hidden["questions"], hidden["answered"]) == ([], 9)
    assert "不到10份" in hidden["note"]
    shown = await community.get(f"/surveys/{survey['id']}/result")
    groups = [(group["label"], group["answered"]) for group in shown["groups"]]
    assert groups == [("业主", 9), ("租户、其他", 8)]
    assert sum(choice["heads"] for choice in shown["groups"][1]["questions"][0]["results"]) == 8


async def test_what_was_rated_worst_becomes_a_topic_and_is_asked_again(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    survey, unit = await opened(community), await resident.place()
    ballots = subjects.papers(unit, 10, 0, 4)
    await subjects.act(community, "surveys", "paper", survey, ballots=ballots)
    await subjects.act(community, "surveys", "close", survey, text="收齐了")
    led = await subjects.act(community, "surveys", "to_topic", survey)
    assert (led["topic"]["title"], led["topic"]["status_name"]) == ("停车管理", "征集附议")
    topic = await community.get(f"/topics/{led['topic']['id']}")
    assert topic["source_id"] == survey["id"]
    problem(await subjects.try_to(community, "surveys", "to_topic", led), 409, "wrong-state")
    body = {"title": "下一季度评价", "ends_at": subjects.ahead(days=100)}
    asked = await subjects.act(community, "surveys", "repeat", survey, **body)
    again = await community.get(f"/surveys/{asked['next_id']}")
    assert (again["former_id"], again["status"], again["title"]) == (survey["id"], "draft", "下一季度评价")
    assert again["questions"] == survey["questions"]
    problem(await resident.ask("GET", f"/surveys/{again['id']}"), 404, "not-found")


async def test_the_company_that_is_rated_replies_and_sees_the_result(people_of: Everybody) -> None:
    resident, company, other, community = await people_of(
        "resident", "property", "other_property", "community"
    )
    mine = (await company.get("/me"))["organisation"]["id"]
    survey = await opened(community, organisation_id=mine)
    seen = await company.get(f"/surveys/{survey['id']}")
    assert (seen["organisation"]["name"], seen["actions"]) == ("人和物业", [])
    assert [one["id"] for one in (await company.get("/surveys"))["items"]] == [survey["id"]]
    ballots = subjects.papers(await resident.place(), 10, 2, 2)
    await subjects.act(community, "surveys", "paper", survey, ballots=ballots)
    await subjects.act(community, "surveys", "close", survey, text="收齐了")
    problem(await subjects.try_to(other, "surveys", "reply", survey, text="我来"), 403, "forbidden")
    replied = await subjects.act(company, "surveys", "reply", survey, text="下月整改停车")
    assert replied["result"] == "下月整改停车"
    problem(await subjects.try_to(community, "surveys", "reply", replied, text="再说"), 409, "wrong-state")
    result = await company.get(f"/surveys/{survey['id']}/result")
    assert (result["questions"][0]["mean"], result["tickets"]["received"]) == (3.0, 0)
