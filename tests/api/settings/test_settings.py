"""An office's own limits, holidays and hours: whose they are, what they do to open tickets, and that they say so first.

Every test stands on Wednesday, 4 March 2026, ten to ten, but for those that say otherwise. Rubbish has 120 office
minutes to be accepted, 240 to be resolved; office hours are 08:30-12:00 and 14:00-17:30 where nobody says otherwise.
"""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app import clock, db
from app.enums import SHANGHAI
from tests.office_settings import KEYS, LISTS, LONG, NOTHING, SHORT, current, dues, put, rubbish, try_to_put
from tests.world import MADE_UP, Arriving, answer, id_of_code, moment, problem

NO_LIST: tuple[Any, ...] = (None, {}, "x", 3)
NO_ENTRY: tuple[Any, ...] = (None, [], "x", 3)
NO_DAYS: tuple[Any, ...] = ([], {}, "x", "30", 0, -1, 181, 2.5, True)  # of an opinion's limit


async def kept() -> list[Any]:
    """Return everything a change of settings may touch."""
    tables = ("setting", "setup", "ticket", "event", "job", "audit")
    each = (f"SELECT md5(string_agg(x::text, '|' ORDER BY x::text)) FROM {table} x" for table in tables)
    return [tuple(row) for row in await db.fetch(" UNION ALL ".join(each))]


# What a change does.


async def test_other_hours_move_an_open_ticket_as_counted_by_hand(on: Arriving) -> None:
    resident, community = await on("resident", "community")
    ticket = await rubbish(resident)
    assert await dues(resident, ticket, "accept", "resolve") == ["03-04 11:50", "03-04 15:50"]
    done = await put(community, "frames", LONG)
    assert await dues(resident, ticket, "accept", "resolve") == ["03-04 11:50", "03-04 14:50"]
    assert (done["done"], done["version"], done["open"], done["moved"], done["overdue"]) == (True, 1, 1, 1, 0)
    (shift,) = done["tickets"]
    assert (shift["id"], shift["no"], shift["overdue"]) == (ticket["id"], ticket["no"], False)
    assert shift["before"]["resolve_due"] == ticket["sla"]["resolve_due"]
    assert shift["after"]["resolve_due"] == (await resident.ticket(ticket["id"]))["sla"]["resolve_due"]
    await put(community, "frames", SHORT)
    assert await dues(resident, ticket, "accept", "resolve") == ["03-04 16:00", "03-05 16:00"]
    await put(community, "frames", [])
    assert await dues(resident, ticket, "accept", "resolve") == ["03-04 11:50", "03-04 15:50"]


async def test_a_make_up_workday_brings_a_limit_forward_and_a_holiday_puts_it_off(on: Arriving) -> None:
    resident, community = await on("resident", "community", at="2026-03-06 16:30")
    ticket = await rubbish(resident)
    assert await dues(resident, ticket, "accept") == ["03-09 09:30"]  # Friday 60 minutes, Monday 60
    await put(community, "calendar", [{"first": "2026-03-07", "kind": "workday", "name": "社区加班"}])
    assert await dues(resident, ticket, "accept") == ["03-07 09:30"]
    rest = {"first": "2026-03-07", "last": "2026-03-09", "kind": "holiday", "name": "社区搬迁"}
    await put(community, "calendar", [rest])
    assert await dues(resident, ticket, "accept") == ["03-10 09:30"]


async def test_other_figures_count_from_submission(on: Arriving) -> None:
    resident, community = await on("resident", "community")
    ticket = await rubbish(resident)
    await put(community, "categories", [{"code": "garbage", "accept_minutes": 60, "clock_resolve": "24x7"}])
    assert await dues(resident, ticket, "accept", "resolve") == ["03-04 10:50", "03-04 13:50"]


async def test_a_new_report_is_timed_by_what_counts_where_it_lies(on: Arriving) -> None:
    resident, community = await on("resident", "community")
    await put(community, "frames", LONG)
    await put(community, "categories", [{"code": "garbage", "resolve_minutes": 180}])
    here, there = await rubbish(resident), await rubbish(resident, "bl")
    assert await dues(resident, here, "resolve") == ["03-04 13:50"]
    assert await dues(resident, there, "resolve") == ["03-04 15:50"]  # 240 by the hours of all
    assert await dues(resident, here, "accept") == await dues(resident, there, "accept")


