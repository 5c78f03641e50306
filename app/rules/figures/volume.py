"""How much there is: received, categories against the period before, weekday and hour, estates and buildings."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from app.enums import SHANGHAI, ColumnKind, Origin
from app.rules.figures.table import (
    TOTAL,
    TOTAL_LABEL,
    Column,
    Drawing,
    Figure,
    Names,
    Row,
    counted,
    keys_of,
)
from app.rules.figures.tally import Cell, Counts, Profile, Span, Tally, Window

_ORIGINS: Final = {
    Origin.RESIDENT: "居民上报",
    Origin.STAFF: "工作人员上报",
    Origin.PARTNER: "承办单位上报",
    Origin.OPEN311: "其他系统",
}
_ALL: Final = Column("n", "工单")
_RECEIVED: Final = (_ALL, *(Column(origin, title) for origin, title in _ORIGINS.items()))
# A row of `received` is a day, a week or a month, so that there are never too many: (longest period, format).
_WEEK: Final = timedelta(days=7)
_DAYS, _WEEKS = timedelta(days=35), timedelta(days=190)


def _bucket(day: date, window: Window) -> str:
    length = window.until - window.since
    if length <= _DAYS:
        return day.isoformat()
    if length <= _WEEKS:
        return (day - timedelta(days=day.weekday())).isoformat()
    return f"{day:%Y-%m}"


def _received_cells(profile: Profile, window: Window) -> Iterable[Cell]:
    row = _bucket(profile["submitted_on"], window)
    for key in (row, TOTAL):
        yield key, "n"
        yield key, profile["origin"]


def _received_rows(counts: Counts, window: Window, _: Names) -> list[Row]:
    start, end = window.span(Span.PERIOD)
    assert start
    day, last = (
        start.astimezone(SHANGHAI).date(),
        (end - timedelta(microseconds=1)).astimezone(SHANGHAI).date(),
    )
    keys: dict[str, None] = {}
    while day <= last:
        keys[_bucket(day, window)] = None
        day += timedelta(days=1)
    rows = [Row(key, _bucket_label(key, window), counted(counts, key, _RECEIVED)) for key in keys]
    return [*rows, Row(TOTAL, TOTAL_LABEL, counted(counts, TOTAL, _RECEIVED))]


def _bucket_label(key: str, window: Window) -> str:
    weekly = _DAYS < window.until - window.since <= _WEEKS
    return f"{key} 起一周" if weekly else key


RECEIVED: Final = Figure(
    "received",
    "收到的工单",
    "上报时间在所选期间内的全部工单，按来源分列。",
    _RECEIVED,
    (Tally("submitted_at", ("submitted_on", "origin"), _received_cells),),
    _received_rows,
    drawn="n",
)


def _now_cells(profile: Profile, _: Window) -> Iterable[Cell]:
    yield profile["category"], "n"
    yield TOTAL, "n"


def _before_cells(profile: Profile, _: Window) -> Iterable[Cell]:
    yield profile["category"], "before"
    yield TOTAL, "before"


_CATEGORIES: Final = (_ALL, Column("before", "上一期"), Column("change", "增减", ColumnKind.CHANGE))


def _category_rows(counts: Counts, _: Window, names: Names) -> list[Row]:
    def row(key: str, label: str) -> Row:
        cells = counted(counts, key, _CATEGORIES)
        return Row(key, label, cells | {"change": counts[key, "n"] - counts[key, "before"]})

    keys = sorted(keys_of(counts), key=lambda key: (-counts[key, "n"], -counts[key, "before"], key))
    return [*(row(key, names.of.get(key, key)) for key in keys), row(TOTAL, TOTAL_LABEL)]


CATEGORIES: Final = Figure(
    "categories",
    "问题类别",
    "期间内上报的工单按现在的类别计数，与前一个同样长的期间相比。",
    _CATEGORIES,
    (
        Tally("submitted_at", ("category",), _now_cells),
        Tally("submitted_at", ("category",), _before_cells, Span.BEFORE),
    ),
    _category_rows,
    drawn="n",
)

_WEEKDAYS: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_HOURS: Final = (_ALL, *(Column(f"h{hour:02}", f"{hour}时") for hour in range(24)))


def _hour_cells(profile: Profile, _: Window) -> Iterable[Cell]:
    row = f"d{profile['submitted_on'].weekday()}"
    yield row, "n"
    yield row, f"h{profile['submitted_hour']:02}"


def _hour_rows(counts: Counts, _: Window, __: Names) -> list[Row]:
    return [Row(f"d{n}", label, counted(counts, f"d{n}", _HOURS)) for n, label in enumerate(_WEEKDAYS)]


HOURS: Final = Figure(
    "hours",
    "上报时段",
    "期间内上报的工单按星期和钟点计数。",
    _HOURS,
    (Tally("submitted_at", ("submitted_on", "submitted_hour"), _hour_cells),),
    _hour_rows,
    drawing=Drawing.GRID,
)

_HEAT: Final = (Column("estate", "小区", ColumnKind.TEXT), _ALL, Column("open", "未办结"))
NO_BUILDING: Final = "elsewhere"
_UNRESOLVED: Final = frozenset({"new", "accepted", "dispatched", "waiting"})


def _heat_cells(profile: Profile, _: Window) -> Iterable[Cell]:
    key = str(profile["building_id"] or profile["estate_id"] or NO_BUILDING)
    yield key, "n"
    if profile["status"] in _UNRESOLVED:
        yield key, "open"
    if profile["building_id"]:  # no ticket is listed by it: it says which estate the row belongs to
        yield key, f"in {profile['estate_id']}"


def _heat_rows(counts: Counts, _: Window, names: Names) -> list[Row]:
    estates = {row: str(column)[3:] for row, column in counts if str(column).startswith("in ")}

    def row(key: str) -> Row:
        label = "没有定位到楼栋" if key == NO_BUILDING else names.of.get(key, "已撤销的地点")
        estate = names.of.get(estates.get(key, key), "") if key != NO_BUILDING else ""
        return Row(key, label, {"estate": estate, **counted(counts, key, _HEAT)})

    rows = [row(key) for key in keys_of(counts)]
    return sorted(rows, key=lambda row: (row.key == NO_BUILDING, str(row.cells["estate"]), row.label))


HEAT: Final = Figure(
    "heat",
    "小区与楼栋",
    "期间内上报的工单按所在楼栋计数；没有定位到楼栋的另列。",
    _HEAT,
    (Tally("submitted_at", ("estate_id", "building_id", "status"), _heat_cells),),
    _heat_rows,
    drawn="n",
)
