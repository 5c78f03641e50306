"""The parts that somebody plays in a ticket, and what each part may see of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.enums import Role
from app.rules.facts import Facts
from app.rules.statuses import ENDED


class Part(StrEnum):
    """A part that somebody plays in one ticket."""

    REPORTER = "reporter"
    FOLLOWER = "follower"
    PARTNER = "partner"  # the organisation that the ticket is dispatched to
    DEPARTMENT = "called"  # a department called to the ticket (吹哨) that has not reported yet
    FORMER_DEPARTMENT = (
        "served"  # one that has reported: it reads, masked, and comments until the ticket ends
    )
    MEMBER = "member"  # a member of the unit that holds the ticket
    HEAD = "head"  # the head, a deputy or a duty person of that unit
    COMMUNITY = "community"  # the community, where it holds the ticket or is above the holder
    STREET = "street"
    ABOVE = "above"  # a unit above the holder
    HELPER = "helper"  # a unit that held the ticket before it moved up
    AUDITOR = "auditor"
    TIMER = "timer"
    FORMER = (
        "gone"  # whose own act took the ticket out of their scope: they see the result of the act, masked
    )


@dataclass(frozen=True, slots=True)
class Seat:
    """A post that somebody holds, as far as the rules need it."""

    id: UUID
    role: Role
    unit_id: UUID | None  # the grid or place
    organisation_id: UUID | None


@dataclass(frozen=True, slots=True)
class ApiKeyGrant:
    """What an API key may do, and until when. The id of its seat is the key's id."""

    id: UUID
    scopes: frozenset[str]
    until: datetime


class Actor:
    """Who makes a request: a person with their seats, or an organisation with an API key."""

    __slots__ = (
        "auth_version",
        "consent",
        "key",
        "language",
        "login_id",
        "person_id",
        "seats",
        "seats_by_organisation",
        "seats_by_unit",
    )

    def __init__(
        self,
        person_id: UUID,
        login_id: UUID,
        auth_version: int,
        seats: Sequence[Seat],
        consent: str | None = None,
        key: ApiKeyGrant | None = None,
        language: str | None = None,
    ) -> None:
        self.person_id = person_id
        self.login_id = login_id
        self.auth_version = auth_version
        self.consent = consent  # the version of the privacy guide they have agreed to
        self.key = key  # None for a person
        self.language = language  # the one they have chosen
        self.seats = tuple(seats)
        self.seats_by_unit: dict[UUID, list[Seat]] = {}
        for seat in self.seats:
            if seat.unit_id is not None:
                self.seats_by_unit.setdefault(seat.unit_id, []).append(seat)
        self.seats_by_organisation: dict[UUID, Seat] = {
            seat.organisation_id: seat for seat in self.seats if seat.organisation_id
        }

    @property
    def is_staff(self) -> bool:
        """Tell whether they hold a post of the street, a community or a grid."""
        return any(seat.role in STAFF for seat in self.seats)

    def has_consented_to(self, version: str) -> bool:
        """Tell whether they have agreed to this version of the privacy guide. An API key need not: it is no person."""
        return self.key is not None or self.consent == version

    def units(self, roles: frozenset[Role]) -> list[UUID]:
        """Return the units where they hold one of `roles`."""
        return [seat.unit_id for seat in self.seats if seat.unit_id and seat.role in roles]


GRID_ROLES: Final = frozenset({Role.MEMBER, Role.HEAD, Role.DEPUTY, Role.DUTY})
STAFF: Final = GRID_ROLES | {Role.COMMUNITY, Role.STREET}

Parts = Mapping[Part, Seat | None]

# The unit columns of a ticket, narrowest first: column, level of the unit, roles that act for it.
_UNIT_COLUMNS: Final = (
    ("grid_id", 1, GRID_ROLES),
    ("community_id", 2, {Role.COMMUNITY}),
    ("street_id", 3, {Role.STREET}),
)
_LEVEL_PARTS: Final = {2: Part.COMMUNITY, 3: Part.STREET}