async def test_a_street_speaks_for_communities_that_say_nothing_themselves(on: Arriving) -> None:
    resident, street, community = await on("resident", "street", "community")
    here, there = await rubbish(resident), await rubbish(resident, "bl")
    await put(community, "frames", LONG)
    await put(community, "categories", [{"code": "garbage", "accept_minutes": 60}])
    done = await put(street, "frames", SHORT, "rh")
    assert (done["open"], done["moved"]) == (2, 1)
    own = [{"code": "garbage", "accept_minutes": 90, "resolve_minutes": 120}]
    await put(street, "categories", own, "rh")
    assert await dues(resident, here, "accept", "resolve") == ["03-04 10:50", "03-04 11:50"]
    assert await dues(resident, there, "accept", "resolve") == ["03-04 15:30", "03-04 16:00"]


async def test_nobody_elses_ticket_is_touched(on: Arriving) -> None:
    resident, community = await on("resident", "community")
    theirs = await rubbish(resident, "bl")
    before = await db.fetchrow("SELECT * FROM ticket")
    done = await put(community, "frames", SHORT)
    assert done["open"] == 0
    assert await db.fetchrow("SELECT * FROM ticket") == before
    assert await dues(resident, theirs, "resolve") == ["03-04 15:50"]


async def test_a_pause_stays_taken_out(on: Arriving) -> None:
    resident, head, community = await on("resident", "grid_head", "community")
    ticket = await rubbish(resident)
    await head.act("accept", ticket)
    await head.act("wait", ticket, reason="weather", until="2026-03-05T10:00:00+08:00")
    assert await dues(head, ticket, "resolve") == ["03-05 16:00"]
    await put(community, "frames", LONG)
    assert await dues(head, ticket, "resolve") == ["03-05 15:00"]


async def test_an_extension_stays_added(on: Arriving) -> None:
    resident, community = await on("resident", "community")
    ticket = await rubbish(resident)
    await community.act("extend", ticket, minutes=60, reason="车坏了")
    assert await dues(resident, ticket, "resolve") == ["03-04 16:50"]
    await put(community, "frames", LONG)
    assert await dues(resident, ticket, "resolve") == ["03-04 15:50"]


async def test_a_reopened_ticket_has_a_working_day_of_its_office(on: Arriving) -> None:
    resident, head, community = await on("resident", "grid_head", "community")
    ticket = await rubbish(resident)
    await head.act("accept", ticket)
    await head.resolve(ticket)
    await resident.act("reopen", ticket, text="又堆上了")
    assert await dues(resident, ticket, "resolve") == ["03-05 09:50"]  # 420 minutes, a day of all
    await put(community, "frames", SHORT)
    assert await dues(resident, ticket, "resolve") == ["03-04 16:00"]  # 120 minutes, a day here


async def test_a_recalled_ticket_is_dispatched_anew_by_the_new_limits(on: Arriving) -> None:
    resident, head, community = await on("resident", "grid_head", "community")
    ticket = await rubbish(resident)
    sent = await head.dispatch(ticket)
    assert await dues(head, sent, "acknowledge") == ["03-04 11:50"]
    await put(community, "frames", SHORT)
    assert await dues(head, sent, "acknowledge") == ["03-04 16:00"]
    await head.act("recall", ticket)
    await put(community, "categories", [{"code": "garbage", "acknowledge_minutes": 60}])
    assert await dues(head, await head.dispatch(ticket), "acknowledge") == ["03-04 15:00"]


async def test_a_ticket_moved_to_another_community_is_timed_as_there(on: Arriving) -> None:
    resident, street, theirs = await on("resident", "street", "other_community")
    await put(theirs, "frames", SHORT, "bl")
    await put(theirs, "categories", [{"code": "garbage", "resolve_minutes": 120}], "bl")
    ticket = await rubbish(resident)
    moved = await street.act("reassign", ticket, place_id=await id_of_code("bl"))
    assert await dues(street, moved, "accept", "resolve") == ["03-04 16:00", "03-04 16:00"]
    before = await db.fetchrow("SELECT * FROM ticket")
    await put(theirs, "calendar", [{"first": "2026-05-05", "kind": "holiday", "name": "不相干"}], "bl")
    assert await db.fetchrow("SELECT * FROM ticket") == before  # nothing was left to recompute


