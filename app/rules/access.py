"""Which part somebody plays in a ticket, and what each part sees of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.rules.facts import Facts
from app.words import Role, Status


class Part(StrEnum):
    """A part played in one ticket; the letters are lifecycle's."""

    REPORTER = "reporter"  # R
    FOLLOWER = "follower"  # F
    PARTNER = "partner"  # P, the organisation it is dispatched to
    CALLED = "called"  # a department called up (吹哨) whose report is awaited
    SERVED = "served"  # one that has reported: until the ticket is closed it reads, masked, and comments
    MEMBER = "member"  # M, a member of the unit that holds it
    HEAD = "head"  # H, head, deputy or duty person of that unit
    COMMUNITY = "community"  # C, the community while it holds or stands above
    STREET = "street"  # S
    ABOVE = "above"  # a level above the holder over the same place
    HELPER = "helper"  # the former holder after it moved up
    AUDITOR = "auditor"  # A
    TIMER = "timer"  # T
    GONE = (
        "gone"  # whose act took the ticket out of their hands: they see its outcome, masked, and do no more
    )


@dataclass(frozen=True, slots=True)
class Seat:
    """A post somebody holds: what the rules need of it."""

    id: UUID
    role: Role
    unit_id: UUID | None  # the grid or place
    organisation_id: UUID | None


@dataclass(frozen=True, slots=True)
class Key:
    """An API key somebody comes with: what it may do, until when. Its seat bears the key's id."""

    id: UUID
    scopes: frozenset[str]
    until: datetime


class Actor:
    """Who asks: a person with their seats, or an organisation by its key."""

    __slots__ = ("at", "consent", "key", "login_id", "organisation_ids", "person_id", "seats", "stamp")

    def __init__(
        self,
        person_id: UUID,
        login_id: UUID,
        stamp: int,
        seats: Sequence[Seat],
        consent: str | None = None,
        key: Key | None = None,
    ) -> None:
        self.person_id = person_id
        self.login_id = login_id
        self.stamp = stamp
        self.consent = consent  # version of the privacy guide agreed to
        self.key = key  # None: a person
        self.seats = tuple(seats)
        self.at: dict[UUID, list[Seat]] = {}
        for seat in self.seats:
            if seat.unit_id is not None:
                self.at.setdefault(seat.unit_id, []).append(seat)
        self.organisation_ids: dict[UUID, Seat] = {
            seat.organisation_id: seat for seat in self.seats if seat.organisation_id
        }

    @property
    def is_staff(self) -> bool:
        """Tell whether they hold a post of the street, a community or a grid."""
        return any(seat.role in STAFF for seat in self.seats)

    def agrees(self, version: str) -> bool:
        """Tell whether they have agreed to this privacy guide; a key is nobody whose data is kept."""
        return self.key is not None or self.consent == version

    def units(self, roles: frozenset[Role]) -> list[UUID]:
        """Return the units where they hold one of `roles`."""
        return [seat.unit_id for seat in self.seats if seat.unit_id and seat.role in roles]


GRID_ROLES: Final = frozenset({Role.MEMBER, Role.HEAD, Role.DEPUTY, Role.DUTY})
STAFF: Final = GRID_ROLES | {Role.COMMUNITY, Role.STREET}

_OVER: Final = frozenset({Status.CLOSED, Status.REJECTED, Status.MERGED})
Parts = Mapping[Part, Seat | None]

# The unit columns of a ticket, narrowest first, with the level at which each holds.
_UNITS: Final = (
    ("grid_id", 1, GRID_ROLES),
    ("community_id", 2, {Role.COMMUNITY}),
    ("street_id", 3, {Role.STREET}),
)
_NAMED: Final = {2: Part.COMMUNITY, 3: Part.STREET}


def parts(actor: Actor, ticket: Facts, *, follows: bool = False) -> Parts:
    """Return every part `actor` plays in `ticket`, narrowest first, with the seat it is played from; none: out of scope."""
    found: dict[Part, Seat | None] = {}
    if ticket["reporter_id"] == actor.person_id:
        found[Part.REPORTER] = None
    if ticket["organisation_id"] in actor.organisation_ids:
        found[Part.PARTNER] = actor.organisation_ids[ticket["organisation_id"]]
    if actor.organisation_ids and ticket["called_ids"]:
        _call(found, actor, ticket)
    for column, level, roles in _UNITS if actor.at else ():
        for seat in actor.at.get(ticket[column], ()):  # type: ignore[literal-required]  # the columns named above
            if seat.role in roles:
                _sit(found, seat, level, ticket)
            elif seat.role is Role.AUDITOR:
                found.setdefault(Part.AUDITOR, seat)
    if follows:  # the widest: who has a post acts from it
        found[Part.FOLLOWER] = None
    return found


def _call(found: dict[Part, Seat | None], actor: Actor, ticket: Facts) -> None:
    """Add the part of the actor's organisations that were called; of several the first awaited acts."""
    for identifier in ticket["awaited_ids"]:
        if seat := actor.organisation_ids.get(identifier):
            found.setdefault(Part.CALLED, seat)
    for identifier in ticket["called_ids"] if ticket["status"] not in _OVER else ():
        if identifier not in ticket["awaited_ids"] and (seat := actor.organisation_ids.get(identifier)):
            found.setdefault(Part.SERVED, seat)


def _sit(found: dict[Part, Seat | None], seat: Seat, level: int, ticket: Facts) -> None:
    """Add the parts a seat at a unit of `level` plays, the holder being at the ticket's level."""
    if level < ticket["level"]:
        found.setdefault(Part.HELPER, seat)
        return
    if level > ticket["level"]:
        found.setdefault(Part.ABOVE, seat)
    else:
        found.setdefault(Part.MEMBER if seat.role is Role.MEMBER else Part.HEAD, seat)
    if level in _NAMED:
        found.setdefault(_NAMED[level], seat)


# Who belongs to the unit that holds it.
SITS: Final = frozenset({Part.MEMBER, Part.HEAD})
# Who sees the reporter's name and masked phone, the handlers' internal words, the text unmasked.
SEES_REPORTER: Final = frozenset(
    {Part.REPORTER, Part.PARTNER, Part.CALLED, Part.MEMBER, Part.HEAD, Part.ABOVE, Part.HELPER}
)
SEES_INTERNAL: Final = frozenset(
    {Part.PARTNER, Part.CALLED, Part.MEMBER, Part.HEAD, Part.ABOVE, Part.HELPER, Part.AUDITOR}
)
# Who sees of the departments called which they are, when each was called and took its part, and whom nobody awaits.
SEES_CALLED: Final = SEES_INTERNAL | {Part.SERVED}
SEES_UNMASKED: Final = SEES_REPORTER
# Who sees how many followers say that a closed trouble is still there, and those words in the timeline.
SEES_DISSENT: Final = frozenset({Part.MEMBER, Part.HEAD, Part.ABOVE, Part.AUDITOR})
SEES_PHONE: Final = frozenset({Part.PARTNER, Part.MEMBER, Part.HEAD, Part.ABOVE})


def any_of(played: Parts, allowed: frozenset[Part]) -> bool:
    """Tell whether one of the parts played is among those allowed."""
    return not allowed.isdisjoint(played)


# Whatever an office sets up as public: these are never shown to neighbours.
PRIVATE: Final = frozenset({"dispute", "care", "noise", "property_complaint"})


def neighbourly(ticket: Facts, *, public: bool) -> bool:
    """Tell whether neighbours may know of a ticket; `public` is its category's."""
    return public and not ticket["anonymous"] and ticket["category"] not in PRIVATE
