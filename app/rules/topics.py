"""Topics 议题: 居民提、大家议、一起定、共同做. What residents support comes on the table; what is decided becomes projects."""

from typing import Final

from app.enums import SubjectKind
from app.rules.moves import SAME_STATUS, move
from app.rules.subjects import OFFICES, STAFF, Audience, Condition, Life, Subject, SubjectPart, table

THRESHOLD: Final = (
    10  # supporters that bring a topic on the table, unless the office says otherwise for this one
)

_RAISED: Final = {"raised"}
_GOING_ON: Final = {"set", "discussing", "decided", "doing"}
_ALL: Final = frozenset({Audience.AUTHOR, Audience.SPEAKER, Audience.SUPPORTERS, Audience.SOURCES})

LIFE: Final = Life(
    kind=SubjectKind.TOPIC,
    statuses={
        "raised": "征集附议",
        "set": "已列入议程",
        "discussing": "正在商议",
        "decided": "已议定",
        "doing": "正在落实",
        "done": "已落实",
        "reviewed": "已评议",
        "declined": "未列入",
    },
    ended=frozenset({"reviewed", "declined"}),
    creators=STAFF | {SubjectPart.RESIDENT},
    moves=table(
        move("release", "公开征集附议", _RAISED, SAME_STATUS, OFFICES, "released", "ReleaseTopicIn"),
        move(
            "support",
            "附议",
            _RAISED | _GOING_ON,
            SAME_STATUS,
            {SubjectPart.RESIDENT},
            "supported",
            "NothingIn",
            versioned=False,
        ),
        move(
            "withdraw_support",
            "取消附议",
            _RAISED,
            SAME_STATUS,
            {SubjectPart.RESIDENT},
            "support_withdrawn",
            "NothingIn",
            versioned=False,
        ),
        move("set", "列入议程", _RAISED, "set", OFFICES, "set"),
        move("decline", "不列入", _RAISED | {"set"}, "declined", OFFICES, "declined", "TextIn"),
        move("discuss", "开始商议", {"set"}, "discussing", OFFICES, "discussing"),
        move("decide", "形成决议", {"set", "discussing"}, "decided", OFFICES, "decided", "TextIn"),
        move("do", "开始落实", {"decided"}, "doing", OFFICES, "doing"),
        move("finish", "落实完成", {"decided", "doing"}, "done", OFFICES, "done", "TextIn"),
        move("review", "评议", {"done"}, "reviewed", OFFICES, "reviewed", "TextIn"),
    ),
    conditions={
        "release": (Condition(lambda topic, *_: not topic["released"], "已经公开征集附议"),),
        "support": (
            Condition(lambda topic, *_: topic["released"], "还没有公开征集附议"),
            Condition(lambda topic, *_: not topic["supports"], "您已经附议过了"),
        ),
        "withdraw_support": (Condition(lambda topic, *_: topic["supports"], "您没有附议"),),
    },
    events={
        "raised": "提出议题",
        "released": "公开征集附议",
        "supported": "附议",
        "support_withdrawn": "取消附议",
        "carried": "附议人数已够，列入议程",
        "set": "列入议程",
        "declined": "不列入议程",
        "discussing": "开始商议",
        "decided": "形成决议",
        "doing": "开始落实",
        "done": "落实完成",
        "reviewed": "评议",
    },
    audiences={
        "raised": frozenset({Audience.OFFICE}),
        "carried": _ALL | {Audience.OFFICE},
        **dict.fromkeys(("set", "declined", "discussing", "decided", "doing", "done", "reviewed"), _ALL),
    },
)


def is_carried(topic: Subject, supporters: int) -> bool:
    """Tell whether so many supporters bring a raised topic on the table."""
    return bool(topic["status"] == "raised" and supporters >= topic["threshold"])
