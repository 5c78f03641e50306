"""The console's refresh token lives in a cookie; no other site can use it, and the bodies of the contract stay."""

import httpx
import pytest

from tests import world
from tests.world import API, answer, problem

ASKED = {"X-Refresh-Token": "cookie"}


@pytest.fixture
async def signed_in(street: None) -> httpx.AsyncClient:
    """A browser that has asked for its refresh token as a cookie."""
    http = world.client()
    tokens = answer(await http.post(f"{API}/auth/demo", json={"persona": "community"}, headers=ASKED))
    assert tokens["refresh_token"] == ""
    return http


async def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(signed_in: httpx.AsyncClient) -> None:
    answered = await signed_in.post(f"{API}/auth/refresh", json={}, headers=ASKED)
    header = answered.headers["set-cookie"]
    assert all(part in header for part in ("HttpOnly", "SameSite=strict", f"Path={API}/auth"))


async def test_a_refresh_takes_the_token_from_the_cookie(signed_in: httpx.AsyncClient) -> None:
    before = signed_in.cookies["loudeng_refresh"]
    tokens = answer(await signed_in.post(f"{API}/auth/refresh", json={}, headers=ASKED))
    assert (tokens["refresh_token"], bool(tokens["access_token"])) == ("", True)
    assert signed_in.cookies["loudeng_refresh"] != before


async def test_without_the_header_the_cookie_is_not_read(signed_in: httpx.AsyncClient) -> None:
    problem(await signed_in.post(f"{API}/auth/refresh", json={}), 422)
    problem(await signed_in.post(f"{API}/auth/logout", json={}), 422)


async def test_sign_out_removes_the_cookie_and_ends_the_login(signed_in: httpx.AsyncClient) -> None:
    token = signed_in.cookies["loudeng_refresh"]
    answer(await signed_in.post(f"{API}/auth/logout", json={}, headers=ASKED))
    assert "loudeng_refresh" not in signed_in.cookies
    problem(await signed_in.post(f"{API}/auth/refresh", json={"refresh_token": token}), 401)


async def test_whoever_does_not_ask_gets_no_cookie(street: None) -> None:
    http = world.client()
    answered = await http.post(f"{API}/auth/demo", json={"persona": "community"})
    assert "set-cookie" not in answered.headers
    assert answer(answered)["refresh_token"]
