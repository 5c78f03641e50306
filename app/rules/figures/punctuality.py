"""How fast it was done: time to the first contact and to the end, on time by unit, and by organisation."""

from collections.abc import Callable, Iterable
from typing import Final

from app.enums import ColumnKind, Outcome, Status
from app.rules.figures.table import (
    TOTAL,
    TOTAL_LABEL,
    Column,
    Figure,
    Names,
    Row,
    Value,
    counted,
    keys_of,
    share,
)
from app.rules.figures.tally import EXCLUDED, Cell, Counts, Profile, Tally, Window

_ALL: Final = Column("n", "工单")
_TIMES: Final = (
    _ALL,
    Column("median", "中位数", ColumnKind.MINUTES),
    Column("p90", "九成不超过", ColumnKind.MINUTES),
)


def _time_cells(column: str) -> Callable[[Profile, Window], Iterable[Cell]]:
    def cells(profile: Profile, _: Window) -> Iterable[Cell]:
        for key in (profile["category"], TOTAL):
            yield key, "n"
            yield key, profile[column]

    return cells


def percentile(values: dict[int, int], percent: int) -> int | None:
    """Return the smallest value that so many percent of all do not exceed; `values` are counts by value."""
    rank = -(-sum(values.values()) * percent // 100)
    seen = 0
    for value, count in sorted(values.items()):
        seen += count
        if seen >= rank:
            return value
    return None


def _time_rows(counts: Counts, _: Window, names: Names) -> list[Row]:
    spread: dict[str, dict[int, int]] = {}
    for (key, column), count in counts.items():
        if isinstance(column, int):
            spread.setdefault(key, {})[column] = count

    def row(key: str, label: str) -> Row:
        values = spread.get(key, {})
        times: dict[str, Value] = {"median": percentile(values, 50), "p90": percentile(values, 90)}
        return Row(key, label, counted(counts, key, _TIMES) | times)

    keys = sorted(keys_of(counts), key=lambda key: (-counts[key, "n"], key))
    return [*(row(key, names.of.get(key, key)) for key in keys), row(TOTAL, TOTAL_LABEL)]


CONTACT_TIME: Final = Figure(
    "contact_time",
    "首次联系用时",
    "期间内第一次有人处理的工单，从上报到那时用了多少分钟，按该类别的计时方式（全天或工作时间）。",
    _TIMES,
    (Tally("contacted_at", ("category", "contact_minutes"), _time_cells("contact_minutes")),),
    _time_rows,
    drawn="median",
)
SOLVE_TIME: Final = Figure(
    "solve_time",
    "办结用时",
    "期间内办结的工单，从上报到办结用了多少分钟，挂起不计，按该类别的计时方式（全天或工作时间）。",
    _TIMES,
    (Tally("resolved_at", ("category", "solve_minutes"), _time_cells("solve_minutes")),),
    _time_rows,
    drawn="median",
)

_ON_TIME: Final = (Column("yes", "按时办结"), Column("of", "到期"), Column("share", "占比", ColumnKind.SHARE))
NO_PART: Final = "none"
_LEFT_OUT: Final = {
    "merged": "已并案",
    "withdrawn": "报告人撤回",
    "rejected": "不予受理",
    "listed": "已挂账",
}


def _left_out(profile: Profile) -> str | None:
    """Return why a limit is not counted, None if it is."""
    if profile["status"] in {Status.MERGED, Status.REJECTED}:
        return str(profile["status"])
    outcome = profile["outcome"]
    return str(outcome) if outcome in {Outcome.LISTED, Outcome.WITHDRAWN} else None


def _on_time_cells(profile: Profile, _: Window) -> Iterable[Cell]:
    if reason := _left_out(profile):
        yield EXCLUDED, reason
        return
    for key in (str(profile["part"] or NO_PART), TOTAL):
        yield key, "of"
        if profile["resolved_in_time"]:
            yield key, "yes"


def _on_time_rows(counts: Counts, _: Window, names: Names) -> list[Row]:
    def row(key: str, label: str) -> Row:
        cells = counted(counts, key, _ON_TIME)
        return Row(key, label, cells | {"share": share(counts[key, "yes"], counts[key, "of"])})

    others = [key for key in keys_of(counts) if key not in names.parts]
    rows = [row(key, names.of[key]) for key in names.parts]
    rows += [row(key, names.of.get(key, "没有分到下一级")) for key in others]
    return [*rows, row(TOTAL, TOTAL_LABEL)]


ON_TIME: Final = Figure(
    "on_time",
    "按时办结",
    "办结期限在期间内到期的工单，到期前办结的占多少；按下一级单位列出，次序固定，不排名。",
    _ON_TIME,
    (Tally("resolve_due", ("part", "status", "outcome", "resolved_in_time"), _on_time_cells),),
    _on_time_rows,
    drawn="share",
    reasons=_LEFT_OUT,
)

_COMPANIES: Final = (
    Column("dispatched", "派遣"),
    Column("resolved", "办结"),
    Column("in_time", "按时办结"),
    Column("reopened", "重新办理"),
    Column("handed_back", "退回"),
)


def _company_cells(profile: Profile, _: Window) -> Iterable[Cell]:
    for organisation in profile["dispatched_to"]:
        yield str(organisation), "dispatched"
        if profile["reopened"]:
            yield str(organisation), "reopened"
    for organisation in profile["handed_back_by"]:
        yield str(organisation), "handed_back"
    if profile["organisation_id"] and profile["resolved_in_time"] is not None:
        yield str(profile["organisation_id"]), "resolved"
        if profile["resolved_in_time"]:
            yield str(profile["organisation_id"]), "in_time"


def _company_rows(counts: Counts, _: Window, names: Names) -> list[Row]:
    rows = [
        Row(key, names.of.get(key, "已撤销的单位"), counted(counts, key, _COMPANIES))
        for key in keys_of(counts)
    ]
    return sorted(rows, key=lambda row: row.label)


ORGANISATIONS: Final = Figure(
    "organisations",
    "承办单位",
    "最近一次派遣在期间内的工单，按派给过的单位计数；按时，指在工单的办结期限以内。",
    _COMPANIES,
    (
        Tally(
            "dispatched_at",
            ("dispatched_to", "handed_back_by", "organisation_id", "resolved_in_time", "reopened"),
            _company_cells,
        ),
    ),
    _company_rows,
    drawn="dispatched",
)
