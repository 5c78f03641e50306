"""Disputes 调解事项: sealed by construction. Only the parties, its mediators and who heads the studio see one; others see counts.

人民调解法 23: mediation is voluntary, and either party may end it. 28 and 30: an agreement is written or by mouth, and by mouth it
is recorded. 33: within 30 days of its taking effect both parties together may apply to the court to confirm it.
"""

from datetime import date, timedelta
from typing import Any, Final

from app.enums import SubjectKind
from app.rules.moves import SAME_STATUS, move
from app.rules.subjects import Audience, Condition, Life, Parts, Subject, SubjectPart, table

COURT_DAYS: Final = 30  # 人民调解法 33
COURT_REMINDER_DAYS: Final = 8  # before the last of them

P = SubjectPart
_OFFICE: Final = frozenset({P.MEDIATOR, P.STUDIO})
INSIDERS: Final = _OFFICE | {P.PARTY}
_OPEN: Final = {"asked", "agreed_to", "in_session"}
_SETTLED: Final = {"settled", "performed", "breached"}
_TOLD: Final = frozenset({Audience.SIDES})


def last_day_for_court(effective_on: date) -> date:
    """Return the last day on which both parties may apply; the day itself on which it takes effect is not counted."""
    return effective_on + timedelta(days=COURT_DAYS)


def reminder_day(last_day: date) -> date:
    """Return the day on which both are reminded of it."""
    return last_day - timedelta(days=COURT_REMINDER_DAYS)


def sides(dispute: Subject, role: str) -> list[dict[str, Any]]:
    """Return those of a role who have not left."""
    return [side for side in dispute["sides"] if side["role"] == role and side["left_at"] is None]


def to_answer(dispute: Subject, parts: Parts) -> list[str]:
    """Return the ids of the parties for whom the caller may say yes: themselves, or those without an account who told them."""
    own = {side["id"] for side in dispute["own_sides"]}
    heard = not _OFFICE.isdisjoint(parts)
    return [
        side["id"]
        for side in sides(dispute, "party")
        if side["agreed_at"] is None and (side["id"] in own or (heard and side["person_id"] is None))
    ]


def _no_party(_: Subject, parts: Parts, __: Any) -> bool:
    return P.PARTY not in parts


_NEUTRAL: Final = Condition(_no_party, "您是当事人，请由工作室的其他人办理")

LIFE: Final = Life(
    kind=SubjectKind.DISPUTE,
    statuses={
        "asked": "待各方同意",
        "agreed_to": "已同意调解",
        "in_session": "调解中",
        "settled": "已达成协议",
        "failed": "未达成协议",
        "withdrawn": "已终止调解",
        "performed": "协议已履行",
        "breached": "协议未履行",
        "closed": "已归档",
    },
    ended=frozenset({"closed"}),
    creators=frozenset({P.PARTY, P.STUDIO}),
    insiders=INSIDERS,
    sided=True,
    public=False,
    moves=table(
        move("agree", "同意调解", {"asked"}, "agreed_to", INSIDERS, "agreed"),
        move("withdraw", "终止调解", _OPEN, "withdrawn", {P.PARTY}, "withdrawn", "EndIn"),
        move(
            "add_party", "添加当事人", {"asked", "agreed_to"}, "asked", _OFFICE, "party_added", "PartyActIn"
        ),
        move("assign", "指定调解员", _OPEN, SAME_STATUS, {P.STUDIO}, "assigned", "AssignIn"),
        move("recuse", "回避", _OPEN, SAME_STATUS, _OFFICE, "recused", "RecuseIn"),
        move("start", "开始调解", {"agreed_to"}, "in_session", {P.MEDIATOR}, "started"),
        move("record", "记录", {"in_session"}, SAME_STATUS, {P.MEDIATOR}, "recorded", "TextIn"),
        move("settle", "达成协议", {"in_session"}, "settled", {P.MEDIATOR}, "settled", "SettleDisputeIn"),
        move("fail", "未达成协议", {"in_session"}, "failed", {P.MEDIATOR}, "failed", "TextIn"),
        move("apply", "已申请司法确认", {"settled"}, SAME_STATUS, {P.PARTY, P.MEDIATOR}, "applied"),
        move("perform", "已履行", {"settled", "breached"}, "performed", _OFFICE, "performed", "EndIn"),
        move("breach", "未履行", {"settled"}, "breached", {P.PARTY, P.MEDIATOR}, "breached", "TextIn"),
        move("visit", "回访", _SETTLED, SAME_STATUS, _OFFICE, "visited", "TextIn"),
        move("file", "归档", {"performed", "breached", "failed", "withdrawn"}, "closed", _OFFICE, "closed"),
    ),
    conditions={
        **dict.fromkeys(
            (
                "add_party",
                "assign",
                "recuse",
                "start",
                "record",
                "settle",
                "fail",
                "visit",
                "perform",
                "file",
            ),
            (_NEUTRAL,),
        ),
        "agree": (Condition(lambda one, parts, _: bool(to_answer(one, parts)), "没有需要您同意的"),),
        "apply": (Condition(lambda one, *_: one["ends_at"] is not None, "已经记过申请司法确认"),),
    },
    events={
        "raised": "申请调解",
        "agreed": "同意调解",
        "withdrawn": "终止调解",
        "party_added": "添加当事人",
        "assigned": "指定调解员",
        "recused": "调解员回避",
        "started": "开始调解",
        "recorded": "调解记录",
        "settled": "达成协议",
        "failed": "未达成协议",
        "applied": "已申请司法确认",
        "performed": "协议已履行",
        "breached": "协议未履行",
        "visited": "回访",
        "closed": "归档",
    },
    audiences={
        **dict.fromkeys(("raised", "agreed", "withdrawn", "party_added", "assigned", "recused"), _TOLD),
        **dict.fromkeys(
            ("started", "settled", "failed", "applied", "performed", "breached", "closed"), _TOLD
        ),
    },
)
