"""An office's own days and hours: cases counted by hand, and what makes no sense."""

from datetime import date, timedelta

import pytest

from app.rules import calendar_overrides
from app.rules.calendar_overrides import DayRange
from app.rules.workdays import Calendar, Clock, Frame, add, elapsed, first_misordered, parse_frame
from tests.rules.calendars import CALENDAR, HERE, local, rows, span

CASES = rows(HERE / "offices.csv")


def stretches(text: str) -> list[DayRange]:
    found = []
    for said in filter(None, text.split(";")):
        days, kind = said.split(" ")
        first, _, last = days.partition("/")
        found.append(
            DayRange(date.fromisoformat(first), date.fromisoformat(last or first), works=kind == "workday")
        )
    return found


def frames(text: str) -> list[Frame]:
    return [parse_frame(*said.split("-")) for said in text.split()]


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_a_limit_of_an_office_is_due_when_the_hand_count_says(case: dict[str, str]) -> None:
    street = calendar_overrides.apply_overrides(
        CALENDAR, stretches(case["street_days"]), frames(case["street_frames"])
    )
    office = calendar_overrides.apply_overrides(street, stretches(case["days"]), frames(case["frames"]))
    pauses = [span(text) for text in case["pauses"].split(";") if text]
    start, due, length = local(case["start"]), local(case["due"]), timedelta(minutes=int(case["minutes"]))
    assert add(start, length, Clock.WORKING, office, pauses) == due
    assert elapsed(start, due, Clock.WORKING, office, pauses) == length


def test_who_says_nothing_keeps_the_calendar_of_all() -> None:
    assert calendar_overrides.apply_overrides(CALENDAR, [], []) is CALENDAR


def test_a_year_in_which_an_office_named_a_day_is_known_to_it_alone() -> None:
    office = calendar_overrides.apply_overrides(CALENDAR, stretches("2027-01-01 holiday"))
    assert office.has_year(2027)
    assert not CALENDAR.has_year(2027)


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
    assert calendar_overrides.overlapping_pairs(stretches(days)) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", None),
        ("09:00-12:00 12:00-18:00", None),
        ("09:00-12:00 11:59-18:00", 1),
        ("13:00-18:00 09:00-12:00", 1),
        ("09:00-09:00", 0),
        ("09:00-12:00 18:00-13:00", 1),  # until the next day's 13:00
        ("12:00-24:00", None),
        ("00:00-24:00", None),
        ("22:00-06:00", None),
        ("06:00-12:00 22:00-06:00", None),
        ("05:59-12:00 22:00-06:00", 1),
        ("22:00-06:00 08:00-12:00", 1),
        ("08:00-24:00 22:00-23:00", 1),
    ],
)
def test_the_first_frame_out_of_order_is_named(said: str, expected: int | None) -> None:
    assert first_misordered(frames(said)) == expected


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
    office = calendar_overrides.apply_overrides(Calendar({}, CALENDAR.frames, frozenset()), stretches(days))
    assert calendar_overrides.longest_rest(office) == expected


def test_the_shipped_calendar_rests_nine_days_at_most() -> None:
    assert calendar_overrides.longest_rest(CALENDAR) == 9
