"""The columns of an export: how each is headed, and what it has of a ticket as the caller may see it.

What the program says is in the language of the request, as in the list that is exported.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app import words
from app.enums import SHANGHAI, Outcome, Verdict
from app.errors import Invalid
from app.labels import ORIGIN, OUTCOME, VERDICT
from app.rules import retention
from app.services.tickets import TicketView

Cell = str | int | None
Fields = dict[str, Any]  # a ticket as it is serialized for the caller


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its Chinese head, and its cell."""

    head: str
    cell: Callable[[Fields, TicketView], Cell]


def _field(name: str) -> Callable[[Fields, TicketView], Cell]:
    return lambda fields, _: fields.get(name)


def _of(name: str, part: str) -> Callable[[Fields, TicketView], Cell]:
    return lambda fields, _: (fields.get(name) or {}).get(part)


def _time(name: str) -> Callable[[Fields, TicketView], Cell]:
    return lambda fields, _: shanghai(fields.get(name) or fields["sla"].get(name))


def _community(fields: Fields, _: TicketView) -> Cell:
    path = (fields["place"] or {}).get("path", ())
    return path[1] if len(path) > 1 else None


def shanghai(moment: datetime | None) -> str | None:
    """Return a moment as people of the office read it."""
    return moment.astimezone(SHANGHAI).isoformat(" ", "minutes")[:16] if moment else None


COLUMNS: Final[dict[str, Column]] = {
    "no": Column("编号", _field("no")),
    "created_at": Column("上报时间", _time("created_at")),
    "status": Column("状态", _field("status_name")),
    "category": Column("类别", _of("category", "name")),
    "community": Column("社区", _community),
    "place": Column("地点", _of("place", "label")),
    "place_note": Column("具体位置", _field("place_note")),
    "description": Column("内容", _field("description")),
    "origin": Column("来源", lambda fields, _: words.say(ORIGIN[fields["origin"]])),
    "reporter": Column("报告人", _of("reporter", "name")),
    "phone": Column("电话", _of("reporter", "phone_masked")),
    "holder": Column("办理单位", _of("holder", "label")),
    "organisation": Column("承办单位", _of("organisation", "name")),
    "accept_due": Column("受理期限", _time("accept_due")),
    "accepted_at": Column("受理时间", _time("accepted_at")),
    "resolve_due": Column("办结期限", _time("resolve_due")),
    "resolved_at": Column("办结时间", _time("resolved_at")),
    "ended_at": Column("结案时间", lambda _, view: shanghai(retention.ended_at(view.ticket))),
    "overdue": Column("是否超期", lambda fields, _: words.say("是" if fields["sla"]["overdue"] else "否")),
    "outcome": Column("办理结果", lambda f, _: f["outcome"] and words.say(OUTCOME[Outcome(f["outcome"])])),
    "resolution": Column("办理说明", _of("resolution", "text")),
    "verdict": Column("报告人评价", lambda f, _: f["verdict"] and words.say(VERDICT[Verdict(f["verdict"])])),
    "rating": Column("评分", _field("rating")),
    "followers": Column("关注人数", _field("followers")),
    "urged": Column("催办次数", lambda fields, _: fields["sla"]["urged"]),
}


def require_columns(names: Sequence[str]) -> list[Column]:
    """Return the columns of these names, all if there are none. Raises Invalid for a name that is no column's."""
    unknown = [name for name in names if name not in COLUMNS]
    if unknown:
        raise Invalid.at("/columns", f"没有这一列：{unknown[0][:40]}")
    return [COLUMNS[name] for name in dict.fromkeys(names or COLUMNS)]
