"""Group robots: which events ring in whose group, what is said there, and how many messages a minute."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple, TypeVar

from app.enums import SHANGHAI


class Kind(StrEnum):
    """Why a robot rings; the most urgent first."""

    DANGER = "danger"
    OVERDUE = "overdue"
    NEW = "new"
    NEEDED = "needed"  # a subject of the common life needs somebody


class Group(StrEnum):
    """Whose group: by what its owner has to do with the ticket or subject."""

    HOLDER = (
        "holder"  # where nobody holds it yet, the next unit up; of a subject, the narrowest unit it concerns
    )
    NEXT = "next"  # the unit above that one
    OFFICE = "office"  # of a subject: its community, or the street where it has none
    ORGANISATION = "organisation"


# By the type of an event: why it rings, and where. Whatever is not here does not ring.
RINGS: Final[Mapping[str, tuple[Kind, tuple[Group, ...]]]] = {
    "ticket.submitted": (Kind.NEW, (Group.HOLDER,)),
    "ticket.appealed": (Kind.NEW, (Group.HOLDER,)),
    "ticket.reopened": (Kind.NEW, (Group.HOLDER,)),
    "ticket.reassigned": (Kind.NEW, (Group.HOLDER,)),
    "ticket.returned": (Kind.NEW, (Group.HOLDER,)),
    "ticket.handed_back": (Kind.NEW, (Group.HOLDER,)),
    "ticket.dispatched": (Kind.NEW, (Group.ORGANISATION,)),
    "ticket.escalated": (Kind.NEW, (Group.HOLDER,)),
    "ticket.overdue": (Kind.OVERDUE, (Group.HOLDER, Group.NEXT)),
}
# A danger that has just been reported rings one level up too.
_DANGER_GROUPS: Final = {"ticket.submitted": (Group.HOLDER, Group.NEXT)}


def ring(type_: str, data: Mapping[str, Any], *, danger: bool) -> tuple[Kind, tuple[Group, ...]] | None:
    """Return why an event rings and where, None where it does not. `data`: the event's."""
    if type_ not in RINGS:
        return None
    kind, groups = RINGS[type_]
    if type_ == "ticket.escalated" and data.get("clock"):  # by the timer: its limit has passed
        kind = Kind.OVERDUE
    return (Kind.DANGER, _DANGER_GROUPS.get(type_, groups)) if danger else (kind, groups)


class SubjectRing(NamedTuple):
    """A row of the next table: why, where, and what is said; titles are people's words, and are not."""

    kind: Kind
    groups: tuple[Group, ...]
    words: str


# Of subjects of the common life: only what needs somebody. `overdue` is no event, but that a subject's time is over.
SUBJECT_RINGS: Final[Mapping[str, SubjectRing]] = {
    "opinion.overdue": SubjectRing(Kind.OVERDUE, (Group.HOLDER, Group.NEXT), "意见还没有回应"),
    "project.overdue": SubjectRing(Kind.OVERDUE, (Group.HOLDER, Group.NEXT), "项目还没有完成"),
    "topic.carried": SubjectRing(Kind.NEEDED, (Group.OFFICE,), "议题附议人数已够，等待商议"),
}


def subject_words(subject: str, kind: Kind) -> str:
    """Return what a message of that kind says of a subject. Raises StopIteration for one that never rings."""
    return next(
        row.words
        for type_, row in SUBJECT_RINGS.items()
        if (type_.partition(".")[0], row.kind) == (subject, kind)
    )


A_MINUTE: Final = 20  # messages of a robot, WeCom's limit
FOR_DANGERS: Final = 5  # of them, kept free of anything else
MAX_LISTED: Final = 8  # tickets and subjects in one message; of the others, the number
MAX_AGE: Final = timedelta(hours=24)  # news of yesterday is no news

T = TypeVar("T")


def batches(waiting: Sequence[tuple[Kind, T]], sent: int) -> list[list[T]]:
    """Return what to send now, a message each: one a ticket as long as there is room, then all others in the last one.

    `sent`: the messages of the last minute. What is in no batch waits until there is room.
    """
    order = list(Kind)
    ordered = sorted(waiting, key=lambda one: order.index(one[0]))
    dangers = [one for kind, one in ordered if kind is Kind.DANGER]
    others = [one for kind, one in ordered if kind is not Kind.DANGER]
    result = _fitted(dangers, A_MINUTE - sent)
    return result + _fitted(others, A_MINUTE - FOR_DANGERS - sent - len(result))


def _fitted(items: Sequence[T], room: int) -> list[list[T]]:
    if room <= 0 or not items:
        return []
    if len(items) <= room:
        return [[item] for item in items]
    return [*([item] for item in items[: room - 1]), list(items[room - 1 :])]


_HEADS: Final = {
    Kind.DANGER: "【紧急】",
    Kind.OVERDUE: "【超时】",
    Kind.NEW: "【新工单】",
    Kind.NEEDED: "【待办】",
}


class Line(NamedTuple):
    """What a message says of one ticket or subject: codes and places, nothing that a resident wrote."""

    kind: Kind
    category: str  # of a subject: what it needs
    place: str | None
    due: datetime | None


def text(lines: Sequence[Line], link: str | None) -> str:
    """Return the text of a message: 【紧急】电梯困人，人和家园944号4单元，请在3月4日 09:55前处理."""
    said = [_line(line) for line in lines[:MAX_LISTED]]
    if len(lines) > MAX_LISTED:
        said.append(f"另有 {len(lines) - MAX_LISTED} 件")
    return "\n".join([*said, *([link] if link else [])])


def _line(line: Line) -> str:
    what = f"{_HEADS[line.kind]}{line.category}" + (f"，{line.place}" if line.place else "")
    if line.due is None:
        return what
    due = line.due.astimezone(SHANGHAI)
    when = f"{due.month}月{due.day}日 {due:%H:%M}"
    return f"{what}，期限{when}" if line.kind is Kind.OVERDUE else f"{what}，请在{when}前处理"


SEND_PATH: Final = "/cgi-bin/webhook/send"
_KEY: Final = re.compile(r"[0-9A-Za-z-]{16,64}", re.ASCII)


def key_of(url: str, base: str) -> str | None:
    """Return the key in a robot's address, None for any other address than WeCom (`base`) gives its robots."""
    prefix = f"{base.rstrip('/')}{SEND_PATH}?key="
    key = url.strip().removeprefix(prefix)
    return key if url.strip().startswith(prefix) and _KEY.fullmatch(key) else None
