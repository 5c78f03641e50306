"""An Idempotency-Key: a request repeated acts once, and whoever repeats it sees what came of it."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import clock, db
from app.services.webhooks import signing_secrets
from tests import world
from tests.world import Everybody, Person, answer, problem

KEY = {"idempotency-key": "k-1"}
REPLAYED = "idempotent-replayed"


@pytest.fixture
async def body(people_of: Everybody) -> dict[str, Any]:
    """A report that can be made."""
    (resident,) = await people_of("resident")
    return {"category": "stair_light", "place_id": await resident.place(), "description": "灯不亮"}


async def report(person: Person, body: dict[str, Any], key: str = "k-1") -> httpx.Response:
    """Report under a key."""
    return await person.ask("POST", "/tickets", json=body, headers={"idempotency-key": key})


async def count(table: str = "ticket") -> int:
    """Return how many rows a table has."""
    return len(await db.fetch(f"SELECT FROM {table}"))


async def test_the_same_key_and_body_are_the_same_ticket(people_of: Everybody, body: dict[str, Any]) -> None:
    """201 both times; the second is marked."""
    (resident,) = await people_of("resident")
    first, second = await report(resident, body), await report(resident, body)
    assert answer(first, 201) == answer(second, 201)
    assert REPLAYED not in first.headers
    assert second.headers[REPLAYED] == "true"
    assert (await count(), await count("event"), await count("job")) == (1, 1, 1)


async def test_without_a_key_two_reports_are_two_tickets(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    assert (await resident.report())["id"] != (await resident.report())["id"]


async def test_the_same_words_in_another_order_are_the_same_body(
    people_of: Everybody, body: dict[str, Any]
) -> None:
    (resident,) = await people_of("resident")
    first = await report(resident, body)
    second = await report(resident, dict(reversed(body.items())))
    assert answer(first, 201)["id"] == answer(second, 201)["id"]


async def test_a_key_for_another_body_is_422_and_writes_nothing(
    people_of: Everybody, body: dict[str, Any]
) -> None:
    (resident,) = await people_of("resident")
    answer(await report(resident, body), 201)
    before = await world.written()
    refused = await report(resident, body | {"description": "另一件事"})
    problem(refused, 422, "idempotency-key-reused")
    problem(await report(resident, body | {"anonymous": True}), 422, "idempotency-key-reused")
    assert await world.written() == before


async def test_another_persons_key_is_another_key(people_of: Everybody, body: dict[str, Any]) -> None:
    resident, neighbour = await people_of("resident", "neighbour")
    first, second = await report(resident, body), await report(neighbour, body)
    assert answer(first, 201)["id"] != answer(second, 201)["id"]
    assert REPLAYED not in second.headers


async def test_the_same_person_signed_in_twice_is_one_person(
    people_of: Everybody, body: dict[str, Any]
) -> None:
    phone, tablet = await people_of("resident", "resident")
    first, second = await report(phone, body), await report(tablet, body)
    assert answer(first, 201) == answer(second, 201)
    assert second.headers[REPLAYED] == "true"


@pytest.mark.parametrize("key", ["", "x" * 256])
async def test_a_key_without_length_or_too_long_is_400(
    key: str, people_of: Everybody, body: dict[str, Any]
) -> None:
    resident, head = await people_of("resident", "grid_head")
    problem(await report(resident, body, key), 400, "bad-request")
    ticket = await resident.report()
    before = await world.written()
    refused = await head.try_to("accept", ticket, headers={"idempotency-key": key})
    problem(refused, 400, "bad-request")
    assert await world.written() == before


async def test_the_longest_key_is_a_key(people_of: Everybody, body: dict[str, Any]) -> None:
    (resident,) = await people_of("resident")
    answer(await report(resident, body, "~" * 255), 201)
    assert (await report(resident, body, "~" * 255)).headers[REPLAYED] == "true"


async def test_twenty_twins_at_once_make_one_ticket(people_of: Everybody, body: dict[str, Any]) -> None:
    """With a photo, which only one of them can use; nineteen are replays."""
    (resident,) = await people_of("resident")
    body["photo_ids"] = [await resident.photo()]
    twins = await asyncio.gather(*(report(resident, body) for _ in range(20)))
    assert len({answer(twin, 201)["id"] for twin in twins}) == 1
    assert sum(REPLAYED in twin.headers for twin in twins) == 19
    assert (await count(), await count("event"), await count("idempotency")) == (1, 1, 1)


async def test_a_report_refused_under_a_key_leaves_the_key_free(
    people_of: Everybody, body: dict[str, Any]
) -> None:
    (resident,) = await people_of("resident")
    problem(await report(resident, body | {"category": "no_such"}), 422, "invalid")
    assert REPLAYED not in (await report(resident, body)).headers
    assert await count() == 1


async def test_the_hours_share_used_up_does_not_refuse_a_repeat(
    people_of: Everybody, body: dict[str, Any]
) -> None:
    (resident,) = await people_of("resident")
    first = await report(resident, body)
    for _ in range(19):
        await resident.report()
    problem(await report(resident, body, "k-2"), 429)
    assert answer(await report(resident, body), 201)["id"] == answer(first, 201)["id"]


async def test_a_key_is_forgotten_after_24_hours(people_of: Everybody, body: dict[str, Any]) -> None:
    """Kept a minute before, free a minute after, for the first who comes."""
    (resident,) = await people_of("resident")
    first = answer(await report(resident, body), 201)
    clock.travel(timedelta(hours=23, minutes=59))
    (resident,) = await people_of("resident")
    assert answer(await report(resident, body), 201)["id"] == first["id"]
    clock.travel(timedelta(minutes=2))
    again = await report(resident, body)
    assert answer(again, 201)["id"] != first["id"]
    assert REPLAYED not in again.headers
    assert (await report(resident, body)).headers[REPLAYED] == "true"


async def test_an_old_key_of_an_act_is_free_again(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report()
    await resident.act("comment", ticket, text="一", headers=KEY)
    clock.travel(timedelta(hours=24, minutes=1))
    (resident,) = await people_of("resident")
    answer(await resident.try_to("comment", ticket, text="二", headers=KEY))
    assert await resident.events(ticket) == ["submitted", "commented", "commented"]


async def test_an_act_repeated_acts_once(people_of: Everybody) -> None:
    """Same key, same version: 200 and the ticket, marked."""
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    first = await head.try_to("accept", ticket, headers=KEY)
    second = await head.try_to("accept", ticket, headers=KEY)
    assert answer(first) == answer(second)
    assert REPLAYED not in first.headers
    assert second.headers[REPLAYED] == "true"
    assert await resident.events(ticket) == ["submitted", "accepted"]


@pytest.mark.parametrize(("action", "said"), [("comment", {"text": "什么时候修？"}), ("urge", {})])
async def test_an_act_without_a_version_is_repeated_as_safely(
    action: str, said: dict[str, str], people_of: Everybody
) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report()
    answer(await resident.try_to(action, ticket, **said, headers=KEY))
    again = await resident.try_to(action, ticket, **said, headers=KEY)
    assert answer(again)["sla"]["urged"] == (action == "urge")
    assert again.headers[REPLAYED] == "true"
    assert len(await resident.events(ticket)) == 2


async def test_a_repeat_shows_the_ticket_as_it_is_now(people_of: Everybody) -> None:
    """The ticket moved on since: the repeat neither acts nor shows an old copy."""
    resident, head, company = await people_of("resident", "grid_head", "property")
    ticket = await resident.report()
    answer(await head.try_to("accept", ticket, headers=KEY))
    await head.dispatch(ticket)
    await company.resolve(ticket)
    repeated = await head.try_to("accept", ticket, headers=KEY)
    assert answer(repeated)["status"] == "resolved"
    assert repeated.headers[REPLAYED] == "true"


async def test_a_repeated_resolving_does_not_miss_its_photo(people_of: Everybody) -> None:
    """The first time used the photo up."""
    resident, head, company = await people_of("resident", "grid_head", "property")
    ticket = await world.brought("taken", resident, head, company)
    said = {"outcome": "fixed", "text": "换了灯泡", "photo_ids": [await company.photo()]}
    answer(await company.try_to("resolve", ticket, **said, headers=KEY))
    assert (await company.try_to("resolve", ticket, **said, headers=KEY)).headers[REPLAYED] == "true"


async def test_a_key_for_another_act_or_another_ticket_is_422(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket, other = await resident.report(), await resident.report()
    answer(await head.try_to("accept", ticket, headers=KEY))
    before = await world.written()
    problem(await head.try_to("accept", other, headers=KEY), 422, "idempotency-key-reused")
    fresh = await head.ticket(ticket["id"])
    again = await head.try_to("escalate", fresh, reason="太难", headers=KEY)
    problem(again, 422, "idempotency-key-reused")
    again = await head.try_to("reject", ticket, reason="unclear", text="请补充", headers=KEY)
    problem(again, 422, "idempotency-key-reused")
    assert await world.written() == before


async def test_a_company_that_handed_back_may_repeat_it(people_of: Everybody) -> None:
    """It lost sight of the ticket by that act: the repeat is answered, masked and without a button; all else is 404."""
    resident, head, company = await people_of("resident", "grid_head", "property")
    ticket = await resident.report(description="灯不亮，电话 13812345678", contact_phone="13812345678")
    await head.dispatch(ticket)
    seen = await company.ticket(ticket["id"])
    first = await company.try_to("hand_back", seen, reason="not_our_trade", headers=KEY)
    again = await company.try_to("hand_back", seen, reason="not_our_trade", headers=KEY)
    assert again.headers[REPLAYED] == "true"
    for shown in (answer(first), answer(again)):
        assert (shown["status"], shown["actions"]) == ("accepted", [])
        assert shown["description"] == "灯不亮，电话 138****5678"
        assert "reporter" not in shown
    before = await world.written()
    problem(await company.try_to("hand_back", seen, reason="not_our_trade"), 404, "not-found")
    problem(await company.ask("GET", f"/tickets/{ticket['id']}", headers=KEY), 404, "not-found")
    other = await company.try_to("hand_back", seen, reason="no_contract", headers=KEY)
    problem(other, 422, "idempotency-key-reused")
    for action, said in (("comment", {"text": "再说一句"}), ("take", {}), ("urge", {})):
        refused = await company.try_to(action, seen, **said, headers=KEY)
        assert refused.status_code in {403, 404, 422}, action
    assert await world.written() == before


async def test_the_company_is_a_stranger_again_once_its_key_is_old(people_of: Everybody) -> None:
    resident, head, company = await people_of("resident", "grid_head", "property")
    ticket = await world.brought("dispatched", resident, head, company)
    seen = await company.ticket(ticket["id"])
    answer(await company.try_to("hand_back", seen, reason="not_our_trade", headers=KEY))
    clock.travel(timedelta(hours=25))
    (company,) = await people_of("property")
    refused = await company.try_to("hand_back", seen, reason="not_our_trade", headers=KEY)
    problem(refused, 404, "not-found")


async def test_somebody_elses_key_opens_no_ticket(people_of: Everybody) -> None:
    resident, head, company, stranger = await people_of("resident", "grid_head", "property", "other_property")
    ticket = await world.brought("dispatched", resident, head, company)
    seen = await company.ticket(ticket["id"])
    answer(await company.try_to("hand_back", seen, reason="not_our_trade", headers=KEY))
    problem(await stranger.try_to("hand_back", seen, reason="not_our_trade", headers=KEY), 404, "not-found")


async def test_twenty_twin_acts_at_once_act_once(people_of: Everybody) -> None:
    """None of them hears of a conflict with itself."""
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    twins = await asyncio.gather(*(head.try_to("accept", ticket, headers=KEY) for _ in range(20)))
    assert {twin.status_code for twin in twins} == {200}
    assert sum(REPLAYED in twin.headers for twin in twins) == 19
    assert await resident.events(ticket) == ["submitted", "accepted"]


async def test_a_refused_act_leaves_its_key_free(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report()
    problem(await head.try_to("accept", ticket | {"version": 9}, headers=KEY), 409, "stale-version")
    assert REPLAYED not in (await head.try_to("accept", ticket, headers=KEY)).headers


@dataclass(frozen=True)
class Removed:
    """What a request makes, and how that is removed: the HTTP path (`{id}`), or None for the sweep of photos."""

    persona: str
    path: str
    body: dict[str, Any] | None
    removal: str | None


# Every creating request whose object can be removed. Tickets, organisations, unsealings and API keys stay.
REMOVED = [
    Removed(
        "property", "/webhooks", {"url": "https://8.8.8.8/hook", "events": ["ticket.*"]}, "/webhooks/{id}"
    ),
    Removed("community", "/posts", {"role": "duty", "place_id": "wss-g4"}, "/posts/{id}"),
    Removed("resident", "/photos", None, None),
]


@pytest.mark.parametrize("case", REMOVED, ids=lambda case: case.path)
async def test_a_repeat_of_what_was_removed_since_is_410(case: Removed, people_of: Everybody) -> None:
    """And the key of the removed object does not make a second one; a new key does."""
    (person,) = await people_of(case.persona)
    body = case.body and {
        name: await world.id_of_code(value) if name == "place_id" else value
        for name, value in case.body.items()
    }
    sent: dict[str, Any] = {"json": body} if body else {"files": {"file": ("photo.jpg", world.jpeg())}}
    made = answer(await person.ask("POST", case.path, headers=KEY, **sent), 201)
    if case.removal:
        answer(await person.ask("DELETE", case.removal.format(id=made["id"])))
    else:
        await db.fetch("DELETE FROM photo WHERE id = $1", made["id"])
    problem(await person.ask("POST", case.path, headers=KEY, **sent), 410, "gone")
    again = await person.ask("POST", case.path, headers={"idempotency-key": "k-2"}, **sent)
    assert answer(again, 201)["id"] != made["id"]


async def test_a_webhook_ended_while_it_is_made_is_404(
    people_of: Everybody, monkeypatch: pytest.MonkeyPatch
) -> None:
    (company,) = await people_of("property")

    async def gone(_: object) -> None:
        return None

    monkeypatch.setattr(signing_secrets, "current_secret", gone)
    body = {"url": "https://8.8.8.8/hook", "events": ["ticket.*"]}
    problem(await company.ask("POST", "/webhooks", json=body), 404)
