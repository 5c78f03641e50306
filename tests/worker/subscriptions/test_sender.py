"""Subscribe messages reach people whose mini-program is closed: each once, never late, and an outage delays nothing else."""

import asyncio
import json
import time
from datetime import timedelta
from typing import Any, Final

import pytest

from app import clock, db
from app.services import subscriptions
from app.services.subscriptions import queue
from app.services.subscriptions.sender import Sender
from tests.deployed import deployed
from tests.newcomers import Newcomer
from tests.wechat_standin import Wechat
from tests.world import Everybody, Person, answer, problem, run_jobs

SETTING: Final[dict[str, dict[str, Any]]] = {
    "ticket.accepted": {"id": "t-accepted", "fields": {"thing1": "{place}", "phrase2": "{status}"}},
    "ticket.resolved": {
        "id": "t-resolved",
        "page": "pages/ticket/index?id={id}",
        "fields": {"thing1": "{place}{category}", "phrase2": "{status}", "time3": "{at}", "thing4": "{text}"},
    },
    "ticket.commented": {"id": "t-news", "fields": {"thing1": "{text}"}, "long_term": True},
}


@pytest.fixture(autouse=True)
def templates(street: None) -> Any:
    with deployed(wechat_templates=json.dumps(SETTING)):
        yield


@pytest.fixture
async def resident(newcomer: Newcomer) -> Person:
    """Somebody known to WeChat as o1."""
    return await newcomer("o1")


async def accept(person: Person, wechat: Wechat, *events: str) -> None:
    """Tap "allow" for these events: WeChat counts it, and so do we."""
    known = {event: entry["id"] for event, entry in SETTING.items()}
    for event in events:
        wechat.allow("o1", str(known[event]))
    body = {"templates": [{"event": event, "accepted": True} for event in events]}
    answer(await person.ask("POST", "/me/subscriptions", json=body))


async def deliver(sender: Sender | None = None) -> None:
    """Follow the events up, then send until nothing is claimed."""
    await run_jobs()
    sender = sender or Sender()
    while await sender.round():
        pass


async def outcomes() -> list[str | None]:
    return [row["outcome"] for row in await db.fetch("SELECT outcome FROM wechat_message ORDER BY id")]


async def test_who_accepted_is_told_once(resident: Person, people_of: Everybody, wechat: Wechat) -> None:
    (head,) = await people_of("grid_head")
    ticket = await resident.report()
    await accept(resident, wechat, "ticket.resolved")
    await head.act("accept", ticket)
    await head.resolve(ticket)
    await deliver()
    await deliver()
    (sent,) = wechat.sent
    assert sent["touser"] == "o1"
    assert sent["page"] == f"pages/ticket/index?id={ticket['id']}"
    shown = {name: field["value"] for name, field in sent["data"].items()}
    assert shown["thing1"] == "人和家园944号4单元楼道灯不亮"
    assert shown["phrase2"] == "已办结"
    assert shown["thing4"] == "您上报的“人和家园944号4单元 楼道…"
    assert await outcomes() == ["sent"]
    (item,) = [
        item
        for item in (await resident.get("/me/subscriptions"))["subscriptions"]
        if item["event"] == "ticket.resolved"
    ]
    assert item["remaining"] == 0


async def test_one_acceptance_is_one_message(resident: Person, people_of: Everybody, wechat: Wechat) -> None:
    (head,) = await people_of("grid_head")
    tickets = [await resident.report(), await resident.report(place_note="二楼")]
    await accept(resident, wechat, "ticket.accepted")
    for ticket in tickets:
        await head.act("accept", ticket)
    await deliver()
    assert len(wechat.sent) == 1
    assert wechat.paths.count("/cgi-bin/message/subscribe/send") == 1
    assert sorted(map(str, await outcomes())) == ["sent", "unsubscribed"]


async def test_nobody_is_sent_what_they_have_not_accepted(
    resident: Person, people_of: Everybody, wechat: Wechat
) -> None:
    (head,) = await people_of("grid_head")
    await head.act("accept", await resident.report())
    await deliver()
    assert await outcomes() == []


async def test_a_long_term_template_counts_nothing_until_it_is_taken_back(
    resident: Person, people_of: Everybody, wechat: Wechat
) -> None:
    (head,) = await people_of("grid_head")
    ticket = await resident.report()
    await accept(resident, wechat, "ticket.commented")
    wechat.allow("o1", "t-news")
    for text in ("明天来", "改后天", "再说"):
        await head.act("comment", ticket, text=text)
    await deliver()
    assert len(wechat.sent) == 2  # then WeChat says 43101
    assert await outcomes() == ["sent", "sent", "unsubscribed"]
    asked = (await resident.get("/me/subscriptions"))["subscriptions"]
    assert [item["remaining"] for item in asked if item["event"] == "ticket.commented"] == [0]


