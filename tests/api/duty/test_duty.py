"""Who answers now and whom to call: by succession, by skill, without what nobody has agreed to show."""

from datetime import timedelta
from typing import Any

import pytest

from app import clock, db
from tests.office_settings import put
from tests.world import MADE_UP, Arriving, Everybody, Person, answer, id_of_code, moment, problem

GRID = "万寿山社区第四网格"
HOTLINE = {"phone": "023-00000004", "whose": "hotline", "label": GRID}


async def duty(somebody: Person, code: str = "wss-944-4", **wanted: Any) -> Any:
    return await somebody.get("/duty", place_id=await id_of_code(code), **wanted)


async def card(somebody: Person, code: str = "wss-944-4") -> Any:
    return await somebody.get("/duty/card", place_id=await id_of_code(code))


async def own_post(somebody: Person) -> str:
    identifier: str = (await somebody.get("/me"))["posts"][0]["id"]
    return identifier


async def away(*people: Person, **days: str | None) -> None:
    for somebody in people:
        body = days or {"absent_from": "2020-01-01"}
        answer(await somebody.ask("PATCH", f"/posts/{await own_post(somebody)}", json=body))


async def show(somebody: Person, **fields: Any) -> None:
    answer(await somebody.ask("PATCH", f"/posts/{await own_post(somebody)}/card", json=fields))


async def with_number(somebody: Person, phone: str, *, verified: bool) -> None:
    answer(await somebody.ask("POST", "/me/phone", json={"phone": phone}), 201)
    me = await somebody.get("/me")
    await db.fetch("UPDATE person SET phone_verified = $2 WHERE id = $1 RETURNING id", me["id"], verified)


async def test_who_answers_falls_back_from_the_head_to_the_street(people_of: Everybody) -> None:
    resident, head, deputy, community, street = await people_of(
        "resident", "grid_head", "deputy", "community", "street"
    )
    said = await duty(resident)
    assert (said["unit"]["label"], said["answers"]["label"], said["answers"]["role"]) == (GRID, GRID, "head")
    await away(head)
    assert (await duty(resident))["answers"]["role"] == "deputy"
    await away(deputy)
    assert (await duty(resident))["answers"]["role"] == "duty"
    await db.fetch("UPDATE post SET ended_at = $1 WHERE role = 'duty' RETURNING id", clock.now())
    await away(community)  # the change above counts from the next version of the setup on
    assert (await duty(resident))["answers"]["role"] == "street"
    await away(street)
    said = await duty(resident)
    assert (said["answers"], said["call"]) == (None, HOTLINE)


async def test_who_answers_is_who_a_ticket_is_with(people_of: Everybody) -> None:
    resident, head, deputy = await people_of("resident", "grid_head", "deputy")
    for _ in range(3):
        holder = (await resident.report())["holder"]
        said = (await duty(resident))["answers"]
        assert (holder["label"], holder["post"]) == (said["label"], said["role"])
        await away(*(head,) if holder["post"] == "head" else (deputy,))


async def test_an_absence_is_asked_about_ahead(on: Arriving) -> None:
    resident, head = await on("resident", "grid_head", at="2026-03-04 10:00")
    await away(head, absent_from="2026-03-06", absent_until="2026-03-07")
    for day, role in (("05", "head"), ("06", "deputy"), ("07", "deputy"), ("08", "head")):
        for hour in ("00:00", "23:59"):
            at = f"2026-03-{day}T{hour}:00+08:00"
            assert (await duty(resident, at=at))["answers"]["role"] == role, (day, hour)


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2028-01-01T00:00:00Z", "now"]
)
async def test_a_moment_nobody_plans_for_is_refused(on: Arriving, at: str) -> None:
    (resident,) = await on("resident", at="2026-03-04 10:00")
    params = {"place_id": await id_of_code("wss-944-4"), "at": at}
    problem(await resident.ask("GET", "/duty", params=params), 422)


async def test_whoever_has_the_skill_answers_first_a_member_too(people_of: Everybody) -> None:
    resident, member, deputy = await people_of("resident", "member", "deputy")
    await show(member, skills=["culture", "safety"])
    await show(deputy, skills=["safety"])
    assert (await duty(resident, skill="culture"))["answers"]["role"] == "member"
    assert (await duty(resident, skill="safety"))["answers"]["role"] == "deputy"
    assert (await duty(resident, skill="policy"))["answers"]["role"] == "head"  # nobody has it
    assert (await duty(resident))["answers"]["role"] == "head"
    await away(member)
    assert (await duty(resident, skill="culture"))["answers"]["role"] == "head"
    problem(await resident.ask("GET", "/duty", params={"place_id": MADE_UP, "skill": "cooking"}), 422)


async def test_a_name_and_a_number_are_shown_by_their_holder_alone(people_of: Everybody) -> None:
    resident, head, deputy, community = await people_of("resident", "grid_head", "deputy", "community")
    await with_number(head, "13812345678", verified=True)
    said = await duty(resident)
    assert (said["answers"]["name"], said["call"]) == (None, HOTLINE)
    assert "13812345678" not in str(await card(resident))
    for colleague in (deputy, community):
        assert (await duty(colleague))["answers"]["name"] == "陈网格长"
    await show(head, shows_name=True, shows_own_phone=True, hours="工作日 9:00-18:00")
    said = (await duty(resident))["answers"]
    assert (said["name"], said["hours"]) == ("陈网格长", "工作日 9:00-18:00")
    assert said["call"] == {"phone": "13812345678", "whose": "holder", "label": GRID}
    await show(head, shows_own_phone=False, phone="023-67000000")
    assert (await duty(resident))["call"] == {"phone": "023-67000000", "whose": "post", "label": GRID}


