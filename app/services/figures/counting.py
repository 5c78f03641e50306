"""Counting courses in the database: equal ones together, so that a city costs little more than a district."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app import db
from app.enums import Level
from app.rules.figures.table import Figure
from app.rules.figures.tally import Cell, Counts, Span, Tally, Window, add_profiles

COLUMNS: Final = {level: f"{level}_id" for level in Level} | dict.fromkeys(
    (Level.UNIT, Level.ROOM), "place_id"
)
# Nothing that happens to a ticket later than this after its submission is counted: no pause is longer than a year.
_LONGEST_COURSE: Final = "400 days"


@dataclass(frozen=True, slots=True)
class Question:
    """A figure of a place in a window."""

    figure: Figure
    place_id: UUID
    level: Level
    window: Window


async def count(question: Question) -> Counts:
    """Return the counts of a question. All tallies of a figure share one scan: reading courses is what takes time."""
    tallies, args, counts = question.figure.tallies, list[Any](), Counter[Cell]()
    names = dict.fromkeys(name for tally in tallies for name in tally.columns)
    columns = [f"c.{question.window.part} AS part" if name == "part" else f"c.{name}" for name in names]
    held = _held(question, "c", args)
    flags = [f"in_{n}" for n in range(len(tallies))]
    columns += [
        f"{_condition(question, tally, args)} AS {flag}" for tally, flag in zip(tallies, flags, strict=True)
    ]
    group = ", ".join(str(n + 1) for n in range(len(columns)))
    # OFFSET 0: each condition is evaluated once.
    rows = await db.fetch(
        f"SELECT *, count(*)::int AS n FROM (SELECT {', '.join(columns)} FROM course c WHERE {held} OFFSET 0) flagged "
        f"WHERE {' OR '.join(flags)} GROUP BY {group}",
        *args,
    )
    for n, tally in enumerate(tallies):
        add_profiles(counts, tally, (row for row in rows if row[f"in_{n}"]), question.window)
    return counts


@dataclass(frozen=True, slots=True)
class CellFilter:
    """The tickets that one cell of a figure counts, as a condition of a list."""

    question: Question
    profiles: Sequence[
        tuple[Tally, list[str]]
    ]  # each tally with the profiles that count in the cell, as text

    def condition(self, args: list[Any]) -> str:
        """Return the condition with a leading AND; its values are appended to `args`."""
        parts = []
        for tally, profiles in self.profiles:
            where = _where(self.question, tally, args)
            args.append(profiles)
            profile = _profile_text(tally, self.question.window)
            parts.append(
                f"SELECT c.ticket_id FROM course c WHERE {where} AND {profile} = ANY (${len(args)}::text[])"
            )
        return f" AND id IN ({' UNION '.join(parts)})" if parts else " AND false"


async def cell_filter(question: Question, cell: Cell) -> CellFilter:
    """Return the filter of a cell, which lists as many tickets as the cell counts."""
    matched: list[tuple[Tally, list[str]]] = []
    for tally in question.figure.tallies:
        args: list[Any] = []
        profile = _profile_text(tally, question.window)
        columns = ", ".join((f"{profile} AS profile", *_selected(tally, question.window)))
        group = ", ".join(str(n + 1) for n in range(len(tally.columns) + 1))
        sql = f"SELECT {columns} FROM course c WHERE {_where(question, tally, args)} GROUP BY {group}"
        rows = await db.fetch(sql, *args)
        profiles = [row["profile"] for row in rows if cell in tally.cells(row, question.window)]
        if profiles:
            matched.append((tally, profiles))
    return CellFilter(question, matched)


def _selected(tally: Tally, window: Window) -> list[str]:
    return [f"c.{window.part} AS part" if name == "part" else f"c.{name}" for name in tally.columns]


def _profile_text(tally: Tally, window: Window) -> str:
    """Return the expression of a profile as text: how rows are told apart, null values included."""
    names = (window.part if name == "part" else name for name in tally.columns)
    return f"ROW({', '.join(f'c.{name}' for name in names)})::text"


def _where(question: Question, tally: Tally, args: list[Any]) -> str:
    return f"{_held(question, 'c', args)} AND {_condition(question, tally, args)}"


def _value(item: Any, args: list[Any]) -> str:
    args.append(item)
    return f"${len(args)}"


def _held(question: Question, alias: str, args: list[Any]) -> str:
    """Return the condition that a course is of the place and held at `as_of`; its values are appended to `args`."""
    place = f"{alias}.{COLUMNS[question.level]} = {_value(question.place_id, args)}"
    as_of = f"{_value(question.window.as_of, args)}::timestamptz"
    return f"{place} AND {alias}.valid_from < {as_of} AND {alias}.valid_until >= {as_of}"


def _condition(question: Question, tally: Tally, args: list[Any]) -> str:
    """Return the condition of a tally; its values are appended to `args`."""
    start, end = question.window.span(tally.span)
    before = f"{_value(end, args)}::timestamptz"
    conditions = [f"c.{tally.when} < {before}"]
    if start:
        since = f"{_value(start, args)}::timestamptz"
        conditions.append(f"c.{tally.when} >= {since}")
        if tally.span is not Span.DAY and tally.when != "submitted_at":
            conditions.append(
                f"c.submitted_at < {before} AND c.submitted_at >= {since} - interval '{_LONGEST_COURSE}'"
            )
    for column, allowed in (tally.only or {}).items():
        conditions.append(f"c.{column} = ANY ({_value(list(allowed), args)}::text[])")
    if tally.repeats:
        assert start
        conditions.append(_REPEATED.format(held=_held(question, "o", args), since=since))
    return " AND ".join(conditions)


# As rules.figures.tally.repeated: of each unit and category, the end before a report that is the nearest to it.
_REPEATED: Final = """c.ticket_id IN (
    SELECT ticket_id FROM (
        SELECT ticket_id, at, ended_at, max(ended_at)
            OVER (PARTITION BY place_id, category COLLATE "C" ORDER BY at) AS last_end
        FROM (
            SELECT ticket_id, place_id, category, submitted_at AS at, NULL::timestamptz AS ended_at FROM course o
            WHERE {held} AND o.place_id IS NOT NULL AND o.submitted_at >= {since}
            UNION ALL
            SELECT NULL, place_id, category, ended_at, ended_at FROM course o
            WHERE {held} AND o.place_id IS NOT NULL AND o.status = 'closed'
              AND o.outcome IS DISTINCT FROM 'withdrawn' AND o.ended_at >= {since} - interval '30 days'
        ) moment
    ) report WHERE ended_at IS NULL AND last_end >= at - interval '30 days')"""
