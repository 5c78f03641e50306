"""Messages to webhooks: each acknowledged act reaches a healthy receiver, whatever other receivers do and whoever dies."""

import asyncio
import gzip
import re
import socket
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from standardwebhooks import Webhook, WebhookVerificationError

from app import clock, db, ids
from app.services.outbox import follow_up
from app.services.setup import catalogue
from app.services.webhooks import deliveries, dispatcher, endpoint_queue, messages, results, safe_http, sender
from app.services.webhooks.dispatcher import Dispatcher
from tests import world
from tests.deployed import deployed
from tests.sinks import LOOPBACK, Request, Sink, silence, sink, status
from tests.world import Everybody, Person, answer, problem, run_jobs, sign_in, soon

TIMEOUT = 0.5
FAST = "0,5,300"


@pytest.fixture(autouse=True)
def allowed() -> Iterator[None]:
    """Receivers on loopback are allowed, and have half a second."""
    with deployed(
        webhook_allow_networks=LOOPBACK, webhook_timeout_seconds=str(TIMEOUT), webhook_retry_seconds=FAST
    ):
        yield


@pytest.fixture
async def company(http: httpx.AsyncClient) -> Person:
    return await sign_in(http, "property")


async def listen(somebody: Person, url: str, *events: str) -> dict[str, Any]:
    """Add a webhook and return it, its secret included."""
    body = {"url": url, "events": list(events or ("ticket.*",))}
    made: dict[str, Any] = answer(await somebody.ask("POST", "/webhooks", json=body), 201)
    return made


@asynccontextmanager
async def carrying() -> AsyncIterator[Dispatcher]:
    """A courier at work for the length of a block."""
    carrier, stop = Dispatcher(), asyncio.Event()
    running = asyncio.create_task(carrier.run(stop))
    try:
        yield carrier
    finally:
        stop.set()
        await running


async def carried(within: float = 5) -> None:
    """Follow what happened and carry what is due, until nothing is due any more."""
    await run_jobs()
    async with carrying(), asyncio.timeout(within):
        while await due():  # noqa: ASYNC110 - the database has no event to wait for
            await asyncio.sleep(0.02)


async def due() -> int:
    """Count the messages that are due, or under way under a lease."""
    (row,) = await db.fetch(
        "SELECT count(*) FROM delivery d JOIN webhook w ON w.id = webhook_id WHERE settled_at IS NULL "
        "AND (due_at <= $1 OR gap = $2) AND w.disabled_at IS NULL AND w.ended_at IS NULL",
        clock.now(),
        dispatcher.lease_seconds(),
    )
    count: int = row["count"]
    return count


async def log_of(somebody: Person, made: dict[str, Any]) -> list[dict[str, Any]]:
    found = await somebody.get(f"/webhooks/{made['id']}/deliveries", limit=100)
    items: list[dict[str, Any]] = found["items"]
    return items


async def dispatched(people_of: Everybody, **more: Any) -> dict[str, Any]:
    resident, head = await people_of("resident", "grid_head")
    return await head.dispatch(await resident.report(**more))


def types(receiver: Sink) -> list[str]:
    return [request.said["type"] for request in receiver.got]


async def test_an_act_reaches_the_company_signed(company: Person, people_of: Everybody) -> None:
    async with sink() as receiver:
        made = await listen(company, receiver.url)
        ticket = await dispatched(people_of)
        await carried()
        (request,) = receiver.got
        said = Webhook(made["secret"]).verify(request.body, request.headers)
        assert said["type"] == "ticket.dispatched"
        assert said["timestamp"].endswith("Z")
        data = said["data"]
        assert (data["id"], data["no"], data["seq"]) == (ticket["id"], ticket["no"], 2)
        assert (data["status"], data["version"]) == ("dispatched", ticket["version"])
        assert data["organisation_id"] == ticket["organisation"]["id"]
        assert request.headers["content-type"] == "application/json"
        with pytest.raises(WebhookVerificationError):
            Webhook(made["secret"]).verify(request.body + b" ", request.headers)
        (logged,) = await log_of(company, made)
        assert (logged["state"], logged["status"], logged["attempts"]) == ("delivered", 200, 1)
        assert logged["webhook_id_header"] == request.id
        assert logged["body"] == said


