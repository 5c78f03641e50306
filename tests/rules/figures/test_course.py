"""What a fold knows of a ticket: limits, contacts, pauses, turns, and that a missing beginning counts as nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.rules.figures.course import history
from tests.course_events import AROUND, event, moment

START = moment("2026-04-02 09:00")


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def submitted(**data: Any) -> dict[str, Any]:
    said = {"category": "stair_light", "origin": "resident", "accept_due": at(30).isoformat(), "level": 1}
    return event("submitted", START, "reporter", **said | data)


def last(*events: dict[str, Any]) -> Any:
    return list(history([submitted(), *events], AROUND))[-1][1]


@pytest.mark.parametrize(
    ("part", "minutes", "in_time"),
    [
        ("head", 30, True),
        ("head", 31, False),
        ("follower", 5, None),
        ("timer", 5, None),
        ("reporter", 5, None),
    ],
)
def test_contact_is_the_first_act_of_somebody_who_answers_for_it(
    part: str, minutes: int, in_time: bool | None
) -> None:
    assert last(event("commented", at(minutes), part)).contacted_in_time is in_time


def test_a_limit_that_has_passed_is_not_replaced_when_the_ticket_moves_up() -> None:
    moved = event("escalated", at(60), "timer", level=2, unit=None, due={"accept": at(90).isoformat()})
    assert last(moved, event("accepted", at(70), "head")).contacted_in_time is False


def test_a_limit_of_another_category_counts_while_it_still_runs() -> None:
    other = event("recategorised", at(10), "timer", to="noise", due={"accept": at(90).isoformat()})
    course = last(other, event("accepted", at(70), "head"))
    assert (course.contacted_in_time, course.category) == (True, "noise")


def test_the_time_to_solve_leaves_pauses_out() -> None:
    course = last(
        event("accepted", at(10), "head"),
        event("waiting", at(20), "head", reason="parts"),
        event("resumed", at(80), "timer"),
        event("resolved", at(100), "head", outcome="fixed"),
    )
    assert (course.solve_minutes, course.turn) == (40, "reporter")


def test_what_is_undone_has_not_happened() -> None:
    rejected = event("rejected", at(5), "head", reason="not_ours")
    course = last(rejected, event("undone", at(6), "head", undoes="rejected", reason="not_ours"))
    assert (course.status, course.reject_reason, course.ended_at) == ("new", None, None)
    assert course.contacted_at == at(6)


def test_a_course_is_yielded_only_when_it_changes() -> None:
    comments = [event("commented", at(n), "head") for n in (40, 50, 60)]
    assert [moment_ for moment_, _ in history([submitted(), *comments], AROUND)] == [START, at(40)]


def test_events_without_a_beginning_are_no_course() -> None:
    assert list(history([event("accepted", at(5), "head"), event("resolved", at(9), "head")], AROUND)) == []
    assert list(history([], AROUND)) == []