async def test_another_category_has_the_limits_of_the_office(on: Arriving) -> None:
    resident, head, community = await on("resident", "grid_head", "community")
    await put(community, "categories", [{"code": "garbage", "resolve_minutes": 30, "accept_minutes": 15}])
    ticket = await resident.report()
    await head.act("recategorise", ticket, category="garbage", reason="是垃圾挡住了灯")
    assert await dues(head, ticket, "accept", "resolve") == ["03-04 10:05", "03-04 10:20"]


async def test_within_five_working_days_counts_the_offices_own(on: Arriving) -> None:
    resident, head, community = await on("resident", "grid_head", "community")
    await put(community, "calendar", [{"first": "2026-03-05", "kind": "holiday", "name": "社区搬迁"}])
    ticket = await rubbish(resident)
    await head.act("reject", ticket, reason="not_ours", text="不归我们")
    row = await db.fetchrow("SELECT appeal_until FROM ticket")
    assert row is not None
    assert row["appeal_until"].astimezone(SHANGHAI).isoformat() == "2026-03-13T00:00:00+08:00"


async def test_photo_claim_skill_and_emergency_number_are_the_offices(on: Arriving) -> None:
    resident, head, company, community = await on("resident", "grid_head", "property", "community")
    said = {"photo_on_resolve": False, "verify_claim": True, "skill": "safety", "emergency_phone": "12345"}
    await put(community, "categories", [{"code": "garbage"} | said])
    for code, phone, photo in (("wss-944-4", "12345", False), ("bl", None, True), (None, None, True)):
        asked = {"place_id": await id_of_code(code)} if code else {}
        shown = {item["code"]: item for item in (await resident.get("/categories", **asked))["items"]}
        kind = shown["garbage"]
        assert (kind["emergency_phone"], kind["photo_on_resolve"]) == (phone, photo)
    ticket = await rubbish(resident)
    listed = await head.get("/organisations", place_id=ticket["place"]["id"], category="garbage")
    assert [one["name"] for one in listed["items"] if one["default"]] != ["人和物业"]
    await head.dispatch(ticket)
    claimed = await company.act("resolve", ticket, outcome="fixed", text="清了")
    assert claimed["status"] == "dispatched"  # to be confirmed by the head
    done = await head.act("resolve", ticket, outcome="fixed", text="看过了")
    assert done["status"] == "resolved"


async def test_a_place_there_is_not_has_no_categories(on: Arriving) -> None:
    (resident,) = await on("resident")
    for place_id in (MADE_UP, await id_of_code("wss-g4")):
        problem(await resident.ask("GET", "/categories", params={"place_id": place_id}), 422)


# What it would do, first.


async def test_a_preview_tells_what_the_change_then_does_and_writes_nothing(on: Arriving) -> None:
    resident, head, community = await on("resident", "grid_head", "community")
    for _ in range(3):
        await rubbish(resident)
    await resident.report()  # around the clock: it stays
    await head.act("accept", await rubbish(resident))
    before = await kept()
    would = await put(community, "frames", SHORT, preview=True)
    assert await kept() == before
    done = await put(community, "frames", SHORT)
    assert (would.pop("done"), would.pop("version")) == (False, 0)
    assert (done.pop("done"), done.pop("version")) == (True, 1)
    assert would == done
    assert (would["open"], would["moved"], len(would["tickets"])) == (5, 4, 4)


async def test_a_preview_of_a_category_counts_its_tickets_alone(on: Arriving) -> None:
    resident, community = await on("resident", "community")
    await rubbish(resident)
    for category in ("stair_light", "parking", "parking"):
        await resident.report(category=category)
    own = [{"code": "garbage", "accept_minutes": 60}]
    would = await put(community, "categories", own, preview=True)
    assert (would["open"], would["moved"]) == (1, 1)
    assert (await put(community, "categories", own))["open"] == 1
    both = [{"code": "garbage", "accept_minutes": 60}, {"code": "parking", "accept_minutes": 90}]
    would = await put(community, "categories", both, preview=True)
    assert (would["open"], would["moved"]) == (2, 2)  # the rubbish has its limit already
    would = await put(community, "categories", [], preview=True)
    assert (would["open"], would["moved"]) == (1, 1)
    (changed,) = would["tickets"]
    assert changed["category"] == "garbage"
    assert changed["before"]["accept_due"] != changed["after"]["accept_due"]


