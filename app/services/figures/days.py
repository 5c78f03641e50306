"""Days added up: what happened to the courses of a street or community on a day, once for each tally.

A figure of any `as_of` is the sum over the days before its day, and of what happened on that day itself.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from app import clock, db
from app.enums import SHANGHAI, Level
from app.rules.figures.registry import TALLIES
from app.rules.figures.tally import Tally
from app.services.figures import conditions
from app.services.figures.conditions import COLUMNS, Question, value

LEVELS: Final = (Level.STREET, Level.COMMUNITY)  # below them there are too few tickets to be worth it
_PARTS: Final = {Level.STREET: "community_id", Level.COMMUNITY: "grid_id"}
LOCK_KEY: Final = 7_205_762  # one process at a time folds, and adds up
_SETTLE: Final = timedelta(minutes=10)  # after midnight: no act of the day before is still being written
_AT_ONCE: Final = timedelta(days=7)  # added up by one statement, while nothing can be folded
_MOST_DAYS: Final = timedelta(days=2)  # not yet added up, before a figure rather reads all courses


Stretch = tuple[datetime, datetime]


def midnight(day: date) -> datetime:
    """Return the moment a day begins in Shanghai."""
    return datetime.combine(day, time(), SHANGHAI)


def day_of(moment: datetime) -> date:
    """Return the day of a moment in Shanghai."""
    return moment.astimezone(SHANGHAI).date()


async def add_up() -> bool:
    """Add up days that are over, for a tally that lacks them; tell whether there were any. For the worker, once all that
    happened has been folded.
    """
    end = day_of(clock.now() - _SETTLE)
    async with db.atomic() as fetch:
        await fetch("SELECT pg_advisory_xact_lock($1)", LOCK_KEY)
        known = {row["tally"]: row["counted_until"] for row in await fetch("SELECT * FROM day_fold")}
        behind = [key for key in TALLIES if known.get(key, date.min) < end]
        if not behind:
            return False
        day = known.get(behind[0]) or await _first_day(fetch) or end
        if day < end:
            args: list[Any] = []
            until = min(end, day + _AT_ONCE)
            await fetch(_add_sql(TALLIES[behind[0]], day, until, args), *args)
            day = until
        await fetch(_MOVE, behind[0], day)
    return True


async def _first_day(fetch: db.Fetch) -> date | None:
    (row,) = await fetch("SELECT min(valid_from) AS first FROM course")
    return day_of(row["first"]) if row["first"] else None


_MOVE: Final = """
INSERT INTO day_fold (tally, counted_until) VALUES ($1, $2)
ON CONFLICT (tally) DO UPDATE SET counted_until = excluded.counted_until
"""


def _add_sql(tally: Tally, first: date, until: date, args: list[Any]) -> str:
    """Return the statement that adds up days: first by community and grid, then for each level."""
    part = ["part"] if "part" in tally.columns else []
    columns = [name for name in tally.columns if name != "part"]
    selected = ["street_id", "community_id", *(["grid_id"] if part else []), *columns]
    keys = ", ".join(f"c.{name}" for name in selected)
    counts = [f"c.{tally.when} IS NOT NULL", *conditions.counted_by(tally, args)]
    stretch = midnight(first), midnight(until)
    dated = f"{_day_sql('{moment}')} AS changed_on, {_day_sql(f'c.{tally.when}')} AS counted_on"
    changes = " UNION ALL ".join(_changes(f"{keys}, {dated}", counts, stretch, args))
    known, names = (
        ", ".join([*selected, "changed_on", "counted_on"]),
        ", ".join(["changed_on", "counted_on", *columns, *part]),
    )
    levels = " UNION ALL ".join(
        f"SELECT {COLUMNS[level]} AS of_id, {', '.join(['changed_on', 'counted_on', *columns, *([f'{_PARTS[level]} AS part'] if part else [])])}, n "
        f"FROM changed WHERE {COLUMNS[level]} IS NOT NULL"
        for level in LEVELS
    )
    key = value(tally.key, args, "bigint")
    return f"""
    WITH changed AS MATERIALIZED (SELECT {known}, sum(n) AS n FROM ({changes}) c GROUP BY {known} HAVING sum(n) <> 0),
    summed AS (SELECT of_id, {names}, sum(n) AS n FROM ({levels}) level GROUP BY of_id, {names} HAVING sum(n) <> 0)
    INSERT INTO day_count (of_id, tally, number, {names}, n)
    SELECT of_id, {key}, row_number() OVER (), {names}, n FROM summed
    """


def _day_sql(moment: str) -> str:
    return f"({moment} AT TIME ZONE 'Asia/Shanghai')::date"


def _changes(selected: str, where: Iterable[str], stretch: Stretch, args: list[Any]) -> list[str]:
    """Return the statements of courses that began to hold in a stretch of time, and of those that ceased to; `{moment}` of
    what is selected is when they did.
    """
    start, end = stretch
    return [
        f"SELECT {selected.format(moment=f'c.{column}')}, {sign} AS n FROM {_within(column, start, end, args)} "
        f"WHERE {' AND '.join(where)}"
        for column, sign in (("valid_from", 1), ("valid_until", -1))
    ]


def _within(column: str, start: datetime, end: datetime, args: list[Any]) -> str:
    """Return the courses with a time in [start, end). OFFSET 0: PostgreSQL would rather read all courses of the place."""
    return f"(SELECT * FROM course c WHERE {' AND '.join(conditions.between(column, start, end, args))} OFFSET 0) c"


async def counted_until(question: Question, fetch: db.Fetch) -> date | None:
    """Return up to which day the question's tallies can be read from the days; None: not at all, or too few of them."""
    if question.level not in LEVELS:
        return None
    keys = {tally.key for tally in question.figure.tallies}
    rows = await fetch("SELECT counted_until FROM day_fold WHERE tally = ANY ($1::bigint[])", list(keys))
    asked = day_of(question.window.as_of)
    until = min([asked, *(row["counted_until"] for row in rows)])
    return until if len(rows) == len(keys) and asked - until <= _MOST_DAYS else None


