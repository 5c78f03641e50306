"""The lifecycle of a ticket as one table: which action leads from which status to which, and who may do it."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from uuid import UUID

from app.enums import Outcome, Status
from app.errors import Forbidden, WrongState
from app.labels import STATUS
from app.rules import departments
from app.rules.access import Part, Parts, plays_any
from app.rules.facts import Facts
from app.rules.moves import PREVIOUS_STATUS, SAME_STATUS, Move, move
from app.rules.statuses import IN_PROGRESS, OPEN, UNRESOLVED

NEW, ACCEPTED, DISPATCHED, WAITING = Status.NEW, Status.ACCEPTED, Status.DISPATCHED, Status.WAITING
RESOLVED, CLOSED, REJECTED, MERGED = Status.RESOLVED, Status.CLOSED, Status.REJECTED, Status.MERGED

# Sets of parts. Whatever the head of the holder may do, a unit above may do.
_REPORTER, _FOLLOWER, _PARTNER, _TIMER = {Part.REPORTER}, {Part.FOLLOWER}, {Part.PARTNER}, {Part.TIMER}
_DEPARTMENT = {Part.DEPARTMENT}
_TAKERS: Final = _PARTNER | _DEPARTMENT
_HEADS = {Part.HEAD, Part.ABOVE}
_HOLDER = {Part.MEMBER, *_HEADS}
_OFFICES = {Part.COMMUNITY, Part.STREET}
_ABOVE = {Part.ABOVE}
_SUPERIOR: Final = (Part.ABOVE, Part.STREET)  # a unit above the holder, or the street itself

MOVES: Final[dict[str, Move[Part]]] = {
    row.action: row
    for row in (
        move("edit", "补充修改", {NEW}, SAME_STATUS, _REPORTER, "edited", "EditIn"),
        move("withdraw", "撤回", {NEW}, CLOSED, _REPORTER, "withdrawn"),
        move("accept", "受理", {NEW}, ACCEPTED, _HOLDER, "accepted"),
        move("reject", "不予受理", {NEW}, REJECTED, _HEADS, "rejected", "RejectIn", undoable=True),
        move("appeal", "申诉", {REJECTED}, NEW, _REPORTER, "appealed", "AppealIn"),
        move("recategorise", "改类别", OPEN, SAME_STATUS, _HEADS, "recategorised", "RecategoriseIn"),
        move("merge", "并案", {NEW, ACCEPTED}, MERGED, _HEADS, "merged", "MergeIn", undoable=True),
        move("split", "拆分", OPEN, SAME_STATUS, _HEADS, "split", "SplitIn", creates=True),
        # The timer as CONSEQUENCES say.
        move("unmerge", "取消并案", {MERGED}, PREVIOUS_STATUS, _HEADS | _TIMER, "unmerged"),
        move(
            "dispatch",
            "派遣",
            {NEW, ACCEPTED},
            DISPATCHED,
            _HOLDER,
            "dispatched",
            "DispatchIn",
            undoable=True,
        ),
        # A partner only what is dispatched to it, see CONDITIONS.
        move("take", "接单", IN_PROGRESS, SAME_STATUS, _TAKERS, "taken"),
        move("hand_back", "退回", {DISPATCHED}, ACCEPTED, _PARTNER, "handed_back", "HandBackIn"),
        move("recall", "收回", {DISPATCHED}, ACCEPTED, _HEADS | _TIMER, "recalled"),
        move("wait", "挂起", {ACCEPTED, DISPATCHED}, WAITING, _HOLDER | _PARTNER, "waiting", "WaitIn"),
        move("resume", "恢复处置", {WAITING}, PREVIOUS_STATUS, _HOLDER | _PARTNER | _TIMER, "resumed"),
        move("ask", "询问报告人", {ACCEPTED, DISPATCHED}, WAITING, _HOLDER | _PARTNER, "asked", "AskIn"),
        move("answer", "答复", {WAITING}, PREVIOUS_STATUS, _REPORTER, "answered", "AnswerIn"),
        move("resolve", "办结", IN_PROGRESS, RESOLVED, _HOLDER | _PARTNER, "resolved", "ResolveIn"),
        move("confirm", "确认评价", {RESOLVED}, CLOSED, _REPORTER, "confirmed", "ConfirmIn"),
        move("settle", "核实结案", {RESOLVED}, CLOSED, _ABOVE | _TIMER, "settled", "SettleIn"),
        move("reopen", "重新办理", {RESOLVED, CLOSED}, ACCEPTED, _REPORTER | _HEADS, "reopened", "ReopenIn"),
        move("escalate", "上报上级", UNRESOLVED, SAME_STATUS, _HEADS | _TIMER, "escalated", "EscalateIn"),
        move("return", "退回下级", UNRESOLVED, SAME_STATUS, _HEADS, "returned", "ReasonIn"),
        # The timer from an abolished grid.
        move("reassign", "改派网格", UNRESOLVED, SAME_STATUS, _OFFICES | _TIMER, "reassigned", "ReassignIn"),
        move("not_mine", "不属于本网格", UNRESOLVED, SAME_STATUS, _HEADS, "reassigned", "ReasonIn"),
        move("extend", "延期", UNRESOLVED, SAME_STATUS, _SUPERIOR, "extended", "ExtendIn"),
        move("call_up", "吹哨", IN_PROGRESS, SAME_STATUS, _OFFICES, "called_up", "CallUpIn"),
        move("report", "报到反馈", IN_PROGRESS, SAME_STATUS, _DEPARTMENT, "reported", "ReportIn"),
        move("release", "解除吹哨", IN_PROGRESS, SAME_STATUS, _OFFICES, "released", "ReleaseIn"),
        move(
            "urge", "催办", UNRESOLVED, SAME_STATUS, _REPORTER | _FOLLOWER, "urged", "UrgeIn", versioned=False
        ),
        move(
            "comment",
            "留言",
            set(Status),
            SAME_STATUS,
            set(Part) - {Part.AUDITOR, Part.TIMER, Part.FORMER},
            "commented",
            "CommentIn",
            versioned=False,
        ),
        move(
            "vote", "反馈是否修好", {CLOSED}, SAME_STATUS, _FOLLOWER, "commented", "VoteIn", versioned=False
        ),
        # Only by whoever did what is undone, see CONDITIONS.
        move("undo", "撤销", {REJECTED, MERGED, DISPATCHED}, PREVIOUS_STATUS, _HOLDER, "undone"),
    )
}

UNDO_PERIOD: Final = timedelta(seconds=60)  # of the server's clock: LOUDENG_SLA_SCALE does not change it
APPEAL_WORKDAYS: Final = 5
PAUSE_WORKDAYS: Final = 5  # a longer or second pause takes a superior
MAX_PAUSE: Final = timedelta(days=366)  # whoever decides
QUESTION_REASON: Final = "question"  # the reason of a pause that the reporter's answer ends
REOPEN_PERIOD: Final = timedelta(days=14)
VOTE_PERIOD: Final = timedelta(days=14)
DISSENT_THRESHOLD: Final = 3  # at so many votes "still there" the level above is notified, once
SETTLE_AFTER: Final = timedelta(days=7)  # a resolved ticket without an answer of its reporter
URGE_INTERVAL: Final = timedelta(hours=1)
URGE_OFFERED_AFTER: Final = timedelta(minutes=10)  # before that, nobody can have come to it yet
TOP_LEVEL: Final = 3
MAX_HAND_BACKS: Final = (
    2  # after the second the ticket goes to the community, whose dispatch cannot be handed back
)
REOPENS_TO_ESCALATE: Final = 3  # the third reopening moves the ticket a level up


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold for an action besides the status, and the sentence to refuse it with."""

    holds: Callable[[Facts, Parts, datetime, float], bool]  # the float is LOUDENG_SLA_SCALE
    sentence: str


