"""Reading a figure: its window, its counts, its rows with a link to the tickets behind each number."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from app import clock, db, words
from app.enums import SHANGHAI, ColumnKind, Level
from app.errors import Invalid, NotFound
from app.models.figure import (
    ColumnOut,
    ExcludedOut,
    FigureOut,
    FigurePlaceOut,
    FigureQuery,
    FigureRef,
    PeriodQuery,
    RowOut,
)
from app.rules.access import Actor
from app.rules.figures import composite
from app.rules.figures.composite import Weights
from app.rules.figures.rates import RATES
from app.rules.figures.registry import FIGURES
from app.rules.figures.table import Figure, Names, Row
from app.rules.figures.tally import EXCLUDED, Counts, Window
from app.services import setup
from app.services.figures import counting, folding, scope
from app.services.figures.conditions import COLUMNS, Question
from app.services.figures.counting import CellFilter
from app.services.figures.scope import FigurePlace
from app.services.figures.weights import weights_at
from app.services.setup import today

LISTS: Final = "/api/v1/tickets"
_DEFAULT_DAYS: Final = timedelta(days=29)
_LONGEST_PERIOD: Final = timedelta(days=731)
_YEARS: Final = range(2000, 2101)  # others are typing errors
_BELOW: Final = {Level.STREET: Level.COMMUNITY, Level.COMMUNITY: Level.GRID}
_SEPARATOR: Final = "~"
_OPENED: Final = {
    composite.KEY: "resolution"
}  # a row that counts no tickets of its own opens those of another


def list_figures() -> list[FigureRef]:
    """Return what figures there are."""
    return [
        FigureRef(name=one.name, title=words.say(one.title), definition=words.say(one.definition))
        for one in FIGURES.values()
    ]


async def read_figure(actor: Actor, name: str, query: FigureQuery) -> FigureOut:
    """Return a figure. Raises NotFound for an unknown name or a place outside one's scope, Invalid for a bad period."""
    figure = _find(name)
    place = await scope.figure_place(actor, query.place_id)
    return await compute(figure, place, *period(query, query.as_of))


def _find(name: str) -> Figure:
    if name not in FIGURES:
        raise NotFound(f"没有这项统计，可用的有：{words.join(FIGURES, '、')}")
    return FIGURES[name]


def period(query: PeriodQuery, as_of: datetime | None = None) -> tuple[date, date, datetime]:
    """Return first day, last day and the moment whose knowledge is asked for: now by default. Raises Invalid."""
    now = clock.now()
    last = query.until or max(today(), query.since or today())
    first = query.since or last - _DEFAULT_DAYS
    as_of = as_of or now
    for pointer, year in (("/from", first.year), ("/to", last.year), ("/as_of", as_of.year)):
        if year not in _YEARS:
            raise Invalid.at(pointer, "年份要在 2000 到 2100 之间")
    if first > last:
        raise Invalid.at("/from", "开始日期不能晚于结束日期")
    if last - first > _LONGEST_PERIOD:
        raise Invalid.at("/from", "一次最多统计两年，请分几次")
    if as_of > now:
        raise Invalid.at("/as_of", "统计时刻不能晚于现在")
    return first, last, as_of


def _question(figure: Figure, place: FigurePlace, first: date, last: date, as_of: datetime) -> Question:
    below = _BELOW.get(place.level)
    window = Window(
        _midnight(first),
        _midnight(last + timedelta(days=1)),
        as_of,
        COLUMNS[below] if below else COLUMNS[place.level],
    )
    return Question(figure, place.id, place.level, window)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


