"""An office sets up WeChat by its guide, a resident lives with it, day and night, and leaves: nothing of them remains."""

from collections.abc import AsyncIterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

from app import clock
from app.enums import SHANGHAI
from tests import printed
from tests.e2e import remains, wechat_guide
from tests.e2e.offices import Office, Street, open_office, opened
from tests.e2e.program import ShiftedProgram
from tests.e2e.wechat_people import (
    CONTACT,
    NAME,
    OPENID,
    PHONE,
    WORDS,
    Resident,
    Ticket,
    allow,
    comes_by_wechat,
    handlers_see,
    neighbour_sees,
    nobody_else_sees,
    told,
    until,
    verdict,
)
from tests.pushes import SAFE, query
from tests.wechat_standin import Wechat
from tests.wecom_standin import Wecom, key
from tests.world import Person, answer, jpeg

pytestmark = pytest.mark.timeout(900)  # some 20 s of processor time; machines are shared
# After that an erasure is repeated, for what was being written meanwhile.
SETTLED: Final = timedelta(seconds=61)


@pytest.fixture
async def office(run_folder: Path, wechat: Wechat, wecom: Wecom) -> AsyncIterator[Office[ShiftedProgram]]:
    """Set everything as the guide says, at ten to ten of the next working day."""
    wechat.released = set(wechat_guide.pages())
    wechat.draw = printed.picture
    wechat_guide.choose_templates(wechat)
    clock.travel(_next(time(9, 50)))
    try:
        async with open_office(
            run_folder,
            wechat,
            ShiftedProgram,
            public_url=wechat_guide.public_url(),
            wechat_templates=wechat_guide.templates(),
            wecom_api_base=wecom.base,
            log_level="DEBUG",
            **SAFE,
        ) as made:
            yield made
    finally:
        clock.reset()


def _next(at: time) -> timedelta:
    """Return how long it is until this time of a day from Monday to Friday."""
    now = clock.now(SHANGHAI)
    moment = datetime.combine(now.date(), at, SHANGHAI)
    while moment < now or moment.weekday() > 4:
        moment += timedelta(days=1)
    return moment - now


async def everything_is_there(office: Office[ShiftedProgram], street: Street) -> None:
    """See that `wechat-check` misses nothing, and that what WeChat asks of the server by itself is answered."""
    checked = await office.run("wechat-check")
    assert "能查的都好" in checked
    assert not [line for line in checked.splitlines() if line.startswith(("【缺】", "【没查到】"))]
    http = street.head.http
    assert (await http.get("/wechat/push", params=query(echostr="4711"))).text == "4711"
    folder = office.program.home / "wechat-check"
    folder.mkdir()
    (folder / "aBcDeFgH12.txt").write_text("5f0c")
    assert (await http.get("/s/aBcDeFgH12.txt")).text == "5f0c"
    assert "warnings" not in (await http.get("/ready")).json()


async def a_report_is_checked_and_both_sides_are_told(
    street: Street, resident: Resident, wechat: Wechat
) -> Ticket:
    """Report with a photo: the neighbour sees it once WeChat has; head and resident hear of it with the program closed."""
    await allow(wechat, street.head, "head", "work")
    person, neighbour = resident.person, street.neighbours[0]
    photo = await person.photo(jpeg(640, 480))
    ticket = await person.report(
        place_id=street.unit,
        description=WORDS[0],
        place_note=WORDS[1],
        photo_ids=[photo],
        contact_phone=CONTACT,
        position={"lat": 29.600417, "lng": 106.530613},
    )
    await allow(wechat, person, OPENID, "report")
    answer(await neighbour.ask("POST", f"/tickets/{ticket['id']}/follow"))
    assert await neighbour_sees(street, ticket, photo) == {False}
    await nobody_else_sees(street, ticket, photo)
    await handlers_see(street, resident, ticket, photo)
    await verdict(street, wechat, photo, "pass")

    async def is_shown() -> bool:
        return await neighbour_sees(street, ticket, photo) == {True}

    await until(is_shown)
    messages = [await told(wechat, "head", "submitted", ticket)]
    await street.head.act("accept", ticket)
    messages += [await told(wechat, OPENID, "accepted", ticket)]
    await person.act("comment", ticket, text=WORDS[2])
    await street.head.resolve(ticket)
    messages += [await told(wechat, OPENID, "resolved", ticket)]
    await person.act("confirm", ticket, verdict="solved", rating=5, text=WORDS[3])
    assert [words for words in (*WORDS, NAME, PHONE, CONTACT) if words in str(messages)] == []
    return ticket


