"""Opinions 意见: what somebody said or wants, and its fate. None is left without one for longer than its office allows."""

from typing import Final

from app.enums import SubjectKind
from app.rules.moves import move
from app.rules.subjects import HEADS, STAFF, Audience, Life, SubjectPart, table

OPINION_DAYS: Final = 30  # until an opinion without a fate is listed as overdue and its office is told, where no office says otherwise

_OPEN: Final = {"open"}
_TOLD: Final = frozenset({Audience.AUTHOR, Audience.SPEAKER})

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
    ended=frozenset({"answered", "ticket", "topic", "project", "noted", "withdrawn"}),
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
    ),
    events={
        "raised": "提出意见",
        "answered": "答复",
        "to_ticket": "转为工单",
        "to_topic": "转为议题",
        "to_project": "转为项目",
        "noted": "记录在案",
        "withdrawn": "撤回",
    },
    audiences={
        "raised": frozenset({Audience.OFFICE}),
        **dict.fromkeys(("answered", "to_ticket", "to_topic", "to_project", "noted"), _TOLD),
    },
)