def _within_reopen_period(ticket: Facts, parts: Parts, now: datetime, scale: float) -> bool:
    closed = ticket["closed_at"]
    return closed is None or plays_any(parts, frozenset(_HEADS)) or now <= closed + REOPEN_PERIOD * scale


def _within_vote_period(ticket: Facts, _: Parts, now: datetime, scale: float) -> bool:
    closed = ticket["closed_at"]
    return closed is None or now <= closed + VOTE_PERIOD * scale


def superior_part(parts: Parts) -> Part | None:
    """Return the narrowest part that may decide what is reserved to superiors."""
    return next((part for part in _SUPERIOR if part in parts), None)


def unit_below(ticket: Facts) -> UUID | None:
    """Return the unit one level below the holder, None if there is none."""
    return ticket["community_id"] if ticket["level"] == TOP_LEVEL else ticket["grid_id"]


def awaits_answer(ticket: Facts) -> bool:
    """Tell whether the ticket waits for an answer of its reporter."""
    return ticket["status"] == WAITING and ticket["paused_for"] == QUESTION_REASON


def part_to_take(ticket: Facts, parts: Parts) -> Part | None:
    """Return the part in which somebody has something to take: a dispatched ticket, or their department's call."""
    dispatched = ticket["status"] == DISPATCHED and ticket["acknowledged_at"] is None
    if Part.PARTNER in parts and dispatched:
        return Part.PARTNER
    seat = parts.get(Part.DEPARTMENT)
    return Part.DEPARTMENT if seat and departments.may_take(ticket, seat.organisation_id) else None


