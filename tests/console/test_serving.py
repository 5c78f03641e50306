"""What serves the console: only where it should, every screen's address, under a policy with a fresh nonce."""

import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from app.routers.console import Console
from tests.deployed import deployed, fresh_client


def client(built: Path) -> httpx.AsyncClient:
    app = Starlette(routes=[Mount("/console", Console(built))])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_every_address_gets_the_page_with_a_nonce_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<meta property="csp-nonce" nonce="NONCE">')
    async with client(tmp_path) as http:
        pages = [await http.get(f"/console/{path}") for path in ("", "work", "tickets/1?q=x")]
    nonces = [re.findall('nonce="(.+?)"', page.text)[0] for page in pages]
    assert len({*nonces}) == len(pages)
    for page, nonce in zip(pages, nonces, strict=True):
        policy = page.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert f"'nonce-{nonce}'" in policy
        assert page.headers["cache-control"] == "no-store"


async def test_files_are_kept_for_good_and_missing_ones_are_no_page(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("page")
    (tmp_path / "main-ABCD2345.js").write_text("script")
    async with client(tmp_path) as http:
        script = await http.get("/console/main-ABCD2345.js")
        assert "immutable" in script.headers["cache-control"]
        assert "unsafe" not in script.headers["content-security-policy"]
        assert (await http.get("/console/gone.js")).status_code == 404
        assert (await http.get("/console/..%2fsecret.txt")).status_code == 404


async def test_an_unbuilt_console_says_what_is_missing(tmp_path: Path) -> None:
    async with client(tmp_path / "nothing") as http:
        assert "make run" in (await http.get("/console/work")).text


@pytest.mark.parametrize(
    ("demo", "console", "there"), [("1", None, True), (None, "1", True), (None, None, False)]
)
async def test_the_console_is_for_demos_or_when_asked_for(
    street: None, demo: str | None, console: str | None, there: bool
) -> None:
    with deployed(demo=demo, console=console):
        async with fresh_client() as http:
            assert ((await http.get("/console/")).status_code == 200) is there
