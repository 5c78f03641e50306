"""The life of a ticket as one table: who may do what to it, from which state to which. Everything else asks here."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from uuid import UUID

from app.errors import Forbidden, WrongState
from app.rules import calling
from app.rules.access import Part, Parts, any_of
from app.rules.facts import Facts
from app.words import ACTION, STATUS, Outcome, Status

NEW, ACCEPTED, DISPATCHED, WAITING = Status.NEW, Status.ACCEPTED, Status.DISPATCHED, Status.WAITING
RESOLVED, CLOSED, REJECTED, MERGED = Status.RESOLVED, Status.CLOSED, Status.REJECTED, Status.MERGED

OPEN: Final = frozenset({NEW, ACCEPTED, DISPATCHED, WAITING, RESOLVED})
UNDER_WAY: Final = frozenset({NEW, ACCEPTED, DISPATCHED, WAITING})  # the resolve clock has not been stopped
IN_HAND: Final = frozenset({ACCEPTED, DISPATCHED, WAITING})

# Whoever is above may do whatever the holder may.
_R, _F, _P, _T = {Part.REPORTER}, {Part.FOLLOWER}, {Part.PARTNER}, {Part.TIMER}
_CALLED = {Part.CALLED}
_TAKERS: Final = _P | _CALLED
_H = {Part.HEAD, Part.ABOVE}
_HOLDER = {Part.MEMBER, *_H}
_C_S = {Part.COMMUNITY, Part.STREET}
_ABOVE = {Part.ABOVE}
_SUPERIOR: Final = (Part.ABOVE, Part.STREET)  # above the holder, or the street, above which there is nobody

STAYS: Final = "same"  # a move that leaves the state
BEFORE: Final = "before"  # a move back to the state waiting or merged came from


@dataclass(frozen=True, slots=True)
class Move:
    """One row: an action, the states it starts from, the state it ends in, the parts that may do it."""

    action: str
    sources: frozenset[Status]
    target: Status | str
    parts: frozenset[Part]
    event: str
    versioned: bool = True  # comment and urge neither need nor change the version


def _move(
    action: str,
    sources: Collection[Status],
    target: Status | str,
    parts: Collection[Part],
    event: str,
    *,
    versioned: bool = True,
) -> Move:
    return Move(action, frozenset(sources), target, frozenset(parts), event, versioned)


MOVES: Final[dict[str, Move]] = {
    move.action: move
    for move in (
        _move("edit", {NEW}, STAYS, _R, "edited"),
        _move("withdraw", {NEW}, CLOSED, _R, "withdrawn"),
        _move("accept", {NEW}, ACCEPTED, _HOLDER, "accepted"),
        _move("reject", {NEW}, REJECTED, _H, "rejected"),
        _move("appeal", {REJECTED}, NEW, _R, "appealed"),
        _move("recategorise", OPEN, STAYS, _H, "recategorised"),
        _move("merge", {NEW, ACCEPTED}, MERGED, _H, "merged"),
        _move("unmerge", {MERGED}, BEFORE, _H, "unmerged"),
        _move("dispatch", {NEW, ACCEPTED}, DISPATCHED, _HOLDER, "dispatched"),
        _move("take", IN_HAND, STAYS, _TAKERS, "taken"),  # P: what is dispatched to it, a condition below
        _move("hand_back", {DISPATCHED}, ACCEPTED, _P, "handed_back"),
        _move("recall", {DISPATCHED}, ACCEPTED, _H | _T, "recalled"),
        _move("wait", {ACCEPTED, DISPATCHED}, WAITING, _HOLDER | _P, "waiting"),
        _move("resume", {WAITING}, BEFORE, _HOLDER | _P | _T, "resumed"),
        _move("ask", {ACCEPTED, DISPATCHED}, WAITING, _HOLDER | _P, "asked"),
        _move("answer", {WAITING}, BEFORE, _R, "answered"),
        _move("resolve", IN_HAND, RESOLVED, _HOLDER | _P, "resolved"),
        _move("confirm", {RESOLVED}, CLOSED, _R, "confirmed"),
        _move("settle", {RESOLVED}, CLOSED, _ABOVE | _T, "settled"),
        _move("reopen", {RESOLVED, CLOSED}, ACCEPTED, _R | _H, "reopened"),
        _move("escalate", UNDER_WAY, STAYS, _H | _T, "escalated"),
        _move("return", UNDER_WAY, STAYS, _H, "returned"),
        _move("reassign", UNDER_WAY, STAYS, _C_S | _T, "reassigned"),  # T: from a grid that is no more
        _move("not_mine", UNDER_WAY, STAYS, _H, "reassigned"),
        _move("extend", UNDER_WAY, STAYS, _SUPERIOR, "extended"),
        _move("call_up", IN_HAND, STAYS, _C_S, "called_up"),
        _move("report", IN_HAND, STAYS, _CALLED, "reported"),
        _move("release", IN_HAND, STAYS, _C_S, "released"),
        _move("urge", UNDER_WAY, STAYS, _R | _F, "urged", versioned=False),
        _move(
            "comment",
            set(Status),
            STAYS,
            set(Part) - {Part.AUDITOR, Part.TIMER, Part.GONE},
            "commented",
            versioned=False,
        ),
        _move("vote", {CLOSED}, STAYS, _F, "commented", versioned=False),
    )
}

APPEAL_WORKDAYS: Final = 5
PAUSE_WORKDAYS: Final = 5  # longer, or a second time, only by a superior
LONGEST_PAUSE: Final = timedelta(days=366)  # by anybody
QUESTION: Final = "question"  # the reason of a pause that ends with the reporter's answer
REOPEN_WITHIN: Final = timedelta(days=14)
VOTE_WITHIN: Final = timedelta(days=14)
DISSENT_TOLD: Final = 3  # so many followers' dissenting votes are told to who is above, once
SILENCE: Final = timedelta(days=7)
URGE_EVERY: Final = timedelta(hours=1)
TOP: Final = 3
HAND_BACKS: Final = 2  # the second puts the ticket to the community, whose dispatch cannot be handed back
REOPENS_BEFORE_RISING: Final = 3  # the third goes a level up


@dataclass(frozen=True, slots=True)
class Condition:
    """What must also hold for an action, and the sentence for when it does not."""

    holds: Callable[[Facts, Parts, datetime, float], bool]  # the last: LOUDENG_SLA_SCALE
    sentence: str


def _in_time_to_reopen(ticket: Facts, parts: Parts, now: datetime, scale: float) -> bool:
    closed = ticket["closed_at"]
    return closed is None or any_of(parts, frozenset(_H)) or now <= closed + REOPEN_WITHIN * scale


def _in_time_to_vote(ticket: Facts, _: Parts, now: datetime, scale: float) -> bool:
    closed = ticket["closed_at"]
    return closed is None or now <= closed + VOTE_WITHIN * scale


def superior(parts: Parts) -> Part | None:
    """Return the part from which somebody decides what the holder may not, narrowest first."""
    return next((part for part in _SUPERIOR if part in parts), None)


def below(ticket: Facts) -> UUID | None:
    """Return the unit a level below the holder, None when there is none."""
    return ticket["community_id"] if ticket["level"] == TOP else ticket["grid_id"]


def awaits_answer(ticket: Facts) -> bool:
    """Tell whether the ticket waits for its reporter's words."""
    return ticket["status"] == WAITING and ticket["paused_for"] == QUESTION