def undo_until(ticket: Facts) -> datetime | None:
    """Return until when the ticket's last act may be undone; None if it is not one that can be."""
    last = ticket["undo"]
    return datetime.fromisoformat(last["until"]) if last and last["seq"] == ticket["seq"] else None


def parts_of_last_act(ticket: Facts, parts: Parts) -> list[Part]:
    """Return the parts that are played from the post that did the ticket's last act."""
    post = ticket["undo"] and ticket["undo"]["post"]
    return [part for part, seat in parts.items() if seat and str(seat.id) == post]


_FIRST_PAUSE: Final = Condition(
    lambda t, parts, *_: t["waits"] == 0 or superior_part(parts) is not None,
    "已经挂起过一次，再次挂起请上级决定",
)

CONDITIONS: Final[dict[str, tuple[Condition, ...]]] = {
    "escalate": (Condition(lambda t, *_: t["level"] < TOP_LEVEL, "已经到街道一级，不能再往上报"),),
    "appeal": (
        Condition(lambda t, *_: t["appeals"] == 0, "已经申诉过一次，不能再申诉"),
        Condition(
            lambda t, _parts, now, _scale: t["appeal_until"] is None or now < t["appeal_until"],
            "五个工作日的申诉期已过，请重新上报",
        ),
    ),
    "wait": (_FIRST_PAUSE,),
    "ask": (
        _FIRST_PAUSE,
        Condition(lambda t, *_: t["reporter_id"] is not None, "没有报告人可以询问"),
        Condition(lambda t, *_: not t.get("reporter_erased"), "报告人已注销账号，没有人可以询问"),
    ),
    "answer": (Condition(lambda t, *_: awaits_answer(t), "这张工单不是在等您答复，有话请留言"),),
    "return": (
        Condition(lambda t, *_: t["level"] > 1, "已经在网格一级，不能再往下退"),
        Condition(lambda t, *_: t["returns"] == 0, "已经退回过一次，不能再退"),
        Condition(lambda t, *_: unit_below(t) is not None, "没有可以退回的下级单位"),
    ),
    "not_mine": (Condition(lambda t, *_: t["holder_id"] is not None, "已经在社区待分派"),),
    "extend": (Condition(lambda t, *_: t["extra_minutes"] == 0, "已经延期过一次，不能再延"),),
    "take": (
        Condition(
            lambda t, parts, *_: (
                Part.PARTNER not in parts or Part.DEPARTMENT in parts or t["status"] == DISPATCHED
            ),
            "工单现在没有派给您接单",
        ),
        Condition(
            lambda t, parts, *_: _TAKERS.isdisjoint(parts) or part_to_take(t, parts) is not None, "已经接单了"
        ),
    ),
    "merge": (Condition(lambda t, *_: not t["awaited_ids"], "还有部门没有报到，不能并案"),),
    "resolve": (Condition(lambda t, *_: not t["awaited_ids"], "还有部门没有报到，不能办结"),),
    "release": (Condition(lambda t, *_: bool(t["awaited_ids"]), "没有等待报到的部门"),),
    "hand_back": (
        Condition(
            lambda t, *_: t["hand_backs"] < MAX_HAND_BACKS, "这张工单已退回两次，由社区再次派出，不能再退"
        ),
    ),
    "confirm": (
        Condition(lambda t, *_: t["reporter_id"] not in t["handler_ids"], "自己办结的工单不能由自己确认"),
    ),
    "reopen": (
        Condition(lambda t, *_: t["outcome"] != Outcome.WITHDRAWN, "已撤回的工单不能重新办理，请重新上报"),
        Condition(_within_reopen_period, "结案已超过14天，请重新上报"),
    ),
    "vote": (Condition(_within_vote_period, "结案已超过14天，还没修好请重新上报"),),
    "undo": (
        Condition(lambda t, *_: undo_until(t) is not None, "这一步之后工单又有了变化，不能再撤销"),
        Condition(lambda t, parts, *_: bool(parts_of_last_act(t, parts)), "只有刚才办这一步的人可以撤销"),
        Condition(lambda t, _parts, now, _scale: now < (undo_until(t) or now), "已经过了一分钟，不能再撤销"),
    ),
}


def require_permission(action: str, parts: Parts) -> None:
    """Raise Forbidden (403) if none of the caller's parts may ever do `action`."""
    if not plays_any(parts, MOVES[action].parts):
        raise Forbidden(f"您不能对这张工单“{MOVES[action].label}”")


def refusal_reason(action: str, ticket: Facts, parts: Parts, now: datetime, scale: float = 1) -> str | None:
    """Return a sentence that says why `action` is not possible now, None if it is possible."""
    if ticket["status"] not in MOVES[action].sources:
        return f"工单现在是“{STATUS[Status(ticket['status'])]}”，不能“{MOVES[action].label}”"
    for condition in CONDITIONS.get(action, ()):
        if not condition.holds(ticket, parts, now, scale):
            return condition.sentence
    return None


