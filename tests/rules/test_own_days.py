"""An office's own days and hours: cases counted by hand, and what makes no sense."""

from datetime import date, time, timedelta

import pytest

from app.rules import own_days
from app.rules.own_days import Stretch
from app.rules.workdays import Calendar, Clock, Frame, add, elapsed
from tests.rules.test_workdays import CALENDAR, HERE, local, rows, span

CASES = rows(HERE / "offices.csv")


def stretches(text: str) -> list[Stretch]:
    found = []
    for said in filter(None, text.split(";")):
        days, kind = said.split(" ")
        first, _, last = days.partition("/")
        found.append(
            Stretch(date.fromisoformat(first), date.fromisoformat(last or first), works=kind == "workday")
        )
    return found


def frames(text: str) -> list[Frame]:
    pairs = [said.split("-") for said in text.split()]
    return [Frame(time.fromisoformat(start), time.fromisoformat(end)) for start, end in pairs]


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_a_limit_of_an_office_is_due_when_the_hand_count_says(case: dict[str, str]) -> None:
    street = own_days.laid_over(CALENDAR, stretches(case["street_days"]), frames(case["street_frames"]))
    office = own_days.laid_over(street, stretches(case["days"]), frames(case["frames"]))
    pauses = [span(text) for text in case["pauses"].split(";") if text]
    start, due, length = local(case["start"]), local(case["due"]), timedelta(minutes=int(case["minutes"]))
    assert add(start, length, Clock.WORKING, office, pauses) == due
    assert elapsed(start, due, Clock.WORKING, office, pauses) == length


def test_who_says_nothing_keeps_the_calendar_of_all() -> None:
    assert own_days.laid_over(CALENDAR, [], []) is CALENDAR


def test_a_year_in_which_an_office_named_a_day_is_known_to_it_alone() -> None:
    office = own_days.laid_over(CALENDAR, stretches("2027-01-01 holiday"))
    assert office.knows(2027)
    assert not CALENDAR.knows(2027)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("2026-03-05 holiday;2026-03-06 holiday", []),
        ("2026-03-05 holiday;2026-03-05 workday", [(0, 1)]),
        ("2026-03-05/2026-03-07 holiday;2026-03-09 workday;2026-03-07/2026-03-08 workday", [(0, 2)]),
        ("2026-03-01/2026-03-31 holiday;2026-03-05 holiday;2026-03-05 holiday", [(0, 1), (0, 2), (1, 2)]),
    ],
)
def test_entries_that_share_a_day_are_named_in_pairs(days: str, expected: list[tuple[int, int]]) -> None:
    assert own_days.clashes(stretches(days)) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", None),
        ("09:00-12:00 12:00-18:00", None),
        ("09:00-12:00 11:59-18:00", 1),
        ("13:00-18:00 09:00-12:00", 1),
        ("09:00-09:00", 0),
        ("09:00-12:00 18:00-13:00", 1),
    ],
)
def test_the_first_frame_out_of_order_is_named(said: str, expected: int | None) -> None:
    assert own_days.disorder(frames(said)) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("", 0),
        ("2026-03-05 holiday", 1),
        ("2026-03-06 holiday;2026-03-09 holiday", 4),  # Friday and Monday, the weekend between
        ("2026-03-06 holiday;2026-03-07 workday;2026-03-09 holiday", 2),
        ("2026-03-05 holiday;2026-04-01/2026-04-30 holiday", 30),
    ],
)
def test_days_of_rest_in_a_row_are_counted_with_the_weekends_between(days: str, expected: int) -> None:
    office = own_days.laid_over(Calendar({}, CALENDAR.frames, frozenset()), stretches(days))
    assert own_days.longest_rest(office) == expected


def test_the_shipped_calendar_rests_nine_days_at_most() -> None:
    assert own_days.longest_rest(CALENDAR) == 9