def find_parts(actor: Actor, ticket: Facts, *, follows: bool = False) -> Parts:
    """Return the parts `actor` plays in `ticket`, narrowest first, each with its seat. Empty: the ticket is out of scope."""
    found: dict[Part, Seat | None] = {}
    if ticket["reporter_id"] == actor.person_id:
        found[Part.REPORTER] = None
    if ticket["organisation_id"] in actor.seats_by_organisation:
        found[Part.PARTNER] = actor.seats_by_organisation[ticket["organisation_id"]]
    if actor.seats_by_organisation and ticket["called_ids"]:
        _add_department_parts(found, actor, ticket)
    for column, level, roles in _UNIT_COLUMNS if actor.seats_by_unit else ():
        for seat in actor.seats_by_unit.get(ticket[column], ()):  # type: ignore[literal-required]  # the columns named above
            if seat.role in roles:
                _add_unit_parts(found, seat, level, ticket)
            elif seat.role is Role.AUDITOR:
                found.setdefault(Part.AUDITOR, seat)
    if follows:  # last: somebody who also has a post acts from that
        found[Part.FOLLOWER] = None
    return found


def _add_department_parts(found: dict[Part, Seat | None], actor: Actor, ticket: Facts) -> None:
    """Add the parts of the actor's organisations that were called; of several, the first awaited one acts."""
    for identifier in ticket["awaited_ids"]:
        if seat := actor.seats_by_organisation.get(identifier):
            found.setdefault(Part.DEPARTMENT, seat)
    for identifier in ticket["called_ids"] if ticket["status"] not in ENDED else ():
        if identifier not in ticket["awaited_ids"] and (seat := actor.seats_by_organisation.get(identifier)):
            found.setdefault(Part.FORMER_DEPARTMENT, seat)


def _add_unit_parts(found: dict[Part, Seat | None], seat: Seat, level: int, ticket: Facts) -> None:
    """Add the parts played from a seat at a unit of `level`; the holder is at the ticket's level."""
    if level < ticket["level"]:
        found.setdefault(Part.HELPER, seat)
        return
    if level > ticket["level"]:
        found.setdefault(Part.ABOVE, seat)
    else:
        found.setdefault(Part.MEMBER if seat.role is Role.MEMBER else Part.HEAD, seat)
    if level in _LEVEL_PARTS:
        found.setdefault(_LEVEL_PARTS[level], seat)


# Members of the unit that holds the ticket.
HOLDING_PARTS: Final = frozenset({Part.MEMBER, Part.HEAD})
# Who sees the reporter's name and masked phone.
SEES_REPORTER: Final = frozenset(
    {Part.REPORTER, Part.PARTNER, Part.DEPARTMENT, Part.MEMBER, Part.HEAD, Part.ABOVE, Part.HELPER}
)
# Who sees internal comments.
SEES_INTERNAL: Final = frozenset(
    {Part.PARTNER, Part.DEPARTMENT, Part.MEMBER, Part.HEAD, Part.ABOVE, Part.HELPER, Part.AUDITOR}
)
# Who sees all of the departments called: their ids, times, and those that were released.
SEES_DEPARTMENTS: Final = SEES_INTERNAL | {Part.FORMER_DEPARTMENT}
# Who sees free text unmasked.
SEES_UNMASKED: Final = SEES_REPORTER
# Who sees words and photos that the reporter has replaced in their report: staff, who may have acted on them.
SEES_EDITED_AWAY: Final = frozenset({Part.MEMBER, Part.HEAD, Part.ABOVE, Part.HELPER, Part.AUDITOR})
# Who sees the votes of followers that the problem of a closed ticket is still there.
SEES_DISSENT: Final = frozenset({Part.MEMBER, Part.HEAD, Part.ABOVE, Part.AUDITOR})
SEES_PHONE: Final = frozenset({Part.PARTNER, Part.MEMBER, Part.HEAD, Part.ABOVE})


def plays_any(played: Parts, allowed: frozenset[Part]) -> bool:
    """Tell whether one of the parts played is among those allowed."""
    return not allowed.isdisjoint(played)


# Never shown to neighbours, even where an office sets the category up as public.
PRIVATE_CATEGORIES: Final = frozenset({"dispute", "care", "noise", "property_complaint"})


def is_visible_to_neighbours(ticket: Facts, *, public: bool) -> bool:
    """Tell whether neighbours may see that the ticket exists; `public` is its category's flag."""
    return public and not ticket["anonymous"] and ticket["category"] not in PRIVATE_CATEGORIES
