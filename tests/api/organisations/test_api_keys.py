"""API keys: made once, two at a time, an organisation's hands and eyes, dead with the next request."""

import asyncio
import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import structlog

from app import clock, db, process_state
from app.services import demo
from app.services.auth import api_keys
from app.services.people import profile
from tests.deployed import deployed, fresh_client
from tests.keys import EVERYTHING, Machine, company, give, machine
from tests.world import API, Everybody, Person, answer, problem, sign_in, soon

PLACE_OF_OTHERS = "柏林社区"


async def keys_of(community: Person, name: str = "人和物业") -> list[dict[str, Any]]:
    found = await community.get(f"/organisations/{await company(name)}/keys")
    items: list[dict[str, Any]] = found["items"]
    return items


async def revoke(community: Person, key_id: str, name: str = "人和物业") -> httpx.Response:
    return await community.ask("DELETE", f"/organisations/{await company(name)}/keys/{key_id}")


@pytest.fixture
async def community(http: httpx.AsyncClient) -> Person:
    return await sign_in(http, "community")


@pytest.fixture
async def system(http: httpx.AsyncClient) -> Machine:
    """The property company's own system."""
    return await machine(http)


@pytest.fixture
async def ticket(people_of: Everybody) -> dict[str, Any]:
    """A stair light dispatched to the property company."""
    resident, head = await people_of("resident", "grid_head")
    made = await resident.report(contact_phone="13812345678")
    return await head.dispatch(made)


async def test_a_key_is_shown_once_and_kept_as_a_digest(community: Person) -> None:
    made = answer(await give(community), 201)
    key = made.pop("key")
    assert key.startswith("ldk_")
    assert len(key) == 40
    (listed,) = await keys_of(community)
    assert listed == made
    assert key not in str(listed)
    (row,) = await db.fetch("SELECT * FROM api_key")
    assert key not in str(dict(row))
    assert row["digest"] == api_keys.key_digest(key)
    assert made["scopes"] == sorted(EVERYTHING)


def test_keys_do_not_repeat_and_bear_their_checksum() -> None:
    keys = {api_keys.make_key() for _ in range(1000)}
    assert len(keys) == 1000
    assert all(api_keys.has_valid_checksum(key) for key in keys)


