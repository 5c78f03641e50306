"""A grid's own people read its card: what it covers, who answers for it, who is away; and their own absence in their profile."""

from datetime import timedelta

import pytest

from app import clock
from app.enums import SHANGHAI
from tests.world import Everybody, Person, answer


async def away(somebody: Person, days: int | None = 1) -> str:
    """Mark somebody's own post absent from today on; the first day."""
    (post,) = (await somebody.get("/me"))["posts"]
    today = clock.now().astimezone(SHANGHAI).date()
    until = today + timedelta(days=days) if days is not None else None
    body = {"absent_from": str(today), "absent_until": until and str(until)}
    answer(await somebody.ask("PATCH", f"/posts/{post['id']}", json=body))
    return str(today)


@pytest.mark.parametrize("persona", ["grid_head", "deputy", "member"])
async def test_a_grid_s_own_people_read_its_card(people_of: Everybody, persona: str) -> None:
    (somebody,) = await people_of(persona)
    page = await somebody.get("/me/grids")
    (card,) = page["items"]
    assert page["next"] is None
    assert (card["label"], card["community"]["label"]) == ("万寿山社区第四网格", "万寿山社区")
    assert card["covers"]
    assert {"id", "level", "label"} == set(card["covers"][0])
    seats = [(seat["role"], seat["held"], seat["answers"]) for seat in card["seats"]]
    assert seats[:2] == [("head", True, True), ("deputy", True, False)]


async def test_the_card_says_who_is_away_and_who_answers_then(people_of: Everybody) -> None:
    head, deputy = await people_of("grid_head", "deputy")
    today = await away(head)
    (card,) = (await deputy.get("/me/grids"))["items"]
    first, second = card["seats"][:2]
    assert (first["absent_from"], first["answers"]) == (today, False)
    assert (second["absent_from"], second["answers"]) == (None, True)


async def test_who_holds_no_post_of_a_grid_reads_none(people_of: Everybody) -> None:
    for somebody in await people_of("resident", "community", "property", "auditor", "admin"):
        assert (await somebody.get("/me/grids"))["items"] == []
    assert len((await (await people_of("other_grid_head"))[0].get("/me/grids"))["items"]) == 1


async def test_one_s_own_absence_stands_in_one_s_profile_until_it_ends(people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    (post,) = (await head.get("/me"))["posts"]
    assert (post["absent_from"], post["absent_until"]) == (None, None)
    today = await away(head, None)
    (post,) = (await head.get("/me"))["posts"]
    assert (post["absent_from"], post["absent_until"]) == (today, None)
    answer(await head.ask("PATCH", f"/posts/{post['id']}", json={"absent_from": None}))
    assert (await head.get("/me"))["posts"][0]["absent_from"] is None


async def test_whose_a_ticket_is_the_ticket_says(people_of: Everybody) -> None:
    resident, member, community, auditor = await people_of("resident", "member", "community", "auditor")
    ticket = await resident.report()
    whose = [(await each.ticket(ticket["id"]))["held"] for each in (resident, member, community, auditor)]
    assert whose == [False, True, False, False]
    (head,) = await people_of("grid_head")
    await head.act("escalate", ticket, reason="要社区协调")
    whose = [(await each.ticket(ticket["id"]))["held"] for each in (member, community, auditor)]
    assert whose == [False, True, False]
