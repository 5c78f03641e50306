"""Many tickets at once: a selection is frozen, and the ordinary act is done once for each, with its own answer."""

from typing import Any
from uuid import uuid4

import pytest

from app import db
from app.services.tickets.lists import selection
from tests import world
from tests.world import Everybody, Person, answer, problem

KEY = {"idempotency-key": "bulk-1"}


def seen(*tickets: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"id": ticket["id"], "version": ticket["version"]} for ticket in tickets]


async def acts(
    person: Person, action: str, tickets: list[dict[str, Any]], headers: Any = None, **body: Any
) -> Any:
    sent = {"action": action, "tickets": tickets} | body
    return answer(await person.ask("POST", "/tickets/acts", json=sent, headers=headers or {}))["items"]


async def test_a_selection_is_what_the_list_shows_and_no_more(people_of: Everybody) -> None:
    resident, head, stranger = await people_of("resident", "grid_head", "other_grid_head")
    made = [(await resident.report())["id"] for _ in range(3)]
    await resident.report(category="access_door", description="门禁坏了")
    accepted = await head.act("accept", await head.ticket(made[0]))

    async def select(person: Person, **filters: Any) -> Any:
        return answer(await person.ask("POST", "/tickets/selections", json=filters))

    assert await select(head, category=["stair_light"]) == {
        "ids": made[::-1],
        "versions": [1, 1, accepted["version"]],
        "total": 3,
    }
    assert (await select(head))["total"] == 4
    assert await select(head, q="门禁坏了", box="all") == {
        "ids": [(await head.get("/tickets", category="access_door"))["items"][0]["id"]],
        "versions": [1],
        "total": 1,
    }
    assert (
        await select(stranger, box="all") == await select(stranger) == {"ids": [], "versions": [], "total": 0}
    )


