"""The common life's nouns: what a kind of subject is, the parts somebody plays in one, and what they may do now."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from app.enums import STAFFS_OWN, Role, SideRole, SubjectKind
from app.errors import Forbidden, WrongState
from app.labels import SUBJECT
from app.rules.access import GRID_ROLES, Actor, Seat
from app.rules.moves import SAME_STATUS, Move


class SubjectPart(StrEnum):
    """A part that somebody plays in one subject."""

    AUTHOR = "author"  # who wrote it down
    SPEAKER = "speaker"  # whose opinion it is, when somebody else wrote it down
    RESIDENT = "resident"  # who lives where it is about
    HOUSEHOLD = "household"  # who lives in the very room it is about
    MEMBER = "member"  # a member of its grid
    HEAD = "head"  # the head, a deputy or a duty person of its grid
    COMMUNITY = "community"
    STREET = "street"
    AUDITOR = "auditor"
    COMPANY = "company"  # an agent of the organisation that is rated
    SIDE = "side"  # a side of a relationship
    HELPER = "helper"  # who looks after a household, once they have agreed
    PARTY = "party"  # of a dispute
    MEDIATOR = "mediator"
    STUDIO = "studio"  # who heads the studio that mediates
    TIMER = "timer"
    OUTSIDER = "outsider"  # whoever reads what is shown to all, without a part in it


class Audience(StrEnum):
    """Who is told of an event of a subject."""

    AUTHOR = "author"
    SPEAKER = "speaker"
    TELLER = "teller"  # who wrote it down from a post for somebody whom only they can tell
    SUPPORTERS = "supporters"
    ATTENDEES = "attendees"  # who has signed up, and who waits
    MOVED_UP = "moved_up"  # who had waited and got a place that was given back
    SOURCES = "sources"  # authors and speakers of what it came from, opinions and topics
    ASKED = "asked"  # whoever lives where a survey asks
    ANSWERED = "answered"  # whoever has answered it
    COMPANY = "company"  # the agents of the organisation that is rated
    SIDES = "sides"  # all sides of a relationship or a dispute
    HELPER = "helper"
    OFFICE = "office"  # who answers for its grid; where there is none, for its community


OVERDUE: Final = "overdue"  # what the office is told when a subject's time is over; no event
MISSED: Final = "missed"  # what it is told of a household that nobody has visited for twice as long as agreed
COURT_SOON: Final = "court_soon"  # what both parties are told before the last day for the court
VISIT_DUE: Final = "visit_due"  # what the mediators are told on the day of the return visit
IN_A_DAY: Final = "in_a_day"  # what who signed up is told before an activity begins; no events either
IN_AN_HOUR: Final = "in_an_hour"
P = SubjectPart
OFFICES: Final = frozenset({P.COMMUNITY, P.STREET})
HEADS: Final = OFFICES | {P.HEAD}
STAFF: Final = HEADS | {P.MEMBER}
# Parts that see it before it is public.
INSIDERS: Final = STAFF | {P.AUTHOR, P.SPEAKER, P.AUDITOR}

Parts = Mapping[SubjectPart, Seat | None]
Subject = Mapping[str, Any]  # the columns of a subject, and what the caller is to it


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold for an action besides the status, and the sentence to refuse it with."""

    holds: Callable[[Subject, Parts, datetime], bool]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """All tables of one kind of subject."""

    kind: SubjectKind
    statuses: Mapping[str, str]  # with their Chinese, in the order of a life; the first is that of a new one
    ended: frozenset[str]
    creators: frozenset[SubjectPart]  # RESIDENT: whoever lives there
    moves: Mapping[str, Move[SubjectPart]]
    conditions: Mapping[str, Sequence[Condition]] = field(default_factory=dict)
    events: Mapping[str, str]  # by event without its prefix: its Chinese
    audiences: Mapping[str, frozenset[Audience]] = field(
        default_factory=dict
    )  # of each event; absent: nobody
    insiders: frozenset[SubjectPart] = INSIDERS  # who sees it before it is public, or if it never is
    public: bool = True  # residents see one that is released
    note: str = ""  # what its table does not say, for docs/lifecycle.md
    sentences: Mapping[tuple[str, str], str] = field(
        default_factory=dict
    )  # by action and status: why not, where the status alone would not say it
    sided: bool = False  # it has sides, and nobody sees it for having written it
    open_to_all: bool = False  # whoever has its link reads one that is released
    status_at: Callable[[Subject, datetime], str] | None = None  # where the clock changes the status

    @property
    def label(self) -> str:
        """Return the Chinese of the kind."""
        return SUBJECT[self.kind]

    @property
    def first_status(self) -> str:
        """Return the status of a new one."""
        return next(iter(self.statuses))