async def test_what_was_read_in_the_program_is_not_sent(
    resident: Person, people_of: Everybody, wechat: Wechat
) -> None:
    (head,) = await people_of("grid_head")
    ticket = await resident.report()
    await accept(resident, wechat, "ticket.accepted")
    await head.act("accept", ticket)
    await run_jobs()
    answer(await resident.ask("POST", "/notices/read", json={"all": True}))
    await deliver()
    assert (wechat.sent, await outcomes()) == ([], ["read"])


async def test_nothing_is_sent_a_day_late(resident: Person, people_of: Everybody, wechat: Wechat) -> None:
    (head,) = await people_of("grid_head")
    ticket = await resident.report()
    await accept(resident, wechat, "ticket.accepted")
    await head.act("accept", ticket)
    await run_jobs()
    clock.travel(timedelta(hours=24, minutes=1))
    await deliver()
    assert (wechat.sent, await outcomes()) == ([], ["late"])


async def test_who_followed_a_ticket_that_turned_private_is_sent_nothing(
    resident: Person, newcomer: Newcomer, people_of: Everybody, wechat: Wechat
) -> None:
    """What a message may say is asked when it is sent, not when it was written."""
    (head,) = await people_of("grid_head")
    neighbour, ticket = await newcomer("o2"), await resident.report()
    answer(await neighbour.ask("POST", f"/tickets/{ticket['id']}/follow"))
    for person in (resident, neighbour):
        await accept(person, wechat, "ticket.accepted")
    wechat.allow("o2", "t-accepted")
    await head.act("accept", ticket)
    await run_jobs()
    await head.act("recategorise", ticket, category="dispute", reason="是邻里纠纷")
    await deliver()
    assert [sent["touser"] for sent in wechat.sent] == ["o1"]
    assert sorted(map(str, await outcomes())) == ["gone", "sent"]


async def test_who_is_erased_is_sent_nothing(resident: Person, people_of: Everybody, wechat: Wechat) -> None:
    (head,) = await people_of("grid_head")
    ticket = await resident.report()
    await accept(resident, wechat, "ticket.accepted")
    await head.act("accept", ticket)
    await run_jobs()
    answer(await resident.ask("DELETE", "/me"))
    await deliver()
    assert wechat.sent == []
    assert await db.fetch("SELECT 1 FROM subscription") == []


# What may go wrong on the way, and what becomes of the message at once and after WeChat is well again.
FAILURES: Final[dict[str, tuple[Any, str, str | None, str]]] = {
    "502": (b"<html>", "502 Bad Gateway", None, "sent"),
    "busy": ({"errcode": -1, "errmsg": "busy"}, "200 OK", None, "sent"),
    "often": ({"errcode": 45011, "errmsg": "often"}, "200 OK", None, "sent"),
    "two at once": ({"errcode": "43108", "errmsg": "often"}, "200 OK", None, "sent"),
    "appid": ({"errcode": 40013, "errmsg": "appid"}, "200 OK", None, "sent"),
    "refused": ({"errcode": 43101, "errmsg": "refused"}, "200 OK", "unsubscribed", "unsubscribed"),
    "template": ({"errcode": 47003, "errmsg": "field"}, "200 OK", "refused", "refused"),
    "page": ({"errcode": 41030, "errmsg": "page"}, "200 OK", "refused", "refused"),
    # It may have been shown: never a second time.
    "504": (b"", "504 Gateway Timeout", "unknown", "unknown"),
    "html": (b"<html>", "200 OK", "unknown", "unknown"),
}


@pytest.mark.parametrize("failure", FAILURES)
async def test_a_failure_is_mended_or_settled(
    resident: Person, people_of: Everybody, wechat: Wechat, failure: str
) -> None:
    (head,) = await people_of("grid_head")
    ticket = await resident.report()
    await accept(resident, wechat, "ticket.accepted")
    await head.act("accept", ticket)
    body, status, at_once, in_the_end = FAILURES[failure]
    wechat.says(body, status)
    sender = Sender()
    await deliver(sender)
    assert await outcomes() == [at_once]
    wechat.well()
    clock.travel(timedelta(seconds=61))
    sender.look_at = 0
    await deliver(sender)
    assert await outcomes() == [in_the_end]
    assert len(wechat.sent) == (in_the_end == "sent")


async def test_a_worker_that_dies_while_sending_leaves_no_second_message(
    resident: Person, people_of: Everybody, wechat: Wechat
) -> None:
    (head,) = await people_of("grid_head")
    ticket = await resident.report()
    await accept(resident, wechat, "ticket.accepted")
    await head.act("accept", ticket)
    await run_jobs()
    assert len(await queue.claim(20)) == 1  # and nothing more of that worker
    await deliver()
    assert await outcomes() == [None]
    clock.travel(timedelta(seconds=61))
    await deliver()
    assert (wechat.sent, await outcomes()) == ([], ["unknown"])


