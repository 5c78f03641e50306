"""Activities 活动: what happens at a time and place; who signed up, waits, came and was confirmed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from app.enums import ActivitySort, CareNeed, SubjectKind
from app.rules.moves import SAME_STATUS, move
from app.rules.subjects import HEADS, STAFF, Audience, Condition, Life, Parts, Subject, SubjectPart, table

RECORDED_DAYS: Final = 90  # so long after an activity it can still be written down

# How many days after one visit the next is due, by how much somebody needs it. 探访关爱 (Inner Mongolia, 2022): weekly for
# those of 80 and more who live alone and for high risk, monthly for key, quarterly for others.
_EVERYBODY: Final = dict.fromkeys(CareNeed, 90)
CADENCE_DAYS: Final[Mapping[ActivitySort, Mapping[CareNeed, int]]] = {
    ActivitySort.VISIT: _EVERYBODY,
    ActivitySort.CARE: _EVERYBODY | {CareNeed.HIGH: 7, CareNeed.KEY: 30},
}

_BEFORE: Final = {"published"}
_TOLD: Final = frozenset({Audience.ATTENDEES})


def _is_not_over(activity: Subject, _: Parts, now: datetime) -> bool:
    return activity["ends_at"] is None or now < activity["ends_at"]


LIFE: Final = Life(
    kind=SubjectKind.ACTIVITY,
    statuses={
        "draft": "未发布",
        "published": "报名中",
        "started": "进行中",
        "closed": "已结束",
        "cancelled": "已取消",
    },
    ended=frozenset({"closed", "cancelled"}),
    creators=STAFF | {SubjectPart.HELPER},
    moves=table(
        move("publish", "发布", {"draft"}, "published", STAFF, "published"),
        move(
            "reschedule", "改时间", {"draft", "published"}, SAME_STATUS, STAFF, "rescheduled", "RescheduleIn"
        ),
        move("cancel", "取消", {"draft", "published"}, "cancelled", STAFF, "cancelled", "TextIn"),
        move(
            "sign_up",
            "报名",
            _BEFORE,
            SAME_STATUS,
            {SubjectPart.RESIDENT},
            "signed_up",
            "SignUpIn",
            versioned=False,
        ),
        move(
            "cancel_sign_up",
            "取消报名",
            _BEFORE,
            SAME_STATUS,
            {SubjectPart.RESIDENT},
            "sign_up_cancelled",
            "SignUpIn",
            versioned=False,
        ),
        move("start", "开始", _BEFORE, "started", STAFF, "started"),
        move("check_in", "签到", {"started", "closed"}, SAME_STATUS, STAFF, "checked_in", "PeopleIn"),
        move("close", "结束", {"started"}, "closed", STAFF, "closed", "CloseIn"),
        move("confirm", "确认参加", {"closed"}, SAME_STATUS, HEADS, "confirmed", "ConfirmPeopleIn"),
        move("minutes", "写纪要", {"started", "closed"}, SAME_STATUS, STAFF, "minutes", "TextPhotosIn"),
    ),
    conditions={
        "sign_up": (
            Condition(lambda activity, *_: not activity["attends"], "您已经报过名了"),
            Condition(_is_not_over, "活动时间已经过了，不能再报名"),
        ),
        "cancel_sign_up": (Condition(lambda activity, *_: activity["attends"], "您没有报名"),),
        "publish": (Condition(_is_not_over, "活动时间已经过了，请先改时间"),),
    },
    events={
        "raised": "新建活动",
        "published": "发布",
        "rescheduled": "改时间",
        "cancelled": "取消",
        "signed_up": "报名",
        "sign_up_cancelled": "取消报名",
        "moved_up": "有人取消，候补已递补",
        "started": "开始",
        "checked_in": "签到",
        "closed": "结束",
        "confirmed": "确认参加",
        "minutes": "纪要",
    },
    audiences={
        **dict.fromkeys(("rescheduled", "cancelled"), _TOLD),
        "moved_up": frozenset({Audience.MOVED_UP}),
    },
)
