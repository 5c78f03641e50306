"""Open311 GeoReport v2: what other city systems ask in its words, in XML and JSON, and what they are not told."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from xml.etree import ElementTree as ET

import httpx
import pytest

from app import clock, db
from app.errors import TooMany
from app.rules import gcj02
from app.services import rate_limit
from tests.deployed import deployed, fresh_client
from tests.keys import Machine, machine
from tests.world import API, Cast, Everybody, answer, brought, run_jobs, sign_in

V2: Final = "/open311/v2"
HERE: Final = (29.59963, 106.52901)  # GCJ-02: 944号
XML, JSON = "text/xml; charset=utf-8", "application/json; charset=utf-8"


@pytest.fixture
async def system(http: httpx.AsyncClient) -> Machine:
    """The property company's own system."""
    return await machine(http)


async def ask(http: httpx.AsyncClient, path: str, **params: Any) -> httpx.Response:
    return await http.get(V2 + path, params=params)


async def got(http: httpx.AsyncClient, path: str, **params: Any) -> Any:
    """Return the answer in JSON, which must be the one in XML too."""
    said = answer(await ask(http, f"{path}.json", **params))
    written = await ask(http, f"{path}.xml", **params)
    assert written.headers["content-type"] == XML
    assert flat(ET.fromstring(written.content)) == plain(said)
    return said


def flat(root: ET.Element) -> Any:
    """Return a list of rows in XML as text."""
    rows = [{child.tag: child.text or "" for child in row} for row in root]
    return rows if rows and rows[0] else {child.tag: child.text or "" for child in root} or []


def plain(said: Any) -> Any:
    """Return an answer in JSON as the text it is in XML."""
    if isinstance(said, list):
        return [plain(row) for row in said]
    return {
        name: "" if value in (None, []) else str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in said.items()
    }


async def post(
    system: Machine, *, extension: str = "json", headers: Mapping[str, str] = {}, **said: Any
) -> httpx.Response:
    """Request the stair light of 944号, or what `said` says; None: not said."""
    lat, long = gcj02.to_wgs84(HERE)
    form = {
        "api_key": system.key,
        "service_code": "stair_light",
        "lat": lat,
        "long": long,
        "description": "楼道灯不亮",
    } | said
    body = {name: str(value) for name, value in form.items() if value is not None}
    return await system.http.post(f"{V2}/requests.{extension}", data=body, headers=dict(headers))


async def made(system: Machine, **said: Any) -> str:
    """Return the id of a new request."""
    (request,) = answer(await post(system, **said), 201)
    identifier: str = request["service_request_id"]
    return identifier


def refused(response: httpx.Response, status: int) -> str:
    """Return what a refusal says; it must be a list of errors as the standard has it, in the format asked for."""
    assert response.status_code == status, response.text
    if response.headers["content-type"] == JSON:
        errors = response.json()
    else:
        assert response.headers["content-type"] == XML
        root = ET.fromstring(response.content)
        assert root.tag == "errors"
        errors = [{"code": int(one[0].text or 0), "description": one[1].text} for one in root]
        assert {child.tag for one in root for child in one} == {"code", "description"}
    assert {one["code"] for one in errors} == {status}
    return "\n".join(one["description"] for one in errors)


# Services.


async def test_services_are_the_public_categories(http: httpx.AsyncClient) -> None:
    services = await got(http, "/services")
    codes = {one["service_code"] for one in services}
    assert "stair_light" in codes
    assert codes.isdisjoint({"noise", "dispute", "property_complaint", "care", "consult"})
    (light,) = [one for one in services if one["service_code"] == "stair_light"]
    assert light == {
        "service_code": "stair_light",
        "service_name": "楼道灯不亮",
        "description": "24个小时内办结",
        "metadata": False,
        "type": "realtime",
        "keywords": "Stair light out",
        "group": "property",
    }
    assert any("96333" in one["description"] for one in services if one["service_code"] == "lift_trapped")


async def test_xml_is_as_the_standard_writes_it(http: httpx.AsyncClient) -> None:
    written = (await ask(http, "/services.xml")).content
    assert written.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<services><service><service_code>')
    assert b"<metadata>false</metadata><type>realtime</type>" in written
    definition = (await ask(http, "/services/stair_light.xml")).content
    assert definition.endswith(
        b"<service_definition><service_code>stair_light</service_code><attributes /></service_definition>"
    )
    assert await got(http, "/services/stair_light") == {"service_code": "stair_light", "attributes": []}


