"""Counting: from the days added up where a place is large, else from its courses, equal ones together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from app import db
from app.rules.figures.tally import Cell, Counts, Span, Tally, Window, add_profiles
from app.services.figures import conditions, days
from app.services.figures.conditions import Question

# Nothing that happens to a ticket later than this after its submission is counted: no pause is longer than a year.
_LONGEST_COURSE: Final = "400 days"


async def count(question: Question) -> Counts:
    """Return the counts of a question."""
    async with db.snapshot() as connection:
        if counted_until := await days.counted_until(question, connection.fetch):
            counts = Counter[Cell]()
            for tally in question.figure.tallies:
                args: list[Any] = []
                sql = days.groups_sql(question, tally, counted_until, args)
                add_profiles(counts, tally, await connection.fetch(sql, *args), question.window)
            return counts
        return await _count_courses(question, connection.fetch)


async def _count_courses(question: Question, fetch: db.Fetch) -> Counts:
    """Count courses. All tallies of a figure share one scan: reading courses is what takes time."""
    tallies, args, counts = question.figure.tallies, list[Any](), Counter[Cell]()
    names = dict.fromkeys(name for tally in tallies for name in tally.columns)
    columns = conditions.selected(names, question.window.part)
    held = conditions.held(question, args)
    flags = [f"in_{n}" for n in range(len(tallies))]
    columns += [
        f"{_condition(tally, question.window, args)} AS {flag}"
        for tally, flag in zip(tallies, flags, strict=True)
    ]
    group = ", ".join(str(n + 1) for n in range(len(columns)))
    # OFFSET 0: each condition is evaluated once.
    rows = await fetch(
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
    async with db.snapshot() as connection:
        counted_until = await days.counted_until(question, connection.fetch)
        for tally in question.figure.tallies:
            args: list[Any] = []
            groups = (
                days.groups_sql(question, tally, counted_until, args)
                if counted_until
                else _groups_sql(question, tally, args)
            )
            names = ", ".join(f"g.{name}" for name in tally.columns)
            rows = await connection.fetch(f"SELECT *, ROW({names})::text AS profile FROM ({groups}) g", *args)
            profiles = [row["profile"] for row in rows if cell in tally.cells(row, question.window)]
            if profiles:
                matched.append((tally, profiles))
    return CellFilter(question, matched)


def _groups_sql(question: Question, tally: Tally, args: list[Any]) -> str:
    columns = conditions.selected(tally.columns, question.window.part)
    group = ", ".join(str(n + 1) for n in range(len(columns)))
    where = _where(question, tally, args)
    selected = ", ".join([*columns, "count(*)::int AS n"])
    return f"SELECT {selected} FROM course c WHERE {where}{f' GROUP BY {group}' if columns else ''}"


def _profile_text(tally: Tally, window: Window) -> str:
    """Return the expression of a profile as text: how rows are told apart, null values included."""
    names = (window.part if name == "part" else name for name in tally.columns)
    return f"ROW({', '.join(f'c.{name}' for name in names)})::text"


def _where(question: Question, tally: Tally, args: list[Any]) -> str:
    return f"{conditions.held(question, args)} AND {_condition(tally, question.window, args)}"


def _condition(tally: Tally, window: Window, args: list[Any]) -> str:
    """Return the condition of a tally; its values are appended to `args`."""
    start, end = window.span(tally.span)
    found = [*conditions.between(tally.when, start, end, args), *conditions.counted_by(tally, args)]
    if start and tally.span is not Span.DAY and tally.when != "submitted_at":
        before, since = (conditions.value(moment, args, "timestamptz") for moment in (end, start))
        found.append(
            f"c.submitted_at < {before} AND c.submitted_at >= {since} - interval '{_LONGEST_COURSE}'"
        )
    return " AND ".join(found)
