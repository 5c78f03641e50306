"""The course of one ticket, folded from its events: what figures know of it, and since when."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from app.enums import SHANGHAI, Level, Outcome, Status, Verdict
from app.rules.access import Part
from app.rules.escalation import Clocks
from app.rules.figures.minutes import rounded
from app.rules.lifecycle import MAX_HAND_BACKS, REOPENS_TO_ESCALATE, TOP_LEVEL
from app.rules.workdays import Clock, elapsed

_SILENT_PARTS: Final = frozenset({Part.REPORTER, Part.FOLLOWER, Part.TIMER})
_FIRST: Final = "ticket.submitted"
_UNDOABLE: Final = frozenset({"rejected", "merged", "dispatched"})
_NEVER: Final = datetime(1, 1, 1, tzinfo=UTC)  # until the first event says when
_MINUTE: Final = timedelta(minutes=1)
Event = Mapping[str, Any]  # seq, at, type, part, organisation_id, data
Path = Mapping[Level, UUID]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a fold reads besides events: the path to each place and unit by level, and the clocks of a category there."""

    paths: Mapping[UUID, Path]
    clocks: Callable[[str, Path], Clocks]
    home: Path  # of a report with neither place nor grid


@dataclass(slots=True)
class Course:
    """What became of a ticket up to a moment; no name, no text. `…_in_time` is None until that limit is decided."""

    category: str = ""
    origin: str = ""
    channel: str | None = None
    street_id: UUID | None = None
    community_id: UUID | None = None
    grid_id: UUID | None = None
    estate_id: UUID | None = None
    building_id: UUID | None = None
    place_id: UUID | None = None
    submitted_at: datetime = _NEVER
    submitted_on: date = date.min  # in Shanghai, as the hour
    submitted_hour: int = 0
    status: str = Status.NEW
    turn: str = "grid"  # whose move it is: see TURNS
    accept_due: datetime | None = None
    contacted_at: datetime | None = None  # the first act of a person who is not the reporter
    contacted_in_time: bool | None = None
    contact_minutes: int | None = None  # on the category's clock, in steps (`minutes.rounded`), as the next
    resolve_due: datetime | None = None
    resolved_at: datetime | None = None
    resolved_in_time: bool | None = None
    solve_minutes: int | None = None
    outcome: str | None = None
    verdict: str | None = None  # the last answer; a reopening by the reporter is `not_solved`
    answered_at: datetime | None = None
    rating: int | None = None
    reject_reason: str | None = None
    ended_at: datetime | None = None  # closed, rejected or merged
    reopened: bool = False
    dispatched_at: datetime | None = None
    dispatched_to: tuple[UUID, ...] = ()
    handed_back_by: tuple[UUID, ...] = ()
    organisation_id: UUID | None = None  # which has it, or had it when it was resolved


COLUMNS: Final = tuple(Course.__dataclass_fields__)
_values: Final = attrgetter(*COLUMNS)


def columns(course: Course) -> dict[str, Any]:
    """Return a course as a row; `asdict` would copy every value, at ten times the cost."""
    return dict(zip(COLUMNS, _values(course), strict=True))


# Whose move it is: the unit's level, the organisation it is with, its reporter, or nobody yet.
TURNS: Final = ("unassigned", "grid", "community", "street", "partner", "reporter")
_LEVEL_TURNS: Final = {1: "grid", 2: "community", 3: "street"}