@pytest.mark.parametrize("extension", ["xml", "json"])
@pytest.mark.parametrize(
    ("path", "status", "named"),
    [
        ("/services/nothing.{}", 404, "service_code"),
        ("/services/noise.{}", 404, "service_code"),
        ("/services.{}?jurisdiction_id=nowhere", 404, "jurisdiction_id"),
        ("/services.{}?jurisdiction_id=%00", 404, "jurisdiction_id"),
        ("/services/stair_light.{}?jurisdiction_id=wss-g4", 404, "jurisdiction_id"),
        ("/requests/nothing.{}", 404, "service_request_id"),
        ("/requests/01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11.{}", 404, "service_request_id"),
        ("/tokens/nothing.{}", 404, "token"),
        ("/requests.{}?service_code=stair_light,noise", 404, "service_code"),
        ("/requests.{}?status=done", 400, "status"),
        ("/requests.{}?start_date=2026-03-04", 400, "start_date"),
        ("/requests.{}?start_date=2026-03-04T00:00:00", 400, "start_date"),
        ("/requests.{}?end_date=0001-01-01T00:00:00Z", 400, "start_date"),
        ("/requests.{}?start_date=2026-03-04T00:00:00Z&end_date=2026-03-03T00:00:00Z", 400, "end_date"),
        ("/requests.{}?start_date=2026-01-01T00:00:00Z&end_date=2026-04-02T00:00:00Z", 400, "end_date"),
        ("/requests.{}?page=0", 400, "page"),
        ("/requests.{}?page_size=1001", 400, "page_size"),
        ("/requests.{}?page_size=%2B5", 400, "page_size"),
        ("/requests.{}?page=1_0", 400, "page"),
        ("/nothing.{}", 404, ""),
        ("/requests.{}?api_key=ldk_nothing", 403, "密钥"),
    ],
)
async def test_refusals_are_lists_of_errors_in_the_format_asked_for(
    path: str, status: int, named: str, extension: str, http: httpx.AsyncClient
) -> None:
    response = await http.get(V2 + path.format(extension))
    assert response.headers["content-type"] == {"xml": XML, "json": JSON}[extension]
    assert named in refused(response, status)
    assert "www-authenticate" not in response.headers


@pytest.mark.parametrize("path", ["/services", "/services.html", "/requests.yaml", "/requests/x", ""])
async def test_another_format_is_not_found_and_says_so_in_xml(path: str, http: httpx.AsyncClient) -> None:
    refused(await http.get(V2 + path), 404)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD"])
async def test_other_methods_are_405_and_name_those_there_are(method: str, http: httpx.AsyncClient) -> None:
    response = await http.request(method, f"{V2}/requests.json")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")
    response = await http.request(method, f"{V2}/services.xml")
    assert (response.status_code, response.headers["allow"]) == (405, "GET")
    if method != "HEAD":
        refused(response, 405)


# Reading.


async def test_a_report_is_found_without_words_name_or_door(
    http: httpx.AsyncClient, people_of: Everybody
) -> None:
    """Residents were promised that only who handles it reads what they write."""
    resident, head = await people_of("resident", "grid_head")
    photo = await resident.photo()
    ticket = await resident.report(
        place_note="3楼301室",
        photo_ids=[photo],
        contact_phone="13812345678",
        position={"lat": 29.5, "lng": 106.5},
    )
    (shown,) = await got(http, f"/requests/{ticket['id']}")
    lat, long = gcj02.to_wgs84(HERE)
    assert abs(shown.pop("lat") - lat) < 0.001
    assert abs(shown.pop("long") - long) < 0.001
    (place,) = await db.fetch("SELECT id::text FROM place WHERE code = 'wss-944'")
    assert shown == {
        "service_request_id": ticket["id"],
        "status": "open",
        "status_notes": "待受理",
        "service_name": "楼道灯不亮",
        "service_code": "stair_light",
        "description": None,
        "agency_responsible": "万寿山社区第四网格",
        "service_notice": None,
        "requested_datetime": w3(ticket["created_at"]),
        "updated_datetime": w3(ticket["updated_at"]),
        "expected_datetime": w3(ticket["sla"]["resolve_due"]),
        "address": "人和家园944号",  # not which stairs
        "address_id": place["id"],
        "zipcode": None,
        "media_url": None,
    }
    await head.dispatch(ticket)
    (shown,) = await got(http, f"/requests/{ticket['id']}")
    assert (shown["status_notes"], shown["agency_responsible"]) == ("已派遣", "人和物业")