async def a_risky_photo_reaches_no_neighbour(street: Street, resident: Resident, wechat: Wechat) -> Ticket:
    photo = await resident.person.photo(jpeg(480, 640))
    ticket = await resident.person.report(place_id=street.unit, description=WORDS[4], photo_ids=[photo])
    answer(await street.neighbours[0].ask("POST", f"/tickets/{ticket['id']}/follow"))
    await verdict(street, wechat, photo, "risky")

    async def waits_for_a_person() -> bool:
        return any(
            one["ticket_id"] == ticket["id"] for one in (await street.community.get("/reviews"))["items"]
        )

    await until(waits_for_a_person)
    assert await neighbour_sees(street, ticket, photo) == {False}
    await nobody_else_sees(street, ticket, photo)
    await handlers_see(street, resident, ticket, photo)
    return ticket


async def a_robot_rings_at_night(office: Office[ShiftedProgram], street: Street, wecom: Wecom) -> None:
    """Report a danger and what can wait at half past eleven: the group hears of the danger, and of that alone."""
    for person, place, name in ((street.head, street.grid, "1"), (street.community, street.place, "2")):
        url = {"url": wecom.url(name)}
        answer(await person.ask("PUT", "/settings/robots", json=url, params={"place_id": place}))
    wecom.said.clear()
    office.program.travel(_next(time(23, 30)))
    neighbour = await office.come("neighbour-1")
    for category in ("greenery", "lift_trapped"):
        await neighbour.report(place_id=street.unit, category=category, description="请快来")

    async def has_rung() -> bool:
        return all(wecom.texts(name) for name in ("1", "2"))

    await until(has_rung)
    for name in ("1", "2"):
        heard = [said["text"] for said in wecom.said[key(name)]]
        # By night what was reported by day may be overdue, and is said: it depends on when the test began.
        assert all(text["content"].startswith(("【紧急】", "【超时】")) for text in heard)
        (danger,) = [text for text in heard if text["content"].startswith("【紧急】")]
        assert danger["content"].startswith("【紧急】电梯困人，锦园1号1单元")
        assert "https://wxaurl.cn/" in danger["content"]
        assert danger["mentioned_list"] == ["@all"]


async def a_sheet_leads_to_its_stairs(office: Office[ShiftedProgram], street: Street, wechat: Wechat) -> None:
    """Print with WeChat away, then with WeChat there: a link for `q`, a code with `scene`; both lead to these stairs."""
    head = await office.come("head")
    wechat.says(b"<html>", "502 Bad Gateway")
    (link,) = printed.scanned(await sheet(head, street.unit))
    wechat.well()
    (code,) = printed.scanned(await sheet(head, street.unit))
    prefix, page = f"{wechat_guide.public_url()}/s/", "pages/home/index?scene="
    assert (link.startswith(prefix), code.startswith(page)) == (True, True)
    scenes = {link.removeprefix(prefix), code.removeprefix(page)}
    assert [(await head.get(f"/scenes/{scene}"))["id"] for scene in scenes] == [street.unit]
    shown = await head.http.get(urlsplit(link).path)
    assert (shown.status_code, "请用微信扫这个码" in shown.text) == (200, True)


async def sheet(person: Person, place_id: str) -> bytes:
    fetched = await person.ask("GET", f"/places/{place_id}/qrcodes.pdf")
    assert fetched.status_code == 200, fetched.text
    return fetched.content


async def speaks_on_others_tickets(
    office: Office[ShiftedProgram], street: Street, resident: Resident, risky: Ticket
) -> None:
    """Follow a neighbour's report; have one's own merged into another; what is said there under a key goes on to that."""
    neighbour, community = await office.come("neighbour-2"), await office.come("community")
    theirs = await neighbour.report(category="water_out", place_id=street.unit, description="停水了")
    answer(await resident.person.ask("POST", f"/tickets/{theirs['id']}/follow"))
    same = await neighbour.report(place_id=street.unit, description="灯不亮")
    await community.act("merge", risky, into=same["id"])
    for ticket, text, height in ((theirs, WORDS[5], 300), (risky, WORDS[6], 400)):
        said = {"text": text, "photo_ids": [await resident.person.photo(jpeg(600, height))]}
        keyed = {"Idempotency-Key": f"story-{ticket['id']}"}
        answer(await resident.person.try_to("comment", ticket, **said, headers=keyed))
    assert WORDS[6] in str(await community.get(f"/tickets/{same['id']}/events"))


