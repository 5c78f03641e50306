"""The language of an answer: the one a request asks for, else its person's own, else Chinese."""

import re

import pytest

from tests import world
from tests.world import Everybody, Person, answer, client, run_jobs

KK = {"Accept-Language": "kk-Arab-CN"}
EN = {"Accept-Language": "en"}


async def get(somebody: Person, path: str, headers: dict[str, str]) -> dict:  # type: ignore[type-arg]
    return answer(await somebody.ask("GET", path, headers=headers))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ({}, "楼道灯不亮"),
        (EN, "Stair light out"),
        (KK, "پودەزد شامى جانبايدى"),
        ({"Accept-Language": "fr"}, "楼道灯不亮"),
    ],
)
async def test_categories_are_named_in_the_language(
    people_of: Everybody, headers: dict[str, str], name: str
) -> None:
    (resident,) = await people_of("resident")
    categories = {each["code"]: each for each in (await get(resident, "/categories", headers))["items"]}
    ticket = await resident.report()
    seen = (await get(resident, f"/tickets/{ticket['id']}", headers))["category"]
    assert (categories["stair_light"]["name"], seen["name"]) == (name, name)
    assert (seen["zh"], seen["en"]) == ("楼道灯不亮", "Stair light out")


async def test_a_ticket_and_its_events_are_labelled_in_the_language(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    await head.act("accept", ticket)
    seen = await get(resident, f"/tickets/{ticket['id']}", EN)
    assert (seen["status"], seen["status_name"], seen["latest"]["label"]) == (
        "accepted",
        "In hand",
        "Accepted",
    )
    lines = (await get(resident, f"/tickets/{ticket['id']}/events", EN))["items"]
    assert [(line["label"], line["actor"]["label"]) for line in lines] == [
        ("Reported", "Reporter"),
        ("Accepted", "万寿山社区第四网格 grid head"),
    ]


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        ({}, "您上报的“人和家园944号4单元 楼道灯不亮”已受理，正在处置"),
        (EN, "Your report “人和家园944号4单元: Stair light out” is accepted and in hand"),
        (KK, "حابارىڭىز «\u2068人和家园944号4单元\u2069، پودەزد شامى جانبايدى» قابىلداندى، ىستەلىپ جاتىر"),
    ],
)
async def test_a_notice_says_place_and_problem_in_the_language(
    people_of: Everybody, headers: dict[str, str], sentence: str
) -> None:
    resident, head = await people_of("resident", "grid_head")
    await head.act("accept", await resident.report())
    await run_jobs()
    (notice,) = (await get(resident, "/notices", headers))["items"]
    assert notice["label"] == sentence


async def test_a_refusal_says_title_detail_and_fields_in_the_language(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    refused = (await resident.ask("POST", "/tickets", json={"category": "stair_light"}, headers=EN)).json()
    assert (refused["status"], refused["title"]) == (422, "Please correct what is marked")
    assert refused["detail"] == refused["errors"][0]["detail"] == "Choose a place, or switch on the location"


async def test_who_is_not_signed_in_is_refused_in_the_language() -> None:
    async with client() as http:
        refused = await http.get("/api/v1/me", headers=KK)
    assert (refused.status_code, refused.json()["title"]) == (401, "الدىمەن كىرىڭىز")


async def test_the_privacy_guide_is_read_in_the_language_in_the_same_version() -> None:
    async with client() as http:
        chinese, kazakh = [(await http.get("/api/v1/consent", headers=each)).json() for each in ({}, KK)]
    assert chinese["version"] == kazakh["version"]
    assert chinese["text"].startswith("# 楼灯隐私保护指引")
    assert kazakh["text"].startswith("# لوۋدىڭ")


async def test_a_person_reads_their_own_language_unless_the_request_asks_for_another(
    people_of: Everybody,
) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report()
    answer(await resident.ask("PATCH", "/me", json={"language": "kk"}))
    path = f"/tickets/{ticket['id']}"
    assert (await get(resident, path, {}))["status_name"] == "قابىلداۋدى كۇتۋدە"
    assert (await get(resident, path, EN))["status_name"] == "Received"
    assert (await get(resident, path, {"Accept-Language": "zh-CN"}))["status_name"] == "待受理"


async def test_residents_words_are_never_translated(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report(description="已结案")  # a label of the program, word for word
    words_ = await get(resident, f"/tickets/{ticket['id']}", EN)
    assert words_["description"] == "已结案"


async def test_a_figure_is_told_in_the_language_and_names_of_places_stay(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    await resident.report()
    listed = {one["name"]: one["title"] for one in (await get(community, "/figures?limit=100", EN))["items"]}
    assert (listed["rates"], listed["received"]) == ("The three rates", "Tickets received")
    chinese = re.compile(r"[\u3400-\u9fff]")
    for name in listed:
        figure = await get(community, f"/figures/{name}", EN)
        heads = [figure["title"], figure["definition"], *(one["title"] for one in figure["columns"])]
        labels = [row["label"] for row in (*figure["rows"], *figure["excluded"])]
        assert [said for said in heads if chinese.search(said)] == [], name
        if name not in {
            "heat",
            "on_time",
            "repeat",
            "organisations",
        }:  # rows of these are places and companies
            assert [said for said in labels if chinese.search(said)] == [], name
    categories = (await get(community, "/figures/categories", EN))["rows"]
    assert [row["label"] for row in categories] == ["Stair light out", "Total"]
    for kind, said in (("csv", "Tickets received,"), ("svg", "Tickets received</title>")):
        file = await community.ask("GET", f"/figures/received?format={kind}", headers=EN)
        assert said in file.text
    assert "20" in file.text
    assert 'lang="en"' in file.text
    assert " 至 " not in file.text


async def test_the_columns_of_an_export_are_headed_in_the_language(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    await resident.report()
    columns = "columns=status&columns=category&columns=origin&columns=overdue&columns=accept_due"
    english, chinese = [
        (
            await community.ask("GET", f"/tickets/export?format=csv&box=area&{columns}", headers=headers)
        ).text.split("\r\n")
        for headers in (EN, {})
    ]
    assert english[0] == "\ufeffStatus,Category,Origin,Overdue,Accept by"
    assert english[1].startswith("Received,Stair light out,Resident,no,")
    assert chinese[0] == "\ufeff状态,类别,来源,是否超期,受理期限"
    assert chinese[1].startswith("待受理,楼道灯不亮,居民,否,")


async def test_a_refusal_of_several_parts_is_wholly_in_the_language(people_of: Everybody) -> None:
    resident, community = await people_of("resident", "community")
    refused = (await resident.ask("GET", "/tickets?order=none", headers=EN)).json()
    assert refused["detail"] == "One of these only: new, old, due"
    day = {"name": "Repairs", "first": "2026-12-25", "kind": "holiday"}
    place = await world.id_of_code("wss")
    calendar = {"version": 0, "days": [day, day]}
    answered = await community.ask(
        "PUT", "/settings/calendar", params={"place_id": place}, json=calendar, headers=EN
    )
    errors = answered.json()["errors"]
    assert errors[0]["detail"] == "It shares a day with item 2, “Repairs”: it stands twice"
