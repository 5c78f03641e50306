"""Everything kept about somebody, for themselves alone."""

import json

import httpx

from app import db
from app.services.outbox import jobs
from tests.world import API, Everybody, answer, problem


async def test_all_that_is_kept_about_oneself_comes_with_its_words(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    answer(await resident.ask("POST", "/me/phone", json={"phone": "13812345678"}), 201)
    photo = await resident.photo()
    ticket = await resident.report(contact_phone="13987654321", photo_ids=[photo], anonymous=True)
    await resident.act("comment", ticket, text="麻烦快一点")
    await head.act("accept", ticket)
    while await jobs.run_due():
        pass
    answered = await resident.ask("GET", "/me/export")
    kept = answer(answered)
    await db.fetch("UPDATE person SET phone_sealed = NULL, phone_index = NULL, phone_masked = NULL")
    assert answered.headers["cache-control"] == "no-store"
    assert kept["phone"] == "+8613812345678"
    assert kept["profile"]["phone_masked"] == "138****5678"
    (mine,) = kept["tickets"]
    assert (mine["no"], mine["contact_phone"], mine["anonymous"]) == (ticket["no"], "+8613987654321", True)
    assert [words["text"] for words in mine["words"]] == ["楼道灯不亮", "麻烦快一点"]
    assert [one["id"] for one in mine["photos"]] == [one["id"] for one in kept["photos"]] == [photo]
    assert {notice["type"] for notice in kept["notices"]} == {"ticket.accepted"}
    assert [login["kind"] for login in kept["logins"]] == ["demo"]
    assert {entry["type"] for entry in kept["audit"]} == {"signed_in", "exported"}


async def test_nothing_of_others_and_no_openid_is_in_it(people_of: Everybody) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    ticket = await resident.report(description="别人的灯不亮")
    await head.act("comment", ticket, text="内部留言", internal=True)
    for somebody in (neighbour, head, resident):
        said = json.dumps(answer(await somebody.ask("GET", "/me/export")), ensure_ascii=False)
        assert ("别人的灯不亮" in said) == (somebody is resident)
        assert "内部留言" not in said
        assert "openid" not in said


async def test_posts_are_in_it(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    (post,) = (await head.get("/me/export"))["posts"]
    assert post["label"] == "万寿山社区第四网格 网格长"


async def test_every_export_is_recorded(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    for _ in range(2):
        await resident.get("/me/export")
    rows = await db.fetch("SELECT person_id, subject_id FROM audit WHERE type = 'exported'")
    assert [row["person_id"] == row["subject_id"] for row in rows] == [True, True]


async def test_nobody_has_nothing_to_take_away(http: httpx.AsyncClient) -> None:
    problem(await http.get(f"{API}/me/export"), 401)