def w3(moment: str) -> str:
    return moment.partition(".")[0].removesuffix("Z") + "Z"


async def test_a_place_of_one_building_shows_where_the_building_is_by_gps(
    http: httpx.AsyncClient, people_of: Everybody
) -> None:
    (resident,) = await people_of("resident")
    await resident.report(position={"lat": 1.0, "lng": 1.0})
    (place,) = await db.fetch("SELECT lat, lng FROM place WHERE code = 'wss-944'")
    (shown,) = await got(http, "/requests")
    lat, long = gcj02.to_wgs84((place["lat"], place["lng"]))
    assert (shown["lat"], shown["long"]) == (round(lat, 6), round(long, 6))
    assert abs(shown["lat"] - place["lat"]) > 0.001  # no longer GCJ-02


async def test_a_position_no_building_is_near_is_shown_to_a_hundred_metres(
    http: httpx.AsyncClient, people_of: Everybody
) -> None:
    (resident,) = await people_of("resident")
    far = {"lat": 29.5934, "lng": 106.5287}
    await resident.report(category="road_light", place_id=None, position=far)
    (shown,) = await got(http, "/requests")
    lat, long = gcj02.to_wgs84((29.5934, 106.5287))
    assert (shown["lat"], shown["long"]) == (round(lat, 3), round(long, 3))
    assert (shown["address"], shown["address_id"]) == (None, None)


async def test_neither_anonymous_reports_nor_private_categories_are_there(
    http: httpx.AsyncClient, people_of: Everybody
) -> None:
    (resident,) = await people_of("resident")
    hidden = [
        await resident.report(anonymous=True),
        await resident.report(category="noise"),
        await resident.report(category="care"),
    ]
    shown = await resident.report()
    found = await got(http, "/requests")
    assert [one["service_request_id"] for one in found] == [shown["id"]]
    for ticket in hidden:
        refused(await ask(http, f"/requests/{ticket['id']}.xml"), 404)
        refused(await ask(http, f"/tokens/{ticket['id']}.json"), 404)
        assert await got(http, "/requests", service_request_id=f"{ticket['id']},x") == []


async def test_a_category_an_office_calls_public_is_still_private_where_the_rules_say_so(
    http: httpx.AsyncClient, people_of: Everybody
) -> None:
    (resident,) = await people_of("resident")
    await resident.report(category="dispute")
    await db.fetch("UPDATE category SET public = true WHERE code = 'dispute'")
    await db.fetch("UPDATE setup SET version = version + 1")
    try:
        assert "dispute" not in str(await got(http, "/services"))
        assert await got(http, "/requests") == []
    finally:
        await db.fetch("UPDATE category SET public = false WHERE code = 'dispute'")
        await db.fetch("UPDATE setup SET version = version + 1")


@pytest.mark.parametrize(
    ("step", "status", "notes"),
    [
        ("new", "open", "待受理"),
        ("accepted", "open", "处置中"),
        ("taken", "open", "已派遣"),
        ("waiting", "open", "挂起"),
        ("resolved", "open", "已办结（待评价）：已修好"),
        ("closed", "closed", "已结案：已修好"),
        ("rejected", "closed", "不予受理"),
        ("withdrawn", "closed", "已结案：报告人撤回"),
    ],
)
async def test_open_until_it_has_ended(
    step: str, status: str, notes: str, http: httpx.AsyncClient, cast: Cast
) -> None:
    ticket = await brought(step, *cast)
    (shown,) = await got(http, f"/requests/{ticket['id']}")
    assert (shown["status"], shown["status_notes"]) == (status, notes)
    other = "closed" if status == "open" else "open"
    assert [one["service_request_id"] for one in await got(http, "/requests", status=status)] == [
        ticket["id"]
    ]
    assert await got(http, "/requests", status=other) == []
    assert len(await got(http, "/requests", status="open,closed")) == 1


