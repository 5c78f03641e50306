"""Who hears of what: the table against what the office wrote, and that nothing falls silent."""

from datetime import UTC, datetime

import pytest

from app.enums import SHANGHAI
from app.labels import EVENT
from app.rules import workdays
from app.rules.access import Part
from app.rules.escalation import MOMENTS, OVERDUE, REMIND, RESUME, SETTLE, Clocks
from app.rules.lifecycle import MOVES
from app.rules.moves import SAME_STATUS
from app.rules.notices import (
    AUDIENCES,
    EVENT_CLOCKS,
    STAFF,
    Audience,
    Group,
    audiences,
    end_of_night,
    group,
    notice_type,
    visible_from,
)
from app.rules.workdays import Clock
from app.services.notices.sentences import FOLLOWER_SENTENCES

WRITTEN = """
submitted: holder
withdrawn: holder followers
accepted: reporter followers
rejected: reporter followers
appealed: holder followers
recategorised: reporter holder organisation
merged: reporter followers holder joined
unmerged: reporter followers holder
undone: reporter followers holder organisation joined
dispatched: reporter organisation followers
taken: reporter holder
handed_back: holder
recalled: organisation holder
waiting: reporter holder organisation followers
asked: reporter holder organisation
resumed: reporter holder organisation
answered: holder organisation
claimed: holder
resolved: reporter holder followers
confirmed: holder organisation followers
settled: reporter followers
reopened: reporter holder followers
escalated: reporter holder
returned: reporter holder
reassigned: reporter holder organisation
extended: reporter holder organisation
urged: holder organisation
called_up: reporter holder called
reported: holder community
released: organisation
commented: reporter holder organisation followers called
reminded: holder
overdue: deputy next
"""
LINES = [line.split(": ") for line in WRITTEN.strip().splitlines()]
TIMERS = {
    "remind": "reminded",
    "overdue": "overdue",
    "escalate": "escalated",
    "recall": "recalled",
    "settle": "settled",
    "resume": "resumed",
}


@pytest.mark.parametrize(("event", "audiences"), LINES)
def test_an_event_is_told_to_whom_the_office_wrote(event: str, audiences: str) -> None:
    assert set(AUDIENCES[f"ticket.{event}"]) == {Audience(one) for one in audiences.split()}


def test_the_events_told_are_events() -> None:
    assert {event.removeprefix("ticket.") for event in AUDIENCES} <= EVENT.keys()


def test_nobody_is_named_twice() -> None:
    assert [event for event, audiences in AUDIENCES.items() if len(set(audiences)) != len(audiences)] == []


def test_whatever_the_timer_does_somebody_hears_of() -> None:
    acts = {moment.act for moments in MOMENTS.values() for moment in moments} | {RESUME, SETTLE}
    assert acts == TIMERS.keys()
    assert [act for act in acts if not AUDIENCES.get(f"ticket.{TIMERS[act]}")] == []


def test_reminders_are_for_those_who_work_not_for_the_reporter() -> None:
    assert [act for act in (REMIND, OVERDUE) if Audience.REPORTER in AUDIENCES[f"ticket.{TIMERS[act]}"]] == []


# The reporter's own moves, and moves of the work between offices, need not be told to the reporter.
UNTOLD = {"withdrawn", "appealed", "answered", "confirmed", "handed_back", "recalled"}


def test_the_reporter_hears_of_every_change_of_state_that_others_make() -> None:
    moving = {move.event for move in MOVES.values() if move.target != SAME_STATUS} - UNTOLD
    assert [event for event in sorted(moving) if Audience.REPORTER not in AUDIENCES[f"ticket.{event}"]] == []


# In which group, and when.

ALWAYS = """
submitted appealed reopened escalated returned reassigned dispatched handed_back recalled claimed overdue called_up
"""


@pytest.mark.parametrize("event", ALWAYS.split())
def test_new_work_and_what_is_late_cannot_be_switched_off(event: str) -> None:
    staff = [audience for audience in AUDIENCES[f"ticket.{event}"] if audience in STAFF]
    assert staff
    assert {group(f"ticket.{event}", audience) for audience in staff} == {Group.ALWAYS}


