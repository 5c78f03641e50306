"""Certificates of hours: from confirmed attendance only, public by code, gone when revoked and with their holder."""

from typing import Any

import pytest

from tests import subjects
from tests.world import Everybody, Person, answer, problem

HOURS = (8, 8, 8, 8, 6)  # 38 in five days


async def helped(person: Person, head: Person, hours: float | None, **body: Any) -> dict[str, Any]:
    """Have somebody take part in a service, whose hours are confirmed unless None."""
    plan = await subjects.activity(head, **{"kind": "service", "title": "义诊值守"} | body)
    me = (await person.get("/me"))["id"]
    await subjects.act(head, "activities", "publish", plan)
    await subjects.act(person, "activities", "sign_up", plan)
    await subjects.act(head, "activities", "start", plan)
    await subjects.act(head, "activities", "check_in", plan, people=[me])
    closed = await subjects.act(head, "activities", "close", plan, headcount=120)
    if hours is None:
        return closed
    return await subjects.act(head, "activities", "confirm", plan, people=[me], hours=hours)


async def asked_for(person: Person, **body: str) -> Any:
    return await person.ask("POST", "/me/certificates", json={"to": "2099-01-01"} | body)


async def test_thirty_eight_confirmed_hours_are_on_the_page_of_the_code(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    times = {"starts_at": subjects.ahead(seconds=1), "ends_at": subjects.ahead(hours=8)}
    for number, hours in enumerate(HOURS):
        await helped(resident, head, hours, title=f"第{number + 1}次<义诊>", **times)
    await helped(resident, head, None, title="没有确认的一次", **times)
    made = answer(await asked_for(resident), 201)
    assert (made["hours"], made["entries"]) == (38, 5)
    shown = await resident.http.get(f"/c/{made['code']}")
    assert shown.status_code == 200
    assert "944号居民" in shown.text
    assert "<b>5</b> 次、<b>38</b> 小时" in shown.text
    assert "第5次&lt;义诊&gt;" in shown.text
    assert "万寿山社区第四网格" in shown.text
    assert "没有确认的一次" not in shown.text
    assert shown.headers["cache-control"] == "no-store"


async def test_a_certificate_is_gone_when_its_holder_says_so_or_leaves(people_of: Everybody) -> None:
    resident, neighbour, head = await people_of("resident", "neighbour", "grid_head")
    times = {"starts_at": subjects.ahead(seconds=1), "ends_at": subjects.ahead(hours=8)}
    await helped(resident, head, 2, **times)
    first, second = [answer(await asked_for(resident), 201) for _ in range(2)]
    problem(await neighbour.ask("DELETE", f"/me/certificates/{first['id']}"), 404, "not-found")
    answer(await resident.ask("DELETE", f"/me/certificates/{first['id']}"))
    assert [one["id"] for one in (await resident.get("/me/certificates"))["items"]] == [second["id"]]
    assert [one["code"] for one in (await resident.get("/me/export"))["certificates"]] == [second["code"]]
    pages = [f"/c/{made['code']}" for made in (first, second)]
    assert [(await resident.http.get(page)).status_code for page in pages] == [404, 200]
    answer(await resident.ask("DELETE", "/me"))
    assert (await resident.http.get(pages[1])).status_code == 404


async def test_what_is_corrected_shows_on_the_page(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    times = {"starts_at": subjects.ahead(seconds=1), "ends_at": subjects.ahead(hours=8)}
    activity = await helped(resident, head, 8, **times)
    code = answer(await asked_for(resident), 201)["code"]
    me = (await resident.get("/me"))["id"]
    await subjects.act(head, "activities", "confirm", activity, people=[me], hours=3.5)
    assert "<b>3.5</b> 小时" in (await resident.http.get(f"/c/{code}")).text


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 409, "还没有确认过的服务时长"),
        ({"from": "2026-02-01", "to": "2026-01-01"}, 422, "不能晚于"),
        ({"hours": 38}, 422, ""),
    ],
)
async def test_what_cannot_be_certified_is_said(
    people_of: Everybody, body: dict[str, Any], status: int, said: str
) -> None:
    resident, head = await people_of("resident", "grid_head")
    await helped(resident, head, None)
    assert said in str(problem(await resident.ask("POST", "/me/certificates", json=body), status))
