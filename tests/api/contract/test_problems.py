"""Every refusal is application/problem+json with a Chinese title and the request's id, the framework's own included."""

import re
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from app import db
from app.main import create_app
from app.services import people, setup
from tests import world
from tests.deployed import deployed, fresh_client
from tests.world import API, Everybody, answer, problem

MIB = 1024 * 1024


def said_in_chinese(response: httpx.Response, status: int, slug: str | None = None) -> dict[str, Any]:
    said = problem(response, status, slug)
    assert re.search("[\u4e00-\u9fff]", said["title"]), said
    for error in said.get("errors", []):
        assert re.search("[\u4e00-\u9fff]", error["detail"]), said
    return said


@pytest.mark.parametrize(
    "path", ["/nowhere", f"{API}/nowhere", f"{API}/tickets/", "/docs/../secret", "/.env"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_an_unknown_address_is_not_found(http: httpx.AsyncClient, method: str, path: str) -> None:
    refused = await http.request(method, path)
    assert refused.status_code in {404, 401}
    said_in_chinese(refused, refused.status_code)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/health", {"GET"}),
        ("PUT", f"{API}/tickets", {"GET", "POST"}),
        ("GET", f"{API}/auth/wechat", {"POST"}),
        ("PUT", f"{API}/me", {"GET", "PATCH", "DELETE"}),
        ("POST", f"{API}/categories", {"GET"}),
        ("BREW", f"{API}/consent", {"GET"}),
    ],
)
async def test_a_wrong_method_is_told_the_right_ones(
    http: httpx.AsyncClient, method: str, path: str, allowed: set[str]
) -> None:
    refused = await http.request(method, path)
    said_in_chinese(refused, 405, "method-not-allowed")
    assert set(refused.headers["allow"].replace(" ", "").split(",")) == allowed


async def test_a_wrong_method_on_a_ticket_is_told_the_right_ones(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report()
    refused = await resident.ask("DELETE", f"/tickets/{ticket['id']}/accept")
    said_in_chinese(refused, 405)
    assert refused.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"{'persona': 1}", b"\xff\xfe", b'{"persona": "resident",}', b"NaN", b"null", b"[]", b'"x"'],
)
async def test_a_body_that_is_no_json_object_is_refused(http: httpx.AsyncClient, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    refused = await http.post(f"{API}/auth/demo", content=body, headers=headers)
    assert refused.status_code in {400, 422}
    said_in_chinese(refused, refused.status_code)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
async def test_a_body_of_another_kind_is_refused(http: httpx.AsyncClient, kind: str) -> None:
    headers = {"Content-Type": kind}
    refused = await http.post(f"{API}/auth/demo", content=b'{"persona": "resident"}', headers=headers)
    said_in_chinese(refused, 415, "unsupported-media-type")


async def test_a_large_json_body_is_refused(http: httpx.AsyncClient) -> None:
    refused = await http.post(f"{API}/auth/demo", json={"persona": "x" * MIB})
    said_in_chinese(refused, 413, "too-large")


async def test_a_large_body_is_refused_before_it_is_whole(http: httpx.AsyncClient) -> None:
    sent = 0

    async def pieces() -> Any:
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b" " * 64 * 1024

    headers = {"Content-Type": "application/json"}
    refused = await http.post(f"{API}/auth/demo", content=pieces(), headers=headers)
    said_in_chinese(refused, 413, "too-large")
    assert sent < 10


@pytest.mark.parametrize("over", [1, 100 * 1024])
async def test_a_large_photo_is_refused(street: None, over: int) -> None:
    with deployed(upload_max_bytes="20000"):
        async with fresh_client() as http:
            resident = await world.sign_in(http, "resident")
            content = world.jpeg().ljust(20_000 + over, b"\x00")
            refused = await resident.ask("POST", "/photos", files={"file": ("a.jpg", content)})
    said_in_chinese(refused, 413, "too-large")
    assert (await db.fetch("SELECT count(*) FROM photo"))[0][0] == 0


async def test_what_is_no_photo_is_refused(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    refused = await resident.ask("POST", "/photos", files={"file": ("a.jpg", b"<svg/>")})
    said_in_chinese(refused, 422)


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/category"]),
        ({"category": "stair_light", "status": "closed"}, ["/status"]),
        ({"category": 1, "photo_ids": "x"}, ["/category", "/photo_ids"]),
        ({"category": "c", "position": {"lat": 91, "lng": "east"}}, ["/position/lat", "/position/lng"]),
        ({"category": "c", "on_behalf_of": {"name": "1"}}, ["/on_behalf_of/name"]),
        ({"category": "c", "photo_ids": ["x"]}, ["/photo_ids/0"]),
        ({"category": "c", "a/b~c": 1}, ["/a~1b~0c"]),
        ({"category": "c", "description": "灯"}, [""]),
        ({"category": "nonsense", "place_id": "{place}", "description": "灯"}, ["/category"]),
    ],
)
async def test_each_wrong_field_is_pointed_at(
    people_of: Everybody, body: dict[str, Any], pointers: list[str]
) -> None:
    (resident,) = await people_of("resident")
    place = await resident.place()
    given = {name: place if value == "{place}" else value for name, value in body.items()}
    said = said_in_chinese(await resident.ask("POST", "/tickets", json=given), 422, "invalid")
    assert [error["pointer"] for error in said["errors"]] == pointers