def table(*moves: Move[SubjectPart]) -> dict[str, Move[SubjectPart]]:
    """Return a table of moves by their actions."""
    return {row.action: row for row in moves}


_COLUMN_OF_ROLE: Final = {Role.COMMUNITY: ("community_id", P.COMMUNITY), Role.STREET: ("street_id", P.STREET)}
_UNITS: Final = ("grid_id", "community_id", "street_id")


def find_parts(
    actor: Actor,
    subject: Subject,
    communities: Mapping[UUID, UUID | None],
    *,
    lives_there: bool,
    in_that_room: bool = False,
) -> Parts:
    """Return the parts `actor` plays in a subject, narrowest first, each with its seat.

    `communities`: the community of each grid. A subject of a whole community concerns the staff of its grids too.
    """
    found: dict[SubjectPart, Seat | None] = {}
    if subject["author_id"] == actor.person_id:
        found[P.AUTHOR] = None
    if subject["person_id"] == actor.person_id:
        found[P.SPEAKER] = None
    if lives_there:
        found[P.RESIDENT] = None
    if in_that_room:
        found[P.HOUSEHOLD] = None
    company = subject.get("organisation_id")
    if company and (seat := actor.seats_by_organisation.get(company)):
        found[P.COMPANY] = seat
    for side in own_sides(actor, subject):
        of_side = (side["post_id"], side["organisation_id"])
        seat = next(
            (one for one in actor.seats if str(one.id) in of_side or str(one.organisation_id) in of_side),
            None,
        )
        found.setdefault(_part_of_side(side), seat)
    for seat in actor.seats:
        if part := _part_of(seat, subject, communities):
            found.setdefault(part, seat)
    return found


_PART_OF_ROLE: Final = {
    SideRole.PARTY: P.PARTY,
    SideRole.MEDIATOR: P.MEDIATOR,
    SideRole.STUDIO: P.STUDIO,
}


def _part_of_side(side: Mapping[str, Any]) -> SubjectPart:
    """Return the part of a side; who was asked to help a household is a helper once they have agreed."""
    if side["role"] == SideRole.HELPER and side["agreed_at"] is not None:
        return P.HELPER
    return _PART_OF_ROLE.get(side["role"], P.SIDE)


def own_sides(actor: Actor, subject: Subject) -> list[Mapping[str, Any]]:
    """Return the sides of a subject that somebody is or speaks for, without those that have left it.

    A household's is who was named or admitted and lives there still: a room that is merely claimed shows nobody anything.
    """
    posts = {str(seat.id) for seat in actor.seats}
    companies = {str(organisation) for organisation in actor.seats_by_organisation}
    home = str(subject.get("household_id"))
    return [
        side
        for side in subject.get("sides") or ()
        if side["left_at"] is None
        and (
            side["post_id"] in posts
            or side["organisation_id"] in companies
            or (
                side["person_id"] == str(actor.person_id)
                and (side["role"] != SideRole.HOUSEHOLD or side["place_id"] == home)
            )
        )
    ]


def _part_of(seat: Seat, subject: Subject, communities: Mapping[UUID, UUID | None]) -> SubjectPart | None:
    if seat.unit_id is None:
        return None
    if seat.role in GRID_ROLES:
        whole = subject["grid_id"] is None and subject["community_id"] is not None
        if seat.unit_id != subject["grid_id"] and not (
            whole and communities.get(seat.unit_id) == subject["community_id"]
        ):
            return None
        return P.MEMBER if seat.role is Role.MEMBER else P.HEAD
    if seat.role is Role.AUDITOR:
        return P.AUDITOR if seat.unit_id in {subject[column] for column in _UNITS} else None
    column, part = _COLUMN_OF_ROLE.get(seat.role, (None, None))
    return part if column and subject[column] == seat.unit_id else None


