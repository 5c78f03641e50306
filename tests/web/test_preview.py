"""What serves the browser preview: only where it should, under its policy, and honestly where nothing is built."""

from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from app.routers.preview import Preview
from tests.deployed import deployed, fresh_client


def client(built: Path) -> httpx.AsyncClient:
    app = Starlette(routes=[Mount("/app", Preview(built))])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_what_is_named_by_its_content_is_kept_for_good(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "app.0123456789.js").write_text("plain")
    (tmp_path / "app.0123456789.js.gz").write_bytes(b"packed")
    (tmp_path / ".stamp").write_text("x")
    async with client(tmp_path) as http:
        page = await http.get("/app/")
        assert page.headers["cache-control"] == "no-cache"
        assert "script-src 'self'" in page.headers["content-security-policy"]
        script = await http.get("/app/app.0123456789.js", headers={"Accept-Encoding": "identity"})
        assert (script.text, "immutable" in script.headers["cache-control"]) == ("plain", True)
        again = await http.get("/app/", headers={"If-None-Match": page.headers["etag"]})
        assert again.status_code == 304
        async with http.stream(
            "GET", "/app/app.0123456789.js", headers={"Accept-Encoding": "gzip"}
        ) as packed:
            assert packed.headers["content-encoding"] == "gzip"
            assert packed.headers["content-type"].startswith("text/javascript")
        assert (await http.get("/app/.stamp")).status_code == 404
        assert (await http.get("/app/..%2fsecret")).status_code == 404


async def test_an_unbuilt_preview_says_what_is_missing(tmp_path: Path) -> None:
    async with client(tmp_path / "nothing") as http:
        page = await http.get("/app/")
        assert page.status_code == 200
        assert "make run" in page.text


@pytest.mark.parametrize(
    ("demo", "preview", "there"), [("1", None, True), (None, "1", True), (None, None, False)]
)
async def test_the_preview_is_for_demos_or_when_asked_for(
    street: None, demo: str | None, preview: str | None, there: bool
) -> None:
    with deployed(demo=demo, preview=preview):
        async with fresh_client() as http:
            assert ((await http.get("/app/")).status_code == 200) is there
            if there:
                moved = await http.get("/app?persona=resident")
                assert moved.headers["location"] == "/app/?persona=resident"


async def test_the_start_page_opens_each_persona_in_a_window_of_its_own(http: httpx.AsyncClient) -> None:
    page = await http.get("/")
    assert page.text.count('href="/app/?persona=') == 15
    assert (
        page.text.count('target="_blank" rel="noopener"') == 17
    )  # and the console, and three screens at once
    assert "/app/?persona=other_department" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_three_screens_stand_side_by_side_in_the_demo_alone(http: httpx.AsyncClient) -> None:
    page = await http.get("/beside")
    assert [page.text.count(f'src="{address}') for address in ("/app/?persona=resident", "/console/")] == [
        1,
        1,
    ]
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    with deployed(demo=None):
        async with fresh_client() as deployed_http:
            assert (await deployed_http.get("/beside")).status_code == 404
