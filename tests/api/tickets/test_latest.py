"""What happened last stands in the ticket itself, in lists too: who did it, why, until when; masked as in the timeline."""

from collections.abc import Mapping
from typing import Any

import pytest
from alembic.script import ScriptDirectory

from app import db
from app.services import schema
from app.services.tickets.clocks import sweep_timers
from tests import world
from tests.world import Cast, Everybody, Person

HEAD = {"post": "head", "label": "万寿山社区第四网格 网格长"}
COMPANY = {"post": "agent", "label": "人和物业"}
REPORTER = {"post": "reporter", "label": "报告人"}


async def in_list(person: Person, ticket: Mapping[str, Any], box: str = "all") -> dict[str, Any]:
    """Return a ticket as a list shows it."""
    page = await person.get("/tickets", box=box)
    found: dict[str, Any] = next(each for each in page["items"] if each["id"] == ticket["id"])
    return found


async def test_nothing_happened_last_on_a_new_ticket(cast: Cast) -> None:
    resident, head, _ = cast
    ticket = await resident.report()
    await head.act("comment", ticket, text="看到了")
    await resident.act("urge", ticket)
    assert (ticket["latest"], (await resident.ticket(ticket["id"]))["latest"]) == (None, None)


# The step it is done from, who does it, what they say; the event, its label, its text and what else it says.
ACTS: list[tuple[str, int, str, dict[str, Any], str, str, str | None, dict[str, Any]]] = [
    ("new", 1, "reject", {"reason": "not_ours", "text": "请联系产权单位"}, "rejected", "不予受理", "请联系产权单位", {"reason": "not_ours"}),
    ("new", 1, "escalate", {"reason": "要社区协调"}, "escalated", "已转上级", "要社区协调", {"level": 2}),
    ("new", 1, "not_mine", {"reason": "是五网格的楼"}, "reassigned", "待重新分派", "是五网格的楼", {"level": 1}),
    ("accepted", 1, "wait", {"reason": "parts", "until": "{soon}"}, "waiting", "已挂起", None, {"reason": "parts", "until": "{soon}"}),
    ("accepted", 1, "ask", {"text": "三楼还是四楼？", "until": "{soon}"}, "asked", "已询问报告人", "三楼还是四楼？", {"reason": "question", "until": "{soon}"}),
    ("asked", 0, "answer", {"text": "是四楼"}, "answered", "报告人已答复", "是四楼", {}),
    ("rejected", 0, "appeal", {"text": "楼道是公共的"}, "appealed", "已申诉", "楼道是公共的", {"level": 2}),
    ("taken", 2, "hand_back", {"reason": "not_our_trade", "text": "线路归供电"}, "handed_back", "已退回", "线路归供电", {"reason": "not_our_trade"}),
    ("resolved", 0, "reopen", {"text": "又灭了"}, "reopened", "已重新办理", "又灭了", {"times": 1}),
]  # fmt: skip
ACTORS = (REPORTER, HEAD, COMPANY)


@pytest.mark.parametrize(
    ("step", "who", "action", "body", "event", "label", "text", "data"),
    ACTS,
    ids=lambda a: a if isinstance(a, str) else "",
)
async def test_the_last_act_and_its_reason_stand_in_ticket_and_lists(
    cast: Cast, step: str, who: int, action: str, body: dict[str, Any], event: str, label: str, text: str | None, data: dict[str, Any]
) -> None:  # fmt: skip
    soon = world.soon()
    body, data = ({k: soon if v == "{soon}" else v for k, v in each.items()} for each in (body, data))
    ticket = await world.brought(step, *cast)
    answered = await cast[who].act(action, ticket, **body)
    shown = await cast[0].ticket(ticket["id"])
    latest = shown["latest"]
    assert (latest["type"], latest["label"], latest["actor"]) == (f"ticket.{event}", label, ACTORS[who])
    assert latest.get("text") == text
    assert latest["data"].items() >= data.items()
    line = await world.last_event(cast[0], ticket)
    assert latest == {name: value for name, value in line.items() if name != "photos"}
    assert answered["latest"] == latest
    assert (await in_list(cast[0], ticket, "mine"))["latest"] == latest


async def test_what_people_say_afterwards_does_not_hide_it(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("dispatched", *cast)
    await company.act("hand_back", ticket, reason="not_our_place")
    await head.act("comment", ticket, text="这家总是退", internal=True)
    await resident.act("comment", ticket, text="什么时候来")
    await resident.act("urge", ticket)
    for person in (resident, head):
        assert (await person.ticket(ticket["id"]))["latest"]["type"] == "ticket.handed_back"


async def test_the_timer_is_nobody(cast: Cast) -> None:
    ticket = await cast[0].report()
    street = await world.later(cast[0], "street", minutes=61)
    while await sweep_timers():
        pass
    latest = (await street.ticket(ticket["id"]))["latest"]
    assert (latest["type"], latest["actor"], latest["data"]["level"]) == ("ticket.escalated", None, 2)
    assert "text" not in latest


async def test_it_is_masked_as_the_timeline_is(cast: Cast, people_of: Everybody) -> None:
    """For auditors and followers; an anonymous reporter is nobody."""
    resident, head, _ = cast
    neighbour, auditor = await people_of("neighbour", "auditor")
    ticket = await world.brought("resolved", *cast)
    await neighbour.ask("POST", f"/tickets/{ticket['id']}/follow")
    await resident.act("reopen", ticket, text="打 13812345678")
    await world.run_jobs()  # what residents write is checked first: see tests/worker/content_checks
    assert (await head.ticket(ticket["id"]))["latest"]["text"] == "打 13812345678"
    for person, box in ((neighbour, "following"), (auditor, "all")):
        assert (await person.ticket(ticket["id"]))["latest"]["text"] == "打 138****5678"
        assert (await in_list(person, ticket, box))["latest"]["text"] == "打 138****5678"
    hidden = await resident.report(anonymous=True)
    await head.act("reject", hidden, reason="unclear", text="哪一层？")
    await resident.act("appeal", hidden, text="四楼")
    for person in await people_of("community", "street"):
        latest = (await person.ticket(hidden["id"]))["latest"]
        assert latest["actor"] == {"post": "reporter", "label": "匿名报告人"}


async def test_words_erased_with_their_writer_are_gone_here_too(cast: Cast) -> None:
    resident, head, _ = cast
    ticket = await world.brought("resolved", *cast)
    await resident.act("reopen", ticket, text="我家门口又灭了")
    world.answer(await resident.ask("DELETE", "/me"))
    assert (await head.ticket(ticket["id"]))["latest"]["text"] == "内容已删除"


async def test_tickets_from_before_have_it_too(cast: Cast, people_of: Everybody) -> None:
    """The migration finds it in their events: the same as the act itself would have written."""
    (street,) = await people_of("street")
    tickets = [
        await world.brought(step, *cast) for step in ("new", "dispatched", "asked", "resolved", "closed")
    ]
    await cast[2].act("hand_back", tickets[1], reason="not_our_place", text="不在小区里")
    await street.act("comment", tickets[1], text="知道了", internal=True)
    before = [(await street.ticket(each["id"]))["latest"] for each in tickets]
    await db.fetch("UPDATE ticket SET latest = NULL, latest_text_seq = NULL")
    await db.fetch(ScriptDirectory.from_config(schema.config()).get_revision("0014").module.FILL)
    assert [(await street.ticket(each["id"]))["latest"] for each in tickets] == before
    assert [each and each["type"] for each in before][:2] == [None, "ticket.handed_back"]