async def test_every_act_is_told_once_and_in_order(company: Person, people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    async with sink() as receiver:
        await listen(company, receiver.url)
        ticket = await dispatched(people_of)
        await company.act("take", ticket)
        await company.act("wait", ticket, reason="parts", until=soon())
        await head.act("resume", ticket)
        await company.act("comment", ticket, text="师傅在路上")
        await company.resolve(ticket)
        await resident.act("reopen", ticket, text="还是不亮")
        await head.act("escalate", ticket, reason="不再和物业有关")
        await carried()
        told = sorted(receiver.got, key=lambda request: request.said["data"]["seq"])
        assert [one.said["type"].removeprefix("ticket.") for one in told] == [
            *("dispatched", "taken", "waiting", "resumed", "commented", "resolved", "reopened")
        ]
        assert [one.said["data"]["seq"] for one in told] == list(range(2, 9))
        assert [one.said["data"]["status"] for one in told] == [
            *("dispatched", "dispatched", "waiting", "dispatched", "dispatched", "resolved", "accepted")
        ]
        assert len({one.id for one in told}) == len(told)


async def test_who_just_lost_a_ticket_is_told_though_another_has_it_by_then(people_of: Everybody) -> None:
    """What is said and to whom is of the moment of the act, however late it is followed."""
    company, department, resident, head = await people_of("property", "department", "resident", "grid_head")
    async with sink() as first, sink() as second:
        await listen(company, first.url)
        await listen(department, second.url)
        ticket = await resident.report()
        await head.dispatch(ticket)
        await head.act("comment", ticket, text="钥匙在门卫")
        await head.act("recall", ticket)
        await head.dispatch(ticket, "城管")
        await head.act("comment", ticket, text="请看看")
        await carried()
        assert types(first) == ["ticket.dispatched", "ticket.commented", "ticket.recalled"]
        assert types(second) == ["ticket.dispatched", "ticket.commented"]
        assert first.got[-1].said["data"]["status"] == "accepted"
        assert first.got[1].said["data"]["organisation_id"] != second.got[1].said["data"]["organisation_id"]


async def test_a_company_is_told_that_a_dispatch_was_undone(company: Person, people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    async with sink() as receiver:
        await listen(company, receiver.url)
        ticket = await dispatched(people_of)
        await head.act("undo", ticket)
        await carried()
        assert types(receiver) == ["ticket.dispatched", "ticket.undone"]
        data = receiver.got[-1].said["data"]
        assert (data["status"], data["organisation_id"]) == ("new", None)


async def test_an_office_is_told_of_everything_in_its_place_and_of_nothing_else(people_of: Everybody) -> None:
    community, other, street, resident = await people_of("community", "other_community", "street", "resident")
    async with sink() as ours, sink() as theirs, sink() as all_of_it:
        for somebody, receiver in ((community, ours), (other, theirs), (street, all_of_it)):
            await listen(somebody, receiver.url)
        await resident.report()
        await resident.report(place_id=await resident.place("柏林社区"))
        await carried()
        assert types(ours) == types(theirs) == ["ticket.submitted"]
        assert types(all_of_it) == ["ticket.submitted"] * 2


async def test_a_company_follows_what_its_own_system_reported(
    http: httpx.AsyncClient, company: Person, people_of: Everybody
) -> None:
    from tests.keys import machine

    (head,) = await people_of("grid_head")
    system = await machine(http)
    async with sink() as receiver:
        await listen(system, receiver.url)
        await head.act("accept", await system.report())
        await carried()
        assert types(receiver) == ["ticket.submitted", "ticket.accepted"]


async def test_only_what_was_asked_for_is_told(company: Person, people_of: Everybody) -> None:
    async with sink() as receiver:
        await listen(company, receiver.url, "ticket.taken", "ticket.resolved")
        ticket = await dispatched(people_of)
        await company.act("take", ticket)
        await carried()
        assert types(receiver) == ["ticket.taken"]


async def test_nothing_about_a_person_goes_out(people_of: Everybody) -> None:
    """No name, phone, openid, no word anybody wrote; and little of anything."""
    resident, head, company, community = await people_of("resident", "grid_head", "property", "community")
    secrets = ("张桂芳", "13812345678", "138****5678", "944号居民", "隐患很大", "三楼王家", "要换整条线")
    async with sink() as ours, sink() as office:
        await listen(company, ours.url)
        await listen(community, office.url)
        ticket = await resident.report(
            contact_phone="13812345678", description="隐患很大，三楼王家门口", place_note="三楼王家"
        )
        await head.dispatch(ticket)
        await company.act("ask", ticket, text="张桂芳在家吗", until=soon())
        await resident.act("answer", ticket, text="在，13812345678")
        await company.act("hand_back", ticket, reason="not_our_trade", text="要换整条线")
        await head.act("escalate", ticket, reason="要换整条线")
        await community.act("recategorise", ticket, category="access_door", reason="要换整条线")
        await carried()
        bodies = [request.body for request in ours.got + office.got]
        people = await db.fetch("SELECT id::text, openid FROM person")
        assert len(office.got) == 7
        for body in bodies:
            text = body.decode().encode().decode("unicode_escape")
            assert len(body) < 20 * 1024
            assert not [secret for secret in secrets if secret in text]
            assert not [row["id"] for row in people if row["id"] in text]
            assert not re.search("[\u4e00-\u9fff]", text)
        details = [request.said["data"].get("detail") for request in office.got]
        assert "not_our_trade" in [detail["reason"] for detail in details if detail and "reason" in detail]


async def test_an_act_that_is_followed_twice_is_told_once(company: Person, people_of: Everybody) -> None:
    async with sink() as receiver:
        await listen(company, receiver.url)
        ticket = await dispatched(people_of)
        await carried()
        (message,) = await db.fetch("SELECT * FROM delivery")
        await db.fetch(
            "INSERT INTO job (id, kind, ticket_id, seq, due_at) VALUES ($1, 'event', $2, $3, $4)",
            *(message["id"], UUID(ticket["id"]), 2, clock.now()),
        )
        await db.fetch(
            "DO $$ BEGIN SET LOCAL session_replication_role = replica; DELETE FROM sealed_head; DELETE FROM seal; END $$"
        )
        await carried()
        assert len(receiver.got) == 1
        assert await db.fetch("SELECT FROM job") == []


async def test_a_job_of_before_the_upgrade_is_told_too(company: Person, people_of: Everybody) -> None:
    async with sink() as receiver:
        await listen(company, receiver.url)
        await dispatched(people_of)
        await db.fetch("UPDATE job SET payload = NULL")
        await carried()
        assert "ticket.dispatched" in types(receiver)


async def test_attempts_follow_the_schedule_with_jitter_under_one_id(
    company: Person, people_of: Everybody
) -> None:
    async with sink(status(500)) as receiver:
        made = await listen(company, receiver.url, "ticket.dispatched")
        await dispatched(people_of)
        waits = []
        for attempts in (1, 2, 3):
            await carried()
            (logged,) = await log_of(company, made)
            assert (logged["attempts"], logged["status"], logged["error"]) == (attempts, 500, "status")
            if attempts < 3:
                assert logged["state"] == "waiting"
                wait = world.moment(logged["next_at"]) - clock.now()
                waits.append(wait.total_seconds())
                clock.travel(wait + timedelta(milliseconds=1))
        assert 3 <= waits[0] <= 6.001
        assert 235 <= waits[1] <= 360.001
        assert (logged["state"], logged["next_at"]) == ("failed", None)
        clock.travel(timedelta(days=1))
        await carried()
        assert len(receiver.got) == 3
        assert len({request.id for request in receiver.got}) == 1
        assert len({request.body for request in receiver.got}) == 1


def test_jitter_spreads_over_a_fifth_on_both_sides() -> None:
    waits = [sender.retry_seconds(2) or 0 for _ in range(500)]
    assert 240 <= min(waits) < 250
    assert 350 < max(waits) <= 360
    assert sender.retry_seconds(3) is None


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("100", 100, 100),
        ("1", 4, 6),
        ("9999999999999", 86400, 86400),
        ("-5", 4, 6),
        ("soon", 4, 6),
        ("", 4, 6),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 4, 6),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400, 86400),
        ("Mon, 99 Foo 0000 99:99:99 GMT", 4, 6),
        ("\xff\xfe", 4, 6),
    ],
)
def test_a_receiver_may_put_us_off_within_reason(asked: str, least: float, most: float) -> None:
    assert least <= (sender.retry_seconds(1, asked) or 0) <= most


