"""Who a token speaks for: forged ones never, ended ones not from the next request on."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jose import jwt

from app import clock, db, settings
from tests import world
from tests.world import API, Everybody, Person, answer, problem

Claims = dict[str, Any]
FOREVER: Final = 4_102_444_800


async def tokens_of(http: httpx.AsyncClient, persona: str = "resident") -> dict[str, Any]:
    made: dict[str, Any] = answer(await http.post(f"{API}/auth/demo", json={"persona": persona}))
    return made


async def refresh(http: httpx.AsyncClient, token: str) -> httpx.Response:
    return await http.post(f"{API}/auth/refresh", json={"refresh_token": token})


async def works(http: httpx.AsyncClient, access_token: str) -> bool:
    answered = await http.get(f"{API}/me", headers={"Authorization": f"Bearer {access_token}"})
    return answered.status_code == 200


def refused(response: httpx.Response) -> None:
    problem(response, 401, "unauthenticated")
    assert response.headers["www-authenticate"].startswith("Bearer")


# Forged access tokens


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def by_hand(header: bytes, claims: Claims, key: bytes = b"") -> str:
    said = f"{encoded(header)}.{encoded(json.dumps(claims).encode())}"
    return f"{said}.{encoded(hmac.digest(key, said.encode(), hashlib.sha256)) if key else ''}"


def signed(claims: Claims, key: Any = None, algorithm: str = "HS256") -> str:
    token: str = jwt.encode(claims, key or settings.get().key("secret"), algorithm=algorithm)
    return token


def without(name: str) -> Callable[[Claims], str]:
    return lambda claims: signed({k: v for k, v in claims.items() if k != name})


def changed(**changes: Any) -> Callable[[Claims], str]:
    return lambda claims: signed(claims | changes)


def own_rsa(claims: Claims) -> str:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return signed(claims, pem.decode(), "RS256")


def tampered(claims: Claims) -> str:
    head, _, signature = signed(claims).split(".")
    other = encoded(json.dumps(claims | {"jti": str(uuid4())}).encode())
    return f"{head}.{other}.{signature}"


FORGED: Final[dict[str, Callable[[Claims], str]]] = {
    "alg none": lambda c: by_hand(b'{"alg":"none","typ":"JWT"}', c),
    "alg None": lambda c: by_hand(b'{"alg":"None","typ":"JWT"}', c),
    "no alg": lambda c: by_hand(b'{"typ":"JWT"}', c, settings.get().key("secret")),
    "alg is a list": lambda c: by_hand(b'{"alg":["HS256"]}', c, settings.get().key("secret")),
    "header is a list": lambda c: by_hand(b"[]", c, settings.get().key("secret")),
    "header nested without end": lambda c: by_hand(b"[" * 20_000, c),
    "other key": lambda c: signed(c, "another key of more than thirty-two bytes"),
    "empty key": lambda c: by_hand(b'{"alg":"HS256"}', c, b"\x00"),
    "HS512": lambda c: signed(c, algorithm="HS512"),
    "RS256 of their own": own_rsa,
    "tampered": tampered,
    "unsigned": lambda c: signed(c).rpartition(".")[0] + ".",
    "two parts": lambda c: signed(c).rpartition(".")[0],
    "four parts": lambda c: signed(c) + ".x",
    "no exp": without("exp"),
    "no aud": without("aud"),
    "no iss": without("iss"),
    "no sub": without("sub"),
    "no jti": without("jti"),
    "no iat": without("iat"),
    "other aud": changed(aud="somebody-else"),
    "other iss": changed(iss="somebody-else"),
    "exp is a word": changed(exp="never"),
    "exp is past": changed(exp=1),
    "exp is null": changed(exp=None),
    "exp is endless": changed(exp=float("inf")),
    "jti of nobody": changed(jti=str(uuid4())),
    "jti is a word": changed(jti="admin"),
    "jti is a number": changed(jti=7),
    "sub of nobody": changed(sub=str(uuid4())),
    "sub is a word": changed(sub="admin"),
    "sub is empty": changed(sub=""),
    "nbf is in a minute": lambda c: signed(c | {"nbf": c["iat"] + 60}),
    "nbf is far away": changed(nbf=FOREVER),
    "nbf is a word": changed(nbf="soon"),
    "nbf is null": changed(nbf=None),
    "nbf is endless": changed(nbf=float("inf")),
    "garbage": lambda _: "garbage",
    "dots": lambda _: "..",
    "unicode": lambda _: "令牌".encode().decode("latin-1"),
    "huge": lambda _: "A" * 60_000,
    "api key": lambda _: "ldk_" + "a" * 40,
}


async def claims_of(http: httpx.AsyncClient) -> Claims:
    """Return the claims of a token that works, to be spoilt in one place."""
    tokens = await tokens_of(http)
    claims: Claims = jwt.get_unverified_claims(tokens["access_token"])
    return claims


async def test_what_the_forgeries_are_made_from_works(http: httpx.AsyncClient) -> None:
    assert await works(http, signed(await claims_of(http)))


@pytest.mark.parametrize("how", FORGED)
async def test_a_forged_token_is_refused(http: httpx.AsyncClient, how: str) -> None:
    token = FORGED[how](await claims_of(http))
    for method, path in (("GET", "/me"), ("GET", "/tickets"), ("POST", "/tickets")):
        bearer = b"Bearer " + token.encode("latin-1")
        refused(await http.request(method, API + path, headers={b"Authorization": bearer}))


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic {token}", "Token {token}", "{token}"])
async def test_only_the_bearer_scheme_is_heard(http: httpx.AsyncClient, header: str) -> None:
    token = (await tokens_of(http))["access_token"]
    refused(await http.get(f"{API}/me", headers={"Authorization": header.format(token=token)}))


async def test_without_a_token_one_is_told_to_sign_in(http: httpx.AsyncClient) -> None:
    refused(await http.get(f"{API}/me"))


async def test_a_refresh_token_is_no_access_token(http: httpx.AsyncClient) -> None:
    assert not await works(http, (await tokens_of(http))["refresh_token"])


async def test_an_access_token_is_no_refresh_token(http: httpx.AsyncClient) -> None:
    refused(await refresh(http, (await tokens_of(http))["access_token"]))


async def test_an_access_token_lives_thirty_minutes(http: httpx.AsyncClient) -> None:
    token = (await tokens_of(http))["access_token"]
    clock.travel(timedelta(minutes=29, seconds=50))
    assert await works(http, token)
    clock.travel(timedelta(seconds=20))
    refused(await http.get(f"{API}/me", headers={"Authorization": f"Bearer {token}"}))


async def test_an_expired_token_is_refused_where_its_owner_is_remembered(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    await resident.get("/tickets")
    clock.travel(timedelta(minutes=31))
    refused(await resident.ask("GET", "/tickets"))


async def test_a_token_carries_no_name_and_no_role(http: httpx.AsyncClient) -> None:
    assert set(await claims_of(http)) == {"iss", "aud", "sub", "jti", "iat", "exp"}


# Refreshing


async def test_refreshing_gives_new_tokens_that_work(http: httpx.AsyncClient) -> None:
    first = await tokens_of(http)
    second = answer(await refresh(http, first["refresh_token"]))
    assert second["refresh_token"] != first["refresh_token"]
    assert await works(http, second["access_token"])


async def test_a_repeat_within_ten_seconds_gives_the_same_successor(http: httpx.AsyncClient) -> None:
    token = (await tokens_of(http))["refresh_token"]
    first = answer(await refresh(http, token))
    clock.travel(timedelta(seconds=9))
    again = answer(await refresh(http, token))
    assert again["refresh_token"] == first["refresh_token"]
    assert await works(http, again["access_token"])


async def test_a_repeat_after_ten_seconds_ends_the_family(http: httpx.AsyncClient) -> None:
    token = (await tokens_of(http))["refresh_token"]
    stolen = answer(await refresh(http, token))
    clock.travel(timedelta(seconds=11))
    refused(await refresh(http, token))
    refused(await refresh(http, stolen["refresh_token"]))
    assert not await works(http, stolen["access_token"])


async def test_a_token_two_generations_old_ends_the_family_at_once(http: httpx.AsyncClient) -> None:
    first = (await tokens_of(http))["refresh_token"]
    second = answer(await refresh(http, first))["refresh_token"]
    third = answer(await refresh(http, second))
    refused(await refresh(http, first))
    refused(await refresh(http, third["refresh_token"]))


async def test_a_reuse_is_written_down(http: httpx.AsyncClient) -> None:
    made = await tokens_of(http)
    await refresh(http, made["refresh_token"])
    clock.travel(timedelta(seconds=11))
    await refresh(http, made["refresh_token"])
    row = await db.fetchrow("SELECT person_id::text FROM audit WHERE type = 'refresh_reused'")
    assert row is not None
    assert row["person_id"] == made["person"]["id"]


async def test_the_end_of_one_family_is_not_the_end_of_another(http: httpx.AsyncClient) -> None:
    phone, tablet = await tokens_of(http), await tokens_of(http)
    await http.post(f"{API}/auth/logout", json={"refresh_token": phone["refresh_token"]})
    assert await works(http, tablet["access_token"])
    answer(await refresh(http, tablet["refresh_token"]))


async def test_twenty_refreshes_at_once_log_nobody_out(http: httpx.AsyncClient) -> None:
    token = (await tokens_of(http))["refresh_token"]
    answers = [answer(one) for one in await asyncio.gather(*(refresh(http, token) for _ in range(20)))]
    assert len({one["refresh_token"] for one in answers}) == 1
    assert all([await works(http, one["access_token"]) for one in answers])
    answer(await refresh(http, answers[0]["refresh_token"]))


async def test_refreshing_outlives_the_access_token(http: httpx.AsyncClient) -> None:
    token = (await tokens_of(http))["refresh_token"]
    clock.travel(timedelta(days=6))
    assert await works(http, answer(await refresh(http, token))["access_token"])


MADE_UP: Final[dict[str, Callable[[str], str]]] = {
    "garbage": lambda _: "garbage",
    "prefix only": lambda _: "ldr_",
    "without prefix": lambda real: real.removeprefix("ldr_"),
    "one letter changed": lambda real: real[:-6] + ("A" if real[-6] != "A" else "B") + real[-5:],
    "next generation": lambda real: _forged(real, 1),
    "endless generation": lambda real: _forged(real, 2**32 - 1),
    "of nobody": lambda _: "ldr_" + base64.urlsafe_b64encode(uuid4().bytes + bytes(36)).decode(),
    "zeros": lambda _: "ldr_" + base64.urlsafe_b64encode(bytes(52)).decode(),
    "unicode": lambda _: "ldr_令牌",
    "standard alphabet": lambda _: "ldr_" + "+/" * 36,
}


def _forged(real: str, generation: int) -> str:
    raw = base64.urlsafe_b64decode(real.removeprefix("ldr_"))
    return "ldr_" + base64.urlsafe_b64encode(raw[:16] + generation.to_bytes(4, "big") + raw[20:]).decode()


@pytest.mark.parametrize("how", MADE_UP)
@pytest.mark.parametrize("path", ["/auth/refresh", "/auth/logout"])
async def test_a_made_up_refresh_token_is_refused_and_ends_nothing(
    http: httpx.AsyncClient, how: str, path: str
) -> None:
    real = await tokens_of(http)
    refused(await http.post(API + path, json={"refresh_token": MADE_UP[how](real["refresh_token"])}))
    assert await works(http, real["access_token"])
    answer(await refresh(http, real["refresh_token"]))


# Ending


async def test_logout_acts_on_the_next_request(http: httpx.AsyncClient) -> None:
    made = await tokens_of(http)
    resident = Person(http, made["access_token"])
    ticket = await resident.report()
    answer(await http.post(f"{API}/auth/logout", json={"refresh_token": made["refresh_token"]}))
    for method, path in (
        ("GET", "/me"),
        ("GET", "/tickets"),
        ("GET", f"/tickets/{ticket['id']}"),
        ("GET", f"/tickets/{ticket['id']}/events"),
        ("POST", f"/tickets/{ticket['id']}/withdraw"),
    ):
        refused(await resident.ask(method, path, json={"version": 1} if method == "POST" else None))
    refused(await refresh(http, made["refresh_token"]))


async def test_nothing_is_reported_after_logout(http: httpx.AsyncClient) -> None:
    made = await tokens_of(http)
    resident = Person(http, made["access_token"])
    body = {"category": "stair_light", "place_id": await resident.place(), "description": "灯不亮"}
    await resident.get("/tickets")
    answer(await http.post(f"{API}/auth/logout", json={"refresh_token": made["refresh_token"]}))
    refused(await resident.ask("POST", "/tickets", json=body))
    assert (await db.fetch("SELECT count(*) FROM ticket"))[0][0] == 0


async def test_logging_out_twice_is_no_error(http: httpx.AsyncClient) -> None:
    token = (await tokens_of(http))["refresh_token"]
    for _ in range(2):
        answer(await http.post(f"{API}/auth/logout", json={"refresh_token": token}))


async def test_an_erased_person_is_refused_at_once(http: httpx.AsyncClient) -> None:
    made = await tokens_of(http)
    resident = Person(http, made["access_token"])
    await resident.get("/tickets")
    await db.fetch("UPDATE person SET erased_at = now(), stamp = stamp + 1 WHERE demo = 'resident'")
    refused(await resident.ask("GET", "/tickets"))
    refused(await resident.ask("GET", "/me"))


# Losing a post


async def lose_post(persona: str) -> None:
    await db.fetch(
        "WITH p AS (UPDATE person SET stamp = stamp + 1 WHERE demo = $1 RETURNING id), "
        "e AS (UPDATE post SET ended_at = now() FROM p WHERE person_id = p.id) "
        "UPDATE setup SET version = version + 1",
        persona,
    )


@pytest.fixture
async def grid_head_and_ticket(people_of: Everybody) -> tuple[world.Person, dict[str, Any]]:
    """A grid head this process remembers well, and a ticket in their hands."""
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    assert len((await head.get("/tickets"))["items"]) == 1
    return head, await head.ticket(ticket["id"])


HeadAndTicket = tuple[world.Person, dict[str, Any]]


@pytest.mark.parametrize("what", ["", "/events", "/phone"])
async def test_who_lost_the_post_reads_nothing_more(grid_head_and_ticket: HeadAndTicket, what: str) -> None:
    head, ticket = grid_head_and_ticket
    await lose_post("grid_head")
    problem(await head.ask("GET", f"/tickets/{ticket['id']}{what}"), 404)


@pytest.mark.parametrize("box", ["inbox", "all", "unassigned", "mine"])
async def test_who_lost_the_post_finds_empty_boxes(grid_head_and_ticket: HeadAndTicket, box: str) -> None:
    head, _ = grid_head_and_ticket
    await lose_post("grid_head")
    assert (await head.get("/tickets", box=box))["items"] == []


async def test_who_lost_the_post_acts_no_more(grid_head_and_ticket: HeadAndTicket) -> None:
    head, ticket = grid_head_and_ticket
    await lose_post("grid_head")
    problem(await head.try_to("accept", ticket), 404)
    assert (await db.fetch("SELECT status FROM ticket"))[0]["status"] == "new"


async def test_who_lost_the_post_is_no_staff(grid_head_and_ticket: HeadAndTicket) -> None:
    head, ticket = grid_head_and_ticket
    await lose_post("grid_head")
    problem(await head.ask("GET", "/organisations", params={"place_id": ticket["place"]["id"]}), 403)
    assert (await head.get("/me"))["posts"] == []


async def test_who_lost_the_post_reports_as_a_resident(grid_head_and_ticket: HeadAndTicket) -> None:
    head, _ = grid_head_and_ticket
    await lose_post("grid_head")
    assert (await head.report())["origin"] == "resident"


async def test_a_company_that_lost_its_agent_shows_him_nothing(people_of: Everybody) -> None:
    resident, head, agent = await people_of("resident", "grid_head", "property")
    ticket = await resident.report()
    await head.act("accept", ticket)
    await head.dispatch(ticket)
    seen = await agent.ticket(ticket["id"])
    await lose_post("property")
    problem(await agent.ask("GET", f"/tickets/{ticket['id']}"), 404)
    problem(await agent.try_to("take", seen), 404)
    assert (await agent.get("/tickets", box="inbox"))["items"] == []