def visible_parts(life: Life, subject: Subject, parts: Parts) -> Parts:
    """Return the parts from which somebody sees a subject; none: it is out of their scope."""
    if is_staffs_own(subject):
        of_household = P.HOUSEHOLD if subject["status"] in life.ended else None
        return {part: seat for part, seat in parts.items() if part in INSIDERS or part is of_household}
    if life.sided:
        return {part: seat for part, seat in parts.items() if part in life.insiders}
    open_to_residents = life.public and subject["released"]
    visible = {part: seat for part, seat in parts.items() if part in life.insiders or open_to_residents}
    if not visible and life.open_to_all and subject["released"]:
        return {P.OUTSIDER: None}
    return visible


def reads_words(parts: Parts) -> bool:
    """Tell whether somebody who sees a subject reads what was written of it and sees its photos.

    A room is what somebody says of themselves: whoever names it learns that it was visited and when, not what was noted.
    """
    return set(parts) != {P.HOUSEHOLD}


def is_staffs_own(subject: Subject) -> bool:
    """Tell whether a subject is a visit or the like: what is written of it is for staff and that household."""
    return subject["kind"] == SubjectKind.ACTIVITY and subject["sort"] in STAFFS_OWN


def require_creator(life: Life, parts: Parts) -> SubjectPart:
    """Return the part in which somebody may create one. Raises Forbidden."""
    part = next((part for part in reversed(list(parts)) if part in life.creators), None)
    if part is None:
        raise Forbidden(f"您不能在这里新建{life.label}")
    return part


def require_permission(life: Life, action: str, parts: Parts) -> None:
    """Raise Forbidden (403) if none of the caller's parts may ever do `action`."""
    if life.moves[action].parts.isdisjoint(parts):
        raise Forbidden(f"您不能对这项{life.label}“{life.moves[action].label}”")


def acting_part(life: Life, action: str, parts: Parts) -> SubjectPart:
    """Return the narrowest part that may do `action`: the one that is recorded."""
    return next(part for part in parts if part in life.moves[action].parts)


def refusal_reason(life: Life, action: str, subject: Subject, parts: Parts, now: datetime) -> str | None:
    """Return a sentence that says why `action` is not possible now, None if it is possible."""
    row = life.moves[action]
    if subject["status"] not in row.sources:
        if sentence := life.sentences.get((action, subject["status"])):
            return sentence
        return f"{life.label}现在是“{life.statuses[subject['status']]}”，不能“{row.label}”"
    for condition in life.conditions.get(action, ()):
        if not condition.holds(subject, parts, now):
            return condition.sentence
    return None


def allowed_actions(life: Life, subject: Subject, parts: Parts, now: datetime) -> list[str]:
    """Return the actions the caller may do now, in the order of the table."""
    return [
        action
        for action, row in life.moves.items()
        if not row.parts.isdisjoint(parts) and refusal_reason(life, action, subject, parts, now) is None
    ]


def require_possible(life: Life, action: str, subject: Subject, parts: Parts, now: datetime) -> None:
    """Raise WrongState (409), with the allowed actions, if `action` is not possible now."""
    if reason := refusal_reason(life, action, subject, parts, now):
        raise WrongState(reason, allowed=allowed_actions(life, subject, parts, now))


def status_after(life: Life, action: str, subject: Subject) -> str:
    """Return the status to which an action leads."""
    target = life.moves[action].target
    return str(subject["status"]) if target == SAME_STATUS else target


def as_of(life: Life, subject: Subject, now: datetime) -> Subject:
    """Return a subject with the status it has at a moment."""
    return {**subject, "status": life.status_at(subject, now)} if life.status_at else subject


def is_overdue(life: Life, subject: Subject, now: datetime) -> bool:
    """Tell whether a subject's time is over while it has not ended."""
    return subject["due_at"] is not None and subject["status"] not in life.ended and now >= subject["due_at"]


def lives_at(home_path: Collection[UUID] | None, place_id: UUID | None) -> bool:
    """Tell whether a home lies in a place, or is it."""
    return place_id is not None and place_id in (home_path or ())
