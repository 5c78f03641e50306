"""When a ticket is overdue: what the table means, and that Python and SQL read it alike."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any, cast

import pytest

from app import db
from app.enums import Status
from app.rules.deadlines import (
    is_overdue,
    missed_clocks,
    next_due_sql,
    overdue_sql,
    reminded_sql,
    running_clocks,
)
from app.rules.facts import Facts
from app.rules.statuses import UNRESOLVED

NOW = datetime(2026, 3, 6, 8, tzinfo=UTC)
PAST, FUTURE = NOW - timedelta(minutes=1), NOW + timedelta(minutes=1)
LONG_AGO, NEVER = NOW - timedelta(hours=1), datetime(9999, 1, 1, tzinfo=UTC)
# Every combination; a due time that is just now has not passed.
VALUES: dict[str, tuple[Any, ...]] = {
    "status": tuple(Status),
    "accept_due": (PAST, NOW, FUTURE),
    "acknowledge_due": (None, PAST, FUTURE),
    "resolve_due": (PAST, NOW, FUTURE),
    "acknowledged_at": (None, LONG_AGO),
    "resolved_at": (None, LONG_AGO, PAST, NOW),
    "accept_step": (0, 1),
    "resolve_step": (0, 1),
}
TYPES = {"status": "text", "accept_step": "int", "resolve_step": "int"}
ROWS = [cast(Facts, dict(zip(VALUES, row, strict=True))) for row in product(*VALUES.values())]


def facts(status: str, **changes: Any) -> Facts:
    """Return a ticket none of whose limits has passed."""
    dues = dict.fromkeys(("accept_due", "acknowledge_due", "resolve_due"), FUTURE)
    return cast(
        Facts, {"status": status, "acknowledged_at": None, "resolved_at": None, "called": []} | dues | changes
    )


@pytest.mark.parametrize(
    ("ticket", "missed", "overdue"),
    [
        (facts("new"), set(), False),
        (facts("new", accept_due=NOW), set(), False),
        (facts("new", accept_due=PAST), {"accept"}, True),
        (facts("new", resolve_due=PAST), {"resolve"}, True),
        (facts("accepted", accept_due=PAST), set(), False),
        (facts("accepted", resolve_due=PAST), {"resolve"}, True),
        (facts("dispatched", acknowledge_due=PAST), {"acknowledge"}, False),
        (facts("dispatched", acknowledge_due=LONG_AGO, acknowledged_at=PAST), set(), False),
        (facts("dispatched", resolve_due=PAST), {"resolve"}, True),
        (facts("waiting", resolve_due=PAST), {"resolve"}, True),
        (facts("resolved", resolve_due=PAST, resolved_at=LONG_AGO), set(), False),
        (facts("resolved", resolve_due=LONG_AGO, resolved_at=PAST), {"resolve"}, True),
        (facts("closed", resolve_due=PAST, resolved_at=LONG_AGO), set(), False),
        (facts("closed", resolve_due=LONG_AGO, resolved_at=PAST), {"resolve"}, True),
        (facts("closed", resolve_due=PAST, accept_due=PAST), set(), False),  # withdrawn
        (facts("rejected", resolve_due=PAST, accept_due=PAST), set(), False),
        (facts("merged", resolve_due=PAST, accept_due=PAST), set(), False),
    ],
)
def test_what_is_missed_and_what_makes_a_ticket_overdue(
    ticket: Facts, missed: set[str], overdue: bool
) -> None:
    assert missed_clocks(ticket, NOW) == missed
    assert is_overdue(ticket, NOW) is overdue


async def _evaluate(expression: str) -> list[Any]:
    """Return the value of an SQL expression for each of ROWS, in their order."""
    types = [TYPES.get(name, "timestamptz") for name in VALUES]
    arrays = ", ".join(f"${n}::{type_}[]" for n, type_ in enumerate(types, 2))
    columns = ", ".join(VALUES)
    rows = await db.fetch(
        f"SELECT {expression} AS value FROM unnest({arrays}) WITH ORDINALITY AS ticket({columns}, n) "
        "WHERE $1::timestamptz IS NOT NULL ORDER BY n",
        NOW,
        *([row[name] for row in ROWS] for name in VALUES),  # type: ignore[literal-required]  # the columns above
    )
    return [row["value"] for row in rows]


@pytest.mark.usefixtures("database")
async def test_overdue_in_sql_is_overdue_in_python() -> None:
    found = await _evaluate(overdue_sql("$1"))
    assert found == [is_overdue(row, NOW) for row in ROWS]
    assert set(found) == {True, False}


@pytest.mark.usefixtures("database")
async def test_reminded_in_sql_is_a_running_clock_past_its_first_moment() -> None:
    def is_reminded(row: Facts) -> bool:
        running = running_clocks(row)
        return any(row[f"{clock}_step"] > 0 for clock in ("accept", "resolve") if clock in running)  # type: ignore[literal-required]  # two columns

    assert await _evaluate(reminded_sql()) == [is_reminded(row) for row in ROWS]


@pytest.mark.usefixtures("database")
async def test_the_next_due_time_in_sql_is_the_first_of_the_pending_ones() -> None:
    def next_due(row: Facts) -> datetime:
        dues = [row["accept_due"]] if row["status"] == "new" else []
        if row["status"] == "dispatched" and row["acknowledged_at"] is None and row["acknowledge_due"]:
            dues.append(row["acknowledge_due"])
        if row["status"] in UNRESOLVED and row["resolved_at"] is None:
            dues.append(row["resolve_due"])
        return min(dues, default=NEVER)

    assert await _evaluate(next_due_sql()) == [next_due(row) for row in ROWS]
