"""The language of an answer: the one a request asks for, else its person's own, else Chinese."""

import pytest

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