async def compute(figure: Figure, place: FigurePlace, first: date, last: date, as_of: datetime) -> FigureOut:
    """Return a figure of a place, the same for the same `as_of` whenever it is asked for."""
    await folding.require_current()
    question = _question(figure, place, first, last, as_of)
    counts = await counting.count(question)
    rows = figure.rows(counts, question.window, await _names(counts, place))
    weights = await weights_at(place, as_of) if figure is RATES else {}
    address = _Address(question, first, last)
    return FigureOut(
        name=figure.name,
        title=figure.title,
        definition=figure.definition + (composite.definition(weights) if weights else ""),
        place=FigurePlaceOut(id=place.id, label=place.label),
        since=first,
        until=last,
        as_of=as_of,
        columns=[ColumnOut(key=one.key, title=one.title, kind=one.kind) for one in figure.columns],
        rows=[_row(figure, row, address) for row in [*rows, *_composite(rows, weights)]],
        excluded=list(_excluded(figure, counts, address)),
    )


async def compute_figure(name: str, place_id: UUID, first: date, last: date, as_of: datetime) -> FigureOut:
    """Return a figure by its name, for what is not a person's request. Raises NotFound."""
    return await compute(_find(name), (await scope.find_place(place_id)).place, first, last, as_of)


class _Address:
    """The addresses of the lists behind a figure's cells."""

    def __init__(self, question: Question, first: date, last: date) -> None:
        as_of = question.window.as_of.isoformat()
        self._tail = (str(question.place_id), first.isoformat(), last.isoformat(), as_of)
        self._name = question.figure.name

    def of(self, row: str, column: str) -> str:
        cell = _SEPARATOR.join((self._name, row, column, *self._tail))
        return f"{LISTS}?{urlencode({'box': 'all', 'cell': cell})}"


def _row(figure: Figure, row: Row, address: _Address) -> RowOut:
    counts = [column.key for column in figure.columns if column.kind is ColumnKind.COUNT]
    main = figure.drawn if figure.drawn in counts else "of" if "of" in counts else counts[0]
    return RowOut(
        key=row.key,
        label=row.label,
        cells=dict(row.cells),
        link=address.of(_OPENED.get(row.key, row.key), main),
        links={column: address.of(row.key, column) for column in counts if row.cells[column]},
    )


def _composite(rows: Sequence[Row], weights: Weights) -> list[Row]:
    return [composite.composite_row(list(rows), weights)] if weights else []


def _excluded(figure: Figure, counts: Counts, address: _Address) -> Iterable[ExcludedOut]:
    for reason, label in figure.reasons.items():
        if counted := counts[EXCLUDED, reason]:
            yield ExcludedOut(reason=reason, label=label, count=counted, link=address.of(EXCLUDED, reason))


async def cell_filter(cell: str) -> CellFilter:
    """Return the filter of a list by a figure's cell, as its links name it. Raises Invalid for anything else."""
    try:
        name, row, column, place_id, first, last, as_of = cell.split(_SEPARATOR)
        query = FigureQuery.model_validate({"place_id": place_id, "from": first, "to": last, "as_of": as_of})
        place = (await scope.find_place(UUID(place_id))).place
        question = _question(FIGURES[name], place, *period(query, query.as_of))
    except (KeyError, ValueError, NotFound):
        raise Invalid.at("/cell", "统计表里没有这一格，请从统计页重新打开") from None
    await folding.require_current()
    return await counting.cell_filter(question, (row, column))


async def _names(counts: Counts, place: FigurePlace) -> Names:
    """Return the names of the places, units, organisations and categories that counts are about."""
    catalogue = await setup.current_catalogue()
    keys = {text.removeprefix("in ") for cell in counts for text in map(str, cell)}
    ids = [UUID(key) for key in keys if len(key) == len(str(place.id))]
    rows = await db.fetch(_NAMES, ids)
    below = _BELOW.get(place.level)
    parts = [
        unit
        for unit in catalogue.units.values()
        if place.id in unit.path and unit.level is below and not unit.ended
    ]
    names: dict[str, Any] = {str(row["id"]): row["name"] for row in rows}
    names |= {str(unit.id): unit.label for unit in parts}
    names |= {code: category.zh for code, category in catalogue.categories.items()}
    return Names(names, [str(unit.id) for unit in parts])


_NAMES: Final = """
SELECT id, label AS name FROM place WHERE id = ANY ($1::uuid[])
UNION ALL SELECT id, name FROM organisation WHERE id = ANY ($1::uuid[])
"""
