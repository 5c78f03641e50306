"""Who hears of what: the table against what the office wrote, and that nothing falls silent."""

import pytest

from app.rules.access import Part
from app.rules.escalation import MOMENTS, OVERDUE, REMIND, RESUME, SETTLE
from app.rules.lifecycle import MOVES, STAYS
from app.rules.notices import TOLD, Audience, audiences
from app.services.notices import FOLLOWED
from app.words import EVENT

WRITTEN = """
submitted: holder
withdrawn: holder followers
accepted: reporter followers
rejected: reporter followers
appealed: holder followers
recategorised: reporter holder organisation
merged: reporter followers holder joined
unmerged: reporter followers holder
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
commented: reporter holder organisation followers
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
    assert set(TOLD[f"ticket.{event}"]) == {Audience(one) for one in audiences.split()}


def test_the_events_told_are_events() -> None:
    assert {event.removeprefix("ticket.") for event in TOLD} <= EVENT.keys()


def test_nobody_is_named_twice() -> None:
    assert [event for event, audiences in TOLD.items() if len(set(audiences)) != len(audiences)] == []


def test_whatever_the_timer_does_somebody_hears_of() -> None:
    acts = {moment.act for moments in MOMENTS.values() for moment in moments} | {RESUME, SETTLE}
    assert acts == TIMERS.keys()
    assert [act for act in acts if not TOLD.get(f"ticket.{TIMERS[act]}")] == []


def test_reminders_are_for_those_who_work_not_for_the_reporter() -> None:
    assert [act for act in (REMIND, OVERDUE) if Audience.REPORTER in TOLD[f"ticket.{TIMERS[act]}"]] == []


# The reporter's own moves, and moves of the work between offices, need not be told to the reporter.
UNTOLD = {"withdrawn", "appealed", "answered", "confirmed", "handed_back", "recalled"}


def test_the_reporter_hears_of_every_change_of_state_that_others_make() -> None:
    moving = {move.event for move in MOVES.values() if move.target != STAYS} - UNTOLD
    assert [event for event in sorted(moving) if Audience.REPORTER not in TOLD[f"ticket.{event}"]] == []


NEIGHBOURS = (Part.REPORTER, Part.FOLLOWER)


@pytest.mark.parametrize("part", sorted(set(Part) - {Part.TIMER, Part.GONE}))
def test_neighbours_hear_what_handlers_say_and_not_each_other(part: Part) -> None:
    heard = audiences("ticket.commented", part, {}, internal=False)
    assert (Audience.FOLLOWERS in heard) is (part not in NEIGHBOURS)
    assert Audience.REPORTER in heard


def test_internal_words_stay_inside() -> None:
    heard = audiences("ticket.commented", Part.HEAD, {}, internal=True)
    assert heard == {Audience.HOLDER, Audience.ORGANISATION}


def test_one_vote_is_no_news_but_the_one_that_makes_them_enough_is() -> None:
    assert audiences("ticket.commented", Part.FOLLOWER, {"still_there": True}, internal=False) == set()
    enough = {"still_there": True, "told": True}
    heard = audiences("ticket.commented", Part.FOLLOWER, enough, internal=False)
    assert heard == {Audience.HOLDER, Audience.NEXT}


def test_whatever_a_follower_is_told_has_a_sentence_for_them() -> None:
    told = {event.removeprefix("ticket.") for event, who in TOLD.items() if Audience.FOLLOWERS in who}
    assert told == FOLLOWED.keys()
    assert all("您关注的{what}" in sentence for sentence in FOLLOWED.values())