@pytest.mark.parametrize(
    ("event", "audience", "found"),
    [
        ("accepted", Audience.REPORTER, Group.MINE),
        ("reopened", Audience.REPORTER, Group.MINE),
        ("asked", Audience.REPORTER, Group.ALWAYS),  # the work waits for the answer
        ("asked", Audience.HOLDER, Group.WORK),
        ("taken", Audience.HOLDER, Group.WORK),
        ("confirmed", Audience.ORGANISATION, Group.WORK),
        ("reminded", Audience.HOLDER, Group.REMINDERS),
        ("urged", Audience.ORGANISATION, Group.REMINDERS),
        ("commented", Audience.REPORTER, Group.COMMENTS),
        ("commented", Audience.HOLDER, Group.COMMENTS),
        ("brand_new", Audience.REPORTER, Group.MINE),
        ("brand_new", Audience.HOLDER, Group.WORK),
    ],
)
def test_each_notice_has_its_group(event: str, audience: Audience, found: Group) -> None:
    assert group(f"ticket.{event}", audience) is found


def test_what_is_about_a_clock_is_an_event_and_a_clock() -> None:
    assert EVENT_CLOCKS.keys() <= EVENT.keys()
    assert set(EVENT_CLOCKS.values()) <= MOMENTS.keys()


CALENDAR = workdays.load_calendar([{"date": "2026-10-01", "kind": "holiday"}])
WORKING = Clocks(Clock.WORKING, Clock.WORKING, Clock.WORKING, CALENDAR)
MIXED = Clocks(Clock.ALWAYS, Clock.WORKING, Clock.ALWAYS, CALENDAR)
H, R, O, D = Audience.HOLDER, Audience.REPORTER, Audience.ORGANISATION, Audience.DEPUTY  # noqa: E741 - as in the table


def at(said: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{said}").replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("event", "audience", "named", "clocks", "now", "seen"),
    [
        ("submitted", H, None, WORKING, "04T03:00", "04T08:30"),
        ("submitted", H, None, WORKING, "04T09:00", "04T09:00"),
        ("submitted", H, None, WORKING, "04T12:30", "04T14:00"),
        ("submitted", H, None, WORKING, "06T20:00", "09T08:30"),  # Friday evening, Monday
        ("submitted", H, None, MIXED, "04T03:00", "04T03:00"),  # its accept clock runs day and night
        ("accepted", R, None, WORKING, "04T03:00", "04T03:00"),  # residents at once
        ("dispatched", O, None, MIXED, "04T03:00", "04T08:30"),
        ("commented", H, None, WORKING, "04T03:00", "04T08:30"),
        ("commented", H, None, MIXED, "04T03:00", "04T03:00"),
        ("reminded", H, "acknowledge", MIXED, "04T20:00", "05T08:30"),
        ("reminded", H, "accept", MIXED, "04T20:00", "04T20:00"),
        ("overdue", D, "accept", WORKING, "04T17:30:02", "04T17:30:02"),  # due at the frame's end
        ("overdue", D, "accept", WORKING, "04T17:31:02", "05T08:30"),
        ("escalated", H, "resolve", WORKING, "04T12:00:59", "04T12:00:59"),
    ],
)
def test_about_a_working_clock_those_who_work_are_told_in_office_hours(
    event: str, audience: Audience, named: str | None, clocks: Clocks, now: str, seen: str
) -> None:
    assert visible_from(f"ticket.{event}", audience, named, at(now), clocks) == at(seen)


def test_in_a_trial_everything_is_told_at_once() -> None:
    scaled = Clocks(Clock.WORKING, Clock.WORKING, Clock.WORKING, CALENDAR, 0.01)
    assert visible_from("ticket.submitted", H, None, at("04T03:00"), scaled) == at("04T03:00")


