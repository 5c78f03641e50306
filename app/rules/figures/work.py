"""What is to be done: the backlog by age and whose turn it is, what is due today, what comes again, the funnel."""

from collections.abc import Iterable
from typing import Final

from app.enums import SHANGHAI, Outcome, Status, Verdict
from app.rules.figures.course import TURNS
from app.rules.figures.table import TOTAL, TOTAL_LABEL, Column, Figure, Names, Row, counted, keys_of
from app.rules.figures.tally import Cell, Counts, Profile, Span, Tally, Window
from app.rules.statuses import UNRESOLVED

_OPEN: Final = {"status": tuple(sorted(UNRESOLVED))}
_ALL: Final = Column("n", "工单")

# Ages in days, up to and including.
_AGES: Final = (
    (1, "一天以内"),
    (3, "三天以内"),
    (7, "一周以内"),
    (14, "两周以内"),
    (30, "一个月以内"),
    (99_999, "一个月以上"),
)
_TURN_NAMES: Final = dict(
    zip(TURNS, ("待分派", "网格", "社区", "街道", "承办单位", "等报告人答复"), strict=True)
)
_BACKLOG: Final = (_ALL, *(Column(turn, _TURN_NAMES[turn]) for turn in TURNS))


def _backlog_cells(profile: Profile, window: Window) -> Iterable[Cell]:
    days = (window.as_of.astimezone(SHANGHAI).date() - profile["submitted_on"]).days
    age = next(f"age{limit}" for limit, _ in _AGES if days <= limit)
    for key in (age, TOTAL):
        yield key, "n"
        yield key, profile["turn"]


def _backlog_rows(counts: Counts, _: Window, __: Names) -> list[Row]:
    ages = [(f"age{limit}", label) for limit, label in _AGES]
    return [Row(key, label, counted(counts, key, _BACKLOG)) for key, label in (*ages, (TOTAL, TOTAL_LABEL))]


BACKLOG: Final = Figure(
    "backlog",
    "在办工单",
    "截至统计时刻还没有办结的工单，按上报至今的天数和轮到谁办分列；与所选期间无关。",
    _BACKLOG,
    (Tally("submitted_at", ("submitted_on", "turn"), _backlog_cells, Span.PAST, _OPEN),),
    _backlog_rows,
    drawn="n",
)

_DUE: Final = {
    "accept": "今天到受理期限，还没有受理",
    "resolve": "今天到办结期限，还没有办结",
    "late": "已经过了办结期限，还没有办结",
}


def _cell(row: str, column: str = "n") -> Iterable[Cell]:
    return ((row, column),)


def _due_rows(counts: Counts, _: Window, __: Names) -> list[Row]:
    return [Row(key, label, counted(counts, key, (_ALL,))) for key, label in _DUE.items()]


DUE: Final = Figure(
    "due",
    "今天到期",
    "统计时刻当天到期的受理和办结期限，以及此前已过期仍未办结的；与所选期间无关。",
    (_ALL,),
    (
        Tally("accept_due", (), lambda *_: _cell("accept"), Span.DAY, {"status": (Status.NEW,)}),
        Tally("resolve_due", (), lambda *_: _cell("resolve"), Span.DAY, _OPEN),
        Tally("resolve_due", (), lambda *_: _cell("late"), Span.PAST, _OPEN),
    ),
    _due_rows,
    drawn="n",
)


def _repeat_cells(profile: Profile, _: Window) -> Iterable[Cell]:
    yield str(profile["place_id"]), "n"
    yield TOTAL, "n"


def _repeat_rows(counts: Counts, _: Window, names: Names) -> list[Row]:
    rows = [
        Row(key, names.of.get(key, "已撤销的地点"), counted(counts, key, (_ALL,))) for key in keys_of(counts)
    ]
    rows.sort(key=lambda row: (-counts[row.key, "n"], row.label))
    return [*rows, Row(TOTAL, TOTAL_LABEL, counted(counts, TOTAL, (_ALL,)))]


REPEAT: Final = Figure(
    "repeat",
    "同一处又报",
    "期间内上报、而同一单元同一类别在此前 30 天内有工单结案的；只按地点，不按人。",
    (_ALL,),
    (Tally("submitted_at", ("place_id",), _repeat_cells, repeats=True),),
    _repeat_rows,
    drawn="n",
)

_FOUND: Final = {"origin": ("staff",), "channel": ("patrol", "visit"), "outcome": (Outcome.FIXED,)}


def _by_category(profile: Profile, _: Window) -> Iterable[Cell]:
    yield profile["category"], "n"
    yield TOTAL, "n"


def _category_rows(counts: Counts, _: Window, names: Names) -> list[Row]:
    keys = sorted(keys_of(counts), key=lambda key: (-counts[key, "n"], key))
    rows = [Row(key, names.of.get(key, key), counted(counts, key, (_ALL,))) for key in keys]
    return [*rows, Row(TOTAL, TOTAL_LABEL, counted(counts, TOTAL, (_ALL,)))]


UNREPORTED: Final = Figure(
    "unreported",
    "未诉先办",
    "期间内办结为“已修好”、由工作人员巡查或走访时自己发现的隐患；只计件数，不算比例。",
    (_ALL,),
    (Tally("resolved_at", ("category",), _by_category, only=_FOUND),),
    _category_rows,
    drawn="n",
)

_STAGES: Final = {
    "received": "收到",
    "contacted": "已有人联系或受理",
    "resolved": "已办结",
    "answered": "报告人已答复",
    "solved": "报告人认为已解决",
}


def _stage_cells(profile: Profile, _: Window) -> Iterable[Cell]:
    verdict, withdrawn = profile["verdict"], profile["outcome"] == Outcome.WITHDRAWN
    reached = {
        "received": True,
        "contacted": profile["contacted_in_time"] is not None and not withdrawn,
        "resolved": profile["outcome"] is not None and not withdrawn,
        "answered": verdict is not None and verdict != Verdict.SILENT,
        "solved": verdict == Verdict.SOLVED,
    }
    return [(stage, "n") for stage, true in reached.items() if true]


def _stage_rows(counts: Counts, _: Window, __: Names) -> list[Row]:
    return [Row(key, label, counted(counts, key, (_ALL,))) for key, label in _STAGES.items()]


FUNNEL: Final = Figure(
    "funnel",
    "办理进程",
    "期间内上报的工单，到统计时刻走到了哪一步。",
    (_ALL,),
    (Tally("submitted_at", ("contacted_in_time", "outcome", "verdict"), _stage_cells),),
    _stage_rows,
    drawn="n",
)
