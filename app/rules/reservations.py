"""Reservations 预约: who takes what is offered. Asked, granted, out, back or done; what is not collected returns by the clock."""

from datetime import datetime, timedelta
from typing import Any, Final

from app.enums import OfferSort, SubjectKind
from app.rules.moves import move
from app.rules.offers import KEEPERS
from app.rules.subjects import INSIDERS, STAFF, Audience, Condition, Life, Parts, Subject, SubjectPart, table

COLLECT_DAYS: Final = (
    14  # from being granted until what was reserved returns to the stock, and the points to their owner
)
LOST_DAYS: Final = 30  # after its last day, until a loan is written off: nobody owes an umbrella
BACK_IN_A_DAY: Final = (
    "back_in_a_day"  # what who has borrowed is told the day before, and on the day; no events
)
BACK_TODAY: Final = "back_today"
FOR_ANOTHER: Final = "_for_another"  # the same of what staff have lent to somebody without the program

_HANDLERS: Final = STAFF | {SubjectPart.COMPANY}
_PENDING: Final = {"asked", "waiting", "granted"}
_AUTHOR: Final = frozenset({Audience.AUTHOR})
BY_NAME: Final = (
    "handed_out_by_name"  # what a hand-over without a code is called, so that nobody takes it for another
)


def _by_somebody_else(reservation: Subject, parts: Parts, _: datetime) -> bool:
    for_others = reservation["on_behalf_name_sealed"] is not None or reservation["outcome_id"] is not None
    return SubjectPart.AUTHOR not in parts or for_others


_OTHERS: Final = Condition(_by_somebody_else, "自己的预约请同事来办")
_IN_TIME: Final = Condition(
    lambda reservation, _, now: reservation["ends_at"] is None or now < reservation["ends_at"],
    f"过了{COLLECT_DAYS}天没有领取，预约已经失效，请重新预约",
)

# Why an act that comes too late is refused, where the status alone would not say it.
_TOO_LATE: Final = {
    ("give_back", "granted"): "这件还没有借出，不用归还",
    ("give_back", "back"): "这件已经归还过了",
    ("give_back", "lost"): "这件已经核销，不用归还；找到了请交给社区重新入库",
    ("give_back", "done"): "这件是领取的，不用归还",
    ("cancel", "done"): "已经领取，不能再取消",
    ("cancel", "out"): "已经借出，用完请归还，不能取消",
    ("hand_out", "waiting"): "还在候补，轮到后才能领取",
    ("hand_out", "expired"): f"过了{COLLECT_DAYS}天没有领取，预约已经失效，请重新预约",
}

LIFE: Final = Life(
    kind=SubjectKind.RESERVATION,
    statuses={
        "asked": "待同意",
        "waiting": "候补中",
        "granted": "待领取",
        "out": "已借出",
        "done": "已领取",
        "back": "已归还",
        "refused": "未同意",
        "cancelled": "已取消",
        "expired": "逾期未领",
        "lost": "已核销",
    },
    ended=frozenset({"done", "back", "refused", "cancelled", "expired", "lost"}),
    creators=STAFF | {SubjectPart.RESIDENT},
    note=(
        f"A reservation begins as `asked` where somebody has to agree, as `waiting` where nothing is left (the act that brings "
        f"some moves up who waits longest), else as `granted`. What is lent is `out` once it is handed out. By the clock: what is "
        f"not collected within {COLLECT_DAYS} days is `expired`, and things and points return; a loan is reminded of the day "
        f"before its last day and on that day, never after its return, and is `lost` {LOST_DAYS} days after it: nothing is owed. "
        f"Staff hand over by the code that is shown, or by name to who has no phone (event `{SubjectKind.RESERVATION}.{BY_NAME}`, "
        f"of which its author is told); a company by the code only."
    ),
    public=False,
    sentences=_TOO_LATE,
    insiders=INSIDERS | {SubjectPart.COMPANY},
    moves=table(
        move("grant", "同意", {"asked"}, "granted", _HANDLERS, "granted"),
        move("refuse", "不同意", {"asked", "waiting"}, "refused", _HANDLERS, "refused", "TextIn"),
        move("cancel", "取消", _PENDING, "cancelled", {SubjectPart.AUTHOR}, "cancelled"),
        move("hand_out", "交付", {"granted"}, "done", _HANDLERS, "handed_out", "HandOutIn"),
        move("give_back", "归还", {"out"}, "back", _HANDLERS, "given_back", "GiveBackIn"),
        move("write_off", "核销", {"out"}, "lost", KEEPERS, "written_off", "TextIn"),
    ),
    conditions={
        "grant": (_OTHERS,),
        "hand_out": (_OTHERS, _IN_TIME),
        "write_off": (_OTHERS,),
    },
    events={
        "raised": "提出预约",
        "granted": "可以领取了",
        "moved_up": "轮到您了",
        "refused": "没有同意",
        "cancelled": "取消",
        "handed_out": "已交付",
        BY_NAME: "凭姓名交付，没有出示领取码",
        "given_back": "已归还",
        "expired": "逾期未领，已退回",
        "written_off": "核销",
    },
    audiences={
        **dict.fromkeys(("granted", "moved_up", "refused", "expired", "written_off", BY_NAME), _AUTHOR),
    },
)


def status_when_held(offer: Subject) -> str:
    """Return the status of a reservation for which there is something."""
    return "asked" if offer["needs_grant"] else "granted"


def status_when_handed_out(sort: str) -> str:
    """Return the status of what has been handed over: a loan comes back."""
    return "out" if sort == OfferSort.LOAN else "done"


def collect_by(now: datetime) -> datetime:
    """Return until when what is granted now is kept."""
    return now + timedelta(days=COLLECT_DAYS)


def problem_of(offer: Any, quantity: int) -> str | None:
    """Return why nobody can reserve an offer now, None if somebody can."""
    if offer["status"] == "paused":
        return "这项资源暂停预约，请过些时候再来"
    if offer["status"] == "ended":
        return "这项资源已经下架，不能预约"
    if not offer["released"]:
        return "这项资源还没有公开，不能预约"
    if offer["sort"] in {OfferSort.LOAN, OfferSort.SERVICE} and quantity > 1:
        return "一次只能预约一份"
    return None