def groups_sql(question: Question, tally: Tally, until: date, args: list[Any]) -> str:
    """Return the statement that sums up a tally's profiles: days before `until`, and courses for what happened since."""
    window, names = question.window, ", ".join(tally.columns)
    start, end = window.span(tally.span)
    whole = midnight(day_of(end))  # a limit of the last day may have passed or not
    selected = ", ".join(conditions.selected(tally.columns, window.part) or ["1"])
    parts = [_days_sql(question, tally, (start, whole), until, args)]
    counts = [conditions.of_place(question, args), *conditions.counted_by(tally, args)]
    before = whole if tally.is_due else end
    counted = [*conditions.between(tally.when, start, before, args), *counts]
    parts += _changes(selected, counted, (midnight(until), window.as_of), args)
    if tally.is_due and whole < end:
        due, where = _within(tally.when, whole, end, args), [conditions.held(question, args), *counts]
        parts.append(f"SELECT {selected}, 1 AS n FROM {due} WHERE {' AND '.join(where)}")
    summed = f"SELECT {names or '1'}, sum(n)::int AS n FROM ({' UNION ALL '.join(parts)}) part"
    return f"{summed} GROUP BY {names or '1'} HAVING sum(n) <> 0"


def _days_sql(
    question: Question, tally: Tally, span: tuple[datetime | None, datetime], until: date, args: list[Any]
) -> str:
    start, end = span
    where = [
        f"of_id = {value(question.place_id, args, 'uuid')}",
        f"tally = {value(tally.key, args, 'bigint')}",
        f"changed_on < {value(until, args, 'date')}",
        f"counted_on < {value(day_of(end), args, 'date')}",
        *([f"counted_on >= {value(day_of(start), args, 'date')}"] if start else []),
    ]
    return f"SELECT {', '.join(tally.columns) or '1'}, n FROM day_count WHERE {' AND '.join(where)}"


async def final_before(fetch: db.Fetch) -> datetime | None:
    """Return the moment before which courses are final, as they have been added up; None when none have."""
    (row,) = await fetch("SELECT max(counted_until) AS day FROM day_fold")
    return midnight(row["day"]) if row["day"] else None


async def reopen(fetch: db.Fetch, since: datetime) -> None:
    """Forget the days from a moment on: what happened then was not all there is to it."""
    day = day_of(since)
    if await fetch(
        "UPDATE day_fold SET counted_until = $1 WHERE counted_until > $1 RETURNING counted_until", day
    ):
        await fetch("DELETE FROM day_count WHERE changed_on >= $1", day)
