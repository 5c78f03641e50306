"""What the limits of a category promise: moments of N %, extensions, pauses, reopening, trials."""

import csv
from datetime import time, timedelta
from pathlib import Path

import pytest

from app.rules.sla import Limit, due_time, reopened_limit, used_share
from app.rules.workdays import Clock, Frame, load_calendar
from tests.rules.calendars import local

SHIPPED = Path(__file__).parents[2] / "app" / "calendar"
CALENDAR = load_calendar(csv.DictReader((SHIPPED / "2026.csv").read_text(encoding="utf-8").splitlines()))
DAY = Limit(420, Clock.WORKING)
URGENT = Limit(120, Clock.ALWAYS)


WEDNESDAY = local("2026-03-04 09:00")
WAIT = [(local("2026-03-04 10:00"), local("2026-03-04 11:00"))]


@pytest.mark.parametrize(
    ("percent", "due"),
    [
        (0, "2026-03-04 09:00"),
        (80, "2026-03-04 16:36"),  # 336 minutes: 180 before noon, 156 after 14:00
        (100, "2026-03-05 09:00"),
        (200, "2026-03-06 09:00"),
        (300, "2026-03-09 09:00"),
    ],
)
def test_a_share_of_a_working_limit_falls_on_office_hours(percent: int, due: str) -> None:
    assert due_time(WEDNESDAY, DAY, percent, CALENDAR) == local(due)


def test_a_limit_around_the_clock_does_not_wait_for_the_morning() -> None:
    start = local("2026-10-01 23:00")
    assert due_time(start, URGENT, 80, CALENDAR) == local("2026-10-02 00:36")
    assert due_time(start, URGENT, 300, CALENDAR) == local("2026-10-02 05:00")


def test_an_extension_counts_into_every_share() -> None:
    assert due_time(WEDNESDAY, URGENT, 100, CALENDAR, extra_minutes=120) == local("2026-03-04 13:00")
    assert due_time(WEDNESDAY, URGENT, 200, CALENDAR, extra_minutes=120) == local("2026-03-04 17:00")


def test_a_pause_shifts_the_moments_after_it_and_none_before() -> None:
    assert due_time(WEDNESDAY, URGENT, 25, CALENDAR, pauses=WAIT) == local("2026-03-04 09:30")
    assert due_time(WEDNESDAY, URGENT, 50, CALENDAR, pauses=WAIT) == local("2026-03-04 10:00")
    assert due_time(WEDNESDAY, URGENT, 100, CALENDAR, pauses=WAIT) == local("2026-03-04 12:00")
    assert due_time(WEDNESDAY, DAY, 100, CALENDAR, pauses=WAIT) == local("2026-03-05 10:00")


def test_a_trial_scales_the_limit_and_runs_day_and_night() -> None:
    night = local("2026-10-01 23:00")
    assert due_time(night, DAY, 100, CALENDAR, scale=0.001) == night + timedelta(seconds=25.2)
    assert due_time(night, DAY, 200, CALENDAR, extra_minutes=420, scale=0.5) == night + timedelta(minutes=840)
    assert used_share(night, night + timedelta(seconds=12.6), DAY, CALENDAR, scale=0.001) == 0.5


@pytest.mark.parametrize(
    ("now", "share"),
    [
        ("2026-03-04 08:00", 0.0),
        ("2026-03-04 09:00", 0.0),
        ("2026-03-04 15:00", 240 / 420),
        ("2026-03-04 23:00", 390 / 420),
        ("2026-03-05 09:00", 1.0),
        ("2026-03-09 09:00", 3.0),
    ],
)
def test_the_share_used_grows_in_office_hours_only(now: str, share: float) -> None:
    assert used_share(WEDNESDAY, local(now), DAY, CALENDAR) == share


def test_the_share_used_heeds_pauses_and_extensions() -> None:
    noon = local("2026-03-04 12:00")
    assert used_share(WEDNESDAY, noon, URGENT, CALENDAR, pauses=WAIT) == 1.0
    assert used_share(WEDNESDAY, noon, URGENT, CALENDAR, pauses=WAIT, extra_minutes=120) == 0.5
    assert used_share(WEDNESDAY, noon, URGENT, CALENDAR, pauses=[(WAIT[0][0], None)]) == 0.5


def test_at_the_moment_of_a_share_just_that_share_is_used() -> None:
    for percent in (80, 100, 200, 300):
        due = due_time(WEDNESDAY, DAY, percent, CALENDAR, pauses=WAIT, extra_minutes=60)
        assert used_share(WEDNESDAY, due, DAY, CALENDAR, pauses=WAIT, extra_minutes=60) == percent / 100


@pytest.mark.parametrize(
    ("limit", "again"),
    [
        (Limit(6300, Clock.WORKING), Limit(3150, Clock.WORKING)),
        (Limit(840, Clock.WORKING), Limit(420, Clock.WORKING)),
        (Limit(420, Clock.WORKING), Limit(420, Clock.WORKING)),
        (Limit(60, Clock.WORKING), Limit(420, Clock.WORKING)),
        (Limit(1440, Clock.ALWAYS), Limit(720, Clock.ALWAYS)),
        (Limit(120, Clock.ALWAYS), Limit(60, Clock.ALWAYS)),
        (Limit(5, Clock.ALWAYS), Limit(3, Clock.ALWAYS)),
    ],
)
def test_a_reopening_gets_half_and_on_a_working_clock_a_day_at_least(limit: Limit, again: Limit) -> None:
    assert reopened_limit(limit, CALENDAR) == again


def test_a_day_is_as_long_as_the_office_keeps_it() -> None:
    office = load_calendar([], (Frame(time(9), time(12)),))
    assert reopened_limit(Limit(60, Clock.WORKING), office) == Limit(180, Clock.WORKING)


@pytest.mark.parametrize(
    ("limit", "extra", "scale"),
    [(Limit(0, Clock.ALWAYS), 0, 1.0), (DAY, -420, 1.0), (DAY, 0, 0.0), (DAY, 0, -1.0)],
)
def test_a_limit_without_time_is_refused(limit: Limit, extra: int, scale: float) -> None:
    with pytest.raises(ValueError, match="leaves no time"):
        due_time(WEDNESDAY, limit, 100, CALENDAR, extra_minutes=extra, scale=scale)
    with pytest.raises(ValueError, match="leaves no time"):
        used_share(WEDNESDAY, WEDNESDAY, limit, CALENDAR, extra_minutes=extra, scale=scale)
