"""The story of a property company: 1,000 rooms asked, 412 answer, beside its tickets; one reply, a topic, asked again."""

from typing import Any

from app import db
from app.services import figures
from tests import subjects, world
from tests.deployed import deployed
from tests.newcomers import Newcomer
from tests.world import Everybody, Person, answer, problem

ROOMS, ON_PAPER, BY_PHONE = 1000, 372, 40
SOLVED, REOPENED, HANDED_BACK = 4, 1, 1
PARKING, CLEANING = 0, 1


async def rooms(unit_id: str, count: int) -> None:
    """Have as many rooms of a unit on record, as an import writes them."""
    await db.fetch(
        "INSERT INTO place (id, code, parent_id, level, name, number, label, path, scene) "
        "SELECT r.id, u.code || '-' || n, u.id, 'room', n, n, u.label || n, u.path || r.id, r.id::text "
        "FROM place u, generate_series(1001, 1000 + $2::int) door, "
        "LATERAL (SELECT gen_random_uuid() AS id, door::text AS n) r WHERE u.id = $1",
        unit_id,
        count,
    )


async def tickets_of_the_company(resident: Person, head: Person, company: Person) -> None:
    """Have the company do some tickets well and some not."""
    for _ in range(SOLVED):
        await world.brought("closed", resident, head, company)
    back = await world.brought("taken", resident, head, company)
    await company.act("hand_back", back, reason="not_our_trade", text="不归我们管")
    again = await world.brought("closed", resident, head, company)
    await resident.act("reopen", again, text="又不亮了")
    await world.run_jobs()
    while await figures.keep_up():
        pass


async def phones(newcomer: Newcomer, unit_id: str, survey: dict[str, Any]) -> None:
    """Have people answer by phone; parking is bad."""
    for number in range(BY_PHONE):
        person = await newcomer(f"openid-{number}")
        answer(await person.ask("PATCH", "/me", json={"home_id": unit_id, "room": str(1001 + number)}))
        await subjects.respond(person, survey, 0, 3)


async def test_412_of_1000_households_rate_a_company_once_and_parking_is_on_the_agenda_again(
    people_of: Everybody, newcomer: Newcomer
) -> None:
    resident, head, company, community = await people_of("resident", "grid_head", "property", "community")
    unit_id = await resident.place()
    await rooms(unit_id, ROOMS)
    with deployed(rate_limits="off"):
        await tickets_of_the_company(resident, head, company)
        mine = (await company.get("/me"))["organisation"]["id"]
        draft = await subjects.survey(community, organisation_id=mine, households=None)
        survey = await subjects.act(community, "surveys", "open", draft)
        assert survey["asked"] == ROOMS
        await phones(newcomer, unit_id, survey)
        for first in range(1001 + BY_PHONE, 1001 + BY_PHONE + ON_PAPER, 93):
            ballots = subjects.papers(unit_id, 93, 1, 4, first=first)
            await subjects.act(community, "surveys", "paper", survey, ballots=ballots)
    twice = subjects.papers(unit_id, 1, 4, 4, first=1001)
    seen = await community.get(f"/surveys/{survey['id']}")
    problem(await subjects.try_to(community, "surveys", "paper", seen, ballots=twice), 409, "conflict")
    await subjects.act(community, "surveys", "close", survey, text="收齐了")
    result = await resident.get(f"/surveys/{survey['id']}/result")
    assert (result["asked"], result["answered"], result["paper"], result["share"]) == (1000, 412, 372, 41.2)
    parking, cleaning = result["questions"]
    assert [choice["heads"] for choice in parking["results"]] == [40, 372, 0, 0, 0]
    assert (parking["mean"], cleaning["mean"], result["worst"]) == (1.9, 4.9, PARKING)
    beside = {name: result["tickets"][name] for name in ("received", "in_time", "solved", "reopened")}
    assert beside == {"received": SOLVED + 2, "in_time": SOLVED, "solved": SOLVED, "reopened": REOPENED}
    assert result["tickets"]["handed_back"] == HANDED_BACK
    await subjects.act(company, "surveys", "reply", survey, text="下月加画二十个车位")
    led = await subjects.act(community, "surveys", "to_topic", survey, title="小区停车")
    assert led["topic"]["title"] == "小区停车"
    body = {"title": "下一季度评价", "ends_at": subjects.ahead(days=100)}
    asked = await subjects.act(community, "surveys", "repeat", survey, **body)
    again = await subjects.act(community, "surveys", "open", {"id": asked["next_id"]})
    assert (again["former_id"], again["asked"]) == (survey["id"], ROOMS)
    assert "征询“下一季度评价”：开始征询" in await subjects.notices(resident)
