"""Points 积分: which events of the ledger pay whom how much, as a table. Nothing else pays.

Never for a report, an opinion, support or a vote: what somebody says is not bought. Never below zero, and nobody is ranked.
Who holds a post of the community or of its grids earns in the circle of members, everybody else in that of residents.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from app.enums import SHANGHAI, ActivitySort


@dataclass(frozen=True, slots=True)
class Award:
    """What an event pays to each person it names, and the most that one person gets by it in a month."""

    label: str  # Chinese
    event: str
    sorts: frozenset[ActivitySort]
    amount: int
    month: int
    by_hour: bool = False  # for each hour that was confirmed, whole ones; without hours it does not apply


CONFIRMED: Final = "activity.confirmed"
S = ActivitySort
# The first that applies to an event pays. 民政部令 67: a volunteer's hours are those that a post has confirmed.
AWARDS: Final[Mapping[str, Award]] = {
    "volunteer": Award("志愿服务", CONFIRMED, frozenset({S.SERVICE, S.EVENT}), 5, 100, by_hour=True),
    "event": Award("参加活动", CONFIRMED, frozenset({S.EVENT}), 2, 20),
    "course": Award("参加课程", CONFIRMED, frozenset({S.COURSE}), 2, 20),
}
PAYING: Final = frozenset(award.event for award in AWARDS.values())
NOTICE_DAYS: Final = 60  # so long before points lapse their owner is told


def award_for(event: str, sort: str | None, hours: float | None) -> tuple[str, int] | None:
    """Return the rule by which an event of an activity of that sort pays, and how much to each person; None: nothing."""
    for rule, award in AWARDS.items():
        if award.event == event and sort in award.sorts and (hours or not award.by_hour):
            return rule, award.amount * int(hours or 0) if award.by_hour else award.amount
    return None


def month_of(at: datetime) -> tuple[datetime, datetime]:
    """Return the month in Shanghai around a moment, from its beginning to that of the next."""
    first = at.astimezone(SHANGHAI).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first, (first + timedelta(days=32)).replace(day=1)


def still_allowed(rule: str, amount: int, paid: int) -> int:
    """Return how much of an amount is left of somebody's month, in which `paid` has been paid by the same rule."""
    return max(0, min(amount, AWARDS[rule].month - paid))


def next_lapse(day: str, today: date) -> date:
    """Return the next time, today included, that it is a day of the year (03-31)."""
    month, number = (int(part) for part in day.split("-"))
    this_year = date(today.year, month, number)
    return this_year if this_year >= today else date(today.year + 1, month, number)


def year_end(year: int) -> datetime:
    """Return the moment at which a year ends in Shanghai."""
    return datetime(year + 1, 1, 1, tzinfo=SHANGHAI)


def section() -> Iterator[str]:
    """Yield the table as Markdown, for docs/lifecycle.md."""
    yield "### Points 积分\n"
    yield (
        "Paid by a job after the event, once to a person for one activity; never for reports, opinions, support or votes. "
        "Nobody is ranked, and no balance is below zero. Where an office has set a day (`PUT /settings/points`), what is left of a "
        f"year's points lapses on that day of the next; its owner is told {NOTICE_DAYS} days before.\n"
    )
    yield "| rule | 中文 | event | of | points | at most in a month |\n|---|---|---|---|---|---|"
    for rule, award in AWARDS.items():
        sorts = ", ".join(sorted(award.sorts))
        each = "for each confirmed hour" if award.by_hour else "each"
        yield f"| `{rule}` | {award.label} | `{award.event}` | {sorts} | {award.amount} {each} | {award.month} |"
    yield ""


def paid_event(event: Mapping[str, Any]) -> bool:
    """Tell whether an event, with the sort of its subject, pays anybody."""
    return (
        event["type"] in PAYING
        and award_for(event["type"], event["sort"], event["data"].get("hours")) is not None
    )