async def test_a_selection_finds_what_lies_behind_the_newest_tickets(
    people_of: Everybody, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looks among the newest tickets of its scope, then in the indexes of its filters, as a list does."""
    monkeypatch.setattr(selection, "WALKED", 2)
    resident, head = await people_of("resident", "grid_head")
    made = [await resident.report() for _ in range(6)]
    for ticket in made[:2]:
        await head.act("accept", ticket)

    async def select(**filters: Any) -> Any:
        return answer(await head.ask("POST", "/tickets/selections", json=filters))

    assert (await select(status=["accepted"]))["ids"] == [made[1]["id"], made[0]["id"]]
    assert (await select(status=["new"]))["ids"] == [ticket["id"] for ticket in made[:1:-1]]
    assert (await select(status=["rejected"]))["total"] == 0
    monkeypatch.setattr(selection, "MAX_COUNTED", 2)  # as many are found by walking: nothing is looked up
    assert (await select(status=["new"]))["ids"] == [made[5]["id"], made[4]["id"]]


async def test_a_selection_ends_at_a_thousand_and_says_how_many_there_are(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    await db.fetch(
        """INSERT INTO ticket SELECT (jsonb_populate_record(t, jsonb_build_object(
               'id', gen_random_uuid(), 'no', 'x' || n))).*
           FROM ticket t, generate_series(1, 1004) n WHERE t.id = $1""",
        ticket["id"],
    )
    found = answer(await head.ask("POST", "/tickets/selections", json={}))
    assert (len(found["ids"]), found["total"]) == (1000, 1005)


async def test_each_ticket_is_acted_on_or_says_why_not(people_of: Everybody) -> None:
    """Fresh, stale, out of scope, made up, already dispatched: in one request, in its order."""
    resident, head, company = await people_of("resident", "grid_head", "property")
    fresh, stale = await resident.report(), await resident.report()
    await head.act("accept", stale)
    elsewhere = await resident.report(place_id=await resident.place("936号"))
    done = await world.brought("dispatched", resident, head, company)
    asked = [
        *seen(fresh, stale, elsewhere),
        {"id": str(uuid4()), "version": 1},
        {"id": done["id"], "version": done["version"]},
    ]
    before = await world.written()
    items = await acts(head, "dispatch", asked, organisation_id=await head.organisation(fresh), note="请看")
    assert [item["id"] for item in items] == [one["id"] for one in asked]
    assert items[0]["ticket"]["status"] == "dispatched"
    said = [item["problem"] for item in items[1:]]
    assert [one["type"].rpartition("/")[2] for one in said] == [
        "stale-version",
        "not-found",
        "not-found",
        "wrong-state",
    ]
    assert said[0]["version"] == stale["version"] + 1
    assert "dispatch" in said[0]["allowed"]
    assert await resident.events(fresh) == ["submitted", "dispatched"]
    assert await resident.events(stale) == ["submitted", "accepted"]
    after = await world.written()
    assert {table for table in after if after[table] != before.get(table)} <= {
        "ticket",
        "event",
        "job",
        "remark",
        "notice",
    }


async def test_a_member_does_in_bulk_what_they_may_and_the_rest_is_403_in_its_item(
    people_of: Everybody,
) -> None:
    resident, member = await people_of("resident", "member")
    ticket = await resident.report()
    (item,) = await acts(member, "recategorise", seen(ticket), category="access_door", reason="是门禁")
    assert item["problem"]["status"] == 403
    assert await resident.events(ticket) == ["submitted"]
    refused = await db.fetch("SELECT subject_id::text FROM audit WHERE type = 'refused'")
    assert [row["subject_id"] for row in refused] == [ticket["id"]]
    (item,) = await acts(member, "comment", seen(ticket), text="今天去看", internal=True)
    assert item["ticket"]["id"] == ticket["id"]


async def test_comments_reassignments_and_follows(people_of: Everybody) -> None:
    resident, community, head = await people_of("resident", "community", "grid_head")
    two = [await resident.report() for _ in range(2)]
    assert all("ticket" in item for item in await acts(community, "comment", seen(*two), text="本周安排"))
    followed = await acts(head, "follow", seen(*two))
    assert [item["ticket"]["following"] for item in followed] == [True, True]
    own = await head.report()
    (item,) = await acts(head, "follow", seen(own))
    assert item["problem"]["detail"] == "这是您自己上报的，有进展会直接通知您"
    grid = await world.id_of_code("wss-g3")
    fresh = [await community.ticket(ticket["id"]) for ticket in two]
    moved = await acts(community, "reassign", seen(*fresh), grid_id=grid)
    assert {item["ticket"]["holder"]["label"] for item in moved} == {"万寿山社区第三网格"}


async def test_a_repeat_acts_once_and_finishes_what_was_left(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    two = [await resident.report() for _ in range(2)]
    first = await acts(head, "comment", seen(two[0], two[1]), KEY, text="一起修")
    again = await head.ask(
        "POST",
        "/tickets/acts",
        json={"action": "comment", "tickets": seen(*two), "text": "一起修"},
        headers=KEY,
    )
    assert again.headers["idempotent-replayed"] == "true"
    assert [item["id"] for item in answer(again)["items"]] == [item["id"] for item in first]
    for ticket in two:
        assert await resident.events(ticket) == ["submitted", "commented"]
    other = {"action": "comment", "tickets": seen(*two), "text": "别的话"}
    refused = await head.ask("POST", "/tickets/acts", json=other, headers=KEY)
    problem(refused, 422, "idempotency-key-reused")
    # killed between two acts: the key is there, one act is not
    await db.fetch("DELETE FROM idempotency WHERE key LIKE '%' || $1", two[1]["id"])
    await acts(head, "comment", seen(*two), KEY, text="一起修")
    assert await resident.events(two[0]) == ["submitted", "commented"]
    assert await resident.events(two[1]) == ["submitted", "commented", "commented"]


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"action": "resolve", "outcome": "fixed", "text": "好了"}, ["/action", "/outcome"]),
        ({"action": "reject", "text": "不归我们"}, ["/action"]),
        ({"action": "settle", "text": "看过"}, ["/action"]),
        ({"action": "dispatch"}, ["/organisation_id"]),
        ({"action": "comment"}, ["/text"]),
        ({"action": "comment", "text": "好", "photo_ids": []}, ["/photo_ids"]),
        ({"action": "comment", "text": "好", "reason": "因为"}, ["/reason"]),
        ({"action": "recategorise", "category": "sewage"}, ["/reason"]),
        ({"action": "reassign"}, ["/place_id"]),
        ({"action": "follow", "text": "好"}, ["/text"]),
    ],
)
async def test_what_is_no_act_for_many_is_422_and_writes_nothing(
    people_of: Everybody, body: dict[str, Any], pointers: list[str]
) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    before = await world.written()
    sent = {"tickets": seen(ticket)} | body
    refused = problem(await head.ask("POST", "/tickets/acts", json=sent, headers=KEY), 422, "invalid")
    assert [error["pointer"] for error in refused["errors"]] == pointers
    assert await world.written() == before


@pytest.mark.parametrize("tickets", [0, 101, "twice"])
async def test_a_hundred_different_tickets_at_most(people_of: Everybody, tickets: Any) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    many = (
        seen(ticket, ticket)
        if tickets == "twice"
        else [{"id": str(uuid4()), "version": 1} for _ in range(tickets)]
    )
    body = {"action": "comment", "tickets": many, "text": "好"}
    refused = problem(await head.ask("POST", "/tickets/acts", json=body), 422, "invalid")
    assert refused["errors"][0]["pointer"] == "/tickets"
