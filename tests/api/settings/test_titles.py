"""What an office calls its posts: shown wherever a post is, inherited by communities that say nothing, and never a right."""

from typing import Any

import pytest

from tests.office_settings import current, put, try_to_put
from tests.world import Cast, Everybody, Person, answer, id_of_code, last_event, problem, run_jobs

HEAD = {"title": "网格总长", "role": "head", "level": "grid"}
STEWARD = {"title": "先锋管家", "role": "member", "level": "grid"}
ASSISTANT = {"title": "协管员", "role": "member", "level": "grid"}
GRID = "万寿山社区第四网格"


async def invited(somebody: Person, role: str, code: str) -> Any:
    made = await somebody.ask("POST", "/posts", json={"role": role, "place_id": await id_of_code(code)})
    return answer(made, 201)


async def test_a_post_is_called_by_its_title_wherever_it_is_shown(people_of: Everybody, cast: Cast) -> None:
    resident, head, company = cast
    community, deputy = await people_of("community", "deputy")
    await put(community, "titles", [HEAD, {"title": "楼管", "role": "community", "level": "community"}])
    ticket = await resident.report()
    assert (await resident.ticket(ticket["id"]))["holder"]["role_name"] == "网格总长"
    accepted = await head.act("accept", ticket)
    assert accepted["latest"]["actor"]["label"] == f"{GRID} 网格总长"
    assert (await last_event(resident, ticket))["actor"]["label"] == f"{GRID} 网格总长"
    resolved = await head.resolve(ticket)
    assert resolved["resolution"]["by"] == f"{GRID} 网格总长"
    (post,) = (await head.get("/me"))["posts"]
    assert (post["role_name"], post["label"]) == ("网格总长", f"{GRID} 网格总长")
    assert (await head.get("/me/grids"))["items"][0]["seats"][0]["role_name"] == "网格总长"
    cut = await community.get("/settings/grids", place_id=await id_of_code("wss"))
    assert {
        post["role_name"] for grid in cut["grids"] for post in grid["posts"] if post["role"] == "head"
    } == {"网格总长"}
    answer(await head.ask("PATCH", f"/posts/{post['id']}", json={"absent_from": "2020-01-01"}))
    sentence = (await deputy.get("/notices"))["items"][0]["label"]
    assert sentence.startswith(f"{GRID}网格总长请假")
    entry = (await community.get("/audit", type="absence_set"))["items"][0]
    assert (entry["person"]["post"], entry["subject"]) == (f"{GRID} 网格总长",) * 2
    assert (await head.get("/me/export"))["posts"][0]["label"] == f"{GRID} 网格总长"
    assert (await community.get("/me"))["posts"][0]["role_name"] == "楼管"
    assert (await company.get("/me"))["posts"][0]["role_name"] == "经办人"  # nothing is said of it


async def test_posts_of_one_role_have_titles_of_their_own(people_of: Everybody) -> None:
    community, member = await people_of("community", "member")
    await put(community, "titles", [STEWARD, ASSISTANT])
    (post,) = (await member.get("/me"))["posts"]
    assert post["role_name"] == "先锋管家"  # the usual one
    changed = await community.ask("PATCH", f"/posts/{post['id']}/card", json={"title": "协管员"})
    assert answer(changed)["label"] == f"{GRID} 协管员"
    assert (await member.get("/me"))["posts"][0]["role_name"] == "协管员"
    await put(community, "titles", [STEWARD])
    assert (await member.get("/me"))["posts"][0][
        "role_name"
    ] == "先锋管家"  # what is not offered is not shown
    await put(community, "titles", [])
    assert (await member.get("/me"))["posts"][0]["role_name"] == "网格员"


