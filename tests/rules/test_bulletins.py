"""What a bulletin tells: quarters, the redaction of its lines and categories, its corrections."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import bulletins
from app.rules.bulletins import FEW, OTHER_CATEGORIES, OTHER_ESTATES, Done, Line


@pytest.mark.parametrize(
    ("quarter", "first", "last", "before", "name"),
    [
        ("2026Q1", "2026-01-01", "2026-03-31", "2025Q4", "2026年第一季度"),
        ("2026Q3", "2026-07-01", "2026-09-30", "2026Q2", "2026年第三季度"),
        ("2026Q4", "2026-10-01", "2026-12-31", "2026Q3", "2026年第四季度"),
    ],
)
def test_a_quarter_has_its_days_and_its_name(
    quarter: str, first: str, last: str, before: str, name: str
) -> None:
    assert bulletins.quarter_days(quarter) == (date.fromisoformat(first), date.fromisoformat(last))
    assert (bulletins.quarter_before(quarter), bulletins.quarter_name(quarter)) == (before, name)


def done(category: str, estate: str, people: int, first: int = 0) -> list[Done]:
    return [Done(category, estate, "已修好", n, f"p{first + n}") for n in range(people)]


def test_what_five_people_reported_is_told_with_its_estate() -> None:
    assert {(one.estate, one.category) for one in bulletins.lines(done("灯", "东苑", FEW))} == {
        ("东苑", "灯")
    }


def test_one_person_who_reports_often_is_still_one() -> None:
    often = [Done("灯", "东苑", "已修好", n, "p0") for n in range(20)]
    assert bulletins.lines(often) == []


def test_of_too_few_in_an_estate_the_estate_is_not_told() -> None:
    few = [*done("灯", "东苑", 3), *done("灯", "西苑", 3, first=10)]
    assert {(one.estate, one.category) for one in bulletins.lines(few)} == {(OTHER_ESTATES, "灯")}


def test_of_too_few_in_all_the_category_is_not_told_either() -> None:
    few = [*done("灯", "东苑", 3), *done("门", "西苑", 3, first=10)]
    assert {(one.estate, one.category) for one in bulletins.lines(few)} == {(OTHER_ESTATES, OTHER_CATEGORIES)}


def test_of_too_few_whatever_is_hidden_nothing_is_told() -> None:
    assert bulletins.lines(done("灯", "东苑", FEW - 1)) == []


_ONE = st.builds(
    Done,
    st.sampled_from("灯门水"),
    st.sampled_from(["东苑", "西苑"]),
    st.just("已修好"),
    st.integers(0, 3),
    st.sampled_from([f"p{n}" for n in range(9)]),
)


@given(st.lists(_ONE, max_size=60))
def test_no_cell_of_the_lines_is_about_fewer_than_five_tickets(tickets: list[Done]) -> None:
    told = bulletins.lines(tickets)
    cells: dict[tuple[str, str], int] = {}
    for line in told:
        cells[line.estate, line.category] = cells.get((line.estate, line.category), 0) + 1
    assert all(count >= FEW for count in cells.values())
    assert told == sorted(told)
    assert all(isinstance(line, Line) for line in told)


def test_private_categories_and_small_ones_are_counted_together() -> None:
    rows = bulletins.top_categories(
        [("light", 12, 3), ("care", 9, 9), ("door", 2, 0)], {"light": "灯", "door": "门"}
    )
    assert rows == [("灯", 12, None), (OTHER_CATEGORIES, 11, 9)]


def test_ten_categories_are_told() -> None:
    counted = [(f"c{n}", 20 + n, 0) for n in range(12)]
    rows = bulletins.top_categories(counted, {f"c{n}": f"类{n}" for n in range(12)})
    assert len(rows) == 11
    assert rows[0][0] == "类11"


def test_a_correction_says_what_was_told_and_what_is_so() -> None:
    names = {"resolution": "解决率", "response": "响应率"}
    told = {"response": 0.9, "resolution": 0.8}
    assert bulletins.corrections("2026Q3", told, {"response": 0.9, "resolution": 0.75}, names) == [
        "2026年第三季度公示的解决率为80.0%，此后又有答复，更正为75.0%。"
    ]
