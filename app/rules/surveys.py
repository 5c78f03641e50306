"""Surveys and votes 征询: households are asked, once each, until a moment; whoever has answered is kept apart from what.

The end is a fact of the clock when it is read: nothing has to run for it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final, NamedTuple

from app.enums import SubjectKind, SurveyMissing
from app.rules.moves import SAME_STATUS, move
from app.rules.subjects import OFFICES, Audience, Condition, Life, Parts, Subject, SubjectPart, table
from app.rules.votes import by_area

_OPEN: Final = {"open"}
_CLOSED: Final = {"closed", "replied"}
_ASKED: Final = frozenset({Audience.ASKED})
_ANSWERED: Final = frozenset({Audience.ANSWERED})


def status_at(survey: Subject, now: datetime) -> str:
    """Return the status of a survey at a moment: one that is open is closed from its end on."""
    is_over = survey["status"] == "open" and survey["ends_at"] <= now
    return "closed" if is_over else str(survey["status"])


def _has_no_topic(survey: Subject, _: Parts, __: datetime) -> bool:
    return survey["outcome_id"] is None


LIFE: Final = Life(
    kind=SubjectKind.SURVEY,
    statuses={
        "draft": "未发布",
        "open": "进行中",
        "closed": "已截止",
        "replied": "已回应",
        "cancelled": "已取消",
    },
    ended=frozenset({"closed", "replied", "cancelled"}),
    creators=OFFICES,
    open_to_all=True,
    status_at=status_at,
    moves=table(
        move("open", "发布", {"draft"}, "open", OFFICES, "opened", "OpenSurveyIn"),
        move("edit", "修改", {"draft"}, SAME_STATUS, OFFICES, "edited", "EditSurveyIn"),
        move("paper", "录入纸质票", _OPEN, SAME_STATUS, OFFICES, "paper", "PaperIn"),
        move("close", "提前截止", _OPEN, "closed", OFFICES, "closed", "TextIn"),
        move("cancel", "取消", {"draft", "open"}, "cancelled", OFFICES, "cancelled", "TextIn"),
        move("reply", "回应", {"closed"}, "replied", OFFICES | {SubjectPart.COMPANY}, "replied", "TextIn"),
        move("to_topic", "转议题", _CLOSED, SAME_STATUS, OFFICES, "to_topic", "SurveyTopicIn"),
        move("repeat", "再问一次", _CLOSED, SAME_STATUS, OFFICES, "repeated", "RepeatSurveyIn"),
    ),
    sentences={
        ("edit", status): "征询已经发布，题目、规则和范围不能再改；要改请取消后新建"
        for status in ("open", "closed", "replied")
    },
    conditions={"to_topic": (Condition(_has_no_topic, "已经转为议题"),)},
    events={
        "raised": "新建征询",
        "edited": "修改草稿",
        "opened": "开始征询",
        "paper": "录入纸质票",
        "closed": "提前截止",
        "cancelled": "取消",
        "replied": "回应",
        "to_topic": "转为议题",
        "repeated": "再次征询",
    },
    audiences={
        "opened": _ASKED | {Audience.COMPANY},
        "closed": _ASKED,
        "cancelled": _ASKED,
        "replied": _ANSWERED,
        "to_topic": _ANSWERED,
    },
)


class Obstacle(NamedTuple):
    """Why a household cannot answer now, and what would have to be known for it to answer."""

    hinders: Callable[[Subject, Parts], bool]
    sentence: str
    missing: SurveyMissing | None = None


# In the order in which one is told.
_OBSTACLES: Final = (
    Obstacle(lambda survey, _: survey["status"] == "draft", "征询还没有开始"),
    Obstacle(lambda survey, _: survey["status"] == "cancelled", "征询已经取消"),
    Obstacle(lambda survey, _: survey["answered_by_me"], "您已经交过了，每户只算一份"),
    Obstacle(lambda survey, _: survey["status"] != "open", "征询已经截止，没有计入"),
    Obstacle(
        lambda _, parts: SubjectPart.RESIDENT not in parts,
        "您登记的住处不在这次征询的范围内，不能填写；搬了家请先改“我的”里的住处",
        SurveyMissing.HOME,
    ),
    Obstacle(
        lambda survey, _: survey["household_id"] is None,
        "请先在“我的”里填写门牌号，每户只能填一份",
        SurveyMissing.ROOM,
    ),
    Obstacle(lambda survey, _: survey["answered_by_household"], "您家已经有人交过了，每户只算一份"),
    Obstacle(
        lambda survey, _: by_area(survey["rule"]) and survey["household_area"] is None,
        "您家的建筑面积还没有登记，请联系社区登记后再投",
        SurveyMissing.AREA,
    ),
)


def obstacle(survey: Subject, parts: Parts) -> Obstacle | None:
    """Return why the caller's household cannot answer now, None if it can."""
    return next((each for each in _OBSTACLES if each.hinders(survey, parts)), None)
