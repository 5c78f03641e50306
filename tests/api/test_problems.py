"""Every refusal is application/problem+json with a Chinese title and the request's id, the framework's own included."""

import re
from typing import Any

import httpx
import pytest

from app import db
from app.services import catalogue, people
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
    assert refused.status_code in {400, 415, 422}
    said_in_chinese(refused, refused.status_code)


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

    refused = await http.post(f"{API}/auth/demo", content=pieces())
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

    monkeypatch.setattr(people, "consent", breaks)
    refused = await http.get(f"{API}/consent")
    said_in_chinese(refused, 500, "internal")
    assert "secret" not in refused.text
    assert "13812345678" not in refused.text
    assert refused.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("disk_full", 507),
        ("cannot_connect_now", 503),
        ("admin_shutdown", 503),
        ("connection_does_not_exist", 503),
        ("too_many_connections", 503),
    ],
)
async def test_a_database_in_trouble_is_said_so(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, error: str, status: int
) -> None:
    import asyncpg

    name = "".join(word.title() for word in error.split("_")) + "Error"

    async def breaks() -> None:
        raise db.translated(getattr(asyncpg, name)("server says no"))

    monkeypatch.setattr(catalogue, "refresh", breaks)
    refused = await http.get(f"{API}/categories")
    said_in_chinese(refused, status)
    assert status == 507 or int(refused.headers["retry-after"]) > 0


async def test_two_requests_have_two_ids(http: httpx.AsyncClient) -> None:
    ids = {problem(await http.get("/nowhere"), 404)["request_id"] for _ in range(2)}
    assert len(ids) == 2


async def test_the_document_promises_problems(http: httpx.AsyncClient) -> None:
    document = answer(await http.get("/openapi.json"))
    for path, operations in document["paths"].items():
        refused = "text/xml" if path.startswith("/open311/") else "application/problem+json"
        for operation in operations.values():
            assert refused in operation["responses"]["4XX"]["content"]
            assert "422" not in operation["responses"]
