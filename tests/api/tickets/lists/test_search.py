"""Searching finds what stands in a ticket, the newest first, inside one's scope and never what is masked."""

from typing import Any

import pytest

from app import db
from app.models.ticket import TicketQuery
from app.services.tickets.lists import search
from tests.world import Everybody, Person, problem


async def found(person: Person, q: str, **params: Any) -> list[str]:
    page = await person.get("/tickets", q=q, **({"box": "all"} | params))
    return [ticket["id"] for ticket in page["items"]]


RARE, COMMON = 2.0, 0.0  # what share of the tickets a word needs to be looked for among the newest
WAYS = {
    "newest": (COMMON, search.NEWEST_SEARCHED, search.MAX_LISTED),
    "beyond the newest": (COMMON, 1, search.MAX_LISTED),
    "index": (RARE, search.NEWEST_SEARCHED, search.MAX_LISTED),
    "all the way": (RARE, search.NEWEST_SEARCHED, 0),
}


@pytest.fixture(params=[*WAYS.values()], ids=[*WAYS])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Search as for common words, found or not among the newest, as for rare ones, and as for those between."""
    for name, value in zip(("COMMON_SHARE", "NEWEST_SEARCHED", "MAX_LISTED"), request.param, strict=True):
        monkeypatch.setattr(search, name, value)


async def test_words_every_ticket_has_are_looked_for_among_the_newest(
    people_of: Everybody, monkeypatch: pytest.MonkeyPatch
) -> None:
    (resident,) = await people_of("resident")
    for n in range(3):
        await resident.report(description=f"第{n}盏灯不亮")
    await db.fetch("ANALYZE ticket_words")  # as the database does by itself
    monkeypatch.setattr(search, "_word_shares", (-search.SHARES_LIFETIME_SECONDS - 1, {}))
    for q, near in (("楼道灯", True), ("楼道 灯", True), ("灯", True), ("水表", False), ("楼道水表", False)):
        words = await search.begin_search(TicketQuery(q=q))
        assert words is not None
        assert words.near is near, q
    words = await search.begin_search(TicketQuery(q="楼道灯", order="due"))
    assert words is not None
    assert not words.near  # that order is not the newest first


@pytest.mark.usefixtures("way")
async def test_a_ticket_is_found_by_its_number_as_people_write_it(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report(description="三楼声控灯坏了")
    await resident.report(description="二楼窗户破了")
    day, last = ticket["no"].split("-")
    for q in (
        f"#{day}-{last}",
        f"工单{day}-{last}",
        f"{day}{last}",
        last,
        f"#{last}",
        f"{day}—{last}",
        f"{last} 声控",
    ):
        assert await found(head, q) == [ticket["id"]], q
    assert await found(head, f"{day}-{last} 声控灯") == [ticket["id"]]
    assert await found(head, f"{day}-{last} 窗户") == []


async def test_four_digits_find_a_room_too(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report(description="13号楼 1501 1502 901 都停水")
    assert await found(head, "1502") == [ticket["id"]]
    assert ticket["description"] == "13号楼 1501 1502 901 都停水"


@pytest.mark.usefixtures("way")
async def test_a_ticket_is_found_by_description_place_category_and_number(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    first = await resident.report(description="三楼声控灯坏了，老人看不见")
    other = await resident.report(category="lift_trapped", description="困住两个人")
    for q in ("声控灯", "灯坏", "老", "944号4单元 声控", "９４４号", first["no"]):
        assert first["id"] in await found(head, q), q
    assert await found(head, "声控灯") == [first["id"]]
    assert await found(head, first["no"]) == [first["id"]]
    assert await found(head, "困人") == [other["id"]]  # the category's name
    assert await found(head, "944号") == [other["id"], first["id"]]
    assert await found(head, "灯控") == []
    assert await found(head, "声控灯", category="lift_trapped") == []


@pytest.mark.usefixtures("way")
async def test_a_search_stays_inside_ones_scope_and_pages(people_of: Everybody) -> None:
    resident, neighbour, head, stranger = await people_of(
        "resident", "neighbour", "grid_head", "other_grid_head"
    )
    made = [(await resident.report(description=f"井盖松动第{n}处"))["id"] for n in range(5)]
    assert await found(resident, "井盖", box="mine") == made[::-1]
    for outside in (neighbour, stranger):
        assert await found(outside, "井盖") == []
    page = await head.get("/tickets", q="井盖", limit=3)
    rest = await head.get("/tickets", q="井盖", limit=3, cursor=page["next"])
    assert [t["id"] for t in (*page["items"], *rest["items"])] == made[::-1]
    assert rest["next"] is None


async def test_an_edited_description_is_found_and_the_old_one_no_more(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report(description="水管漏水")
    await resident.act("edit", ticket, description="其实是暖气漏水")
    assert await found(resident, "暖气") == [ticket["id"]]
    assert await found(resident, "水管") == []
    assert await found(resident, "944号") == await found(resident, ticket["no"]) == [ticket["id"]]
    await resident.act("edit", ticket, photo_ids=[await resident.photo()], description=None)
    assert await found(resident, "暖气") == []
    assert await found(resident, "楼道灯") == [ticket["id"]]


async def test_numbers_of_people_are_not_found(people_of: Everybody) -> None:
    """Whoever sees 138****5678 learns nothing more by guessing."""
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report(description="请打13812345678")
    (row,) = await db.fetch("SELECT words::text AS words FROM ticket_words")
    assert "'81'" not in row["words"]
    wrong, right = [await found(head, number) for number in ("13899995678", "13812345678")]
    assert wrong == right == [ticket["id"]]


@pytest.mark.parametrize("q", ["", "   ", "。，", "'", "' & '", "字" * 101])
async def test_a_search_for_nothing_is_422(q: str, people_of: Everybody) -> None:
    (head,) = await people_of("grid_head")
    said = problem(await head.ask("GET", "/tickets", params={"q": q}), 422, "invalid")
    assert [error["pointer"] for error in said["errors"]] == ["/q"]


@pytest.mark.parametrize("q", ["灯' & '亮", "\\灯", "灯:*", "!灯", "<->灯", "%灯_", "\u0000灯"])
async def test_signs_of_the_database_are_only_signs(q: str, people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    await resident.report()
    answer = await head.ask("GET", "/tickets", params={"q": q})
    assert answer.status_code == 200