async def test_while_wechat_is_away_one_harmless_question_is_asked_now_and_then(
    resident: Person, people_of: Everybody, wechat: Wechat
) -> None:
    (head,) = await people_of("grid_head")
    ticket = await resident.report()
    await accept(resident, wechat, "ticket.accepted")
    await head.act("accept", ticket)
    await run_jobs()
    wechat.says(b"<html>", "502 Bad Gateway", tokens=True)
    sender = Sender()
    assert await sender.round() == 1
    asked = len(wechat.paths)
    for _ in range(50):
        assert await sender.round() == 0
    assert len(wechat.paths) == asked
    sender.look_at = 0
    clock.travel(timedelta(minutes=5))
    assert await sender.round() == 0
    assert "/cgi-bin/message/subscribe/send" not in wechat.paths[asked:]


@pytest.fixture
async def a_thousand(wechat: Wechat, resident: Person) -> None:
    """A thousand people with one message each, of one ticket."""
    ticket = await resident.report()
    for n in range(1000):
        wechat.allow(f"many-{n}", "t-accepted")
    await db.fetch(
        """
        WITH p AS (
            INSERT INTO person (id, created_at, openid) SELECT gen_random_uuid(), now(), 'many-' || n
            FROM generate_series(0, 999) n RETURNING id
        ), s AS (
            INSERT INTO subscription (person_id, template_id, remaining) SELECT id, 't-accepted', 1 FROM p
        ), f AS (
            INSERT INTO follower (ticket_id, person_id, origin_id, since) SELECT $1, id, $1, now() FROM p
        ), n AS (
            INSERT INTO notice (id, person_id, ticket_id, seq, type, created_at)
            SELECT gen_random_uuid(), id, $1, 2, 'ticket.accepted', now() FROM p RETURNING id, person_id
        )
        INSERT INTO wechat_message (id, person_id, ticket_id, type, template_id, created_at, due_at)
        SELECT id, person_id, $1, 'ticket.accepted', 't-accepted', now(), now() FROM n
        """,
        ticket["id"],
    )


@pytest.mark.alone
@pytest.mark.usefixtures("a_thousand")
async def test_a_thousand_messages_flow_in_thirty_seconds(wechat: Wechat) -> None:
    wechat.hangs(0.1)
    started = time.monotonic()
    await deliver()
    seconds = time.monotonic() - started
    assert len({sent["touser"] for sent in wechat.sent}) == len(wechat.sent) == 1000
    assert seconds < 30


async def test_two_workers_send_each_message_once(
    resident: Person, people_of: Everybody, wechat: Wechat
) -> None:
    (head,) = await people_of("grid_head")
    tickets = [await resident.report(place_note=f"{n}楼") for n in range(6)]
    for ticket in tickets:
        await accept(resident, wechat, "ticket.accepted")
        await head.act("accept", ticket)
    await run_jobs()
    await asyncio.gather(*(deliver(Sender()) for _ in range(3)))
    await deliver()
    assert len(wechat.sent) == 6


async def test_old_messages_are_swept(resident: Person, people_of: Everybody, wechat: Wechat) -> None:
    (head,) = await people_of("grid_head")
    ticket = await resident.report()
    await accept(resident, wechat, "ticket.accepted")
    await head.act("accept", ticket)
    await deliver()
    clock.travel(timedelta(days=8))
    await subscriptions.sweep_messages()
    assert await outcomes() == []


# What a person allows.


async def test_what_is_refused_for_good_is_not_asked_again(resident: Person) -> None:
    moments = (await resident.get("/me/subscriptions"))["moments"]
    assert [one["event"] for one in moments["report"]] == ["ticket.resolved", "ticket.accepted"]
    body = {"templates": [{"event": "ticket.resolved", "accepted": False, "always": True}]}
    said = answer(await resident.ask("POST", "/me/subscriptions", json=body))
    assert [one["event"] for one in said["moments"]["report"]] == ["ticket.accepted"]
    body = {"templates": [{"event": "ticket.resolved", "accepted": True}]}
    said = answer(await resident.ask("POST", "/me/subscriptions", json=body))
    assert [one["event"] for one in said["moments"]["report"]] == ["ticket.resolved", "ticket.accepted"]


async def test_an_event_without_a_template_is_422(resident: Person) -> None:
    body = {"templates": [{"event": "ticket.urged", "accepted": True}]}
    said = problem(await resident.ask("POST", "/me/subscriptions", json=body), 422)
    assert said["errors"][0]["pointer"] == "/templates/0/event"


async def test_without_templates_there_is_nothing_to_ask(resident: Person) -> None:
    with deployed(wechat_templates=None):
        said = await resident.get("/me/subscriptions")
    assert said == {"subscriptions": [], "moments": {"report": [], "work": [], "common_life": []}}


async def test_a_wrong_template_stops_the_start() -> None:
    with (
        deployed(wechat_templates='{"ticket.gone": {}}'),
        pytest.raises(Exception, match=r"LOUDENG_WECHAT_TEMPLATES: ticket\.gone: no such event"),
    ):
        subscriptions.check_templates()


async def test_the_export_names_them(resident: Person, wechat: Wechat) -> None:
    await accept(resident, wechat, "ticket.accepted")
    said = await resident.get("/me/export")
    assert said["subscriptions"] == [{"template_id": "t-accepted", "remaining": 1, "refused_at": None}]
