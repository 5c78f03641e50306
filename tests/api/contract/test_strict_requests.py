"""What a request says and nobody would read is refused: another media type, unknown parameters of a write."""

from typing import Any

import httpx
import pytest
from fastapi import params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute

from app.deps import StrictRoute
from app.main import create_app
from tests import world
from tests.world import API, Everybody, answer, problem

BODY = b'{"category": "stair_light", "description": "x", "version": 1, "persona": "resident"}'
JSON = "application/json"
# The media type a client sends, and whether it is JSON. curl -d sends the second, fetch() of a text the third.
MEDIA_TYPES: list[tuple[str | None, bool]] = [
    (None, False),
    ("application/x-www-form-urlencoded", False),
    ("text/plain;charset=UTF-8", False),
    ("multipart/form-data; boundary=x", False),
    ("application/xml", False),
    ("json", False),
    (JSON, True),
    ("Application/JSON; charset=utf-8", True),  # as WeChat sends it
    ("application/merge-patch+json", True),
]


def writes() -> list[APIRoute]:
    """Return every route that changes something."""
    routes = [route for route in create_app().routes if isinstance(route, APIRoute)]
    return [route for route in routes if not (route.methods or set()) <= {"GET", "HEAD"}]


def test_every_write_is_strict() -> None:
    """Open311's standard has other parameters of its own, which are ignored; so does WeChat."""
    lax = [r.path for r in writes() if not isinstance(r, StrictRoute)]
    assert lax == ["/open311/v2/requests.{extension}", "/wechat/push"]


@pytest.mark.parametrize(("media_type", "right"), MEDIA_TYPES)
async def test_a_body_of_another_media_type_is_415(
    media_type: str | None, right: bool, http: httpx.AsyncClient, people_of: Everybody
) -> None:
    """On fast routes and slow ones, signed in or not, after the caller is known and before a field is looked at."""
    resident, community = await people_of("resident", "community")
    ticket = await resident.report()
    headers = {} if media_type is None else {"Content-Type": media_type}
    before = await world.written()
    for person, path in (
        (resident, "/tickets"),
        (resident, f"/tickets/{ticket['id']}/edit"),
        (community, "/posts"),
        (resident, "/me/phone"),
    ):
        answered = await person.ask("POST", path, content=BODY, headers=headers)
        problem(answered, 422 if right else 415, "invalid" if right else "unsupported-media-type")
    signed_in = await http.post(f"{API}/auth/demo", content=b'{"persona": "resident"}', headers=headers)
    assert signed_in.status_code == (200 if right else 415)
    assert await world.written() == before
    problem(await http.post(f"{API}/tickets", content=BODY, headers=headers), 401)


async def test_a_photo_that_is_no_form_is_415(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    for headers in ({}, {"Content-Type": "image/jpeg"}, {"Content-Type": JSON}):
        problem(await resident.ask("POST", "/photos", content=world.jpeg(), headers=headers), 415)


async def test_no_body_is_a_missing_field(people_of: Everybody) -> None:
    """Nothing was sent, so no type of it is missing."""
    (resident,) = await people_of("resident")
    problem(await resident.ask("POST", "/tickets"), 422, "invalid")


async def test_an_act_without_a_body_may_come_with_anything(people_of: Everybody) -> None:
    (resident, neighbour) = await people_of("resident", "neighbour")
    ticket = await resident.report()
    answer(await neighbour.ask("POST", f"/tickets/{ticket['id']}/follow", content=b"x"))


async def test_an_unknown_parameter_of_a_write_is_422(people_of: Everybody) -> None:
    """`dry=true` wrote for real."""
    resident, head, community, company = await people_of("resident", "grid_head", "community", "property")
    ticket, wss = await resident.report(), await world.id_of_code("wss")
    frames = {"version": 0, "frames": [{"start": "09:00", "end": "12:00"}]}
    webhook = {"url": "https://8.8.8.8/hook", "events": ["ticket.*"]}
    report = {"category": "stair_light", "place_id": ticket["place"]["id"], "description": "灯不亮"}
    tried: list[tuple[world.Person, str, str, dict[str, Any] | None]] = [
        (community, "PUT", f"/settings/frames?place_id={wss}&", frames),
        (head, "POST", f"/tickets/{ticket['id']}/accept?", {"version": 1}),
        (resident, "POST", "/tickets?", report),
        (company, "POST", "/webhooks?", webhook),
        (resident, "PATCH", "/me?", {"name": "王小明"}),
        (resident, "DELETE", "/me?", None),
        (resident, "POST", "/auth/demo?", {"persona": "resident"}),
    ]
    before = await world.written()
    for person, method, path, body in tried:
        for wrong in ("dry=true", "previw=1", "dry", "open_ticket=keep"):
            refused = problem(await person.ask(method, path + wrong, json=body), 422, "invalid")
            assert [error["pointer"] for error in refused["errors"]] == [f"/{wrong.partition('=')[0]}"]
    assert await world.written() == before
    answer(await community.ask("PUT", f"/settings/frames?place_id={wss}&preview=true", json=frames))


async def test_a_parameter_of_a_write_that_comes_twice_is_422(people_of: Everybody) -> None:
    """`preview=true&preview=false` wrote for real."""
    (community,) = await people_of("community")
    wss = await world.id_of_code("wss")
    frames = {"version": 0, "frames": [{"start": "09:00", "end": "12:00"}]}
    before = await world.written()
    for query in ("preview=true&preview=false", "preview=true&preview=true"):
        asked = await community.ask("PUT", f"/settings/frames?place_id={wss}&{query}", json=frames)
        assert [error["pointer"] for error in problem(asked, 422, "invalid")["errors"]] == ["/preview"]
    assert await world.written() == before


def test_no_parameter_of_a_write_is_a_list() -> None:
    for route in writes():
        for parameter in get_flat_params(route.dependant):
            if isinstance(parameter.field_info, params.Query) and isinstance(route, StrictRoute):
                assert "list[" not in str(parameter.field_info.annotation), f"{route.path} {parameter.alias}"


async def test_reading_takes_no_notice_of_unknown_parameters(people_of: Everybody) -> None:
    """A link may have been marked by whoever passed it on."""
    (resident,) = await people_of("resident")
    await resident.get("/tickets", utm_source="wechat")


async def test_whose_act_it_is_not_learns_nothing_of_the_parameters(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    problem(await resident.ask("POST", "/posts?dry=true", json={}), 403)
    problem(await resident.ask("POST", f"/tickets/{world.MADE_UP}/accept?dry=true", json={}), 404)