async def test_what_was_typed_is_not_repeated(http: httpx.AsyncClient) -> None:
    refused = await http.post(f"{API}/auth/wechat", json={"code": ["13812345678"]})
    said_in_chinese(refused, 422)
    assert "13812345678" not in refused.text


async def test_a_field_named_in_half_a_character_can_be_pointed_at(http: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    refused = await http.post(f"{API}/auth/demo", content=rb'{"\ud800": 1}', headers=headers)
    assert refused.status_code in {400, 422}
    said_in_chinese(refused, refused.status_code)


async def test_a_thousand_mistakes_are_answered_shortly(http: httpx.AsyncClient) -> None:
    refused = await http.post(f"{API}/auth/demo", json={f"field{n}": n for n in range(1000)})
    said_in_chinese(refused, 422)
    assert len(refused.content) < 10_000


@pytest.mark.parametrize("key", ["", "k" * 256])
async def test_a_bad_idempotency_key_is_refused(people_of: Everybody, key: str) -> None:
    (resident,) = await people_of("resident")
    body = {"category": "stair_light", "place_id": await resident.place(), "description": "灯"}
    refused = await resident.ask("POST", "/tickets", json=body, headers={"Idempotency-Key": key})
    said_in_chinese(refused, 400, "bad-request")


async def test_a_conflict_says_what_is_allowed_now(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    await head.act("accept", ticket)
    stale = said_in_chinese(await head.try_to("reject", ticket, reason="unclear", text="看不清"), 409)
    assert (stale["type"].rpartition("/")[2], stale["version"]) == ("stale-version", 2)
    assert "dispatch" in stale["allowed"]
    fresh = await head.ticket(ticket["id"])
    wrong = said_in_chinese(await head.try_to("accept", fresh), 409, "wrong-state")
    assert wrong["allowed"] == fresh["actions"]


# What nobody foresaw


async def test_an_unforeseen_error_is_a_problem_and_tells_nothing(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks() -> None:
        raise RuntimeError("SELECT secret FROM 13812345678")

    monkeypatch.setattr(people, "translated_consent", breaks)
    refused = await http.get(f"{API}/consent")
    said_in_chinese(refused, 500, "internal")
    assert "secret" not in refused.text
    assert "13812345678" not in refused.text
    assert refused.headers["x-content-type-options"] == "nosniff"


# SQLSTATEs that say nothing about the request: the server cannot do it now.
TROUBLE = {
    "08006 connection_failure": 503,
    "25006 read_only_sql_transaction": 503,
    "25P03 idle_in_transaction_session_timeout": 503,
    "25P04 transaction_timeout": 503,
    "40001 serialization_failure": 503,
    "40P01 deadlock_detected": 503,
    "53000 insufficient_resources": 503,
    "53100 disk_full": 507,
    "53300 too_many_connections": 503,
    "53400 configuration_limit_exceeded": 503,
    "55P03 lock_not_available": 503,
    "57014 query_canceled": 503,
    "57P01 admin_shutdown": 503,
    "57P03 cannot_connect_now": 503,
    "57P05 idle_session_timeout": 503,
    "58030 io_error": 503,
}


@pytest.mark.parametrize("way", ["single statement", "transaction"])
@pytest.mark.parametrize(("error", "status"), TROUBLE.items())
async def test_a_database_in_trouble_is_said_so(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, error: str, status: int, way: str
) -> None:
    raise_error = f"DO $$ BEGIN RAISE 'server says no' USING ERRCODE = '{error.partition(' ')[0]}'; END $$"

    async def breaks() -> None:
        if way == "single statement":
            await db.fetch(raise_error)
        async with db.transaction() as session:
            await (await session.connection()).execute(sa.text(raise_error))

    monkeypatch.setattr(setup, "current_catalogue", breaks)
    refused = await http.get(f"{API}/categories")
    said_in_chinese(refused, status)
    assert status == 507 or int(refused.headers["retry-after"]) > 0


async def test_a_connection_to_a_server_that_became_read_only_is_replaced(people_of: Everybody) -> None:
    """The next request may reach a server that accepts writes. Nothing of the first was written."""
    (resident,) = await people_of("resident")
    place_id = await resident.place()
    before = await world.written()
    await db.fetch("SET default_transaction_read_only = on")
    body = {"category": "stair_light", "place_id": place_id, "description": "灯不亮"}
    refused = await resident.ask("POST", "/tickets", json=body)
    said_in_chinese(refused, 503, "unavailable")
    assert int(refused.headers["retry-after"]) > 0
    assert await world.written() == before
    answer(await resident.ask("POST", "/tickets", json=body), 201)


async def test_two_requests_have_two_ids(http: httpx.AsyncClient) -> None:
    ids = {problem(await http.get("/nowhere"), 404)["request_id"] for _ in range(2)}
    assert len(ids) == 2


async def test_the_document_promises_problems(http: httpx.AsyncClient) -> None:
    """By status, none left to a range."""
    document = answer(await http.get("/openapi.json"))
    contents = {name: shape["content"] for name, shape in document["components"]["responses"].items()}
    assert "application/problem+json" in contents["Problem"]
    assert "text/xml" in contents["Open311Errors"]
    for path, operations in document["paths"].items():
        name = "Open311Errors" if path.startswith("/open311/") else "Problem"
        for operation in operations.values():
            refusals = {status: one for status, one in operation["responses"].items() if status[0] in "45"}
            assert all(status.isdecimal() for status in operation["responses"])
            assert {"503", "507"} <= refusals.keys()
            assert all(one == {"$ref": f"#/components/responses/{name}"} for one in refusals.values())


def test_every_parameter_of_a_path_is_documented() -> None:
    for path, operations in create_app().openapi()["paths"].items():
        for operation in operations.values():
            parameters = [one for one in operation.get("parameters", ()) if one["in"] == "path"]
            assert {one["name"] for one in parameters} == set(re.findall(r"{(\w+)}", path)), path
            assert all(one["required"] for one in parameters)


@pytest.mark.parametrize(
    ("method", "path", "body", "words"),
    [
        (
            "POST",
            "/tickets/{id}/resolve",
            {"version": 2, "outcome": "done", "text": "好了"},
            "只能是其中之一：fixed、partial、explained、referred、listed、no_fault",
        ),
        (
            "POST",
            "/tickets/{id}/reject",
            {"version": 2, "reason": "x", "text": "不受理"},
            "只能是其中之一：not_ours、private_matter、duplicate、no_fault、unclear、illegal_request",
        ),
        ("GET", "/tickets?box=x", None, "只能是其中之一：mine、inbox、following、unassigned、area、all"),
    ],
)
async def test_a_choice_that_is_none_is_told_the_codes(
    people_of: Everybody, method: str, path: str, body: dict[str, Any] | None, words: str
) -> None:
    """As one writes them, without what the language of the program puts around them."""
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    await head.act("accept", ticket)
    refused = await head.ask(method, path.format(id=ticket["id"]), json=body)
    assert said_in_chinese(refused, 422)["detail"] == words