async def test_a_number_that_is_not_verified_is_not_shown(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    await with_number(head, "13812345678", verified=False)
    await show(head, shows_own_phone=True)
    assert (await duty(resident))["call"] == HOTLINE


async def test_the_card_has_the_posts_in_the_order_in_which_they_answer(people_of: Everybody) -> None:
    resident, community, neighbour, head = await people_of("resident", "community", "neighbour", "grid_head")
    titles = [
        {"title": "网格总长", "role": "head", "level": "grid"},
        {"title": "单元长", "role": "steward", "level": "unit"},
    ]
    await put(community, "titles", titles)
    body = {"role": "steward", "place_id": await id_of_code("wss-944-4")}
    made = answer(await community.ask("POST", "/posts", json=body), 201)
    said = await card(resident)
    assert said["stewards"] == []  # nobody holds the post yet
    answer(await neighbour.ask("POST", "/me/invitations", json={"code": made["invitation_code"]}), 201)
    await away(head)
    said = await card(resident)
    assert (said["unit"]["label"], said["community"]["label"]) == (GRID, "万寿山社区")
    assert [post["title"] for post in said["posts"]] == ["网格总长", "副网格长", "值班员", "网格员"]
    assert said["answers"]["title"] == "副网格长"
    assert [(one["title"], one["name"], one["call"]) for one in said["stewards"]] == [("单元长", None, None)]
    assert not {"available", "absent_from", "online"} & set(
        said["posts"][0]
    )  # whether somebody is there is not shown


async def test_a_place_without_a_grid_and_a_grid_itself_have_cards(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    for code, label in (
        ("wss-g4", GRID),
        ("wss", "万寿山社区"),
        ("rh", "人和街道"),
        ("wss-rhjy", "万寿山社区第三网格"),
    ):
        assert (await card(resident, code))["unit"]["label"] == label
    for path in ("/duty", "/duty/card"):
        problem(await resident.ask("GET", path, params={"place_id": MADE_UP}), 404)
        problem(await resident.ask("GET", path), 422)


async def test_the_card_speaks_the_language_of_its_reader(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    await show(head, skills=["property"])
    params = {"place_id": await id_of_code("wss-944-4")}
    said = answer(await resident.ask("GET", "/duty", params=params, headers={"Accept-Language": "en"}))[
        "answers"
    ]
    assert (said["title"], said["skills"][0]["name"]) == ("grid head", "property services")


async def test_the_gaps_of_each_grid_are_seen_by_those_who_run_it(people_of: Everybody) -> None:
    community, street, head, other = await people_of("community", "street", "grid_head", "other_community")
    await show(head, skills=["policy", "property"])
    rows = (await community.get("/duty/gaps"))["items"]
    assert len(rows) == 6
    mine = next(row for row in rows if row["label"] == GRID)
    assert mine["gaps"] == ["service", "self_government", "safety", "culture"]
    assert (mine["skills"][0]["name"], mine["skills"][0]["posts"], mine["skills"][0]["available"]) == (
        "政策宣传",
        1,
        1,
    )
    await away(head)
    (mine,) = (await community.get("/duty/gaps", place_id=await id_of_code("wss-g4")))["items"]
    assert (mine["skills"][0]["posts"], mine["skills"][0]["available"], mine["answers"]) == (1, 0, True)
    assert "policy" in mine["gaps"]
    assert len((await street.get("/duty/gaps", place_id=await id_of_code("rh")))["items"]) == 90
    wss = {"place_id": await id_of_code("wss")}
    problem(await other.ask("GET", "/duty/gaps", params=wss), 404)
    problem(await community.ask("GET", "/duty/gaps", params={"place_id": await id_of_code("rh")}), 403)
    problem(await head.ask("GET", "/duty/gaps", params=wss), 403)


async def test_at_22_40_a_resident_sees_whom_to_call_though_the_head_is_away(on: Arriving) -> None:
    """The story of mechanism 2, on a street of 11 communities and 90 grids."""
    at = "2026-03-04 22:40"
    resident, head, deputy, street = await on("resident", "grid_head", "deputy", "street", at=at)
    communities = (await resident.get("/places", level="community", limit=100))["items"]
    grids = (await resident.get("/places", level="grid", limit=100))["items"]
    assert (len(communities), len(grids)) == (11, 90)
    for grid in grids:
        said = await resident.get("/duty/card", place_id=grid["id"])
        assert said["unit"]["label"] == said["answers"]["label"] == grid["label"]
    await away(head, absent_from="2026-03-02", absent_until="2026-03-08")
    await with_number(deputy, "13900000001", verified=True)
    await show(deputy, shows_name=True, shows_own_phone=True, skills=["property"])
    home = (await resident.get("/me"))["home_id"]
    said = await resident.get("/duty/card", place_id=home)
    assert (said["answers"]["title"], said["answers"]["name"]) == ("副网格长", "赵副网格长")
    assert said["call"]["phone"] == "13900000001"
    ticket = await resident.report()
    assert ticket["holder"]["name"] == said["answers"]["name"]
    clock.travel(timedelta(minutes=12))
    accepted = await deputy.act("accept", ticket)
    assert moment(accepted["sla"]["accepted_at"]) - moment(ticket["created_at"]) <= timedelta(minutes=30)
    assert accepted["sla"]["overdue"] is False
    assert "away" not in said["posts"][0]
    assert len((await street.get("/duty/gaps"))["items"]) == 90
