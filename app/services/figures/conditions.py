"""What a figure asks, and its conditions on courses as SQL; values are appended to the arguments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.enums import Level
from app.rules.figures.table import Figure
from app.rules.figures.tally import Tally, Window

COLUMNS: Final = {level: f"{level}_id" for level in Level} | dict.fromkeys(
    (Level.UNIT, Level.ROOM), "place_id"
)


@dataclass(frozen=True, slots=True)
class Question:
    """A figure of a place in a window."""

    figure: Figure
    place_id: UUID
    level: Level
    window: Window


def value(item: Any, args: list[Any], kind: str) -> str:
    """Append a value to the arguments; return its placeholder."""
    args.append(item)
    return f"${len(args)}::{kind}"


def of_place(question: Question, args: list[Any]) -> str:
    """Return the condition that a course is of the place."""
    return f"c.{COLUMNS[question.level]} = {value(question.place_id, args, 'uuid')}"


def held(question: Question, args: list[Any]) -> str:
    """Return the condition that a course is of the place and held at `as_of`."""
    as_of = value(question.window.as_of, args, "timestamptz")
    return f"{of_place(question, args)} AND c.valid_from < {as_of} AND c.valid_until >= {as_of}"


def between(column: str, start: datetime | None, end: datetime, args: list[Any]) -> Iterable[str]:
    """Yield the conditions that a time lies in [start, end)."""
    yield f"c.{column} < {value(end, args, 'timestamptz')}"
    if start:
        yield f"c.{column} >= {value(start, args, 'timestamptz')}"


def counted_by(tally: Tally, args: list[Any]) -> Iterable[str]:
    """Yield what a tally asks of a course besides its time."""
    for column, allowed in (tally.only or {}).items():
        yield f"c.{column} = ANY ({value(list(allowed), args, 'text[]')})"
    if tally.repeats:
        yield _REPEATED


def selected(columns: Iterable[str], part: str) -> list[str]:
    """Return the columns of a profile, `part` by its name."""
    return [f"c.{part} AS part" if name == "part" else f"c.{name}" for name in columns]


# As rules.figures.tally.repeated.
_REPEATED: Final = """EXISTS (
    SELECT FROM course o
    WHERE o.place_id = c.place_id AND o.category = c.category AND o.status = 'closed'
      AND o.outcome IS DISTINCT FROM 'withdrawn'
      AND o.ended_at >= c.submitted_at - interval '30 days' AND o.ended_at <= c.submitted_at
      AND o.valid_from <= c.submitted_at AND o.valid_until > c.submitted_at)"""
