"""What the working calendar promises: cases counted by hand, and laws that hold for all of them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.enums import SHANGHAI
from app.rules.workdays import (
    DEFAULT_FRAMES,
    Calendar,
    Clock,
    Frame,
    Pause,
    add,
    elapsed,
    end_of_workdays,
    load_calendar,
    next_in_frame,
)
from tests.rules.calendars import CALENDAR, HERE, SHIPPED, local, rows, span

MONTH = timedelta(days=31)
HALF_HOUR = timedelta(minutes=30)
unhurried = settings(deadline=None)  # a busy machine is no counterexample


CASES = rows(HERE / "cases.csv")
REST = Calendar(
    {date(2026, 1, 1) + timedelta(days=n): False for n in range(800)}, DEFAULT_FRAMES, frozenset({2026})
)

moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 6, 30), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone
lengths = st.timedeltas(timedelta(), timedelta(minutes=6300))
clocks = st.sampled_from(Clock)


@st.composite
def starts_with_pauses(draw: st.DrawFn) -> tuple[datetime, list[Pause]]:
    """Draw a start and up to five pauses around it that overlap, touch, lie at night or are empty."""
    start = draw(moments)
    shifts = st.timedeltas(-MONTH / 4, MONTH)
    pairs = draw(st.lists(st.tuples(shifts, st.timedeltas(timedelta(), MONTH / 4)), max_size=5))
    return start, [(start + begin, start + begin + length) for begin, length in pairs]


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_a_limit_is_due_when_the_hand_count_says(case: dict[str, str]) -> None:
    pauses = [span(text) for text in case["pauses"].split(";") if text]
    clock, length = Clock(case["clock"]), timedelta(minutes=int(case["minutes"]))
    start, due = local(case["start"]), local(case["due"])
    assert add(start, length, clock, CALENDAR, pauses) == due
    assert elapsed(start, due, clock, CALENDAR, pauses) == length


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_shipped_calendar_agrees_with_chinesecalendar_on_every_day(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [day for day in days if CALENDAR.is_workday(day) != chinese_calendar.is_workday(day)] == []


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_shipped_file_holds_its_own_year_in_order_and_names_its_notice(year: int) -> None:
    shipped = rows(SHIPPED / f"{year}.csv")
    assert [row["date"] for row in shipped] == sorted({row["date"] for row in shipped})
    assert all(
        row["date"].startswith(f"{year}-") and f"{year}年" in row["source"] and row["name"] for row in shipped
    )


def test_every_date_of_a_holiday_is_listed_and_no_idle_make_up_day() -> None:
    shipped = {date.fromisoformat(row["date"]): row["kind"] for row in rows(*SHIPPED.glob("*.csv"))}
    assert all(day.weekday() >= 5 for day, kind in shipped.items() if kind == "workday")
    named = {day for day in shipped if chinese_calendar.get_holiday_detail(day)[1]}
    assert named == set(shipped)
    assert (
        sum(kind == "holiday" for day, kind in shipped.items() if day.year == 2026)
        == 3 + 9 + 3 + 5 + 3 + 3 + 7
    )


def test_a_year_without_data_works_monday_to_friday_and_is_not_known() -> None:
    assert CALENDAR.has_year(2026)
    assert not CALENDAR.has_year(2027)
    assert CALENDAR.is_workday(date(2027, 1, 1))  # a Friday
    assert not CALENDAR.is_workday(date(2027, 1, 2))


def test_a_working_day_has_its_frames_in_utc_and_a_day_of_rest_none() -> None:
    morning, afternoon = span("2026-03-04 08:30/2026-03-04 12:00"), span("2026-03-04 14:00/2026-03-04 17:30")
    assert CALENDAR.frames_on(date(2026, 3, 4)) == (morning, afternoon)
    assert CALENDAR.frames_on(date(2026, 3, 4))[0][0].tzinfo is UTC
    assert CALENDAR.frames_on(date(2026, 10, 1)) == ()
    assert CALENDAR.minutes_a_day == 420


def test_the_frames_of_a_day_are_worked_out_once() -> None:
    assert CALENDAR.frames_on(date(2026, 3, 4)) is CALENDAR.frames_on(date(2026, 3, 4))


def test_an_office_may_keep_other_frames() -> None:
    office = load_calendar(
        [], (Frame(time(9), time(12)), Frame(time(12), time(12, 30)), Frame(time(19), time(21, 15)))
    )
    assert office.minutes_a_day == 180 + 30 + 135
    due = add(local("2026-03-04 11:50"), timedelta(minutes=60), Clock.WORKING, office)
    assert due == local("2026-03-04 19:20")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-04 10:00", "2026-03-04 10:00"),
        ("2026-03-04 08:30", "2026-03-04 08:30"),
        ("2026-03-04 12:00", "2026-03-04 14:00"),
        ("2026-03-04 13:59", "2026-03-04 14:00"),
        ("2026-03-06 17:30", "2026-03-09 08:30"),
        ("2026-10-01 00:00", "2026-10-08 08:30"),
        ("2026-02-13 23:59", "2026-02-14 08:30"),
    ],
)
def test_the_next_moment_in_a_frame_is_now_or_the_next_start(at: str, expected: str) -> None:
    assert next_in_frame(local(at), CALENDAR) == local(expected)


@pytest.mark.parametrize(
    ("at", "n", "expected"),
    [
        ("2026-03-04 10:00", 1, "2026-03-06 00:00"),  # Wednesday; all of Thursday
        ("2026-03-04 23:59", 1, "2026-03-06 00:00"),
        ("2026-03-05 00:00", 1, "2026-03-07 00:00"),  # midnight belongs to the new day
        ("2026-03-04 10:00", 5, "2026-03-12 00:00"),  # Thu Fri Mon Tue Wed
        ("2026-03-07 10:00", 5, "2026-03-14 00:00"),  # a Saturday; Mon to Fri
        ("2026-09-30 10:00", 5, "2026-10-14 00:00"),  # 8 9 10 (make-up Saturday) 12 13
        ("2025-12-31 10:00", 1, "2026-01-05 00:00"),  # the make-up Sunday
        ("2026-03-04 10:00", 0, "2026-03-05 00:00"),
    ],
)
def test_within_n_working_days_ends_at_midnight_after_the_nth(at: str, n: int, expected: str) -> None:
    assert end_of_workdays(local(at), n, CALENDAR) == local(expected)


def test_no_time_at_all_is_due_at_once_even_at_night() -> None:
    night = local("2026-03-04 23:00")
    assert add(night, timedelta(), Clock.WORKING, CALENDAR) == night


def test_time_never_runs_backwards() -> None:
    later, earlier = local("2026-03-05 10:00"), local("2026-03-04 10:00")
    assert [elapsed(later, earlier, clock, CALENDAR) for clock in Clock] == [timedelta(), timedelta()]
    with pytest.raises(ValueError, match="no due time"):
        add(later, timedelta(minutes=-1), Clock.ALWAYS, CALENDAR)


@pytest.mark.parametrize("clock", Clock)
def test_an_open_pause_stops_the_clock_and_gives_no_due_time(clock: Clock) -> None:
    start, pauses = local("2026-03-04 09:00"), [(local("2026-03-04 09:30"), None)]
    assert elapsed(start, local("2026-03-05 17:00"), clock, CALENDAR, pauses) == timedelta(minutes=30)
    with pytest.raises(ValueError, match="no due time"):
        add(start, timedelta(minutes=60), clock, CALENDAR, pauses)


def test_a_calendar_that_never_works_is_refused_and_not_searched_for_ever() -> None:
    start = local("2026-01-05 09:00")
    with pytest.raises(ValueError, match="no working day"):
        add(start, timedelta(minutes=1), Clock.WORKING, REST)
    with pytest.raises(ValueError, match="no working day"):
        end_of_workdays(start, 1, REST)
    assert elapsed(start, start + timedelta(days=700), Clock.WORKING, REST) == timedelta()


@pytest.mark.parametrize(
    "frames",
    [
        (),
        (Frame(time(12), time(12)),),
        (Frame(time(8), time(9)), Frame(time(12), time(8, 1))),
        (Frame(time(14), time(17)), Frame(time(8), time(12))),
        (Frame(time(8), time(12)), Frame(time(11), time(17))),
    ],
)
def test_frames_that_would_stop_or_turn_time_are_refused(frames: tuple[Frame, ...]) -> None:
    with pytest.raises(ValueError, match="frames"):
        load_calendar([], frames)


@pytest.mark.parametrize(
    "bad",
    [
        {"date": "2026-02-30", "kind": "holiday"},
        {"date": "", "kind": "holiday"},
        {"date": "2026-03-01", "kind": "放假"},
        {"date": "2026-03-01"},
        {"kind": "holiday"},
        {"date": "2026-01-01", "kind": "workday"},
    ],
)
def test_a_bad_or_repeated_row_is_named(bad: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="calendar row 2 "):
        load_calendar([{"date": "2026-01-01", "kind": "holiday"}, bad])


@unhurried
@given(starts_with_pauses(), lengths, clocks)
def test_elapsed_is_the_inverse_of_add(
    given_: tuple[datetime, Sequence[Pause]], length: timedelta, clock: Clock
) -> None:
    start, pauses = given_
    assert elapsed(start, add(start, length, clock, CALENDAR, pauses), clock, CALENDAR, pauses) == length


@unhurried
@given(starts_with_pauses(), lengths, lengths, clocks)
def test_a_limit_may_be_counted_in_parts(
    given_: tuple[datetime, Sequence[Pause]], first: timedelta, second: timedelta, clock: Clock
) -> None:
    start, pauses = given_
    middle = add(start, first, clock, CALENDAR, pauses)
    assert add(start, first + second, clock, CALENDAR, pauses) == add(middle, second, clock, CALENDAR, pauses)


@unhurried
@given(starts_with_pauses(), lengths, lengths, clocks)
def test_a_longer_limit_is_never_due_sooner(
    given_: tuple[datetime, Sequence[Pause]], one: timedelta, other: timedelta, clock: Clock
) -> None:
    start, pauses = given_
    short, long = sorted((one, other))
    sooner, later = (add(start, length, clock, CALENDAR, pauses) for length in (short, long))
    assert start <= sooner <= later
    assert (sooner == later) == (short == long)


@unhurried
@given(starts_with_pauses(), lengths.filter(bool))
def test_a_working_limit_is_due_inside_a_frame_or_at_its_end(
    given_: tuple[datetime, Sequence[Pause]], length: timedelta
) -> None:
    start, pauses = given_
    due = add(start, length, Clock.WORKING, CALENDAR, pauses)
    frames = CALENDAR.frames_on(due.astimezone(SHANGHAI).date())
    assert any(begin < due <= end for begin, end in frames)


@unhurried
@given(starts_with_pauses(), lengths, clocks)
def test_a_pause_never_brings_a_limit_forward_nor_counts_as_time(
    given_: tuple[datetime, Sequence[Pause]], length: timedelta, clock: Clock
) -> None:
    start, pauses = given_
    due = add(start, length, clock, CALENDAR, pauses)
    assert due >= add(start, length, clock, CALENDAR)
    assert not any(stop and begin < due <= stop for begin, stop in pauses) or due == start


@unhurried
@given(moments, st.integers(0, 1000), clocks)
def test_time_elapsed_agrees_with_a_naive_count_of_half_hours(
    near: datetime, halves: int, clock: Clock
) -> None:
    start = near.replace(minute=30, second=0, microsecond=0)
    ticks = (start + n * HALF_HOUR for n in range(halves))
    counted = sum(clock is Clock.ALWAYS or office_is_open(tick.astimezone(SHANGHAI)) for tick in ticks)
    assert elapsed(start, start + halves * HALF_HOUR, clock, CALENDAR) == counted * HALF_HOUR


def office_is_open(at: datetime) -> bool:
    day, minute = at.date(), at.hour * 60 + at.minute
    works = chinese_calendar.is_workday(day) if day.year < 2027 else day.weekday() < 5
    return works and (510 <= minute < 720 or 840 <= minute < 1050)