@pytest.mark.parametrize(
    "bent",
    [
        lambda key: key[:-1] + ("0" if key[-1] != "0" else "1"),
        lambda key: key[:4] + ("0" if key[4] != "0" else "1") + key[5:],
        lambda key: key[:-1],
        lambda key: key + "0",
        lambda _: "ldk_",
        lambda _: "ldk_" + "é" * 36,
    ],
)
async def test_a_miscopied_key_is_refused_without_asking_the_database(
    bent: Any, system: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def asked(*_: Any) -> None:
        pytest.fail("the database was asked")

    monkeypatch.setattr(db, "fetchrow", asked)
    token = f"Bearer {bent(system.key)}".encode()
    refused = await system.http.get(f"{API}/tickets", headers=[(b"Authorization", token)])
    problem(refused, 401)
    assert refused.headers["www-authenticate"] == "Bearer"


async def test_a_key_nobody_was_given_is_refused(system: Machine) -> None:
    stranger = Person(system.http, api_keys.make_key())
    for path in ("/tickets", "/webhooks"):
        refused = await stranger.ask("GET", path)
        problem(refused, 401)
        assert refused.headers["www-authenticate"] == "Bearer"


async def test_two_may_be_live_and_a_third_must_wait(community: Person) -> None:
    first = answer(await give(community), 201)
    answer(await give(community), 201)
    problem(await give(community), 409)
    answer(await revoke(community, first["id"]))
    answer(await give(community), 201)
    assert len(await keys_of(community)) == 3


async def test_an_expired_key_makes_room(community: Person) -> None:
    for _ in range(2):
        answer(await give(community, expires_at=soon()), 201)
    problem(await give(community), 409)
    clock.travel(timedelta(hours=1, seconds=1))
    community = await sign_in(community.http, "community")
    answer(await give(community), 201)


async def test_of_many_who_make_a_key_at_once_two_succeed(community: Person) -> None:
    answers = await asyncio.gather(*(give(community) for _ in range(6)))
    assert sorted(one.status_code for one in answers) == [201, 201, 409, 409, 409, 409]
    (row,) = await db.fetch("SELECT count(*) FROM api_key")
    assert row["count"] == 2


async def test_making_is_repeated_under_its_key_without_showing_it_again(community: Person) -> None:
    first = await give(community, headers={"Idempotency-Key": "once"})
    again = await give(community, headers={"Idempotency-Key": "once"})
    made, repeated = answer(first, 201), answer(again, 201)
    assert again.headers["idempotent-replayed"] == "true"
    made.pop("key")
    assert repeated == made
    other = await give(community, headers={"Idempotency-Key": "once"}, expires_at=soon())
    problem(other, 422, "idempotency-key-reused")
    (row,) = await db.fetch("SELECT count(*) FROM api_key")
    assert row["count"] == 1


async def test_a_key_is_good_for_a_year_at_most(community: Person) -> None:
    made = answer(await give(community), 201)
    (row,) = await db.fetch("SELECT expires_at - created_at AS lives FROM api_key")
    assert row["lives"] == timedelta(days=365)
    for expires in (soon(days=366), soon(seconds=-1), "never", 1e10):
        said = problem(await give(community, expires_at=expires), 422)
        assert said["errors"][0]["pointer"] == "/expires_at"
    assert made["expires_at"]


@pytest.mark.parametrize("scopes", [["tickets:all"], ["admin"]])
async def test_there_are_three_scopes(scopes: list[str], community: Person) -> None:
    problem(await give(community, "人和物业", *scopes), 422)


async def test_only_who_set_the_company_up_gives_keys(people_of: Everybody) -> None:
    resident, head, agent, other = await people_of("resident", "grid_head", "property", "other_community")
    for somebody in (resident, head, agent):
        problem(await give(somebody), 403)
    problem(await give(other), 404)


async def test_a_key_works_until_it_expires(system: Machine, community: Person) -> None:
    await revoke(community, system.id)
    short = Machine(system.http, answer(await give(community, expires_at=soon()), 201))
    assert (await short.get("/tickets"))["items"] == []
    clock.travel(timedelta(minutes=59, seconds=58))
    assert (await short.get("/tickets"))["items"] == []
    clock.travel(timedelta(seconds=3))
    for path in ("/tickets", "/webhooks"):
        refused = await short.ask("GET", path)
        assert "过期" in problem(refused, 401)["detail"]
        assert refused.headers["www-authenticate"] == "Bearer"


async def test_a_revoked_key_is_dead_with_the_next_request(
    system: Machine, community: Person, ticket: dict[str, Any]
) -> None:
    assert [one["id"] for one in (await system.get("/tickets"))["items"]] == [ticket["id"]]
    ended = answer(await revoke(community, system.id))
    assert answer(await revoke(community, system.id)) == ended
    report = {"category": "stair_light", "place_id": ticket["place"]["id"], "description": "灯"}
    for method, path, body in (
        ("GET", "/tickets", None),
        ("GET", f"/tickets/{ticket['id']}", None),
        ("GET", "/tickets?updated_cursor=", None),
        ("POST", f"/tickets/{ticket['id']}/take", {"version": ticket["version"]}),
        ("POST", "/tickets", report),
        ("GET", "/webhooks", None),
        ("GET", "/me", None),
    ):
        refused = await system.ask(method, path, json=body)
        problem(refused, 401)
        assert refused.headers["www-authenticate"] == "Bearer"
    entries = await db.fetch("SELECT FROM audit WHERE type = 'key_revoked'")
    assert len(entries) == 1


async def test_a_key_of_another_company_cannot_be_revoked_by_this_address(
    system: Machine, http: httpx.AsyncClient
) -> None:
    problem(await revoke(await sign_in(http, "street"), system.id, "城管"), 404)
    assert (await system.get("/tickets"))["items"] == []


@pytest.mark.parametrize(
    ("scope", "method", "path", "missing"),
    [
        ("tickets:write", "GET", "/tickets", "tickets:read"),
        ("tickets:write", "GET", "/tickets/{id}", "tickets:read"),
        ("tickets:write", "GET", "/tickets/{id}/phone", "tickets:read"),
        ("tickets:read", "POST", "/tickets/{id}/take", "tickets:write"),
        ("tickets:read", "POST", "/tickets", "tickets:write"),
        ("tickets:read", "POST", "/photos", "tickets:write"),
        ("tickets:read", "GET", "/webhooks", "webhooks:manage"),
        ("webhooks:manage", "GET", "/tickets", "tickets:read"),
    ],
)
async def test_a_missing_scope_is_named(
    scope: str, method: str, path: str, missing: str, http: httpx.AsyncClient, ticket: dict[str, Any]
) -> None:
    system = await machine(http, scope)
    refused = await system.ask(method, path.format(id=ticket["id"]), json={})
    assert missing in problem(refused, 403)["detail"]
    (entry,) = await db.fetch("SELECT person_id FROM audit WHERE type = 'refused'")
    (person,) = await db.fetch("SELECT name FROM person WHERE id = $1", entry["person_id"])
    assert person["name"] == "人和物业"


@pytest.mark.parametrize("path", ["/me", "/notices", "/posts", "/audit", "/organisations", "/me/export"])
async def test_what_is_for_people_is_not_for_keys(path: str, system: Machine) -> None:
    problem(await system.ask("GET", path), 403)


async def test_a_key_does_all_a_company_does(
    system: Machine, ticket: dict[str, Any], people_of: Everybody
) -> None:
    resident, head = await people_of("resident", "grid_head")
    assert "take" in (await system.ticket(ticket["id"]))["actions"]
    await system.act("take", ticket)
    await system.act("comment", ticket, text="师傅在路上")
    await system.act("ask", ticket, text="三楼还是四楼？", until=soon())
    await resident.act("answer", ticket, text="三楼")
    await system.act("hand_back", ticket, reason="not_our_trade", text="要电工")
    await head.dispatch(ticket)
    await system.act("take", ticket)
    done = await system.resolve(ticket)
    assert (done["status"], done["resolution"]["by"]) == ("resolved", "人和物业")
    page = await system.get(f"/tickets/{ticket['id']}/events")
    taken = next(event for event in page["items"] if event["type"] == "ticket.taken")
    assert taken["actor"] == {"post": "agent", "label": "人和物业"}
    (event,) = await db.fetch("SELECT post_id FROM event WHERE type = 'ticket.resolved'")
    assert str(event["post_id"]) == system.id  # which key it was


async def test_a_key_sees_what_was_dispatched_to_its_company_and_nothing_else(
    system: Machine, ticket: dict[str, Any], people_of: Everybody
) -> None:
    resident, head = await people_of("resident", "grid_head")
    other = await resident.report()
    await head.dispatch(other, "城管")
    for box in ("inbox", "all"):
        assert [one["id"] for one in (await system.get("/tickets", box=box))["items"]] == [ticket["id"]]
    problem(await system.ask("GET", f"/tickets/{other['id']}"), 404)
    problem(await system.ask("POST", f"/tickets/{other['id']}/take", json={"version": 1}), 404)
    assert (await system.get(f"/tickets/{ticket['id']}/phone"))["phone"] == "+8613812345678"
    await head.act("recall", ticket)
    problem(await system.ask("GET", f"/tickets/{ticket['id']}"), 404)


async def test_name_and_phone_are_gone_seven_days_after_closing(
    system: Machine, ticket: dict[str, Any], people_of: Everybody
) -> None:
    (resident,) = await people_of("resident")
    assert (await system.ticket(ticket["id"]))["reporter"]["phone_masked"] == "138****5678"
    await system.resolve(ticket)
    await resident.act("confirm", ticket, verdict="solved")
    assert "reporter" in await system.ticket(ticket["id"])
    clock.travel(timedelta(days=7, seconds=1))
    assert "reporter" not in await system.ticket(ticket["id"])
    problem(await system.ask("GET", f"/tickets/{ticket['id']}/phone"), 404)


async def test_a_company_reports_faults_of_its_own_estates_only(system: Machine) -> None:
    made = await system.report()
    assert (made["origin"], made["reporter"]["name"]) == ("partner", "人和物业")
    assert [one["id"] for one in (await system.get("/tickets", box="mine"))["items"]] == [made["id"]]
    body = {
        "category": "stair_light",
        "place_id": await system.place(PLACE_OF_OTHERS),
        "description": "灯",
    }
    said = problem(await system.ask("POST", "/tickets", json=body), 422)
    assert said["errors"][0]["pointer"] == "/place_id"


async def test_the_next_key_goes_on_where_the_one_before_stopped(
    system: Machine, community: Person, ticket: dict[str, Any]
) -> None:
    """Photos, reports and Idempotency-Keys are the organisation's: to replace a key costs it nothing."""
    photo, mine = await system.photo(), await system.report()
    head = {"Idempotency-Key": "take-1"}
    taken = answer(await system.try_to("take", ticket, headers=head))
    following = Machine(system.http, answer(await give(community), 201))
    await revoke(community, system.id)
    again = await following.try_to("take", ticket, headers=head)
    assert answer(again)["version"] == taken["version"]
    assert again.headers["idempotent-replayed"] == "true"
    problem(await following.try_to("take", ticket | {"version": 9}, headers=head), 422)
    await following.resolve(ticket, photo_ids=[photo])
    assert (await following.ask("GET", f"/photos/{photo}")).status_code == 200
    assert (await following.ticket(mine["id"]))["id"] == mine["id"]


async def test_another_company_does_not_see_a_loose_photo(system: Machine, http: httpx.AsyncClient) -> None:
    other = await machine(http, name="城管", by="street")
    problem(await other.ask("GET", f"/photos/{await system.photo()}"), 404)


async def test_last_use_is_kept_to_the_minute_without_a_write_each_time(
    system: Machine, community: Person
) -> None:
    async def last_used() -> Any:
        return (await keys_of(community))[0]["last_used_at"]

    assert await last_used() is None
    await system.get("/tickets")
    first = await last_used()
    assert first is not None
    (before,) = await db.fetch("SELECT xmin::text FROM api_key")
    for _ in range(25):
        await system.get("/tickets")
    assert (await db.fetch("SELECT xmin::text FROM api_key")) == [before]
    clock.travel(timedelta(minutes=2))
    await system.get("/tickets")
    community.headers = (await sign_in(community.http, "community")).headers
    assert await last_used() > first


async def test_six_hundred_a_minute_whichever_process_counts(
    system: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with deployed(rate_limits="on"):
        clock.travel(timedelta(seconds=60 - clock.now().second))  # a whole minute is before us
        monkeypatch.setattr(api_keys, "MAX_USES_PER_MINUTE", 60)
        first, second = dict[UUID, Any](), dict[UUID, Any]()
        granted = 0
        for n in range(130):
            monkeypatch.setattr(api_keys, "_use_counts", first if n % 2 else second)
            answered = await system.ask("GET", "/tickets")
            if answered.status_code == 429:
                assert 1 <= int(answered.headers["retry-after"]) <= 60
            else:
                granted += 1
        assert 60 <= granted <= 60 + 2 * api_keys.FLUSH_AFTER_USES
        clock.travel(timedelta(minutes=1))
        assert (await system.ask("GET", "/tickets")).status_code == 200


async def test_a_key_is_never_logged(system: Machine, community: Person) -> None:
    with structlog.testing.capture_logs() as said:
        await system.get("/tickets")
        await system.ask("GET", "/me")
        await give(community)
        await Person(system.http, system.key[:-1] + "!").ask("GET", "/tickets")
    assert any(line["event"] == "request" for line in said)
    assert "ldk_" not in str(said)
    assert logging.getLogger().handlers
    rows = await db.fetch("SELECT a::text FROM audit a")
    assert system.key not in str(rows)


async def test_giving_and_revoking_are_in_the_audit_trail(
    system: Machine, community: Person, people_of: Everybody
) -> None:
    (auditor,) = await people_of("auditor")
    await revoke(community, system.id)
    await system.ask("GET", "/me")
    other = await machine(system.http)
    await other.ask("GET", "/me")  # refused: that is recorded too, under the company's name
    found = (await auditor.get("/audit", limit=100))["items"]
    by_type = {entry["type"]: entry for entry in found}
    assert by_type["key_made"]["label"] == "新增 API 密钥"
    assert by_type["key_revoked"]["data"] == {"key": system.id}
    assert by_type["refused"]["person"]["name"] == "人和物业"


async def test_a_key_signs_nobody_in_and_refreshes_nothing(system: Machine) -> None:
    for path in ("/auth/refresh", "/auth/logout"):
        problem(await system.ask("POST", path, json={"refresh_token": system.key}), 401)
    process_state.forget_all()
    assert (await system.get("/tickets"))["items"] == []


async def test_the_demo_companys_key_is_the_one_the_start_page_shows(http: httpx.AsyncClient) -> None:
    for _ in range(2):  # loading again changes nothing
        await demo.load_demo(profile.consent().version)
    assert api_keys.DEMO_KEY in (await http.get("/")).text
    system = Person(http, api_keys.DEMO_KEY)
    assert (await system.report())["reporter"]["name"] == "人和物业"
    assert len(await db.fetch("SELECT FROM api_key")) == 1
    assert len(await db.fetch("SELECT FROM login WHERE kind = 'key'")) == 1


async def test_the_demo_companys_key_revoked_stays_revoked(
    http: httpx.AsyncClient, community: Person
) -> None:
    await demo.load_demo(profile.consent().version)
    (key,) = await keys_of(community)
    answer(await revoke(community, key["id"]))
    await demo.load_demo(profile.consent().version)
    problem(await Person(http, api_keys.DEMO_KEY).ask("GET", "/tickets"), 401)


async def test_the_demo_companys_key_is_dead_outside_demo_mode(http: httpx.AsyncClient) -> None:
    """Also where the demo street was loaded once, and in a process that has met the key before."""
    await demo.load_demo(profile.consent().version)
    await Person(http, api_keys.DEMO_KEY).get("/tickets")
    with deployed(demo=None):
        async with fresh_client() as outside:
            problem(await Person(outside, api_keys.DEMO_KEY).ask("GET", "/tickets"), 401)
            assert api_keys.DEMO_KEY not in (await outside.get("/")).text
    await Person(http, api_keys.DEMO_KEY).get("/tickets")