@pytest.mark.parametrize(
    ("now", "seen"),
    [
        ("04T21:59", "04T21:59"),
        ("04T22:00", "05T07:00"),
        ("04T23:59", "05T07:00"),
        ("05T00:00", "05T07:00"),
        ("05T06:59", "05T07:00"),
        ("05T07:00", "05T07:00"),
    ],
)
def test_a_quiet_night_ends_at_seven(now: str, seen: str) -> None:
    assert end_of_night(at(now)) == at(seen)


NEIGHBOURS = (Part.REPORTER, Part.FOLLOWER)


@pytest.mark.parametrize("part", sorted(set(Part) - {Part.TIMER, Part.FORMER}))
def test_neighbours_hear_what_handlers_say_and_not_each_other(part: Part) -> None:
    heard = audiences("ticket.commented", part, {}, internal=False)
    assert (Audience.FOLLOWERS in heard) is (part not in NEIGHBOURS)
    assert Audience.REPORTER in heard


def test_internal_words_stay_inside() -> None:
    heard = audiences("ticket.commented", Part.HEAD, {}, internal=True)
    assert heard == {Audience.HOLDER, Audience.ORGANISATION, Audience.CALLED}


@pytest.mark.parametrize(
    ("percent", "who"),
    [(100, {Audience.HOLDER, Audience.COMMUNITY}), (200, {Audience.COMMUNITY, Audience.STREET})],
)
def test_those_who_called_hear_of_a_department_that_does_not_come(percent: int, who: set[Audience]) -> None:
    late = {"clock": "called", "percent": percent}
    assert audiences("ticket.reminded", Part.TIMER, late, internal=False) == who
    assert {group(notice_type("ticket.reminded", late), one) for one in who} == {Group.ALWAYS}
    assert percent in {moment.percent for moment in MOMENTS["called"]}


def test_a_notice_is_called_as_its_event_but_for_the_few() -> None:
    assert notice_type("ticket.reminded", {"clock": "accept"}) == "ticket.reminded"
    assert notice_type("ticket.commented", {"told": True}) == "ticket.dissented"


def test_one_vote_is_no_news_but_the_one_that_makes_them_enough_is() -> None:
    assert audiences("ticket.commented", Part.FOLLOWER, {"still_there": True}, internal=False) == set()
    enough = {"still_there": True, "told": True}
    heard = audiences("ticket.commented", Part.FOLLOWER, enough, internal=False)
    assert heard == {Audience.HOLDER, Audience.NEXT}


def test_whatever_a_follower_is_told_has_a_sentence_for_them() -> None:
    told = {event.removeprefix("ticket.") for event, who in AUDIENCES.items() if Audience.FOLLOWERS in who}
    assert told == FOLLOWER_SENTENCES.keys()
    assert all("您关注的{what}" in sentence for sentence in FOLLOWER_SENTENCES.values())


@pytest.mark.parametrize(
    ("data", "told", "called"),
    [
        ({"from": "a", "level": 1}, False, "ticket.unassigned"),  # not_mine
        ({"place": "x", "from": "a", "level": 1, "unit": None}, False, "ticket.unassigned"),
        ({"place": "x", "from": "a", "level": 1, "unit": "b"}, True, "ticket.reassigned"),
        ({"grid": "b", "from": None, "level": 1, "unit": "b"}, True, "ticket.reassigned"),
        ({"place": "x", "from": "a", "level": 1, "unit": "a"}, False, "ticket.reassigned"),
        ({"grid": "b", "from": "a", "level": 2, "unit": "c"}, True, "ticket.escalated"),
        ({"place": "x", "level": 1, "unit": "b"}, True, "ticket.reassigned"),  # before `from` was written
        ({"cause": "grids", "from": "a", "level": 1, "unit": None}, False, "ticket.unassigned"),
    ],
)
def test_the_reporter_hears_of_a_reassignment_once_another_unit_has_it(
    data: dict[str, object], told: bool, called: str
) -> None:
    heard = audiences("ticket.reassigned", Part.COMMUNITY, data, internal=False)
    assert heard - {Audience.REPORTER} == {Audience.HOLDER, Audience.ORGANISATION}
    assert (Audience.REPORTER in heard) is told
    assert notice_type("ticket.reassigned", data) == called
    assert group(called, Audience.HOLDER) is Group.ALWAYS
