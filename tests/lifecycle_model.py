"""A second, small telling of the life of a ticket, which the random walk compares the system with; it asks nothing of the program.

The ticket of 944号4单元 in a month without holidays, all its clocks running day and night. Who may begin what in which
state is read from rules/moves.txt; what else must hold, and what comes of it, is told again here.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Shanghai; no holiday until April
SHANGHAI = ZoneInfo("Asia/Shanghai")
# Minutes to accept, to acknowledge, to resolve, all of them day and night.
LIMITS = {
    "stair_light": (30, 120, 1440),
    "sewage": (30, 30, 1440),
    "manhole": (15, 30, 360),
    "noise": (60, 120, 1440),
}
# What it turns out to be.
ANOTHER = {"stair_light": "manhole", "sewage": "manhole", "manhole": "noise", "noise": "stair_light"}
PRIVATE = {"noise"}  # neighbours see none of it
HERE, NEXT_DOOR = "g4", "g3"  # the grid of 944号 and the one beside it
COMPANY = "property"
DEPARTMENT = "department"  # the one that is called up
TOP = 3

# Where each persona sits: level, unit, what they are there.
SEATS = {
    "member": (1, HERE, "member"),
    "grid_head": (1, HERE, "head"),
    "other_grid_head": (1, NEXT_DOOR, "head"),
    "community": (2, "wss", "head"),
    "other_community": (2, "bl", "head"),
    "street": (3, "rh", "head"),
}
# Whatever becomes of the ticket; the neighbour as long as they follow it.
STANDING = {"resident": "reporter", "neighbour": "follower", "auditor": "auditor"}
PERSONAS = ("resident", "neighbour", *SEATS, COMPANY, "other_property", DEPARTMENT, "auditor", "admin")


class Line(NamedTuple):
    sources: frozenset[str]
    target: str
    parts: frozenset[str]


def _table() -> Iterator[tuple[str, Line]]:
    everything = "new accepted dispatched waiting resolved closed rejected merged"
    for line in (Path(__file__).parent / "rules" / "moves.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            action, _, rest = line.partition(": ")
            states, _, rest = rest.partition(" -> ")
            target, _, parts = rest.partition(" by ")
            sources = everything if states == "any" else states
            yield action, Line(frozenset(sources.split()), target, frozenset(parts.split()))


TABLE = dict(_table())
UNVERSIONED = {"comment", "urge", "vote"}
WALKED = (
    *("accept", "reject", "appeal", "withdraw", "edit", "recategorise", "dispatch", "take", "hand_back"),
    *("recall", "wait", "resume", "ask", "answer", "resolve", "confirm", "settle", "reopen", "escalate"),
    *("return", "reassign", "not_mine", "extend", "urge", "comment"),
    *("merge", "unmerge", "vote", "call_up", "report", "release", "undo", "split"),
)
MOVING = [
    action
    for action in WALKED
    if TABLE[action].target != "same" or action in {"take", "extend", "call_up", "report", "release"}
]


@dataclass
class Model:
    """The ticket as the rules would have it; times are UTC, lengths minutes."""

    now: datetime
    category: str
    checked: frozenset[str] = frozenset()  # categories whose claims are checked on site
    status: str = "new"
    before: str = ""
    level: int = 1
    grid: str | None = HERE
    held: bool = True
    company: bool = False
    taken: bool = False
    claim: bool = False
    question: bool = False
    until: datetime | None = None
    waits: int = 0
    appeals: int = 0
    returns: int = 0
    hand_backs: int = 0
    reopens: int = 0
    extra: int = 0
    withdrawn: bool = False
    urged: datetime | None = None
    closed: datetime | None = None
    merged: datetime | None = None
    called: str = ""  # the department's part: awaited, taken, reported, released
    voted: bool = False  # by the neighbour who follows it, since it was closed
    followed: bool = True  # by the neighbour
    passed_on: int = 0  # words written on the ticket it was merged into
    resolved: datetime | None = None
    rejected: datetime | None = None
    accept_from: datetime = field(default=START)
    accept_step: int = 0
    dispatched: datetime | None = None
    acknowledge_step: int = 0
    resolve_from: datetime = field(default=START)
    resolve_step: int = 0
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)
    last: "Step | None" = None  # the last thing that happened, if it may be undone

    def __post_init__(self) -> None:
        self.accept_from = self.resolve_from = self.now

    # Who plays what.

    def parts(self, who: str) -> set[str]:
        """Return the parts a persona plays; none: the ticket does not exist for them."""
        if who in STANDING:
            return {STANDING[who]} if who != "neighbour" or self.followed else set()
        if who == COMPANY:
            return {"partner"} if self.company else set()
        if who == DEPARTMENT:
            return self._called_parts()
        level, unit, role = SEATS.get(who, (0, "", ""))
        if unit not in {self.grid, "wss", "rh"} or unit == "":
            return set()
        if level < self.level:
            return {"helper"}
        named = {2: {"community"}, 3: {"street"}}.get(level, set())
        return named | ({"above"} if level > self.level else {role})

    def _called_parts(self) -> set[str]:
        if self.awaited:
            return {"called"}
        over = self.status in {"closed", "rejected", "merged"}
        return {"served"} if self.called == "reported" and not over else set()

    @property
    def awaited(self) -> bool:
        return self.called in {"awaited", "taken"}

    # What may be done.

    def may(self, who: str, action: str) -> bool:
        return bool(self.parts(who) & TABLE[action].parts)

    def can(self, who: str, action: str) -> bool:
        """Tell whether the action is possible now for somebody who ever may."""
        superior = bool(self.parts(who) & {"above", "street"})
        first = self.waits == 0 or superior
        also = {
            "escalate": self.level < TOP,
            "appeal": self.appeals == 0 and self.in_time_to_appeal(),
            "wait": first,
            "ask": first,
            "answer": self.question,
            "return": self.level > 1 and self.returns == 0 and (self.level == TOP or self.grid is not None),
            "not_mine": self.held or self.level > 1,
            "extend": self.extra == 0,
            "take": self.called == "awaited"
            if who == DEPARTMENT
            else self.status == "dispatched" and not self.taken,
            "resolve": not self.awaited,
            "merge": not self.awaited,
            "release": self.awaited,
            "hand_back": self.hand_backs < 2,
            "vote": self.closed is not None and self.now <= self.closed + timedelta(days=14),
            "undo": self.last is not None
            and self.last.who == who
            and self.now < self.last.at + timedelta(seconds=60),
            "reopen": not self.withdrawn and (who != "resident" or self.in_time_to_reopen()),
        }
        return self.status in TABLE[action].sources and also.get(action, True)

    def allowed(self, who: str) -> set[str]:
        return {action for action in WALKED if self.may(who, action) and self.can(who, action)}

    def in_time_to_appeal(self) -> bool:
        """Five working days end at midnight after the fifth working day following the act."""
        if self.rejected is None:
            return True
        day, left = self.rejected.astimezone(SHANGHAI), 5
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5
        end = (day + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        return self.now < end

    def in_time_to_reopen(self) -> bool:
        return self.closed is None or self.now <= self.closed + timedelta(days=14)

    # What comes of it.

    def do(self, who: str, action: str) -> str:
        """Let the act happen; return its event."""
        step = Step(who, self.now, self.copy()) if action in {"reject", "merge", "dispatch"} else None
        effect: Callable[[str], str | None] = getattr(self, f"_{action}", lambda _: None)
        if who == COMPANY and action in {"wait", "ask", "resolve"}:
            self.taken = True
        said = effect(who)
        target = TABLE[action].target
        if said is None and target not in {"same", "before"}:
            self.status = target
        self.last = step
        return said or EVENT.get(action, action + "ed")

    def _withdraw(self, _: str) -> None:
        self.withdrawn, self.closed = True, self.now

    def _reject(self, _: str) -> None:
        self.rejected = self.now

    def _appeal(self, _: str) -> None:
        assert self.rejected
        self.pauses.append((self.rejected, self.now))
        self.appeals, self.rejected = 1, None
        self.up()
        self.accept_from, self.accept_step = self.now, 0

    def _dispatch(self, _: str) -> None:
        self.company, self.taken, self.claim = True, False, False
        self.dispatched, self.acknowledge_step = self.now, 0

    def _take(self, who: str) -> None:
        if who == DEPARTMENT:
            self.called = "taken"
        else:
            self.taken = True

    def _call_up(self, _: str) -> None:
        self.called = "awaited"

    def _report(self, _: str) -> None:
        self.called = "reported"

    def _release(self, _: str) -> None:
        self.called = "released"

    def _back(self) -> None:
        self.company = self.taken = self.claim = False
        self.dispatched = None

    def _hand_back(self, _: str) -> None:
        self._back()
        self.hand_backs += 1
        if self.hand_backs == 2 and self.level == 1:
            self.up()

    def _recall(self, _: str) -> None:
        self._back()

    def _pause(self) -> None:
        self.before, self.waits = self.status, self.waits + 1
        self.until = self.now + PAUSE
        self.pauses.append((self.now, self.until))

    def _wait(self, _: str) -> None:
        self._pause()

    def _ask(self, _: str) -> None:
        self._pause()
        self.question = True

    def _go_on(self) -> None:
        assert self.until
        end = min(self.now, self.until)
        self.pauses[-1] = (self.pauses[-1][0], end)
        self.status, self.before, self.until, self.question = self.before, "", None, False

    def _resume(self, _: str) -> None:
        self._go_on()

    def _answer(self, _: str) -> None:
        self._go_on()

    def _comment(self, who: str) -> str:
        self.passed_on += self.status == "merged" and who in {"resident", "neighbour"}
        if who == "resident" and self.question:
            self._go_on()
            return "answered"
        return "commented"

    def _resolve(self, who: str) -> str | None:
        if self.status == "waiting":
            self._go_on()
        if who == COMPANY and self.category in self.checked:
            self.claim = True
            return "claimed"
        self.claim, self.resolved = False, self.now
        return None

    def _confirm(self, _: str) -> None:
        self.closed, self.voted = self.now, False

    def _vote(self, _: str) -> str:
        self.voted = True
        return "commented"

    def _merge(self, _: str) -> None:
        self.before, self.merged = self.status, self.now

    def _unmerge(self, _: str) -> None:
        assert self.merged
        self.pauses.append((self.merged, self.now))
        self.status, self.before, self.merged = self.before, "", None
        self._accept_anew()

    def _undo(self, _: str) -> None:
        """Be again what it was before, but for the time."""
        assert self.last
        self.__dict__ |= vars(self.last.before) | {"now": self.now}

    def other_ends_unsolved(self) -> list[str]:
        """Let the ticket this one may be merged into be rejected or withdrawn; return the events here."""
        return [self.do("timer", "unmerge")] if self.status == "merged" else []

    def _settle(self, _: str) -> None:
        self.closed, self.voted = self.now, False

    def _reopen(self, _: str) -> None:
        self._back()
        self.resolved = self.closed = None
        self.reopens += 1
        self.extra = self.waits = self.resolve_step = 0
        self.resolve_from = self.now
        if self.reopens >= 3 and self.level < TOP:
            self.up()

    def _escalate(self, _: str) -> None:
        self.up()

    def _return(self, _: str) -> None:
        self.returns, self.level = 1, self.level - 1
        self.held = True

    def _reassign(self, _: str) -> str:
        self.grid, self.level, self.held = NEXT_DOOR, 1, True
        self._accept_anew()
        return "reassigned"

    def _not_mine(self, _: str) -> str:
        self.grid, self.level, self.held = None, 1, False
        self._accept_anew()
        return "reassigned"

    def _extend(self, _: str) -> None:
        self.extra = EXTENSION
        self._come_again("resolve")

    def _recategorise(self, _: str) -> None:
        self.category = ANOTHER[self.category]
        self.followed = self.followed and self.category not in PRIVATE
        self._come_again("resolve")
        if self.status == "new":
            self._come_again("accept")
        if self.dispatched and not self.taken:
            self._come_again("acknowledge")

    def _come_again(self, clock: str) -> None:
        """Let moments that a new limit puts ahead come once more."""
        done = MOMENTS[clock][: getattr(self, f"{clock}_step")]
        setattr(self, f"{clock}_step", sum(self.due(clock, percent) <= self.now for percent, _ in done))

    def _urge(self, _: str) -> None:
        self.urged = self.now

    def up(self) -> None:
        self.level, self.held = min(self.level + 1, TOP), True

    def _accept_anew(self) -> None:
        if self.status == "new":
            self.accept_from, self.accept_step = self.now, 0

    # Time.

    def due(self, clock: str, percent: int) -> datetime:
        """Return when `percent` of a clock's limit is over; pauses stretch the resolve clock alone."""
        accept, acknowledge, resolve = LIMITS[self.category]
        if clock == "accept":
            return self.accept_from + timedelta(minutes=accept) * percent / 100
        if clock == "acknowledge":
            assert self.dispatched
            return self.dispatched + timedelta(minutes=acknowledge) * percent / 100
        at = self.resolve_from
        left = timedelta(minutes=(resolve // 2 if self.reopens else resolve) + self.extra) * percent / 100
        for began, ended in self.pauses:
            if ended <= at:
                continue
            if began - at >= left:
                break
            left -= max(began - at, timedelta())
            at = max(at, ended)
        return at + left

    def upcoming(self) -> tuple[datetime, str, str] | None:
        """Return the next moment: when, which clock, what happens then."""
        if self.status == "resolved" and self.resolved:
            return self.resolved + timedelta(days=7), "silence", "settle"
        if self.status == "waiting" and self.until:
            return self.until, "pause", "resume"
        clocks = [("accept", self.accept_step)] if self.status == "new" else []
        if self.status == "dispatched" and not self.taken:
            clocks.append(("acknowledge", self.acknowledge_step))
        if self.status in {"new", "accepted", "dispatched"}:
            clocks.append(("resolve", self.resolve_step))
        found = [
            (self.due(clock, MOMENTS[clock][step][0]), clock, MOMENTS[clock][step][1])
            for clock, step in clocks
            if step < len(MOMENTS[clock])  # after that the timer only reminds
        ]
        return min(found, default=None)

    def pass_time(self, now: datetime) -> list[str]:
        """Let everything happen that is due by `now`, as one sweep after another would; return the events."""
        self.now, events = now, []
        while (next_ := self.upcoming()) and next_[0] <= now:
            _, clock, act = next_
            step = f"{clock}_step"
            if clock in MOMENTS:
                setattr(self, step, getattr(self, step) + 1)
            self.last = None
            if act == "escalate" and self.level == TOP:
                continue
            if act == "escalate":
                self.up()
                self._accept_anew()
                events.append("escalated")
            elif act != "tell":
                events.append(self.do("timer", act))
        return events

    def copy(self) -> "Model":
        return deepcopy(self)


@dataclass(frozen=True)
class Step:
    """What somebody did, and the ticket before it."""

    who: str
    at: datetime
    before: Model


MOMENTS = {
    "accept": ((80, "tell"), (100, "tell"), (200, "escalate")),
    "acknowledge": ((100, "tell"), (200, "recall")),
    "resolve": ((80, "tell"), (100, "escalate"), (300, "escalate")),
}
PAUSE = timedelta(hours=6)
EXTENSION = 150
# What an event is called where it is not the action with -ed.
EVENT = {
    "withdraw": "withdrawn",
    "merge": "merged",
    "call_up": "called_up",
    "release": "released",
    "unmerge": "unmerged",
    "take": "taken",
    "hand_back": "handed_back",
    "wait": "waiting",
    "resume": "resumed",
    "settle": "settled",
    "escalate": "escalated",
    "urge": "urged",
    "recategorise": "recategorised",
    "resolve": "resolved",
    "edit": "edited",
    "dispatch": "dispatched",
    "split": "split",
    "undo": "undone",
}