async def the_export_has_everything(resident: Resident, tickets: list[Ticket]) -> None:
    kept = await resident.person.get("/me/export")
    whole = str(kept)
    assert [said for said in (*WORDS, NAME) if said not in whole] == []
    assert (kept["phone"], kept["profile"]["name"]) == (f"+86{PHONE}", NAME)
    assert {one["id"] for one in kept["tickets"]} == {ticket["id"] for ticket in tickets}
    assert f"+86{CONTACT}" in {one["contact_phone"] for one in kept["tickets"]}
    assert len(kept["photos"]) == len(tickets) + 2
    for part in ("logins", "following", "notices", "subscriptions", "messages", "audit"):
        assert kept[part], part
    assert {one["outcome"] for one in kept["messages"]} == {"sent"}
    assert OPENID not in whole


PERSONAL: Final = (  # columns of a person and of a ticket that hold what the erasure has to remove
    *("name", "openid", "phone_sealed", "phone_index", "phone_masked", "contact_sealed", "contact_masked"),
    *("description", "place_note", "lat", "lng"),
)


async def what_they_left(home: Path, resident: Resident, tickets: list[Ticket]) -> None:
    """Note what the rows of the person and their tickets hold, as it is written there, and the bytes of their photos."""
    rows = [await remains.row_of(home, "person", resident.id)]
    rows += [await remains.row_of(home, "ticket", ticket["id"]) for ticket in tickets]
    values = [row[name] for row in rows for name in PERSONAL if row.get(name) is not None]
    resident.traces |= {value if isinstance(value, bytes) else str(value) for value in values}
    photos = [one["id"] for one in (await resident.person.get("/me/export"))["photos"]]
    stored = {
        name: content for name, content in remains.files(home).items() if any(one in name for one in photos)
    }
    assert len(stored) == 2 * len(photos), sorted(stored)
    resident.traces |= {*stored.values(), OPENID, NAME, *WORDS, "王婆"}
    resident.traces |= {*remains.phone_forms(PHONE), *remains.phone_forms(CONTACT)}


async def nothing_is_left(office: Office[ShiftedProgram], resident: Resident, wechat: Wechat) -> None:
    """Look everywhere, erase the account, wait until the worker is done, and look again."""
    home = office.program.home
    there = {
        trace for _, trace in remains.found(await remains.dump(home) | remains.files(home), resident.traces)
    }
    assert there >= {OPENID, NAME, *WORDS, remains.masked(PHONE), remains.masked(CONTACT)}
    answer(await resident.person.ask("DELETE", "/me"))
    office.program.travel(SETTLED)

    async def is_done() -> bool:
        return not await remains.count(home, "erasure WHERE look_at IS NOT NULL") and not await remains.count(
            home, "discard"
        )

    await until(is_done)
    left = await remains.dump(home) | remains.files(home)
    assert remains.found(left, resident.traces) == set()
    checks = {trace for trace, openid in wechat.checked.items() if openid == OPENID}
    assert len(checks) >= len(WORDS) + 2
    assert {name[:5] for name, _ in remains.found(left, checks)} == {
        "audit"
    }  # as was promised, for three years


async def test_a_street_lives_with_wechat_and_who_leaves_leaves_nothing(
    office: Office[ShiftedProgram], tmp_path: Path, wechat: Wechat, wecom: Wecom
) -> None:
    street = await opened(office, tmp_path)
    await everything_is_there(office, street)
    resident = await comes_by_wechat(street, wechat)
    tickets = [
        await a_report_is_checked_and_both_sides_are_told(street, resident, wechat),
        await a_risky_photo_reaches_no_neighbour(street, resident, wechat),
    ]
    await a_robot_rings_at_night(office, street, wecom)
    await a_sheet_leads_to_its_stairs(office, street, wechat)
    resident.person = await office.come(OPENID)
    await speaks_on_others_tickets(office, street, resident, tickets[1])
    await the_export_has_everything(resident, tickets)
    await what_they_left(office.program.home, resident, tickets)
    await nothing_is_left(office, resident, wechat)
    await office.run("verify-ledger")