async def test_lists_are_narrowed_as_the_standard_says(http: httpx.AsyncClient, people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    first = await resident.report()
    second = await resident.report(category="parking")
    other = await resident.report(place_id=await resident.place("柏林苑3栋"))

    async def found(**params: Any) -> list[str]:
        return [one["service_request_id"] for one in await got(http, "/requests", **params)]

    everything = [other["id"], second["id"], first["id"]]
    assert await found() == everything
    assert await found(jurisdiction_id="", status="", start_date="", whatever="1") == everything
    assert await found(jurisdiction_id="rh") == everything
    assert await found(jurisdiction_id="wss") == everything[1:]
    assert await found(jurisdiction_id="bl") == everything[:1]
    assert await found(service_code="parking") == [second["id"]]
    assert await found(service_code="parking, stair_light") == everything
    assert await found(service_code=["parking", "stair_light"], jurisdiction_id="wss") == everything[1:]
    assert await found(service_request_id=f"{first['id']},{other['id']}", service_code="parking") == [
        other["id"],
        first["id"],
    ]
    assert await found(page_size=2) == everything[:2]
    assert await found(page_size=2, page=2) == everything[2:]
    assert await found(start_date=w3(first["created_at"])) == everything
    assert await found(end_date=w3(first["created_at"])) == []
    plus = (clock.now() + timedelta(minutes=1)).astimezone().isoformat(timespec="seconds")
    raw = await http.get(f"{V2}/requests.json?end_date={plus}")  # the plus sign arrives as a blank
    assert len(answer(raw)) == 3


async def test_the_last_ninety_days_unless_said(http: httpx.AsyncClient, people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report()
    clock.travel(timedelta(days=89))
    assert len(await got(http, "/requests")) == 1
    clock.travel(timedelta(days=2))
    assert await got(http, "/requests") == []
    made_at = ticket["created_at"]
    assert len(await got(http, "/requests", start_date=w3(made_at))) == 1
    assert len(await got(http, "/requests", end_date=(clock.now() - timedelta(days=10)).isoformat())) == 1
    assert len(await got(http, "/requests", service_request_id=ticket["id"])) == 1


async def test_a_thousand_at_most(http: httpx.AsyncClient, people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    await resident.report()
    names = [row["column_name"] for row in await db.fetch(_COLUMNS)]
    copied = ", ".join(name for name in names if name not in {"id", "no"})
    copy = f"INSERT INTO ticket (id, no, {copied}) SELECT overlay(id::text placing lpad(n::text, 12, '0') from 25)::uuid, 'x' || n, {copied} FROM ticket, generate_series(1, 1004) n"
    await db.fetch(copy)
    found = answer(await ask(http, "/requests.json"))
    assert len(found) == 1000
    assert len(answer(await ask(http, "/requests.json", page=2))) == 5


_COLUMNS: Final = "SELECT column_name FROM information_schema.columns WHERE table_name = 'ticket'"


async def test_signs_xml_does_not_know_do_not_break_it(system: Machine) -> None:
    words = "坏了 \uffff\ufffe & <b>\u0600</b> ]]> \U0010ffff\t\n“"
    request = await made(system, description=words)
    await run_jobs()
    written = await ask(system.http, f"/requests/{request}.xml")
    (shown,) = ET.fromstring(written.content)
    assert shown.findtext("description") == words.replace("\uffff", "\ufffd").replace("\ufffe", "\ufffd")


# Asking.


async def test_a_request_is_a_report_of_the_keys_organisation(system: Machine, people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    request = await made(
        system,
        description="楼道灯不亮，请打13812345678",
        last_name="王",
        first_name="小明",
        phone="138 1234 5678",
        email="xiaoming@example.cn",
        device_id="x",
        account_id="y",
        **{"attribute[A]": "1"},
    )
    ticket = await head.ticket(request)
    assert (ticket["origin"], ticket["category"]["code"]) == ("open311", "stair_light")
    assert ticket["place"]["label"].startswith("人和家园944号")
    assert ticket["holder"]["label"] == "万寿山社区第四网格"
    position = ticket["position"]
    assert (position["lat"], position["lng"]) == pytest.approx(HERE, abs=1e-7)  # GCJ-02 inside
    assert ticket["reporter"] | {"id": None} == {
        "id": None,
        "name": "人和物业",
        "phone_masked": "138****5678",
    }
    assert await head.get(f"/tickets/{request}/phone") == {
        "phone": "+8613812345678",
        "name": "王小明 xiaoming@example.cn",
    }
    (unchecked,) = await got(system.http, f"/requests/{request}")
    assert unchecked["description"] is None
    await run_jobs()
    (shown,) = await got(system.http, f"/requests/{request}")
    assert shown["description"] == "楼道灯不亮，请打138****5678"
    lat, long = gcj02.to_wgs84(HERE)
    assert (shown["lat"], shown["long"]) == pytest.approx((lat, long), abs=1e-6)
    for public in (shown, await got(system.http, "/requests", api_key=system.key)):
        for personal in ("小明", "1234", "xiaoming", "物业"):
            assert personal not in str(public)
    kept = str([dict(row) for row in await db.fetch("SELECT * FROM ticket")])
    assert "小明" not in kept
    assert "xiaoming" not in kept


async def test_without_a_number_there_is_the_mail_address(system: Machine, people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    request = await made(system, first_name="Mary", last_name="Smith", email="mary@example.org")
    assert (await head.ticket(request))["reporter"]["phone_masked"] == "m***@example.org"
    assert await head.get(f"/tickets/{request}/phone") == {"phone": "mary@example.org", "name": "Mary Smith"}


async def test_every_request_has_its_id_at_once_and_is_its_own_token(system: Machine) -> None:
    written = await post(system, extension="xml")
    assert (written.status_code, written.headers["content-type"]) == (201, XML)
    (request,) = ET.fromstring(written.content)
    assert [child.tag for child in request] == ["service_request_id", "service_notice", "account_id"]
    identifier = request.findtext("service_request_id")
    assert await got(system.http, f"/tokens/{identifier}") == [
        {"service_request_id": identifier, "token": identifier}
    ]


async def test_danger_is_told_the_number_to_call(system: Machine) -> None:
    (request,) = answer(await post(system, service_code="gas_leak"), 201)
    assert request["service_notice"] == "紧急情况请先拨打119"


@pytest.mark.parametrize("way", ["parameter", "query", "header"])
async def test_a_key_comes_as_a_parameter_or_in_the_header(way: str, system: Machine) -> None:
    lat, long = gcj02.to_wgs84(HERE)
    form = {"service_code": "stair_light", "lat": str(lat), "long": str(long), "description": "灯"}
    query = f"?api_key={system.key}" if way == "query" else ""
    headers = system.headers if way == "header" else {}
    body = form | ({"api_key": system.key} if way == "parameter" else {})
    answer(await system.http.post(f"{V2}/requests.json{query}", data=body, headers=headers), 201)


async def test_who_may_not_ask_is_403(system: Machine, http: httpx.AsyncClient) -> None:
    resident = await sign_in(http, "resident")
    reader = await machine(http, "tickets:read")
    assert "api_key" in refused(await post(system, api_key=None), 403)
    assert "密钥" in refused(await post(system, api_key=system.key[:-1]), 403)
    assert "密钥" in refused(await post(system, api_key=None, headers=resident.headers), 403)
    token = resident.headers["Authorization"].removeprefix("Bearer ")
    assert "密钥" in refused(await post(system, api_key=token), 403)
    assert "tickets:write" in refused(await post(reader), 403)
    await db.fetch("UPDATE login SET revoked_at = now() WHERE kind = 'key'")
    refused(await post(system), 403)
    refused(await http.get(f"{V2}/services.xml", params={"api_key": system.key}), 403)
    assert (await db.fetch("SELECT count(*) FROM ticket"))[0][0] == 0


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"service_code": None}, 400, "service_code：必须填写"),
        ({"service_code": " "}, 400, "service_code"),
        ({"service_code": "nothing"}, 404, "service_code"),
        ({"service_code": "noise"}, 404, "service_code"),
        ({"jurisdiction_id": "nowhere"}, 404, "jurisdiction_id"),
        ({"jurisdiction_id": "bl"}, 400, "jurisdiction_id"),
        ({"description": None}, 400, "description"),
        ({"description": "\u200b"}, 400, "description"),
        ({"description": "楼" * 2001}, 400, "2000"),
        ({"description": "a\x00b"}, 400, "description"),
        ({"lat": None}, 400, "lat 和 long"),
        ({"lat": None, "long": None}, 400, "address_string"),
        ({"lat": "x"}, 400, "lat：应当是数字"),
        ({"lat": "nan"}, 400, "lat"),
        ({"lat": "inf"}, 400, "lat"),
        ({"lat": 106.5, "long": 29.6}, 400, "写反"),
        ({"lat": 37.77, "long": -122.42}, 400, "不在中国"),
        ({"lat": 39.9, "long": 116.4}, 400, "20公里"),
        ({"lat": 29.60, "long": 1065}, 400, "long"),
        ({"lat": None, "long": None, "address_string": "不存在的地方"}, 400, "address_string"),
        (
            {"lat": None, "long": None, "address_string": "柏林社区1栋", "jurisdiction_id": "wss"},
            400,
            "address_string",
        ),
        ({"lat": None, "long": None, "address_string": "1栋"}, 400, "可能是"),
        ({"address_id": "x"}, 400, "address_id"),
        ({"address_id": "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"}, 400, "address_id"),
        ({"address_string": "楼" * 201}, 400, "address_string"),
        ({"phone": "12"}, 400, "phone"),
        ({"email": "x"}, 400, "email"),
        ({"email": "a@b.c\u0000"}, 400, "email"),
        ({"first_name": "<b>"}, 400, "first_name"),
        ({"first_name": "小" * 40, "last_name": "王" * 40}, 400, "60"),
        ({"media_url": "https://example.org/photo.jpg"}, 400, "media_url"),
        ({"media_url": "/api/v1/photos/01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"}, 400, "media_url"),
        ({"media_url": "/api/v1/photos/------------------------------------"}, 400, "media_url"),
    ],
)
async def test_what_is_wrong_is_named(said: dict[str, Any], status: int, words: str, system: Machine) -> None:
    for extension in ("xml", "json"):
        assert words in refused(await post(system, extension=extension, **said), status)
    assert (await db.fetch("SELECT count(*) FROM ticket"))[0][0] == 0


async def test_several_errors_are_named_at_once(system: Machine) -> None:
    response = await post(system, lat="x", service_code=None)
    assert len(answer(response, 400)) == 2


async def test_an_address_is_found_as_people_write_it(system: Machine, people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    request = await made(system, lat=None, long=None, address_string="人和家园944号4单元3楼")
    ticket = await head.ticket(request)
    assert ticket["place"]["label"] == "人和家园944号4单元"
    assert ticket["place_note"] == "人和家园944号4单元3楼"
    (place,) = await db.fetch("SELECT id::text FROM place WHERE code = 'wss-946'")
    request = await made(system, address_id=place["id"], jurisdiction_id="wss")
    assert (await head.ticket(request))["place"]["id"] == place["id"]


@pytest.mark.parametrize("text", ["人和家园4单元904号", "人和家园999号", "幸福小区944号4单元"])
async def test_a_doubtful_address_is_answered_with_candidates(system: Machine, text: str) -> None:
    said = refused(await post(system, lat=None, long=None, address_string=text), 400)
    assert "可能是人和家园" in said


async def test_a_room_is_no_building(system: Machine, people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    request = await made(system, lat=None, long=None, address_string="944号4-2-904号")
    assert (await head.ticket(request))["place"]["label"] == "人和家园944号4单元"


async def test_elsewhere_than_the_organisation_serves_is_refused(system: Machine) -> None:
    said = refused(await post(system, lat=None, long=None, address_string="柏林苑3栋"), 400)
    assert "服务范围" in said


async def test_a_photo_of_the_same_key_is_attached(system: Machine, people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    photo = await system.photo()
    request = await made(system, description=None, media_url=f"http://test{API}/photos/{photo}")
    assert [one["id"] for one in (await head.ticket(request))["photos"]] == [photo]


async def test_a_repeated_key_of_a_request_gives_the_same_one(system: Machine) -> None:
    head = {"Idempotency-Key": "once"}
    first, again = await post(system, headers=head), await post(system, headers=head)
    assert answer(first, 201) == answer(again, 201)
    assert again.headers["idempotent-replayed"] == "true"
    assert "幂等" in refused(await post(system, headers=head, description="另一盏灯"), 400)
    refused(await post(system, headers={"Idempotency-Key": "k" * 256}), 400)
    assert (await db.fetch("SELECT count(*) FROM ticket"))[0][0] == 1


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("description=楼道灯 不亮".encode(), "楼道灯 不亮"),  # as curl -d sends it
        (b"description=%E6%A5%BC+%E7%81%AF", "楼 灯"),
        (b"description=first&description=%E7%81%AF&description=", "灯"),
    ],
)
async def test_words_are_utf8_escaped_or_not(
    raw: bytes, words: str, system: Machine, people_of: Everybody
) -> None:
    (head,) = await people_of("grid_head")
    response = await sent(system, raw)
    (request,) = answer(response, 201)
    assert (await head.ticket(request["service_request_id"]))["description"] == words


async def sent(
    system: Machine, raw: bytes, kind: str = "application/x-www-form-urlencoded"
) -> httpx.Response:
    lat, long = gcj02.to_wgs84(HERE)
    body = f"service_code=stair_light&lat={lat}&long={long}&".encode() + raw
    headers = system.headers | {"Content-Type": kind}
    return await system.http.post(f"{V2}/requests.json", content=body, headers=headers)


async def test_other_encodings_are_refused(system: Machine) -> None:
    assert "UTF-8" in refused(await sent(system, "description=灯".encode("gbk")), 400)
    assert "UTF-8" in refused(await sent(system, b"description=%B5%C6"), 400)
    assert "参数太多" in refused(await sent(system, b"x=1&" * 300), 400)
    refused(await sent(system, b"description=x", "application/json"), 415)
    refused(await sent(system, b"description=x", "multipart/form-data; boundary=x"), 415)
    refused(await sent(system, b"description=" + b"x" * 300_000), 413)


# Bounds.


async def test_nobodys_questions_are_bounded_by_address_a_keys_are_not(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = await machine(http)
    with deployed(rate_limits="on"):
        clock.travel(timedelta(seconds=60 - clock.now().second))  # a whole minute is before us
        monkeypatch.setattr(rate_limit, "PER_MINUTE", 5)
        for _ in range(5):
            answer(await ask(http, "/services.json"))
        response = await ask(http, "/services.xml")
        refused(response, 429)
        assert 1 <= int(response.headers["retry-after"]) <= 60
        answer(await ask(http, "/services.json", api_key=system.key))
        clock.travel(timedelta(minutes=1))
        answer(await ask(http, "/services.json"))


def test_a_household_of_ipv6_is_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    with deployed(rate_limits="on"):
        monkeypatch.setattr(rate_limit, "PER_MINUTE", 2)
        rate_limit.count_request("2400:3200::1")
        rate_limit.count_request("2400:3200::2")
        with pytest.raises(TooMany):
            rate_limit.count_request("2400:3200::3")
        rate_limit.count_request("2400:3201::1")
        rate_limit.count_request("not an address")


async def test_an_overloaded_server_says_so_in_the_format_asked_for(
    street: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.middleware.MAX_CONCURRENT_REQUESTS", 0)
    monkeypatch.setattr("app.middleware.QUEUE_SECONDS", 0.01)
    async with fresh_client() as http:
        refused(await ask(http, "/services.json"), 503)
        assert "稍后" in refused(await ask(http, "/services.xml"), 503)


async def test_the_request_is_its_organisations_to_follow(system: Machine) -> None:
    ticket = await system.ticket(await made(system))
    assert ticket["reporter"]["name"] == "人和物业"
    assert {"withdraw", "urge", "comment"} <= set(ticket["actions"])


async def test_an_edited_text_is_published_once_it_is_checked_and_a_held_one_is_not(
    system: Machine,
) -> None:
    request = await made(system, description="楼道灯不亮")
    await run_jobs()
    for description, published in (("灯坏了三天", "灯坏了三天"), ("加微信办贷款", None)):
        await system.act("edit", {"id": request}, description=description)
        (before,) = await got(system.http, f"/requests/{request}")
        assert before["description"] is None
        await run_jobs()
        (after,) = await got(system.http, f"/requests/{request}")
        assert after["description"] == published