def allowed_actions(
    ticket: Facts, parts: Parts, now: datetime, among: Collection[str] = MOVES, scale: float = 1
) -> list[str]:
    """Return the actions the caller may do now, in the order of the table: the buttons of the mini-program."""
    return [
        action
        for action, conditions in _moves_from(ticket["status"], frozenset(parts))
        if action in among and (not conditions or _all_hold(conditions, ticket, parts, now, scale))
    ]


# What a ticket may ask of its reporter or a follower, the most pressing first.
_ASKED_OF_RESIDENTS: Final = ("answer", "confirm", "appeal", "vote")


def next_action(ticket: Facts, allowed: Collection[str], now: datetime, scale: float = 1) -> str | None:
    """Return the action, among those allowed, to offer a reporter or follower first; None: none is due from them.

    To urge is offered once a while has passed since the submission or reopening, and since it was last urged.
    """
    asked = next((action for action in _ASKED_OF_RESIDENTS if action in allowed), None)
    if asked or "urge" not in allowed or ticket["status"] == WAITING:
        return asked
    urgeable_from = ticket["resolve_from"] + URGE_OFFERED_AFTER * scale
    if ticket["urged_at"]:
        urgeable_from = max(urgeable_from, ticket["urged_at"] + URGE_INTERVAL * scale)
    return "urge" if now >= urgeable_from else None


def _all_hold(
    conditions: Iterable[Condition], ticket: Facts, parts: Parts, now: datetime, scale: float
) -> bool:
    for condition in conditions:  # noqa: SIM110 - a list asks some eighty times; a generator costs as much as the answer
        if not condition.holds(ticket, parts, now, scale):
            return False
    return True


@cache  # hot: every ticket of a list; there are few statuses and sets of parts
def _moves_from(status: str, parts: frozenset[Part]) -> tuple[tuple[str, tuple[Condition, ...]], ...]:
    """Return the actions of the table for a status and set of parts, each with its conditions."""
    return tuple(
        (action, CONDITIONS.get(action, ()))
        for action, move in MOVES.items()
        if status in move.sources and not parts.isdisjoint(move.parts)
    )


def require_possible(
    action: str,
    ticket: Facts,
    parts: Parts,
    now: datetime,
    among: Collection[str] = MOVES,
    scale: float = 1,
) -> None:
    """Raise WrongState (409), with the allowed actions, if `action` is not possible now."""
    reason = refusal_reason(action, ticket, parts, now, scale)
    if reason is not None:
        raise WrongState(reason, allowed=allowed_actions(ticket, parts, now, among, scale))


def acting_part(action: str, parts: Parts) -> Part:
    """Return the narrowest part that may do `action`: the one that is recorded."""
    return next(part for part in parts if part in MOVES[action].parts)


# What an act does besides, in the same transaction: when, and what comes of it.
CONSEQUENCES: Final = (
    (
        "A ticket turns private: its category, or the rules of its place, hide it from neighbours.",
        "Who follows it by choice is let go and told once; the reports merged into it come back (`unmerge` by the timer).",
    ),
    (
        "A ticket ends unsolved: withdrawn, rejected, or withdrawn by erasing its reporter.",
        "The reports merged into it come back (`unmerge` by the timer), their clocks going on.",
    ),
    (
        "The reporter or a follower of a merged ticket comments on it.",
        "The words are written, as a follower's comment, on the ticket it ended in as well; who holds that one is told.",
    ),
)
# A change of one of these may hide a ticket from neighbours.
_HIDING_COLUMNS: Final = ("category", "community_id", "street_id", "merged_into_id")


def turns_private(before: Facts, after: Facts, *, visible: bool) -> bool:
    """Tell whether an act leaves an open ticket with neighbours who may not see it. `visible`: whether they may."""
    changed = any(before[name] != after[name] for name in _HIDING_COLUMNS)
    return after["status"] in OPEN and not visible and (after["followers"] > 0 or changed)


def ends_unsolved(before: Facts, after: Facts) -> bool:
    """Tell whether an act ends a ticket without anything done: it is rejected or withdrawn."""
    unsolved = after["status"] == REJECTED or (
        after["status"] == CLOSED and after["outcome"] == Outcome.WITHDRAWN
    )
    return before["status"] in OPEN and unsolved


def passes_words_on(ticket: Facts, part: Part) -> bool:
    """Tell whether a comment in this part goes on to the ticket this one was merged into."""
    return ticket["status"] == MERGED and part in _REPORTER | _FOLLOWER