async def test_what_would_be_overdue_at_once_is_said_and_done_only_when_confirmed(on: Arriving) -> None:
    (resident,) = await on("resident")
    late = await rubbish(resident)
    resident, community = await on("resident", "community", at="2026-03-04 11:30")
    fresh = await rubbish(resident)
    own, before = [{"code": "garbage", "accept_minutes": 60}], await kept()
    said = problem(await try_to_put(community, "categories", own), 409, "would-make-overdue")
    would = said["would"]
    assert (would["open"], would["moved"], would["overdue"]) == (2, 2, 1)
    assert [(one["id"], one["overdue"]) for one in would["tickets"]] == [
        (late["id"], True),
        (fresh["id"], False),
    ]
    assert "1件" in said["detail"]
    assert await kept() == before
    done = await put(community, "categories", own, confirm=True)
    assert {name: done[name] for name in would} == would
    assert (await resident.ticket(late["id"]))["sla"]["overdue"] is True


async def test_what_was_overdue_already_needs_no_confirming(on: Arriving) -> None:
    (resident,) = await on("resident")
    await rubbish(resident)
    (community,) = await on("community", at="2026-03-06 10:00")
    done = await put(community, "categories", [{"code": "garbage", "accept_minutes": 60}])
    assert (done["moved"], done["overdue"]) == (1, 0)


async def test_an_acknowledgement_that_would_be_late_is_said_too(on: Arriving) -> None:
    resident, head = await on("resident", "grid_head")
    await head.dispatch(await rubbish(resident))
    (community,) = await on("community", at="2026-03-04 11:30")
    own = [{"code": "garbage", "acknowledge_minutes": 60}]
    problem(await try_to_put(community, "categories", own), 409, "would-make-overdue")


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("wait", {"reason": "weather", "until": "2026-03-05T10:00:00+08:00"}),
        ("resolve", {"outcome": "explained", "text": "已说明"}),
    ],
)
async def test_what_stands_still_may_be_late_afterwards_too(on: Arriving, action: str, said: Any) -> None:
    (resident,) = await on("resident")
    ticket = await rubbish(resident)
    head, community = await on("grid_head", "community", at="2026-03-04 11:30")
    await head.act("accept", ticket)
    await head.act(action, ticket, **said)
    own = [{"code": "garbage", "resolve_minutes": 60}]
    problem(await try_to_put(community, "categories", own), 409, "would-make-overdue")
    await put(community, "categories", own, confirm=True)
    assert (await head.ticket(ticket["id"]))["sla"]["overdue"] is True


async def test_of_many_tickets_twenty_are_shown_those_overdue_first(on: Arriving) -> None:
    (resident,) = await on("resident")
    for _ in range(12):
        await rubbish(resident)
    (neighbour,) = await on("neighbour", at="2026-03-04 11:30")
    for _ in range(12):
        await rubbish(neighbour)
    (community,) = await on("community", at="2026-03-04 11:31")
    would = await put(community, "categories", [{"code": "garbage", "accept_minutes": 60}], preview=True)
    assert (would["moved"], would["overdue"]) == (24, 12)
    assert [one["overdue"] for one in would["tickets"]] == [True] * 12 + [False] * 8


# Who was faster.


async def test_who_has_not_seen_the_newest_version_is_told(on: Arriving) -> None:
    community, street = await on("community", "street")
    await put(street, "frames", LONG, "wss")
    said = problem(await try_to_put(community, "frames", SHORT, version=0), 409, "stale-version")
    assert said["version"] == 1
    problem(await try_to_put(community, "frames", SHORT, version=0, preview=True), 409, "stale-version")
    assert (await current(community, "frames"))["own"] == LONG