@dataclass(slots=True)
class _Fold:
    """A course in the making, and what is remembered on the way to it."""

    around: Surroundings
    course: Course = field(default_factory=Course)
    level: int = 1
    has_holder: bool = True
    before: str = Status.NEW  # the status before a pause, a merge or an act that may be undone
    undo: tuple[Course, int, bool, str] | None = None
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    paused_since: datetime | None = None
    asked: bool = False
    hand_backs: int = 0
    reopens: int = 0

    def path(self) -> Path:
        course = self.course
        return {Level.STREET: course.street_id, Level.COMMUNITY: course.community_id}  # type: ignore[dict-item]  # clocks skip None

    def locate(self, place: str | None, unit: str | None) -> None:
        """Set the columns of where a ticket is, from its place and the unit that holds it."""
        known, course = self.around.paths, self.course
        path = dict(known.get(UUID(unit), {})) if unit else {}
        path = {**self.around.home, **path, **(known.get(UUID(place), {}) if place else {})}
        course.street_id, course.community_id = path.get(Level.STREET), path.get(Level.COMMUNITY)
        course.estate_id, course.building_id = path.get(Level.ESTATE), path.get(Level.BUILDING)
        course.place_id = UUID(place) if place else None

    def hold(self, unit: str | None, level: int) -> None:
        self.level, self.has_holder = level, unit is not None
        if level == 1:
            self.course.grid_id = UUID(unit) if unit else None

    def minutes(self, until: datetime, clock: str) -> int:
        course = self.course
        clocks = self.around.clocks(course.category, self.path())
        pauses = self.pauses if clock == "resolve" else ()
        kind: Clock = getattr(clocks, clock)
        return rounded(elapsed(course.submitted_at, until, kind, clocks.calendar, pauses) // _MINUTE)

    def end_pause(self, at: datetime) -> None:
        if self.paused_since is not None:
            self.pauses.append((self.paused_since, at))
        self.paused_since, self.asked = None, False


def history(events: Iterable[Event], around: Surroundings) -> Iterator[tuple[datetime, Course]]:
    """Yield a ticket's course after each event that changed it, with the event's time; one per moment, the last.

    Raises KeyError or ValueError for events that no act writes.
    """
    fold, last, at = _Fold(around), None, None
    for event in events:
        if at is not None and event["at"] != at and fold.course != (last or Course()):
            last = replace(fold.course)
            yield at, last
        at = event["at"]
        if (
            fold.course.category or event["type"] == _FIRST
        ):  # else its beginning is missing: it is not counted
            _apply(fold, event)
    if at is not None and fold.course != (last or Course()):
        yield at, replace(fold.course)


def _apply(fold: _Fold, event: Event) -> None:
    kind, data, at = event["type"].removeprefix("ticket."), event["data"], event["at"]
    kept = (replace(fold.course), fold.level, fold.has_holder, fold.before) if kind in _UNDOABLE else None
    if step := _STEPS.get(kind):
        step(fold, event)
    if kind != "submitted" and "level" in data:
        fold.hold(data.get("unit"), data["level"])
    if kind != "submitted" and event["part"] not in _SILENT_PARTS:
        _note_contact(fold, at)
    _take_dues(fold.course, data, at)
    if kept:
        fold.undo = kept
    fold.course.turn = _turn(fold)


def _note_contact(fold: _Fold, at: datetime) -> None:
    course = fold.course
    if course.contacted_at is None:
        course.contacted_at = at
        course.contacted_in_time = course.accept_due is None or at <= course.accept_due
        course.contact_minutes = fold.minutes(at, "accept")


def _take_dues(course: Course, data: Mapping[str, Any], at: datetime) -> None:
    """Take the limits an event sets. An accept limit that has passed or was met is not replaced by a later one."""
    dues = data.get("due", {})
    accept = dues.get("accept") or data.get("accept_due")
    if accept and course.contacted_at is None and not (course.accept_due and at > course.accept_due):
        course.accept_due = datetime.fromisoformat(accept)
    if resolve := dues.get("resolve") or data.get("resolve_due"):
        course.resolve_due = datetime.fromisoformat(resolve)


def _turn(fold: _Fold) -> str:
    if fold.asked or fold.course.status == Status.RESOLVED:
        return "reporter"
    with_partner = Status.DISPATCHED in {fold.course.status, fold.before if fold.paused_since else None}
    if with_partner:
        return "partner"
    return _LEVEL_TURNS[fold.level] if fold.has_holder else "unassigned"


def _submitted(fold: _Fold, event: Event) -> None:
    data, course, at = event["data"], fold.course, event["at"]
    local = at.astimezone(SHANGHAI)
    course.submitted_at, course.submitted_on, course.submitted_hour = at, local.date(), local.hour
    course.category, course.origin, course.channel = data["category"], data["origin"], data.get("channel")
    fold.locate(data.get("place_id"), data.get("grid_id") or data.get("holder_id"))
    fold.hold(data.get("holder_id"), data.get("level", 1))
    course.grid_id = UUID(data["grid_id"]) if data.get("grid_id") else None


def _status(status: Status) -> Callable[[_Fold, Event], None]:
    def step(fold: _Fold, _: Event) -> None:
        fold.course.status = status

    return step


def _ended(status: Status) -> Callable[[_Fold, Event], None]:
    def step(fold: _Fold, event: Event) -> None:
        fold.before, fold.course.status, fold.course.ended_at = fold.course.status, status, event["at"]
        fold.course.reject_reason = event["data"].get("reason")

    return step


def _withdrawn(fold: _Fold, event: Event) -> None:
    course, at = fold.course, event["at"]
    course.status, course.ended_at, course.outcome = Status.CLOSED, at, Outcome.WITHDRAWN
    if course.contacted_at is None and course.accept_due and at > course.accept_due:
        course.contacted_in_time = False  # nobody had come in time


def _restored(fold: _Fold, event: Event) -> None:
    """Bring a ticket back by an appeal or an unmerging; the time since it ended counts as a pause."""
    course = fold.course
    appealed = event["type"] == "ticket.appealed"
    if course.ended_at:
        fold.pauses.append((course.ended_at, event["at"]))
    course.status, course.ended_at, course.reject_reason = (
        Status.NEW if appealed else Status(fold.before),
        None,
        None,
    )


def _undone(fold: _Fold, _: Event) -> None:
    if fold.undo:
        fold.course, fold.level, fold.has_holder, fold.before = fold.undo
        fold.undo = None


def _dispatched(fold: _Fold, event: Event) -> None:
    course, organisation = fold.course, UUID(event["data"]["organisation"])
    course.status, course.dispatched_at, course.organisation_id = (
        Status.DISPATCHED,
        event["at"],
        organisation,
    )
    course.dispatched_to = tuple(dict.fromkeys((*course.dispatched_to, organisation)))


def _without_partner(fold: _Fold, event: Event) -> None:
    course = fold.course
    course.status, course.organisation_id = Status.ACCEPTED, None
    if event["type"] == "ticket.handed_back":
        organisation = UUID(event["data"]["organisation"])
        course.handed_back_by = tuple(dict.fromkeys((*course.handed_back_by, organisation)))
        fold.hand_backs += 1
        if fold.hand_backs >= MAX_HAND_BACKS and fold.level == 1:
            fold.level, fold.has_holder = 2, True


def _paused(fold: _Fold, event: Event) -> None:
    fold.before, fold.course.status = fold.course.status, Status.WAITING
    fold.paused_since, fold.asked = event["at"], event["type"] == "ticket.asked"


def _resumed(fold: _Fold, event: Event) -> None:
    fold.course.status = Status(fold.before)
    fold.end_pause(event["at"])


def _claimed(fold: _Fold, event: Event) -> None:
    if fold.paused_since is not None:
        _resumed(fold, event)


def _resolved(fold: _Fold, event: Event) -> None:
    course, at = fold.course, event["at"]
    fold.end_pause(at)
    course.status, course.resolved_at, course.outcome = Status.RESOLVED, at, event["data"].get("outcome")
    course.resolved_in_time = course.resolve_due is None or at <= course.resolve_due
    course.solve_minutes = fold.minutes(at, "resolve")


def _answered(fold: _Fold, event: Event) -> None:
    course, data = fold.course, event["data"]
    course.status, course.ended_at = Status.CLOSED, event["at"]
    course.verdict, course.rating, course.answered_at = data["verdict"], data.get("rating"), event["at"]


def _reopened(fold: _Fold, event: Event) -> None:
    course = fold.course
    course.status, course.reopened, course.ended_at, course.rating = Status.ACCEPTED, True, None, None
    course.resolved_at = course.resolved_in_time = course.solve_minutes = course.outcome = None
    fold.reopens += 1
    if fold.reopens >= REOPENS_TO_ESCALATE and fold.level < TOP_LEVEL:
        fold.level, fold.has_holder = fold.level + 1, True
    by_reporter = event["part"] == Part.REPORTER
    course.verdict, course.answered_at = (Verdict.NOT_SOLVED, event["at"]) if by_reporter else (None, None)
    course.organisation_id = None


def _reassigned(fold: _Fold, event: Event) -> None:
    data, course = event["data"], fold.course
    place = data.get("place") or (str(course.place_id) if course.place_id else None)
    fold.locate(place, data.get("grid") or data.get("unit"))
    course.grid_id = None


def _recategorised(fold: _Fold, event: Event) -> None:
    fold.course.category = event["data"]["to"]


_STEPS: Final[Mapping[str, Callable[[_Fold, Event], None]]] = {
    "submitted": _submitted,
    "withdrawn": _withdrawn,
    "accepted": _status(Status.ACCEPTED),
    "rejected": _ended(Status.REJECTED),
    "appealed": _restored,
    "recategorised": _recategorised,
    "merged": _ended(Status.MERGED),
    "unmerged": _restored,
    "dispatched": _dispatched,
    "handed_back": _without_partner,
    "recalled": _without_partner,
    "waiting": _paused,
    "asked": _paused,
    "resumed": _resumed,
    "answered": _resumed,
    "claimed": _claimed,
    "resolved": _resolved,
    "confirmed": _answered,
    "settled": _answered,
    "reopened": _reopened,
    "reassigned": _reassigned,
    "undone": _undone,
}