def test_a_receiver_may_name_the_moment() -> None:
    later = (datetime.now(UTC) + timedelta(seconds=600)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert 595 <= (sender.retry_seconds(1, later) or 0) <= 600


async def test_retry_after_is_honoured(company: Person, people_of: Everybody) -> None:
    async with sink(status(503, retry_after="120")) as receiver:
        made = await listen(company, receiver.url)
        await dispatched(people_of)
        await carried()
        (logged,) = await log_of(company, made)
        assert 115 <= (world.moment(logged["next_at"]) - clock.now()).total_seconds() <= 120


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=2)])
async def test_a_clock_that_jumps_back_strands_no_message(
    back: timedelta, company: Person, people_of: Everybody
) -> None:
    async with sink(status(500)) as receiver:
        await listen(company, receiver.url)
        await dispatched(people_of)
        await carried()
        receiver.answer = status(200)
        clock.travel(-back)
        await deliveries.clamp_deliveries()
        await carried()
        assert len(receiver.got) == 2


async def test_pulling_in_shortens_no_wait_that_is_meant(company: Person, people_of: Everybody) -> None:
    async with sink(status(503, retry_after="7200")) as receiver:
        await listen(company, receiver.url)
        await dispatched(people_of)
        await carried()
        before = await db.fetch("SELECT due_at FROM delivery")
        await deliveries.clamp_deliveries()
        assert await db.fetch("SELECT due_at FROM delivery") == before


