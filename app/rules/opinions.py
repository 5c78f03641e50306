"""Opinions 意见: what somebody said or wants, and its fate. None is left without one for longer than its office allows."""

from typing import Final, Literal

from app.enums import Level, SubjectKind
from app.rules.moves import SAME_STATUS, move
from app.rules.subjects import HEADS, STAFF, Audience, Condition, Life, Subject, SubjectPart, table

OPINION_DAYS: Final = 30  # until an opinion without a fate is listed as overdue and its office is told, where no office says otherwise

_OPEN: Final = {"open"}
FATES: Final = frozenset({"answered", "ticket", "topic", "project", "noted"})
_TOLD: Final = frozenset({Audience.AUTHOR, Audience.SPEAKER, Audience.TELLER})


def told_by(opinion: Subject) -> Literal["notice", "call", "visit"] | None:
    """Return how whoever said it learns of its fate: by the program, or from staff by telephone or at their door.

    None: nobody knows who it was. The list of what is still to be told has the same rule (`services.subjects.lists`).
    """
    if opinion["person_id"] is not None or opinion["post_id"] is None:
        return "notice"
    if opinion["contact_sealed"] is not None:
        return "call"
    return "visit" if opinion["place_level"] == Level.ROOM else None


LIFE: Final = Life(
    kind=SubjectKind.OPINION,
    statuses={
        "open": "待回应",
        "answered": "已答复",
        "ticket": "已转工单",
        "topic": "已转议题",
        "project": "已转项目",
        "noted": "已记录",
        "withdrawn": "已撤回",
    },
    ended=FATES | {"withdrawn"},
    creators=STAFF | {SubjectPart.RESIDENT},
    public=False,
    moves=table(
        move("answer", "答复", _OPEN, "answered", HEADS, "answered", "TextIn"),
        move("to_ticket", "转工单", _OPEN, "ticket", STAFF, "to_ticket", "ToTicketIn"),
        move("to_topic", "转议题", _OPEN, "topic", HEADS, "to_topic", "ToTopicIn"),
        move("to_project", "转项目", _OPEN, "project", HEADS, "to_project", "ToProjectIn"),
        move("note", "记录在案", _OPEN, "noted", HEADS, "noted", "TextIn"),
        move(
            "withdraw",
            "撤回",
            _OPEN,
            "withdrawn",
            {SubjectPart.AUTHOR, SubjectPart.SPEAKER},
            "withdrawn",
        ),
        move("tell", "已告知本人", FATES, SAME_STATUS, STAFF, "told"),
    ),
    conditions={
        "tell": (
            Condition(lambda opinion, *_: told_by(opinion) != "notice", "说的人会收到通知，不用另外告知"),
            Condition(lambda opinion, *_: told_by(opinion) is not None, "没有记下是谁说的，无法告知"),
            Condition(lambda opinion, *_: opinion["told_at"] is None, "已经告知过了"),
        ),
    },
    events={
        "raised": "提出意见",
        "answered": "答复",
        "to_ticket": "转为工单",
        "to_topic": "转为议题",
        "to_project": "转为项目",
        "noted": "记录在案",
        "withdrawn": "撤回",
        "told": "已告知本人",
    },
    audiences={
        "raised": frozenset({Audience.OFFICE}),
        **dict.fromkeys(("answered", "to_ticket", "to_topic", "to_project", "noted"), _TOLD),
    },
)
