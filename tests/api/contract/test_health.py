"""What watches the service: alive, ready, counted; the start page and the documentation."""

import asyncpg
import httpx
import pytest

from app import db
from app.services import schema
from tests import world
from tests.databases import connected
from tests.deployed import deployed, fresh_client
from tests.world import API, answer, problem

TOKEN = "a-token-for-prometheus"


async def test_the_process_is_alive(http: httpx.AsyncClient) -> None:
    assert answer(await http.get("/health")) == {"status": "ok"}


async def test_alive_does_not_ask_the_database(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "_run", _away)
    answer(await http.get("/health"))


async def test_ready_once_the_demo_street_is_there(http: httpx.AsyncClient) -> None:
    assert answer(await http.get("/ready")) == {"status": "ready"}


async def test_not_ready_before_the_demo_street_is_there(empty: str) -> None:
    async with world.client() as http:
        problem(await http.get("/ready"), 503)
        with deployed(demo=None):
            answer(await http.get("/ready"))


async def test_not_ready_at_an_older_schema(http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async def no() -> bool:
        return False

    monkeypatch.setattr(schema, "is_usable", no)
    problem(await http.get("/ready"), 503, "unavailable")


async def _away(_: object) -> None:
    error = asyncpg.CannotConnectNowError()
    raise db.translate_error(error) from error


async def test_not_ready_while_the_database_is_away(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "_run", _away)
    away = await http.get("/ready")
    assert "CannotConnectNowError" in problem(away, 503, "unavailable")["detail"]
    assert int(away.headers["retry-after"]) > 0


async def test_not_ready_over_a_database_that_takes_no_writes(street: None, database: str) -> None:
    async with connected(f"{database}&default_transaction_read_only=on"), world.client() as http:
        refused = await http.get("/ready")
    assert "只读" in problem(refused, 503, "unavailable")["detail"]
    assert int(refused.headers["retry-after"]) > 0


async def test_without_a_token_there_are_no_metrics(http: httpx.AsyncClient) -> None:
    problem(await http.get("/metrics"), 404)
    problem(await http.get("/metrics", headers={"Authorization": "Bearer "}), 404)


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Bearer 令牌", f"Basic {TOKEN}", TOKEN, "Bearer"])
async def test_metrics_want_their_token(http: httpx.AsyncClient, header: str | None) -> None:
    headers = {b"Authorization": header.encode()} if header else {}
    with deployed(metrics_token=TOKEN):
        refused = await http.get("/metrics", headers=headers)
    problem(refused, 401)
    assert refused.headers["www-authenticate"] == "Bearer"


async def test_a_persona_is_no_prometheus(http: httpx.AsyncClient) -> None:
    admin = await world.sign_in(http, "admin")
    with deployed(metrics_token=TOKEN):
        problem(await http.get("/metrics", headers=admin.headers), 401)


async def test_metrics_count_by_route_and_never_by_address(http: httpx.AsyncClient) -> None:
    await http.get(f"{API}/places/01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11")
    await http.get("/made-up-address")
    with deployed(metrics_token=TOKEN):
        counted = (await http.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})).text
    assert 'places/{place_id}",status="404"' in counted
    assert "01939f6e" not in counted
    assert "made-up-address" not in counted
    for name in ("loudeng_jobs_waiting 0.0", "loudeng_jobs_dead 0.0", "loudeng_timer_lateness_seconds 0.0"):
        assert name in counted


async def test_the_start_page_names_the_personas(http: httpx.AsyncClient) -> None:
    page = await http.get("/")
    assert page.headers["content-type"].startswith("text/html")
    assert "grid_head" in page.text
    assert "/docs" in page.text


async def test_outside_demo_mode_the_start_page_names_nobody(street: None) -> None:
    with deployed(demo=None):
        async with fresh_client() as http:
            page = await http.get("/")
            assert page.status_code == 200
            assert "grid_head" not in page.text
            assert "/docs" not in page.text


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
@pytest.mark.parametrize(
    ("demo", "docs", "status"), [("1", None, 200), (None, "1", 200), (None, None, 404), ("1", "0", 200)]
)
async def test_documentation_is_for_demos_or_when_switched_on(
    street: None, path: str, demo: str | None, docs: str | None, status: int
) -> None:
    with deployed(demo=demo, docs=docs):
        async with fresh_client() as http:
            assert (await http.get(path)).status_code == status


async def test_the_document_says_who_must_sign_in(http: httpx.AsyncClient) -> None:
    paths = answer(await http.get("/openapi.json"))["paths"]
    assert paths[f"{API}/me"]["get"]["security"] == [{"bearer": []}]
    assert "security" not in paths[f"{API}/categories"]["get"]


async def test_every_answer_carries_its_guards(http: httpx.AsyncClient) -> None:
    for path in ("/", "/health", f"{API}/me", "/nowhere"):
        headers = (await http.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert len(headers["x-request-id"]) == 32