async def drip(_: Request, writer: asyncio.StreamWriter) -> None:
    """Answer a byte now and then, for ever."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def drip_head(_: Request, writer: asyncio.StreamWriter) -> None:
    """Never come to the end of the headers."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def endless(_: Request, writer: asyncio.StreamWriter) -> None:
    """Answer with a gigabyte."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n")
    for _n in range(16 * 1024):
        writer.write(bytes(64 * 1024))
        await writer.drain()


async def endless_head(_: Request, writer: asyncio.StreamWriter) -> None:
    """Answer with headers without end."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for n in range(100_000):
        writer.write(f"x-{n}: {'y' * 1000}\r\n".encode())
        await writer.drain()


BOMB: Final = gzip.compress(bytes(30_000_000))  # made once: an answer that takes long is another case


async def bomb(_: Request, writer: asyncio.StreamWriter) -> None:
    """Answer with little that would be much."""
    head = f"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {len(BOMB)}\r\n\r\n"
    writer.write(head.encode() + BOMB)


async def nonsense(_: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x00\xff nonsense\r\n\r\n" * 10)


async def hang_up(_: Request, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


@pytest.mark.parametrize(
    ("answering", "state", "error"),
    [
        (silence, "waiting", "timeout"),
        (drip, "waiting", "timeout"),
        (drip_head, "waiting", "timeout"),
        (nonsense, "waiting", "protocol"),
        (endless_head, "waiting", "protocol"),
        (hang_up, "waiting", None),
        (status(500), "waiting", "status"),
        (status(404), "waiting", "status"),
        (status(301, location="http://127.0.0.1:1/"), "waiting", "redirect"),
        (status(307, location="http://169.254.169.254/"), "waiting", "redirect"),
        (endless, "delivered", None),
        (bomb, "delivered", None),
        (status(204), "delivered", None),
    ],
)
@pytest.mark.alone
async def test_whatever_a_receiver_does_has_its_name_and_holds_up_nobody(
    answering: Any, state: str, error: str | None, people_of: Everybody, monkeypatch: pytest.MonkeyPatch
) -> None:
    company, community = await people_of("property", "community")
    async with sink(answering) as bad, sink() as good:
        made = await listen(company, bad.url, "ticket.dispatched")
        await listen(community, good.url, "ticket.dispatched")
        await dispatched(people_of)
        began = time.monotonic()
        await carried()
        assert time.monotonic() - began < TIMEOUT + 2
        (logged,) = await log_of(company, made)
        assert logged["state"] == state, logged
        assert error is None or logged["error"] == error, logged
        assert logged["took_ms"] <= (TIMEOUT + 0.5) * 1000
        assert len(bad.got) == len(good.got) == 1


async def test_a_long_answer_is_cut_off_and_its_connection_with_it(
    company: Person, people_of: Everybody
) -> None:
    sent = 0

    async def much(_: Request, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 104857600\r\n\r\n")
        while sent < 100 * 1024 * 1024:
            writer.write(bytes(16 * 1024))
            await writer.drain()
            sent += 16 * 1024

    async with sink(much) as receiver:
        await listen(company, receiver.url)
        await dispatched(people_of)
        await carried()
        await asyncio.sleep(0.1)
        assert 64 * 1024 <= sent < 30 * 1024 * 1024  # what the sockets' own buffers took beside


async def test_connections_are_kept(company: Person, people_of: Everybody) -> None:
    async with sink() as receiver:
        await listen(company, receiver.url)
        ticket = await dispatched(people_of)
        for _ in range(10):
            await company.act("comment", ticket, text="还在修")
        await run_jobs()
        async with carrying():
            while await due():  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.02)
            before = receiver.connections
            await company.act("comment", ticket, text="修好了")
            await run_jobs()
            while await due():  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.02)
        assert len(receiver.got) == 12
        assert receiver.connections == before <= endpoint_queue.MAX_CONCURRENT


async def test_410_switches_off_at_once_and_says_so(company: Person, people_of: Everybody) -> None:
    async with sink(status(410)) as receiver:
        made = await listen(company, receiver.url)
        ticket = await dispatched(people_of)
        await company.act("take", ticket)
        await carried()
        (hook,) = (await company.get("/webhooks"))["items"]
        assert (hook["active"], hook["disabled_for"]) == (False, "gone")
        before = len(receiver.got)
        await company.act("comment", ticket, text="在修")
        await carried()
        assert len(receiver.got) == before
        notices = (await company.get("/notices"))["items"]
        (off,) = [notice for notice in notices if notice["type"] == "webhook.disabled"]
        assert (off["ticket_id"], off["webhook_id"]) == (None, made["id"])
        assert "127.0.0.1" in off["label"]
        problem(await company.ask("POST", f"/webhooks/{made['id']}/test"), 409)
        (entry,) = await db.fetch("SELECT data FROM audit WHERE type = 'webhook_disabled'")
        assert entry["data"] == {"webhook": made["id"], "why": "gone"}


async def test_five_days_of_failure_switch_off_and_one_message_through_begins_them_anew(
    company: Person, http: httpx.AsyncClient, people_of: Everybody
) -> None:
    async def hook() -> dict[str, Any]:
        company.headers = (await sign_in(http, "property")).headers
        (found,) = (await company.get("/webhooks"))["items"]
        return dict(found)

    async with sink(status(500)) as receiver:
        made = await listen(company, receiver.url)
        await dispatched(people_of)
        await carried()
        assert (await hook())["failing_since"]
        clock.travel(timedelta(days=4))
        receiver.answer = status(200)
        await hook()
        answer(await company.ask("POST", f"/webhooks/{made['id']}/test"), 201)
        await carried()
        assert (await hook())["failing_since"] is None
        receiver.answer = status(500)
        for days, active in ((1, True), (4.9, True), (0.2, False)):
            clock.travel(timedelta(days=days))
            await hook()
            await company.ask("POST", f"/webhooks/{made['id']}/test")
            await carried()
            assert (await hook())["active"] is active
        assert (await hook())["disabled_for"] == "failing"


async def test_what_waited_goes_on_once_it_is_switched_on_again(
    company: Person, people_of: Everybody
) -> None:
    async with sink(status(500)) as receiver:
        made = await listen(company, receiver.url)
        await dispatched(people_of)
        await carried()
        path = f"/webhooks/{made['id']}"
        assert not answer(await company.ask("PATCH", path, json={"active": False}))["active"]
        receiver.answer = status(200)
        clock.travel(timedelta(minutes=1))
        await carried()
        assert len(receiver.got) == 1
        assert answer(await company.ask("PATCH", path, json={"active": True}))["active"]
        await carried()
        assert len(receiver.got) == 2


async def test_after_a_rotation_both_secrets_verify_for_a_day(
    company: Person, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verifies(secret: str, request: Request) -> bool:
        try:
            Webhook(secret).verify(request.body, request.headers | {"webhook-timestamp": now(request)})
        except WebhookVerificationError:
            return False
        return True

    def now(request: Request) -> str:
        return request.headers["webhook-timestamp"]

    async with sink() as receiver:
        made = await listen(company, receiver.url)
        path = f"/webhooks/{made['id']}"
        rotated = answer(await company.ask("POST", f"{path}/rotate"))
        assert world.moment(rotated["former_until"]) - clock.now() > timedelta(hours=23, minutes=59)
        await company.ask("POST", f"{path}/test")
        await carried()
        assert len(receiver.got[0].headers["webhook-signature"].split(" ")) == 2
        assert verifies(made["secret"], receiver.got[0])
        assert verifies(rotated["secret"], receiver.got[0])
        await db.fetch("UPDATE webhook_secret SET ends_at = $1 WHERE ends_at IS NOT NULL", clock.now())
        await company.ask("POST", f"{path}/test")
        await carried()
        assert not verifies(made["secret"], receiver.got[1])
        assert verifies(rotated["secret"], receiver.got[1])


async def test_redelivering_bears_the_same_id(company: Person, people_of: Everybody) -> None:
    async with sink() as receiver:
        made = await listen(company, receiver.url)
        await dispatched(people_of)
        await carried()
        (logged,) = await log_of(company, made)
        path = f"/webhooks/{made['id']}/deliveries/{logged['id']}/redeliver"
        assert answer(await company.ask("POST", path))["state"] == "waiting"
        await carried()
        first, second = receiver.got
        assert (first.id, first.body) == (second.id, second.body)


async def test_a_courier_that_dies_before_the_answer_is_followed_by_another(
    company: Person, people_of: Everybody
) -> None:
    async with sink(silence) as receiver:
        await listen(company, receiver.url)
        await dispatched(people_of)
        await run_jobs()
        dead = Dispatcher()
        assert await dead.round() == 1
        while not receiver.got:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
        for line in dead.queues.values():
            line.on_result = lambda _: None  # killed: it writes nothing any more
            line.cancel()
        receiver.answer = status(200)
        async with carrying():
            await asyncio.sleep(0.1)
            assert len(receiver.got) == 1  # the lease holds
            clock.travel(timedelta(seconds=dispatcher.lease_seconds()))
            while len(receiver.got) < 2:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.02)
        assert receiver.got[0].id == receiver.got[1].id


async def test_a_worker_told_to_stop_puts_back_what_is_under_way(
    company: Person, people_of: Everybody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "SHUTDOWN_SECONDS", 0.05)
    async with sink(silence) as receiver:
        await listen(company, receiver.url)
        await dispatched(people_of)
        await run_jobs()
        async with carrying():
            while not receiver.got:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)
        (message,) = await db.fetch("SELECT * FROM delivery")
        assert (message["attempts"], message["settled_at"]) == (0, None)
        assert message["due_at"] <= clock.now()


