"""Relationships 结对与协议: two sides agree, either ends it. A household that somebody looks after is never left without a task.

The end of an agreement is a fact of the clock when it is read: nothing has to run for it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from app.enums import ActivitySort, CareNeed, RelationshipSort, SideRole, SubjectKind
from app.rules.activities import CADENCE_DAYS
from app.rules.moves import SAME_STATUS, move
from app.rules.subjects import HEADS, Audience, Condition, Life, Parts, Subject, SubjectPart, table

# Which sides each kind has: first who asks to be in it, then the other.
SIDES: Final[Mapping[RelationshipSort, tuple[SideRole, SideRole]]] = {
    RelationshipSort.PAIRING: (SideRole.HELPER, SideRole.HOUSEHOLD),
    RelationshipSort.MEMBER: (SideRole.MEMBER, SideRole.GROUP),
    RelationshipSort.PARTNER: (SideRole.PARTNER, SideRole.COMMUNITY),
    RelationshipSort.VOLUNTEER: (SideRole.VOLUNTEER, SideRole.COMMUNITY),
}
# Sides for which the office writes down what they said: a household without a phone, the community itself.
BY_OFFICE: Final = frozenset({SideRole.HOUSEHOLD, SideRole.COMMUNITY})
# 探访关爱 (Inner Mongolia, 2022): somebody looks in within a day after a sudden change.
SUDDEN_HOURS: Final = 24
MISSED_TIMES: Final = 2  # the office is told once this many visits in a row have not come

P = SubjectPart
_SIDES: Final = frozenset({P.SIDE, P.HELPER})
_OPEN: Final = {"proposed", "active", "vacant"}
_PAIRED: Final = {"active", "vacant"}
READS_REASON: Final = frozenset({P.HELPER, P.HEAD, P.COMMUNITY})


def status_at(relationship: Subject, now: datetime) -> str:
    """Return the status at a moment: an agreement that has an end is over from then on."""
    ends_at = relationship["ends_at"]
    is_over = relationship["status"] != "ended" and ends_at is not None and ends_at <= now
    return "ended" if is_over else str(relationship["status"])


def days_between(need: CareNeed) -> int:
    """Return how many days after one visit the next is due."""
    return CADENCE_DAYS[ActivitySort.CARE][need]


def to_answer(relationship: Subject, parts: Parts) -> list[str]:
    """Return the ids of the sides that have not agreed yet and that the caller may answer for."""
    own = {side["id"] for side in relationship["own_sides"]}
    for_office = not HEADS.isdisjoint(parts)
    return [
        side["id"]
        for side in relationship["sides"]
        if side["left_at"] is None
        and side["agreed_at"] is None
        and (side["id"] in own or (for_office and side["role"] in BY_OFFICE))
    ]


def offers(relationship: Subject, parts: Parts) -> bool:
    """Tell whether the caller was asked to look after the household and has not agreed yet."""
    return any(
        side["role"] == SideRole.HELPER and side["agreed_at"] is None for side in relationship["own_sides"]
    ) and HEADS.isdisjoint(parts)


def is_pairing(relationship: Subject, *_: Any) -> bool:
    """Tell whether somebody looks after a household."""
    return bool(relationship["sort"] == RelationshipSort.PAIRING)


_OF_PAIRINGS: Final = (Condition(is_pairing, "只有结对帮扶可以这样做"),)

LIFE: Final = Life(
    kind=SubjectKind.RELATIONSHIP,
    statuses={"proposed": "待同意", "active": "生效中", "vacant": "待接手", "ended": "已终止"},
    ended=frozenset({"ended"}),
    creators=HEADS | _SIDES,
    insiders=HEADS | _SIDES,
    sided=True,
    public=False,
    status_at=status_at,
    moves=table(
        move("agree", "同意", _OPEN, SAME_STATUS, HEADS | _SIDES, "agreed"),
        move("end", "终止", _OPEN, "ended", HEADS | _SIDES, "ended", "EndIn"),
        move("hand_over", "移交", _PAIRED, SAME_STATUS, HEADS | {P.HELPER}, "handed_over", "HandOverIn"),
        move("admit", "确认住户", _OPEN, SAME_STATUS, HEADS, "admitted", "AdmitIn"),
        move("assess", "调整探访频次", _PAIRED, SAME_STATUS, HEADS, "assessed", "AssessIn"),
        move("call", "发起走访", _PAIRED, SAME_STATUS, HEADS, "called", "CallIn"),
    ),
    conditions={
        "agree": (Condition(lambda one, parts, _: bool(to_answer(one, parts)), "没有需要您同意的"),),
        **dict.fromkeys(("hand_over", "admit", "assess", "call"), _OF_PAIRINGS),
    },
    events={
        "raised": "提出",
        "agreed": "同意",
        "declined": "没有接手",
        "vacated": "帮扶人离开，待接手",
        "handed_over": "移交",
        "admitted": "确认住户",
        "assessed": "调整探访频次",
        "called": "发起走访",
        "visited": "已走访",
        "ended": "终止",
    },
    audiences={
        "raised": frozenset({Audience.SIDES}),
        "agreed": frozenset({Audience.SIDES}),
        "declined": frozenset({Audience.OFFICE}),
        "vacated": frozenset({Audience.OFFICE}),
        "handed_over": frozenset({Audience.SIDES}),
        "admitted": frozenset({Audience.SIDES}),
        "called": frozenset({Audience.HELPER}),
        "ended": frozenset({Audience.SIDES, Audience.OFFICE}),
    },
)
