"""How well it was done: the three rates (三率) with what is left out of each, and what came back."""

from collections.abc import Iterable
from typing import Final

from app.enums import ColumnKind, Origin, Outcome, Status, Verdict
from app.rules.figures.table import Column, Figure, Names, Row, Value, share
from app.rules.figures.tally import EXCLUDED, Cell, Counts, Profile, Tally, Window

SATISFIED_FROM: Final = 4  # of five
ANSWERS: Final = (Verdict.SOLVED, Verdict.PARTLY, Verdict.NOT_SOLVED)
_REJECTIONS: Final = ("not_ours", "no_fault", "illegal_request")
REASONS: Final = {
    "merged": "响应率不含：已并案",
    "withdrawn": "响应率不含：到期前撤回",
    **{
        f"reject_{code}": f"解决率不含：不予受理（{name}）"
        for code, name in zip(_REJECTIONS, ("不属于本辖区", "现场无故障", "诉求不合法"), strict=True)
    },
    "listed": "解决率不含：已挂账",
    "silent": "解决率不含：报告人没有答复",
    "staff": "满意率不含：工作人员上报",
    "unrated": "满意率不含：没有打分",
}
_ROWS: Final = {
    "response": "响应率",
    "resolution": "解决率",
    "satisfaction": "满意率",
    "reopened": "重新办理",
    "handed_back": "承办单位退回",
}


def _response(profile: Profile, _: Window) -> Iterable[Cell]:
    in_time = profile["contacted_in_time"]
    if profile["status"] == Status.MERGED:
        return [(EXCLUDED, "merged")]
    if profile["outcome"] == Outcome.WITHDRAWN and in_time is None:
        return [(EXCLUDED, "withdrawn")]
    return [("response", "of")] + [("response", "yes")] * (in_time is True)


def _answer(profile: Profile, _: Window) -> Iterable[Cell]:
    """Count an answer for 解决率 and 满意率."""
    verdict = profile["verdict"]
    if profile["outcome"] == Outcome.LISTED:
        yield EXCLUDED, "listed"
    elif verdict == Verdict.SILENT:
        yield EXCLUDED, "silent"
    else:
        yield "resolution", "of"
        if verdict != Verdict.NOT_SOLVED:
            yield "resolution", "yes" if verdict == Verdict.SOLVED else "half"
    if profile["origin"] == Origin.STAFF:
        yield EXCLUDED, "staff"
    elif profile["rating"] is None:
        yield EXCLUDED, "unrated"
    else:
        yield "satisfaction", "of"
        if profile["rating"] >= SATISFIED_FROM:
            yield "satisfaction", "yes"


def _rejected(profile: Profile, _: Window) -> Iterable[Cell]:
    return [(EXCLUDED, f"reject_{profile['reject_reason']}")]


def _closed(profile: Profile, _: Window) -> Iterable[Cell]:
    return [("reopened", "of")] + [("reopened", "yes")] * profile["reopened"]


def _dispatched(profile: Profile, _: Window) -> Iterable[Cell]:
    return [("handed_back", "of")] + [("handed_back", "yes")] * bool(profile["handed_back_by"])


def _rows(counts: Counts, _: Window, __: Names) -> list[Row]:
    return [Row(key, label, _cells(counts, key)) for key, label in _ROWS.items()]


def _cells(counts: Counts, key: str) -> dict[str, Value]:
    yes, half, of = (counts[key, column] for column in ("yes", "half", "of"))
    halves = half if key == "resolution" else None
    return {"yes": yes, "half": halves, "of": of, "share": share(yes + half / 2, of)}


RATES: Final = Figure(
    "rates",
    "三率",
    "响应率：受理期限在期间内到期的，到期前有人处理的占多少。解决率：报告人在期间内答复的，已解决（部分解决算一半）占多少。"
    "满意率：期间内打分的，4 分以上占多少。没有答复不算满意，也不算解决。",
    (
        Column("yes", "达到"),
        Column("half", "部分解决"),
        Column("of", "总数"),
        Column("share", "占比", ColumnKind.SHARE),
    ),
    (
        Tally("accept_due", ("contacted_in_time", "status", "outcome"), _response),
        Tally("answered_at", ("verdict", "outcome", "origin", "rating"), _answer),
        Tally("ended_at", ("reject_reason",), _rejected, only={"reject_reason": _REJECTIONS}),
        Tally("ended_at", ("reopened",), _closed, only={"status": (Status.CLOSED,)}),
        Tally("dispatched_at", ("handed_back_by",), _dispatched),
    ),
    _rows,
    drawn="share",
    reasons=REASONS,
)
