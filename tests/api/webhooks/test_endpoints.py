"""Setting webhooks up: whose they are, which addresses are taken, what is shown once and what never."""

import asyncio
import socket
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock, db
from app.services.webhooks import endpoints, signing_secrets
from tests.deployed import deployed
from tests.keys import Machine, machine
from tests.sinks import LOOPBACK
from tests.world import Everybody, Person, answer, problem, sign_in

PUBLIC = "https://8.8.8.8/hook"


@pytest.fixture
async def company(http: httpx.AsyncClient) -> Person:
    return await sign_in(http, "property")


@pytest.fixture
def nameless(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Names have the addresses given here; others have none."""
    names: dict[str, str] = {}

    def getaddrinfo(host: str, *_: Any, **__: Any) -> Any:
        if host not in names:
            raise OSError("no such name")
        return [(2, 1, 6, "", (names[host], 0))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return names


async def add(somebody: Person, url: str = PUBLIC, *events: str, **more: Any) -> httpx.Response:
    headers = more.pop("headers", {})
    body = {"url": url, "events": list(events or ("ticket.*",))} | more
    return await somebody.ask("POST", "/webhooks", json=body, headers=headers)


async def test_a_secret_is_shown_once_and_kept_sealed(company: Person) -> None:
    made = answer(await add(company), 201)
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    (listed,) = (await company.get("/webhooks"))["items"]
    assert listed == made
    assert (made["url"], made["events"], made["active"]) == (PUBLIC, ["ticket.*"], True)
    rows = await db.fetch("SELECT sealed FROM webhook_secret")
    assert secret.encode() not in rows[0]["sealed"]
    assert "secret" not in str(await company.get(f"/webhooks/{made['id']}/deliveries"))


async def test_an_organisation_shares_its_webhooks_and_nobody_else_sees_them(
    http: httpx.AsyncClient, people_of: Everybody
) -> None:
    company, other, community, head = await people_of("property", "other_property", "community", "grid_head")
    system = await machine(http)
    made = answer(await add(company), 201)
    assert [one["id"] for one in (await system.get("/webhooks"))["items"]] == [made["id"]]
    for somebody in (other, community):
        assert (await somebody.get("/webhooks"))["items"] == []
        for method, path in (
            ("PATCH", ""),
            ("DELETE", ""),
            ("POST", "/rotate"),
            ("POST", "/test"),
            ("GET", "/deliveries"),
            ("POST", f"/deliveries/{made['id']}/redeliver"),
        ):
            problem(await somebody.ask(method, f"/webhooks/{made['id']}{path}", json={}), 404)
    problem(await head.ask("GET", "/webhooks"), 403)
    answer(await system.ask("DELETE", f"/webhooks/{made['id']}"))
    problem(await company.ask("POST", f"/webhooks/{made['id']}/test"), 404)


async def test_a_delivery_of_another_webhook_is_not_found(company: Person) -> None:
    first, second = [answer(await add(company), 201) for _ in range(2)]
    sent = answer(await company.ask("POST", f"/webhooks/{first['id']}/test"), 201)
    for delivery in (sent["id"], first["id"], "x"):
        path = f"/webhooks/{second['id']}/deliveries/{delivery}/redeliver"
        problem(await company.ask("POST", path), 404)


async def test_an_office_is_told_for_its_own_place_only(people_of: Everybody) -> None:
    community, company = await people_of("community", "property")
    made = answer(await add(community), 201)
    assert made["organisation_id"] is None
    assert made["place_id"]
    problem(await add(company, owner_id=made["place_id"]), 403)
    again = answer(await add(community, owner_id=made["place_id"]), 201)
    assert again["place_id"] == made["place_id"]


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://0.0.0.0/",
            "https://10.0.0.1/",
            "https://169.254.169.254/",
        ),
        *("https://100.100.100.200/latest/meta-data", "https://[fe80::1]/", "https://[::ffff:127.0.0.1]/"),
        *(
            "https://[64:ff9b::7f00:1]/",
            "https://224.0.0.1/",
            "https://localhost/",
            "https://localhost:5432/",
        ),
        *(
            "http://8.8.8.8/",
            "http://partner.example/",
            "ftp://8.8.8.8/",
            "gopher://8.8.8.8/",
            "8.8.8.8",
            "//8.8.8.8/",
        ),
        *(
            "https://",
            "https:///x",
            "https://user:pw@8.8.8.8/",
            "https://8.8.8.8/#x",
            "https://8.8.8.8:99999/",
        ),
        *(
            "https://8.8.8.8:0/",
            "https://8.8.8.8:x/",
            "https://[::1/",
            "https://a b/",
            "javascript:alert(1)",
            "https://.../",
        ),
        *(
            "https://" + "a" * 3000,
            "https://0x7f000001/",
            "https://2130706433/",
            "https://127.1/",
        ),
        *(
            "https://%31%32%37.0.0.1/",
            "https://１２７.0.0.1/",
            "https://ⓛocalhost/",
            "https://8.8.8.8\\@127.0.0.1/",
        ),
    ],
)
async def test_an_address_nothing_will_be_sent_to_is_refused(url: str, company: Person) -> None:
    said = problem(await add(company, url), 422)
    assert said["errors"][0]["pointer"] == "/url"
    assert (await db.fetch("SELECT FROM webhook")) == []


async def test_a_name_that_leads_inside_is_refused_and_one_nobody_knows_yet_is_kept(
    company: Person, nameless: dict[str, str]
) -> None:
    nameless |= {"inside.example": "100.100.100.200", "outside.example": "223.5.5.5"}
    problem(await add(company, "https://inside.example/"), 422)
    answer(await add(company, "https://outside.example/hook?a=1"), 201)
    answer(await add(company, "https://later.example/"), 201)
    made = answer(await add(company, "https://物业.example/报修"), 201)
    assert made["url"].isascii()


async def test_a_name_in_broken_punycode_is_only_a_name(company: Person, nameless: dict[str, str]) -> None:
    answer(await add(company, "https://xn--a.example/"), 201)


async def test_http_is_for_allowed_networks(company: Person) -> None:
    with deployed(webhook_allow_networks=LOOPBACK):
        answer(await add(company, "http://127.0.0.1:9/"), 201)
        problem(await add(company, "http://8.8.8.8/"), 422)
        problem(await add(company, "http://10.0.0.1/"), 422)


@pytest.mark.parametrize(
    "events", [[], ["*"], ["ticket"], ["ticket.made_up"], ["submitted"], ["ticket.*", "x"], ["ticket.*"] * 65]
)
async def test_only_events_there_are_can_be_asked_for(events: list[str], company: Person) -> None:
    refused = await company.ask("POST", "/webhooks", json={"url": PUBLIC, "events": events})
    assert problem(refused, 422)["errors"][0]["pointer"].startswith("/events")


async def test_adding_is_repeated_under_its_key(company: Person) -> None:
    head = {"Idempotency-Key": "hook"}
    first, again = await add(company, headers=head), await add(company, headers=head)
    assert answer(again, 201) == answer(first, 201)
    assert again.headers["idempotent-replayed"] == "true"
    problem(await add(company, "https://8.8.4.4/", headers=head), 422, "idempotency-key-reused")
    assert len(await db.fetch("SELECT FROM webhook")) == 1


async def test_twenty_are_enough_however_many_ask_at_once(
    company: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "MAX_PER_OWNER", 3)
    answers = await asyncio.gather(*(add(company) for _ in range(6)))
    assert sorted(one.status_code for one in answers) == [201, 201, 201, 409, 409, 409]
    (one, *_) = (await company.get("/webhooks"))["items"]
    answer(await company.ask("DELETE", f"/webhooks/{one['id']}"))
    answer(await add(company), 201)


async def test_what_is_given_changes_and_the_rest_stays(company: Person) -> None:
    made = answer(await add(company), 201)
    made.pop("secret")
    path = f"/webhooks/{made['id']}"
    assert answer(await company.ask("PATCH", path, json={})) == made
    changed = answer(await company.ask("PATCH", path, json={"events": ["ticket.taken"]}))
    assert changed == made | {"events": ["ticket.taken"]}
    moved = answer(await company.ask("PATCH", path, json={"url": "https://8.8.4.4/"}))
    assert moved == changed | {"url": "https://8.8.4.4/"}
    problem(await company.ask("PATCH", path, json={"url": "https://127.0.0.1/"}), 422)
    problem(await company.ask("PATCH", path, json={"secret": "whsec_x"}), 422)
    off = answer(await company.ask("PATCH", path, json={"active": False}))
    assert (off["active"], off["disabled_for"]) == (False, "owner")
    on = answer(await company.ask("PATCH", path, json={"active": True}))
    assert on == moved


async def test_a_secret_is_not_replaced_faster_than_receivers_change_over(company: Person) -> None:
    made = answer(await add(company), 201)
    path = f"/webhooks/{made['id']}/rotate"
    issued = {answer(await company.ask("POST", path))["secret"] for _ in range(signing_secrets.MAX_FORMER)}
    assert len(issued | {made["secret"]}) == signing_secrets.MAX_FORMER + 1
    problem(await company.ask("POST", path), 409)
    clock.travel(signing_secrets.OVERLAP + timedelta(seconds=1))
    company = await sign_in(company.http, "property")
    answer(await company.ask("POST", path))
    (row,) = await db.fetch("SELECT count(*) FROM webhook_secret")
    assert row["count"] == 2


async def test_a_key_without_the_scope_manages_nothing(http: httpx.AsyncClient) -> None:
    system: Machine = await machine(http, "tickets:read", "tickets:write")
    assert "webhooks:manage" in problem(await add(system), 403)["detail"]


async def test_what_is_done_to_webhooks_is_in_the_audit_trail(company: Person) -> None:
    made = answer(await add(company), 201)
    path = f"/webhooks/{made['id']}"
    await company.ask("PATCH", path, json={"events": ["ticket.taken"]})
    await company.ask("POST", f"{path}/rotate")
    await company.ask("DELETE", path)
    rows = await db.fetch("SELECT type, data FROM audit WHERE type LIKE 'webhook%' ORDER BY id")
    assert [row["type"].removeprefix("webhook_") for row in rows] == ["added", "changed", "rotated", "ended"]
    assert all(row["data"] == {"webhook": made["id"]} for row in rows)
    assert await db.fetch("SELECT FROM webhook_secret") == []