def takes(ticket: Facts, parts: Parts) -> Part | None:
    """Return the part from which somebody has something to take: what is dispatched to them, or their part of a call."""
    dispatched = ticket["status"] == DISPATCHED and ticket["acknowledged_at"] is None
    if Part.PARTNER in parts and dispatched:
        return Part.PARTNER
    seat = parts.get(Part.CALLED)
    return Part.CALLED if seat and calling.may_take(ticket, seat.organisation_id) else None


_FIRST_PAUSE: Final = Condition(
    lambda t, parts, *_: t["waits"] == 0 or superior(parts) is not None, "已经挂起过一次，再次挂起请上级决定"
)

CONDITIONS: Final[dict[str, tuple[Condition, ...]]] = {
    "escalate": (Condition(lambda t, *_: t["level"] < TOP, "已经到街道一级，不能再往上报"),),
    "appeal": (
        Condition(lambda t, *_: t["appeals"] == 0, "已经申诉过一次，不能再申诉"),
        Condition(
            lambda t, _parts, now, _scale: t["appeal_until"] is None or now < t["appeal_until"],
            "五个工作日的申诉期已过，请重新上报",
        ),
    ),
    "wait": (_FIRST_PAUSE,),
    "ask": (_FIRST_PAUSE, Condition(lambda t, *_: t["reporter_id"] is not None, "没有报告人可以询问")),
    "answer": (Condition(lambda t, *_: awaits_answer(t), "这张工单不是在等您答复，有话请留言"),),
    "return": (
        Condition(lambda t, *_: t["level"] > 1, "已经在网格一级，不能再往下退"),
        Condition(lambda t, *_: t["returns"] == 0, "已经退回过一次，不能再退"),
        Condition(lambda t, *_: below(t) is not None, "没有可以退回的下级单位"),
    ),
    "not_mine": (Condition(lambda t, *_: t["holder_id"] is not None, "已经在社区待分派"),),
    "extend": (Condition(lambda t, *_: t["extra_minutes"] == 0, "已经延期过一次，不能再延"),),
    "take": (
        Condition(
            lambda t, parts, *_: (
                Part.PARTNER not in parts or Part.CALLED in parts or t["status"] == DISPATCHED
            ),
            "工单现在没有派给您接单",
        ),
        Condition(
            lambda t, parts, *_: _TAKERS.isdisjoint(parts) or takes(t, parts) is not None, "已经接单了"
        ),
    ),
    "merge": (Condition(lambda t, *_: not t["awaited_ids"], "还有部门没有报到，不能并案"),),
    "resolve": (Condition(lambda t, *_: not t["awaited_ids"], "还有部门没有报到，不能办结"),),
    "release": (Condition(lambda t, *_: bool(t["awaited_ids"]), "没有等待报到的部门"),),
    "hand_back": (
        Condition(lambda t, *_: t["hand_backs"] < HAND_BACKS, "这张工单已退回两次，由社区再次派出，不能再退"),
    ),
    "confirm": (
        Condition(lambda t, *_: t["reporter_id"] not in t["handler_ids"], "自己办结的工单不能由自己确认"),
    ),
    "reopen": (
        Condition(lambda t, *_: t["outcome"] != Outcome.WITHDRAWN, "已撤回的工单不能重新办理，请重新上报"),
        Condition(_in_time_to_reopen, "结案已超过14天，请重新上报"),
    ),
    "vote": (Condition(_in_time_to_vote, "结案已超过14天，还没修好请重新上报"),),
}