async def test_a_community_inherits_what_it_does_not_name_itself(people_of: Everybody) -> None:
    street, community, head, other = await people_of("street", "community", "grid_head", "other_community")
    await put(street, "titles", [HEAD, STEWARD], code="rh")
    own = {"title": "网格管家", "role": "member", "level": "grid"}
    await put(community, "titles", [own])
    assert (await head.get("/me"))["posts"][0]["role_name"] == "网格总长"
    here = {(item["role"], item["level"]): item for item in (await current(community, "titles"))["roles"]}
    assert here["head", "grid"]["titles"] == ["网格总长"]
    assert (here["head", "grid"]["own"], here["head", "grid"]["default"]) == (False, ["网格总长"])
    assert (here["member", "grid"]["titles"], here["member", "grid"]["default"]) == (
        ["网格管家"],
        ["先锋管家"],
    )
    there = await current(other, "titles", code="bl")
    assert next(item for item in there["roles"] if item["role"] == "member")["titles"] == ["先锋管家"]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"title": "楼栋长", "role": "steward", "level": "grid"}, "/titles/0/level"),
        ({"title": "总代理", "role": "agent", "level": "community"}, "/titles/0/level"),
        ({"title": "网格长", "role": "member", "level": "grid"}, "/titles/0/title"),
        ({"title": "\u202e", "role": "head", "level": "grid"}, "/titles/0/title"),
        ({"title": "长" * 21, "role": "head", "level": "grid"}, "/titles/0/title"),
        ({"title": "总长", "role": "king", "level": "grid"}, "/titles/0/role"),
    ],
)
async def test_a_title_that_makes_no_sense_is_refused_at_its_field(
    people_of: Everybody, wrong: dict[str, str], pointer: str
) -> None:
    (community,) = await people_of("community")
    said = problem(await try_to_put(community, "titles", [wrong]), 422)
    assert said["errors"][0]["pointer"] == pointer
    assert (await current(community, "titles"))["own"] == []


async def test_one_title_names_one_role(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    twice = [HEAD, HEAD | {"role": "deputy"}]
    assert (
        problem(await try_to_put(community, "titles", twice), 422)["errors"][1]["pointer"]
        == "/titles/1/title"
    )


async def test_whoever_was_not_up_to_date_is_told_and_a_repeat_is_no_change(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    assert (await put(community, "titles", [HEAD]))["version"] == 1
    assert problem(await try_to_put(community, "titles", [STEWARD], version=0), 409)["version"] == 1
    assert (await put(community, "titles", [HEAD], version=0))["version"] == 1
    await run_jobs()
    entries = [e for e in (await community.get("/audit"))["items"] if e["type"] == "setting_changed"]
    assert [(e["data"]["noun"], e["data"]["added"]) for e in entries] == [("titles", [HEAD])]


async def test_a_title_gives_no_right(people_of: Everybody) -> None:
    community, member, resident = await people_of("community", "member", "resident")
    await put(community, "titles", [{"title": "指挥长", "role": "member", "level": "grid"}])
    ticket = await resident.report()
    answer(await member.try_to("accept", ticket))
    seen = await member.ticket(ticket["id"])
    problem(await member.try_to("reject", seen, reason="not_ours", text="请联系产权单位"), 403)
    problem(await member.ask("GET", "/posts"), 403)


async def test_a_resident_holds_an_honorary_post_and_reads_nothing_more(people_of: Everybody) -> None:
    community, neighbour, resident = await people_of("community", "neighbour", "resident")
    unit = {"title": "单元长", "role": "steward", "level": "unit"}
    door = {"title": "中心户", "role": "steward", "level": "unit"}
    await put(community, "titles", [unit, door, {"title": "楼栋长", "role": "steward", "level": "building"}])
    ticket = await resident.report()
    for code in ("wss-944-4", "wss-944-4", "wss-944"):
        made = await invited(community, "steward", code)
        answer(await neighbour.ask("POST", "/me/invitations", json={"code": made["invitation_code"]}), 201)
    posts = (await neighbour.get("/me"))["honorary"]
    answer(await community.ask("PATCH", f"/posts/{posts[1]['id']}/card", json={"title": "中心户"}))
    me = await neighbour.get("/me")
    assert me["posts"] == []
    assert [post["label"] for post in me["honorary"]] == [
        "人和家园944号4单元 单元长",
        "人和家园944号4单元 中心户",
        "人和家园944号 楼栋长",
    ]
    problem(await neighbour.ask("GET", f"/tickets/{ticket['id']}"), 404)
    assert (await neighbour.get("/tickets", box="all"))["items"] == []
    for path in ("/posts", "/audit", "/figures", "/views", "/duty/gaps"):
        problem(await neighbour.ask("GET", path), 403)
    mine = await neighbour.report(description="门禁坏了")
    assert [one["id"] for one in (await neighbour.get("/tickets"))["items"]] == [
        mine["id"]
    ]  # as a resident's
    assert mine["origin"] == "resident"


async def test_an_honorary_post_is_at_an_estate_a_building_or_a_unit(people_of: Everybody) -> None:
    community, other = await people_of("community", "other_community")
    for code, status in (("wss", 403), ("wss-g4", 422)):
        body = {"role": "steward", "place_id": await id_of_code(code)}
        problem(await community.ask("POST", "/posts", json=body), status)
    body = {"role": "steward", "place_id": await id_of_code("wss-944")}
    problem(await other.ask("POST", "/posts", json=body), 404)
