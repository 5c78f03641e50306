"""Named parameters of SQL: each becomes a number, and each must be given."""

import pytest

from app.sql import Statement

# SQL as written, as sent, and the names in order.
CASES = [
    ("SELECT :id", "SELECT $1", ("id",)),
    ("SELECT :b, :a, :b", "SELECT $1, $2, $1", ("b", "a")),
    ("SELECT :id::uuid, now()::date", "SELECT $1::uuid, now()::date", ("id",)),
    ("SELECT to_char(at, 'HH24:MI') = :at", "SELECT to_char(at, 'HH24:MI') = $1", ("at",)),
    ("SELECT names[1:2], :n", "SELECT names[1:2], $1", ("n",)),
    ("SELECT 1", "SELECT 1", ()),
]


@pytest.mark.parametrize(("written", "sent", "names"), CASES)
def test_names_become_numbers(written: str, sent: str, names: tuple[str, ...]) -> None:
    statement = Statement(written)
    assert (statement.text, statement.names) == (sent, names)


def test_values_are_sent_in_the_order_of_the_names() -> None:
    assert Statement("SELECT :b, :a").arguments({"a": 1, "b": 2}) == [2, 1]


@pytest.mark.parametrize("values", [{}, {"a": 1}, {"a": 1, "c": 2}, {"a": 1, "b": 2, "c": 3}])
def test_a_missing_or_unknown_value_is_refused(values: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="the statement takes"):
        Statement("SELECT :a, :b").arguments(values)