def may(action: str, parts: Parts) -> None:
    """Raise Forbidden when none of the caller's parts ever does `action` (403)."""
    if not any_of(parts, MOVES[action].parts):
        raise Forbidden(f"您不能对这张工单“{ACTION[action]}”")


def can(action: str, ticket: Facts, parts: Parts, now: datetime, scale: float = 1) -> str | None:
    """Return why `action` is not possible just now, as a sentence, or None when it is."""
    if ticket["status"] not in MOVES[action].sources:
        return f"工单现在是“{STATUS[Status(ticket['status'])]}”，不能“{ACTION[action]}”"
    for condition in CONDITIONS.get(action, ()):
        if not condition.holds(ticket, parts, now, scale):
            return condition.sentence
    return None


def allowed(
    ticket: Facts, parts: Parts, now: datetime, among: Collection[str] = MOVES, scale: float = 1
) -> list[str]:
    """Return what the caller may do now, in the table's order: the buttons of the mini-program."""
    return [
        action
        for action, conditions in _open_to(ticket["status"], frozenset(parts))
        if action in among and (not conditions or _all_hold(conditions, ticket, parts, now, scale))
    ]


def _all_hold(
    conditions: Iterable[Condition], ticket: Facts, parts: Parts, now: datetime, scale: float
) -> bool:
    for condition in conditions:  # noqa: SIM110 - a list asks some eighty times; a generator costs as much as the answer
        if not condition.holds(ticket, parts, now, scale):
            return False
    return True


@cache  # a list shows the buttons of every ticket; states and sets of parts are few
def _open_to(status: str, parts: frozenset[Part]) -> tuple[tuple[str, tuple[Condition, ...]], ...]:
    """Return the table's rows for one state and set of parts, each with what must also hold."""
    return tuple(
        (action, CONDITIONS.get(action, ()))
        for action, move in MOVES.items()
        if status in move.sources and not parts.isdisjoint(move.parts)
    )


def require(
    action: str,
    ticket: Facts,
    parts: Parts,
    now: datetime,
    among: Collection[str] = MOVES,
    scale: float = 1,
) -> None:
    """Raise WrongState, saying what is allowed instead, when `action` is not possible just now (409)."""
    why = can(action, ticket, parts, now, scale)
    if why is not None:
        raise WrongState(why, allowed=allowed(ticket, parts, now, among, scale))


def acting(action: str, parts: Parts) -> Part:
    """Return the narrowest part that does `action`; it is the one recorded."""
    return next(part for part in parts if part in MOVES[action].parts)
