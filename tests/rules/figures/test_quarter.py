"""The three rates of a small quarter, as recomputed by hand in quarter_expected.csv; and what a fold of events knows."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from app.rules.figures.course import history
from app.rules.figures.rates import RATES
from app.rules.figures.table import Names
from app.rules.figures.tally import EXCLUDED, History, Window, count_courses
from tests.course_events import AROUND, event, moment

HERE: Final = Path(__file__).parent
OUTCOMES: Final = {"已修好": "fixed", "部分解决": "partial", "已挂账": "listed"}
VERDICTS: Final = {"已解决": "solved", "部分解决": "partly", "没有答复": "silent"}


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((HERE / name).read_text("utf-8").splitlines()))


def events(line: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the events that a line of the quarter tells of."""
    origin = "staff" if line["来源"] == "工作人员" else "resident"
    due = moment(line["受理期限"]).isoformat()
    yield event(
        "submitted", moment(line["上报"]), "reporter", category="stair_light", origin=origin, accept_due=due
    )
    answered = moment(line["答复时间"]) if line["答复时间"] else None
    if line["结果"] == "已撤回":
        assert answered
        yield event("withdrawn", answered, "reporter")
    if not line["首次处理"]:
        return
    contact = moment(line["首次处理"])
    if line["结果"] == "已并案":
        yield event("merged", contact, "head")
    elif line["结果"].startswith("不予受理"):
        yield event("rejected", contact, "head", reason="not_ours")
    else:
        yield event("accepted", contact, "head")
        yield event("resolved", contact + timedelta(hours=1), "head", outcome=OUTCOMES[line["结果"]])
    if answered and line["答复"] == "没有解决":
        yield event("reopened", answered, "reporter")
    elif answered:
        rating = int(line["评分"]) if line["评分"] else None
        yield event("confirmed", answered, "reporter", verdict=VERDICTS[line["答复"]], rating=rating)


def folded(line: dict[str, str]) -> History:
    return list(history(events(line), AROUND))


def test_the_three_rates_are_those_recomputed_by_hand() -> None:
    window = Window(moment("2026-04-01 00:00"), moment("2026-07-01 00:00"), moment("2026-07-10 00:00"))
    counts = count_courses(RATES.tallies, [folded(line) for line in table("quarter.csv")], window)
    rows = {row.label: row.cells for row in RATES.rows(counts, window, Names({}))}
    found = {
        label: [str(cells[key]) if cells[key] is not None else "" for key in ("yes", "half", "of", "share")]
        for label, cells in rows.items()
        if label.endswith("率")
    }
    found |= {
        label: [str(counts[EXCLUDED, reason]), "", "", ""]
        for reason, label in RATES.reasons.items()
        if counts[EXCLUDED, reason]
    }
    expected = {
        line["项目"]: [line["达到"], line["部分解决"], line["总数"], line["占比"]]
        for line in table("quarter_expected.csv")
    }
    assert found == expected


def test_what_was_not_known_yet_is_not_counted() -> None:
    window = Window(moment("2026-04-01 00:00"), moment("2026-07-01 00:00"), moment("2026-04-02 09:20"))
    histories = [folded(line) for line in table("quarter.csv")[:1]]
    assert count_courses(RATES.tallies, histories, window)["response", "of"] == 0  # due at half past