async def test_the_same_again_changes_nothing_whatever_the_version(on: Arriving) -> None:
    """A client whose answer was lost sends it again."""
    (community,) = await on("community")
    await put(community, "frames", LONG)
    before = await kept()
    again = answer(await try_to_put(community, "frames", LONG, version=0))
    assert (again["done"], again["version"], again["moved"]) == (True, 1, 0)
    assert await kept() == before


async def stuck(count: int) -> None:
    """Wait until so many statements wait for a lock: both have seen the old version, neither has written."""
    for _ in range(500):
        rows = await db.fetch("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        if len(rows) >= count:
            return
        await asyncio.sleep(0.01)
    pytest.fail("nobody waits")


@pytest.mark.parametrize("first", [True, False])
async def test_of_two_changes_at_once_one_wins(on: Arriving, *, first: bool) -> None:
    community, street = await on("community", "street")
    if not first:
        await put(community, "frames", [{"start": "08:00", "end": "20:00"}])
    version = 0 if first else 1
    async with db.transaction() as session:
        connection = await session.connection()
        await connection.execute(sa.text("SELECT FROM setup FOR UPDATE"))
        racing = [
            asyncio.create_task(try_to_put(one, "frames", own, version=version))
            for one, own in ((community, SHORT), (street, LONG))
        ]
        await stuck(2)
    both = await asyncio.gather(*racing)
    assert sorted(one.status_code for one in both) == [200, 409]
    assert next(one.json()["version"] for one in both if one.status_code == 409) == version + 1
    assert len(await db.fetch("SELECT FROM setting")) == 1


async def test_each_noun_and_each_place_has_a_version_of_its_own(on: Arriving) -> None:
    (street,) = await on("street")
    await put(street, "frames", LONG)
    assert (await current(street, "frames"))["version"] == 1
    assert (await current(street, "calendar"))["version"] == 0
    assert (await current(street, "frames", "rh"))["version"] == 0


async def test_a_change_leaves_an_audit_entry_and_no_job(on: Arriving) -> None:
    community, auditor = await on("community", "auditor")
    await put(community, "frames", LONG)
    await put(community, "frames", SHORT)
    listed = (await auditor.get("/audit", type="setting_changed"))["items"]
    assert [entry["subject_id"] for entry in listed] == [await id_of_code("wss")] * 2
    assert listed[0]["data"] == {"noun": "frames", "version": 2, "added": SHORT, "removed": LONG}
    assert listed[0]["label"] != "setting_changed"
    assert await db.fetch("SELECT FROM job WHERE kind = 'recompute'") == []


# What is shown.


async def test_a_page_sees_what_counts_what_is_ones_own_and_what_would_count_without(on: Arriving) -> None:
    street, community = await on("street", "community")
    await put(street, "categories", [{"code": "garbage", "accept_minutes": 90, "resolve_minutes": 300}], "rh")
    own = [{"code": "garbage", "accept_minutes": 60}]
    await put(community, "categories", own)
    shown = await current(community, "categories")
    assert (shown["office"]["label"], shown["office"]["level"]) == ("万寿山社区", "community")
    assert [{name: v for name, v in one.items() if v is not None} for one in shown["own"]] == own
    (kind,) = [item for item in shown["items"] if item["code"] == "garbage"]
    assert kind["own"] == ["accept_minutes"]
    limits = {
        name: (kind[name]["accept_minutes"], kind[name]["resolve_minutes"])
        for name in ("effective", "default", "instance")
    }
    assert limits == {"effective": (60, 300), "default": (90, 300), "instance": (120, 240)}
    assert all(item["effective"] == item["instance"] for item in shown["items"] if item["code"] != "garbage")
    await put(community, "categories", [])
    (kind,) = [i for i in (await current(community, "categories"))["items"] if i["code"] == "garbage"]
    assert (kind["own"], kind["effective"]) == ([], kind["default"])


async def test_hours_are_shown_with_the_minutes_they_make(on: Arriving) -> None:
    (community,) = await on("community")
    standard = [{"start": "08:30", "end": "12:00"}, {"start": "14:00", "end": "17:30"}]
    shown = await current(community, "frames")
    assert (shown["frames"], shown["own"], shown["minutes_a_day"]) == (standard, [], 420)
    await put(community, "frames", LONG)
    shown = await current(community, "frames")
    assert (shown["frames"], shown["default"], shown["minutes_a_day"]) == (LONG, standard, 480)


@pytest.mark.parametrize(
    ("start", "end", "shown_end", "minutes"),
    [
        ("08:00", "24:00", "24:00", 960),
        ("22:00", "06:00", "06:00", 480),
        ("00:00", "24:00", "24:00", 1440),
        ("20:00", "00:00", "24:00", 240),
    ],
)
async def test_hours_may_end_at_midnight_or_the_next_morning(
    on: Arriving, start: str, end: str, shown_end: str, minutes: int
) -> None:
    (community,) = await on("community")
    await put(community, "frames", [{"start": start, "end": end}])
    shown = await current(community, "frames")
    assert shown["frames"] == [{"start": start, "end": shown_end}]
    assert shown["minutes_a_day"] == minutes


async def test_days_are_shown_with_who_set_them_and_years_without_a_notice_are_said(on: Arriving) -> None:
    street, community = await on("street", "community")
    years = (await current(community, "calendar"))["years"]
    assert [(year["year"], year["known_by"]) for year in years] == [(2026, "notice"), (2027, "nothing")]
    assert "按周一至周五计算" in years[1]["text"]
    await put(street, "calendar", [{"first": "2027-01-01", "kind": "holiday", "name": "元旦"}], "rh")
    own = [{"first": "2026-10-07", "last": "2026-10-08", "kind": "workday", "name": "值班", "source": "社区"}]
    await put(community, "calendar", own)
    shown = await current(community, "calendar")
    found = {day["date"]: (day["kind"], day["of"], day["default"]) for day in shown["days"]}
    assert found["2026-10-06"] == ("holiday", "instance", "holiday")
    assert found["2026-10-07"] == ("workday", "own", "holiday")
    assert found["2026-10-08"] == ("workday", "own", "workday")
    assert found["2027-01-01"] == ("holiday", "street", "holiday")
    assert [day["date"] for day in shown["days"]] == sorted(found)
    assert [(year["year"], year["known_by"]) for year in shown["years"]] == [(2026, "notice"), (2027, "own")]


# Whose they are.


@pytest.mark.parametrize("noun", KEYS)
@pytest.mark.parametrize(
    ("persona", "code", "status"),
    [
        *(("community", "wss", 200), ("other_community", "bl", 200)),
        *(("community", "bl", 404), ("other_community", "wss", 404), ("community", "rh", 403)),
        *(("street", "rh", 200), ("street", "wss", 200), ("street", "bl", 200)),
        *(("admin", "rh", 200), ("admin", "wss", 200)),
        *(("community", "wss-g4", 422), ("community", "wss-944", 422), ("street", "wss-g4", 422)),
        *((persona, "wss", 403) for persona in ("resident", "neighbour", "member", "grid_head", "deputy")),
        *((persona, "wss", 403) for persona in ("property", "department", "auditor")),
        *((persona, "bl", 403) for persona in ("resident", "grid_head", "auditor")),
    ],
)
async def test_one_sets_up_ones_own_office_and_those_below(
    on: Arriving, persona: str, code: str, status: int, noun: str
) -> None:
    (somebody,) = await on(persona)
    place_id = await id_of_code(code)
    answer(await somebody.ask("GET", f"/settings/{noun}", params={"place_id": place_id}), status)
    answer(await try_to_put(somebody, noun, NOTHING[noun], code, version=0), status)
    refused_first = await somebody.ask(
        "PUT",
        f"/settings/{noun}",
        params={"place_id": place_id},
        content=b"{",
        headers={"Content-Type": "application/json"},
    )
    answer(refused_first, status if status != 200 else 422)


@pytest.mark.parametrize("noun", KEYS)
async def test_a_place_that_is_not_there_is_like_one_out_of_sight(on: Arriving, noun: str) -> None:
    (community,) = await on("community")
    told = []
    for place_id in (MADE_UP, await id_of_code("bl")):
        for method in ("GET", "PUT"):
            asked = await community.ask(
                method, f"/settings/{noun}", params={"place_id": place_id}, content=b"{"
            )
            told.append(problem(asked, 404) | {"request_id": ""})
    assert all(one == told[0] for one in told)
    for query in ({}, {"place_id": ""}, {"place_id": "x"}, {"place_id": "\x00"}):
        for method in ("GET", "PUT"):
            said = problem(await community.ask(method, f"/settings/{noun}", params=query, json={}), 422)
            assert said["errors"][0]["pointer"] == "/place_id"


# What makes no sense.


@pytest.mark.parametrize(
    ("noun", "own", "pointers"),
    [
        ("categories", [{"code": "none", "accept_minutes": 5}], ["/categories/0/code"]),
        ("categories", [{"code": "garbage"}], ["/categories/0"]),
        ("categories", [{"code": "garbage", "accept_minutes": None}], ["/categories/0"]),
        (
            "categories",
            [{"code": "garbage", "accept_minutes": 5}, {"code": "garbage", "skill": "x"}],
            ["/categories/0/code", "/categories/1/code"],
        ),
        *(
            ("categories", [{"code": "garbage", "accept_minutes": minutes}], ["/categories/0/accept_minutes"])
            for minutes in (0, -1, 86_401, 10**30, 1.5, "60", True)
        ),
        ("categories", [{"code": "garbage", "level": "E0"}], ["/categories/0/level"]),
        ("categories", [{"code": "garbage", "public": True}], ["/categories/0/public"]),
        ("categories", [{"code": "garbage", "clock_accept": "lunar"}], ["/categories/0/clock_accept"]),
        (
            "categories",
            [{"code": "garbage", "emergency_phone": "打电话"}],
            ["/categories/0/emergency_phone"],
        ),
        ("categories", [{"code": "garbage", "skill": "a b"}], ["/categories/0/skill"]),
        (
            "calendar",
            [
                {"first": "2026-03-05", "last": "2026-03-08", "kind": "holiday", "name": "搬迁"},
                {"first": "2026-04-01", "kind": "holiday", "name": "另一天"},
                {"first": "2026-03-07", "kind": "workday", "name": "加班"},
            ],
            ["/days/0", "/days/2"],
        ),
        (
            "calendar",
            [{"first": "2026-03-05", "kind": "holiday", "name": name} for name in ("一", "二")],
            ["/days/0", "/days/1"],
        ),
        (
            "calendar",
            [{"first": "2026-03-05", "last": "2026-03-04", "kind": "holiday", "name": "倒"}],
            ["/days/0"],
        ),
        (
            "calendar",
            [{"first": "2026-03-05", "last": "2027-12-04", "kind": "workday", "name": "长"}],
            ["/days/0"],
        ),
        (
            "calendar",
            [{"first": "2026-03-05", "last": "2026-04-20", "kind": "holiday", "name": "长"}],
            ["/days"],
        ),
        ("calendar", [{"first": "0001-01-01", "kind": "holiday", "name": "古"}], ["/days/0"]),
        ("calendar", [{"first": "9999-12-31", "kind": "holiday", "name": "远"}], ["/days/0"]),
        ("calendar", [{"first": 1772668800, "kind": "holiday", "name": "数"}], ["/days/0/first"]),
        ("calendar", [{"first": "2026-02-30", "kind": "holiday", "name": "无"}], ["/days/0/first"]),
        ("calendar", [{"first": "2026-03-05", "kind": "feast", "name": "宴"}], ["/days/0/kind"]),
        ("calendar", [{"first": "2026-03-05", "kind": "holiday", "name": " \u3000"}], ["/days/0/name"]),
        ("frames", [{"start": "12:00", "end": "12:00"}], ["/frames/0"]),
        ("frames", [{"start": "00:00", "end": "00:00"}], ["/frames/0"]),
        ("frames", [{"start": "05:00", "end": "09:00"}, {"start": "22:00", "end": "06:00"}], ["/frames/1"]),
        ("frames", [{"start": "09:00", "end": "12:00"}, {"start": "11:00", "end": "17:00"}], ["/frames/1"]),
        ("frames", [{"start": "13:00", "end": "18:00"}, {"start": "09:00", "end": "12:00"}], ["/frames/1"]),
        ("frames", [{"start": "24:00", "end": "06:00"}], ["/frames/0/start"]),
        ("frames", [{"start": "22:00", "end": "24:01"}], ["/frames/0/end"]),
        ("frames", [{"start": "９:00", "end": "12:00"}], ["/frames/0/start"]),
        ("frames", [{"start": "09:00:30", "end": "12:00"}], ["/frames/0/start"]),
        ("frames", [{"start": "09:00", "end": "10:59"}], ["/frames"]),
        ("frames", [{"start": "09:00", "end": "12:00"}] * 13, ["/frames"]),
        *((noun, own, [f"/{key}"]) for noun, key in LISTS.items() for own in NO_LIST),
        *((noun, [own], [f"/{key}/0"]) for noun, key in LISTS.items() for own in NO_ENTRY),
        *(("opinions", own, ["/days"]) for own in NO_DAYS),
    ],
)
async def test_what_makes_no_sense_is_named_and_nothing_is_written(
    on: Arriving, noun: str, own: Any, pointers: list[str]
) -> None:
    (community,) = await on("community")
    before = await kept()
    said = problem(await try_to_put(community, noun, own), 422, "invalid")
    assert [error["pointer"] for error in said["errors"]] == pointers
    assert await kept() == before


@pytest.mark.parametrize("noun", KEYS)
@pytest.mark.parametrize("version", [-1, 2**31, 2**63, "0", 0.5, True, [], {}])
async def test_a_version_is_a_number_that_was_given(on: Arriving, noun: str, version: Any) -> None:
    (community,) = await on("community")
    said = problem(await try_to_put(community, noun, NOTHING[noun], version=version), 422)
    assert said["errors"][0]["pointer"] == "/version"


async def test_a_community_and_its_street_cannot_stop_the_clocks_together(on: Arriving) -> None:
    community, street = await on("community", "street")
    rest = {"kind": "holiday", "name": "长假"}
    await put(community, "calendar", [{"first": "2026-06-01", "last": "2026-06-20"} | rest])
    longer = [{"first": "2026-06-21", "last": "2026-07-10"} | rest]
    problem(await try_to_put(street, "calendar", longer, "rh"), 422)
    await put(street, "calendar", longer, "bl")


async def test_what_rests_too_long_already_may_be_made_shorter(on: Arriving) -> None:
    """Somebody has imported two free months: the office can still take back what it has added to them."""
    (community,) = await on("community")
    await put(
        community,
        "calendar",
        [{"first": "2026-06-01", "last": "2026-06-05", "kind": "holiday", "name": "搬"}],
    )
    days = "INSERT INTO calendar_day (date, kind, name, source) SELECT d::date, 'holiday', '试', '试' FROM generate_series({}) d"
    await db.fetch(
        days.format("'2026-06-06'::date, '2026-07-31', '1 day'") + " ON CONFLICT (date) DO NOTHING"
    )
    await db.fetch("UPDATE setup SET version = version + 1")
    longer = {"first": "2026-06-01", "last": "2026-08-05", "kind": "holiday", "name": "搬"}
    problem(await try_to_put(community, "calendar", [longer]), 422)
    await put(community, "calendar", [])


async def test_a_place_named_otherwise_is_not_written(on: Arriving) -> None:
    """Of two places in one address the last decides who may ask; nothing is written, as nobody says which is meant."""
    (community,) = await on("community")
    own, theirs = await id_of_code("wss"), await id_of_code("bl")
    body = {"version": 0, "frames": LONG}
    for query, status in ((f"{own}&place_id={theirs}", 404), (f"{theirs}&place_id={own}", 422)):
        problem(await community.ask("PUT", f"/settings/frames?place_id={query}", json=body), status)
    assert await db.fetch("SELECT FROM setting") == []


async def test_the_longest_limits_in_the_shortest_days_are_computed(on: Arriving) -> None:
    """Sixty days around the clock, worked off in two hours a day: years ahead, and still a date."""
    resident, community = await on("resident", "community")
    ticket = await rubbish(resident)
    longest = {"accept_minutes": 86_400, "resolve_minutes": 86_400}
    await put(community, "frames", SHORT)
    done = await put(community, "categories", [{"code": "garbage"} | longest])
    assert done["moved"] == 1
    await community.act("extend", ticket, minutes=86_400, reason="工程大")
    due = moment((await resident.ticket(ticket["id"]))["sla"]["resolve_due"])
    assert due > clock.now() + timedelta(days=1440)
