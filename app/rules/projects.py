"""Projects 项目: what was decided is done by somebody until a day, and residents are told what became of it."""

from typing import Final

from app.enums import SubjectKind
from app.rules.moves import SAME_STATUS, move
from app.rules.subjects import HEADS, OFFICES, STAFF, Audience, Life, table

_OPEN: Final = {"planned", "doing"}
_TOLD: Final = frozenset({Audience.SOURCES})

LIFE: Final = Life(
    kind=SubjectKind.PROJECT,
    statuses={
        "planned": "待实施",
        "doing": "实施中",
        "done": "已完成",
        "reviewed": "已评议",
        "cancelled": "已取消",
    },
    ended=frozenset({"done", "reviewed", "cancelled"}),
    creators=HEADS,
    moves=table(
        move("start", "开始实施", {"planned"}, "doing", HEADS, "started"),
        move("report", "通报进展", _OPEN, SAME_STATUS, STAFF, "reported", "TextPhotosIn"),
        move("postpone", "延期", _OPEN, SAME_STATUS, OFFICES, "postponed", "PostponeIn"),
        move("finish", "完成", _OPEN, "done", HEADS, "finished", "TextPhotosIn"),
        move("review", "评议", {"done"}, "reviewed", OFFICES, "reviewed", "TextIn"),
        move("cancel", "取消", _OPEN, "cancelled", OFFICES, "cancelled", "TextIn"),
    ),
    events={
        "raised": "立项",
        "started": "开始实施",
        "reported": "进展",
        "postponed": "延期",
        "finished": "完成",
        "reviewed": "评议",
        "cancelled": "取消",
    },
    audiences={
        "raised": frozenset({Audience.OFFICE}),
        **dict.fromkeys(("started", "reported", "postponed", "finished", "reviewed", "cancelled"), _TOLD),
    },
)
