"""Signing in on a computer by scanning: approved on the telephone, handed out once, good for five minutes."""

import asyncio
import base64
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from PIL import Image

from app import clock, db
from app.services.people import scan_login
from tests.world import API, MADE_UP, Everybody, Person, answer, problem


async def begin(http: httpx.AsyncClient) -> Any:
    return answer(await http.post(f"{API}/auth/scan"), 201)


async def poll(http: httpx.AsyncClient, scan: Any, **changes: str) -> httpx.Response:
    asked = scan | changes
    return await http.get(f"{API}/auth/scan/{asked['scan_id']}", params={"secret": asked["secret"]})


async def approve(somebody: Person, scan: Any) -> httpx.Response:
    return await somebody.ask("POST", "/auth/scan/approve", json={"scene": scan["scene"]})


async def test_a_browser_is_signed_in_by_who_scans(http: httpx.AsyncClient, people_of: Everybody) -> None:
    (community,) = await people_of("community")
    scan = await begin(http)
    assert scan["expires_in"] == 300
    assert len(scan["scene"]) == 32  # no more fits into WeChat's own codes
    assert answer(await poll(http, scan)) == {"status": "pending"}
    assert answer(await approve(community, scan)) == {"approved": True}
    answered = await poll(http, scan)
    got = answer(answered)
    assert (got["status"], got["token_type"]) == ("approved", "Bearer")
    assert answered.headers["cache-control"] == "no-store"
    assert got["person"] == await community.get("/me")
    browser = Person(http, got["access_token"])
    assert (await browser.get("/me"))["id"] == got["person"]["id"]
    answer(await http.post(f"{API}/auth/refresh", json={"refresh_token": got["refresh_token"]}))
    assert answer(await poll(http, scan)) == {"status": "expired"}
    rows = await db.fetch(
        "SELECT type, data FROM audit WHERE type LIKE 'scan%' OR data->>'by' = 'scan' ORDER BY at, id"
    )
    assert [row["type"] for row in rows] == ["scan_begun", "scan_approved", "signed_in"]


async def test_the_code_is_a_picture(http: httpx.AsyncClient) -> None:
    with Image.open(io.BytesIO(base64.b64decode((await begin(http))["qr_png"]))) as picture:
        assert picture.format == "PNG"
        assert picture.width == picture.height > 200


async def test_of_polls_at_once_one_gets_the_tokens(http: httpx.AsyncClient, people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    scan = await begin(http)
    answer(await approve(resident, scan))
    got = [answer(one) for one in await asyncio.gather(*(poll(http, scan) for _ in range(6)))]
    assert sorted(one["status"] for one in got) == ["approved", *["expired"] * 5]
    assert sum("access_token" in one for one in got) == 1
    assert len(await db.fetch("SELECT FROM login WHERE kind = 'scan'")) == 1


async def test_who_saw_it_untaken_but_came_second_gets_nothing(
    http: httpx.AsyncClient, people_of: Everybody
) -> None:
    (resident,) = await people_of("resident")
    scan = await begin(http)
    answer(await approve(resident, scan))
    both = [await scan_login._issue_tokens(UUID(scan["scan_id"])) for _ in range(2)]  # noqa: SLF001 - both polls have read it
    assert [one.status for one in both] == ["approved", "expired"]
    assert both[1].access_token is None


async def test_of_two_who_scan_at_once_one_approves(http: httpx.AsyncClient, people_of: Everybody) -> None:
    both = await people_of("resident", "neighbour")
    scan = await begin(http)
    results = await asyncio.gather(*(approve(one, scan) for one in both))
    assert sorted(one.status_code for one in results) == [200, 404]
    winner = both[[one.status_code for one in results].index(200)]
    assert answer(await poll(http, scan))["person"] == await winner.get("/me")


async def test_a_double_tap_is_no_error_until_it_is_used(
    http: httpx.AsyncClient, people_of: Everybody
) -> None:
    (resident,) = await people_of("resident")
    scan = await begin(http)
    for _ in range(2):
        answer(await approve(resident, scan))
    answer(await poll(http, scan))
    problem(await approve(resident, scan), 404)


async def test_after_five_minutes_it_is_worth_nothing(http: httpx.AsyncClient, people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    late, waiting = await begin(http), await begin(http)
    answer(await approve(resident, late))
    clock.travel(timedelta(minutes=5))
    for scan in (late, waiting):
        assert answer(await poll(http, scan)) == {"status": "expired"}
    problem(await approve(resident, waiting), 404)
    assert not await db.fetch("SELECT FROM login WHERE kind = 'scan'")


async def test_a_guess_finds_nothing(http: httpx.AsyncClient, people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    scan = await begin(http)
    told = [
        problem(await poll(http, scan, **wrong), 404) | {"request_id": ""}
        for wrong in ({"secret": "x"}, {"secret": scan["scene"]}, {"scan_id": MADE_UP})
    ]
    assert told[0] == told[1] == told[2]
    problem(await approve(resident, {"scene": "login-" + "A" * 26}), 404)
    problem(await approve(resident, {"scene": scan["secret"]}), 404)
    assert answer(await poll(http, scan)) == {"status": "pending"}
    failed = await db.fetch("SELECT FROM audit WHERE type = 'sign_in_failed'")
    assert len(failed) == 5


async def test_guessing_is_limited_by_address(http: httpx.AsyncClient) -> None:
    scan = await begin(http)
    for _ in range(60):
        problem(await poll(http, scan, secret="x"), 404)
    problem(await poll(http, scan, secret="x"), 429, "too-many")
    clock.travel(timedelta(minutes=5, seconds=1))
    problem(await poll(http, scan, secret="x"), 404)


async def test_an_address_begins_sixty_in_five_minutes(http: httpx.AsyncClient) -> None:
    for _ in range(scan_login.MAX_PER_ADDRESS):
        await begin(http)
    problem(await http.post(f"{API}/auth/scan"), 429, "too-many")
    clock.travel(timedelta(minutes=5, seconds=1))
    await begin(http)


async def test_what_finds_it_lies_in_the_database_as_digests_only(http: httpx.AsyncClient) -> None:
    scan = await begin(http)
    rows = await db.fetch("SELECT scan::text AS row FROM scan UNION ALL SELECT audit::text FROM audit")
    assert not [row for row in rows if scan["secret"] in row["row"] or scan["scene"] in row["row"]]


async def test_old_ones_are_swept_away(http: httpx.AsyncClient) -> None:
    await begin(http)
    clock.travel(timedelta(days=1, minutes=6))
    await begin(http)
    assert len(await db.fetch("SELECT FROM scan")) == 1


async def test_only_somebody_signed_in_approves(http: httpx.AsyncClient) -> None:
    scan = await begin(http)
    problem(await http.post(f"{API}/auth/scan/approve", json={"scene": scan["scene"]}), 401)


@pytest.mark.parametrize(
    "body", [{}, {"scene": ""}, {"scene": "x" * 65}, {"scene": 1}, {"scene": "x", "person_id": MADE_UP}]
)
async def test_an_approval_names_what_was_scanned(people_of: Everybody, body: Any) -> None:
    (resident,) = await people_of("resident")
    problem(await resident.ask("POST", "/auth/scan/approve", json=body), 422)