async def test_many_couriers_send_each_message_once(company: Person, people_of: Everybody) -> None:
    async with sink() as receiver:
        await listen(company, receiver.url)
        ticket = await dispatched(people_of)
        for _ in range(20):
            await company.act("comment", ticket, text="在修")
        await run_jobs()
        async with carrying(), carrying(), carrying(), asyncio.timeout(5):
            while await due():  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.02)
        assert len(receiver.got) == 21
        assert len({request.id for request in receiver.got}) == 21


async def backlog(made: dict[str, Any], count: int) -> None:
    await db.fetch(
        "INSERT INTO delivery (id, webhook_id, type, body, created_at, due_at) "
        "SELECT id, $1, 'webhook.test', '{}', $2, $2 FROM unnest($3::uuid[]) id",
        UUID(made["id"]),
        clock.now(),
        [ids.new() for _ in range(count)],
    )


@pytest.mark.alone
async def test_receivers_that_never_answer_delay_no_other(people_of: Everybody) -> None:
    company, community, department = await people_of("property", "community", "department")
    async with sink(silence) as dead, sink(silence) as slow, sink() as healthy:
        await backlog(await listen(company, dead.url), 300)
        await backlog(await listen(department, slow.url), 300)
        made = await listen(community, healthy.url)
        async with carrying(), asyncio.timeout(20):
            await asyncio.sleep(0.3)
            for n in range(1, 4):
                began = time.monotonic()
                await backlog(made, 10)
                while len(healthy.got) < 10 * n:  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.01)
                assert time.monotonic() - began < 2
        assert len(dead.got) < 60  # after the first in vain two at a time, the others wait untried
        (row,) = await db.fetch("SELECT count(*) FROM delivery WHERE attempts = 0")
        assert row["count"] > 450


@pytest.mark.alone
async def test_a_slow_name_server_delays_no_other(
    people_of: Everybody, monkeypatch: pytest.MonkeyPatch
) -> None:
    company, community = await people_of("property", "community")
    asked = []

    def getaddrinfo(host: str, *_: Any, **__: Any) -> Any:
        asked.append(host)
        time.sleep(1.5)
        raise OSError("no answer")

    async with sink() as healthy:
        made = await listen(company, healthy.url)
        await db.fetch("UPDATE webhook SET url = 'https://slow.example/'")
        await backlog(made, 50)
        await backlog(await listen(community, healthy.url), 5)
        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        async with carrying(), asyncio.timeout(30):
            began = time.monotonic()
            while len(healthy.got) < 5:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)
            assert time.monotonic() - began < 1
            await asyncio.sleep(0.3)
        assert asked == ["slow.example"]


async def test_a_name_that_changes_its_answer_leads_nowhere_else(
    company: Person, people_of: Everybody, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address that was checked is the address connected to; a second answer is never asked for."""
    answers = iter(["127.0.0.1", "100.100.100.200", "10.0.0.1"])
    asked = []

    def getaddrinfo(host: str, *_: Any, **__: Any) -> Any:
        asked.append(host)
        return [(2, 1, 6, "", (next(answers), 0))]

    async with sink() as receiver:
        made = await listen(company, receiver.url)
        await db.fetch("UPDATE webhook SET url = $1", f"http://partner.example:{receiver.port}/")
        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        await dispatched(people_of)
        await carried()
        assert asked == ["partner.example"]
        assert len(receiver.got) == 1
        assert receiver.got[0].headers["host"].startswith("partner.example")
        await company.ask("POST", f"/webhooks/{made['id']}/test")
        await carried()
        assert len(asked) == 2
        logged = (await log_of(company, made))[0]
        assert (logged["state"], logged["error"], logged["status"]) == ("waiting", "refused", None)


@pytest.mark.parametrize(
    "addresses",
    [["100.100.100.200"], ["127.0.0.1", "169.254.169.254"], ["::ffff:10.0.0.1"], ["64:ff9b::7f00:1"]],
)
async def test_one_bad_address_among_good_ones_is_enough(
    addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [(2, 1, 6, "", (address, 0)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)
    with pytest.raises(safe_http.AddressRefused):
        await safe_http.CheckedBackend(secure=True).connect_tcp("partner.example", 443)


def certificate(folder: Path, name: str) -> Path:
    """Write a certificate of this name, signed by itself, and its key; return the file of both."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / f"{name}.pem"
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.mark.parametrize(("name", "error"), [("partner.example", None), ("somebody.example", "tls")])
async def test_tls_verifies_the_name_though_the_address_is_what_is_connected_to(
    name: str, error: str | None, company: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = certificate(tmp_path, name)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    safe_http.tls_context.cache_clear()
    theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    theirs.load_cert_chain(file)
    async with sink(ssl=theirs) as receiver:
        made = await listen(company, receiver.url)
        await db.fetch("UPDATE webhook SET url = $1", f"https://partner.example:{receiver.port}/")
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", 0))])
        await company.ask("POST", f"/webhooks/{made['id']}/test")
        await carried()
        (logged,) = await log_of(company, made)
        assert logged["error"] == error
        assert len(receiver.got) == (error is None)
    monkeypatch.undo()
    safe_http.tls_context.cache_clear()


async def test_without_tls_only_allowed_networks_are_gone_to(company: Person, people_of: Everybody) -> None:
    async with sink() as receiver:
        made = await listen(company, receiver.url)
        with deployed(webhook_allow_networks="10.0.0.0/8"):
            await dispatched(people_of)
            await carried()
            assert receiver.got == []
            (logged,) = await log_of(company, made)
            assert logged["error"] == "refused"


async def test_the_catalogue_of_every_process_hears_of_a_new_webhook(company: Person) -> None:
    before = await catalogue.current_catalogue()
    async with sink() as receiver:
        made = await listen(company, receiver.url)
        after = await catalogue.current_catalogue()
        assert after.version > before.version
        assert UUID(made["id"]) in {one.id for many in after.listeners.values() for one in many}
        answer(await company.ask("DELETE", f"/webhooks/{made['id']}"))
        ended = await catalogue.current_catalogue()
        assert UUID(made["id"]) not in {one.id for many in ended.listeners.values() for one in many}


async def test_what_waits_for_a_webhook_that_is_no_more_is_cleared_away(company: Person) -> None:
    async with sink() as receiver:
        made = await listen(company, receiver.url)
        kept = await listen(company, receiver.url)
        await backlog(made, 30)
        await backlog(kept, 5)
        answer(await company.ask("DELETE", f"/webhooks/{made['id']}"))
        while await deliveries.sweep_deliveries():
            pass
        (row,) = await db.fetch("SELECT count(*) FROM delivery")
        assert row["count"] == 5


async def test_the_log_is_kept_for_thirty_days(
    company: Person, http: httpx.AsyncClient, people_of: Everybody
) -> None:
    async with sink() as receiver:
        made = await listen(company, receiver.url)
        await dispatched(people_of)
        await carried()
        clock.travel(timedelta(days=29, hours=23))
        await deliveries.sweep_deliveries()
        company = await sign_in(http, "property")
        assert len(await log_of(company, made)) == 1
        clock.travel(timedelta(hours=2))
        company = await sign_in(http, "property")
        assert await log_of(company, made) == []
        assert await deliveries.sweep_deliveries() == 1


def test_no_words_come_through_what_is_meant_for_codes() -> None:
    event: Any = {
        "ticket_state": {"status": "new", "concerns": []},
        "data": {
            "a": "张桂芳",
            "b": "two words",
            "c": ["x"],
            "d": {"e": 1},
            "f": "not_ours",
            "g": 5,
            "h": "x" * 65,
        },
        "ticket_id": UUID(int=0),
        "no": "1",
        "seq": 1,
        "part": "head",
    }
    assert messages._message_data(event, {})["detail"] == {"f": "not_ours", "g": 5}  # noqa: SLF001 - the one place that lets through


async def test_the_effects_are_one_statement() -> None:
    """Killed anywhere, a message is left exactly when its job is gone."""
    assert "INSERT INTO delivery" in follow_up._WRITE.text  # noqa: SLF001 - that is the promise
    assert "DELETE FROM job" in follow_up._WRITE.text  # noqa: SLF001 - as above
    assert timedelta(days=5) == results.DISABLE_AFTER
