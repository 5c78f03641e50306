"""Which part somebody plays in a ticket: over the unit that holds it, above it, below it, beside it."""

from typing import Any, cast
from uuid import UUID

import pytest

from app.enums import Role
from app.rules.access import (
    GRID_ROLES,
    PRIVATE_CATEGORIES,
    SEES_INTERNAL,
    SEES_PHONE,
    SEES_REPORTER,
    SEES_UNMASKED,
    STAFF,
    Actor,
    Part,
    Seat,
    find_parts,
    is_visible_to_neighbours,
)
from app.rules.facts import Facts

STREET, COMMUNITY, GRID, COMPANY = (UUID(int=n) for n in range(1, 5))
OTHER_STREET, OTHER_COMMUNITY, OTHER_GRID, OTHER_COMPANY = (UUID(int=n) for n in range(11, 15))
REPORTER, SOMEBODY = UUID(int=21), UUID(int=22)


def ticket(level: int = 1, **changes: Any) -> Facts:
    facts = {
        "level": level,
        "grid_id": GRID,
        "community_id": COMMUNITY,
        "street_id": STREET,
        "status": "accepted",
        "organisation_id": None,
        "called_ids": [],
        "awaited_ids": [],
        "reporter_id": REPORTER,
    }
    return cast(Facts, facts | changes)


def seat(role: Role, unit: UUID | None, organisation: UUID | None = None, number: int = 100) -> Seat:
    return Seat(UUID(int=number), role, unit, organisation)


def actor(*seats: Seat, person: UUID = SOMEBODY) -> Actor:
    return Actor(person, UUID(int=31), 0, seats)


def played(who: Actor, facts: Facts, *, follows: bool = False) -> list[str]:
    return [part.value for part in find_parts(who, facts, follows=follows)]


# A post, and the parts it plays while the grid, the community, the street holds the ticket.
@pytest.mark.parametrize(
    ("role", "unit", "grid_holds", "community_holds", "street_holds"),
    [
        (Role.MEMBER, GRID, ["member"], ["helper"], ["helper"]),
        (Role.HEAD, GRID, ["head"], ["helper"], ["helper"]),
        (Role.DEPUTY, GRID, ["head"], ["helper"], ["helper"]),
        (Role.DUTY, GRID, ["head"], ["helper"], ["helper"]),
        (Role.COMMUNITY, COMMUNITY, ["above", "community"], ["head", "community"], ["helper"]),
        (Role.STREET, STREET, ["above", "street"], ["above", "street"], ["head", "street"]),
        (Role.AUDITOR, COMMUNITY, ["auditor"], ["auditor"], ["auditor"]),
        (Role.AUDITOR, STREET, ["auditor"], ["auditor"], ["auditor"]),
        (Role.ADMIN, COMMUNITY, [], [], []),
        (Role.ADMIN, STREET, [], [], []),
        (Role.HEAD, OTHER_GRID, [], [], []),
        (Role.COMMUNITY, OTHER_COMMUNITY, [], [], []),
        (Role.STREET, OTHER_STREET, [], [], []),
        (Role.AUDITOR, OTHER_STREET, [], [], []),
        (Role.AGENT, None, [], [], []),
        (Role.COMMUNITY, GRID, [], [], []),  # a post that cannot be: held at the wrong level
        (Role.HEAD, COMMUNITY, [], [], []),
    ],
)
def test_a_post_plays_its_part(
    role: Role, unit: UUID | None, grid_holds: list[str], community_holds: list[str], street_holds: list[str]
) -> None:
    who = actor(seat(role, unit))
    assert [played(who, ticket(level)) for level in (1, 2, 3)] == [grid_holds, community_holds, street_holds]


def test_a_stranger_plays_no_part() -> None:
    assert played(actor(), ticket()) == []


def test_the_reporter_is_the_reporter_whatever_holds_it() -> None:
    assert [played(actor(person=REPORTER), ticket(level)) for level in (1, 2, 3)] == [["reporter"]] * 3


def test_nobody_is_the_reporter_of_a_ticket_without_one() -> None:
    assert played(actor(), ticket(reporter_id=None)) == []


def test_a_follower_follows() -> None:
    assert played(actor(), ticket(), follows=True) == ["follower"]


@pytest.mark.parametrize(
    "private", [{"anonymous": True}, *({"category": code} for code in sorted(PRIVATE_CATEGORIES))]
)
def test_what_is_private_is_not_for_neighbours(private: dict[str, Any]) -> None:
    plain = {"anonymous": False, "category": "stair_light"}
    assert is_visible_to_neighbours(cast(Facts, plain), public=True)
    assert not is_visible_to_neighbours(cast(Facts, plain), public=False)
    assert not is_visible_to_neighbours(cast(Facts, plain | private), public=True)


def test_an_agent_is_the_partner_only_while_the_ticket_is_with_their_organisation() -> None:
    agent = actor(seat(Role.AGENT, None, COMPANY))
    assert played(agent, ticket()) == []
    assert played(agent, ticket(organisation_id=OTHER_COMPANY)) == []
    assert played(agent, ticket(organisation_id=COMPANY)) == ["partner"]


def test_an_agent_is_called_while_awaited_then_served_until_the_ticket_is_over() -> None:
    agent = actor(seat(Role.AGENT, None, COMPANY))
    called: dict[str, Any] = {"called_ids": [OTHER_COMPANY, COMPANY]}
    assert played(agent, ticket(1, **called, awaited_ids=[COMPANY])) == ["called"]
    assert played(agent, ticket(1, **called, awaited_ids=[OTHER_COMPANY])) == ["served"]
    assert played(agent, ticket(called_ids=[OTHER_COMPANY], awaited_ids=[OTHER_COMPANY])) == []  # released
    over = ("closed", "rejected", "merged")
    assert [played(agent, ticket(1, **called, status=status)) for status in over] == [[], [], []]
    assert played(agent, ticket(1, **called, status="resolved")) == ["served"]


def test_an_agent_of_two_departments_acts_for_the_first_awaited() -> None:
    first, second = seat(Role.AGENT, None, COMPANY, 101), seat(Role.AGENT, None, OTHER_COMPANY, 102)
    called: dict[str, Any] = {"called_ids": [COMPANY, OTHER_COMPANY]}
    who = actor(second, first)
    assert dict(find_parts(who, ticket(1, **called, awaited_ids=[COMPANY, OTHER_COMPANY]))) == {
        Part.DEPARTMENT: first
    }
    assert dict(find_parts(who, ticket(1, **called, awaited_ids=[OTHER_COMPANY]))) == {
        Part.DEPARTMENT: second,
        Part.FORMER_DEPARTMENT: first,
    }


def test_an_unassigned_ticket_is_its_communitys_and_its_streets() -> None:
    unassigned = ticket(grid_id=None)
    assert played(actor(seat(Role.HEAD, GRID)), unassigned) == []
    assert played(actor(seat(Role.COMMUNITY, COMMUNITY)), unassigned) == ["above", "community"]
    assert played(actor(seat(Role.STREET, STREET)), unassigned) == ["above", "street"]


def test_a_post_at_no_unit_is_not_the_unit_of_an_unassigned_ticket() -> None:
    nowhere = ticket(grid_id=None, community_id=None, street_id=None)
    assert played(actor(seat(Role.HEAD, None), seat(Role.STREET, None)), nowhere) == []


def test_several_posts_are_played_narrowest_first_each_from_its_own_seat() -> None:
    head, worker = seat(Role.HEAD, GRID, number=101), seat(Role.COMMUNITY, COMMUNITY, number=102)
    who = actor(worker, head)
    assert dict(find_parts(who, ticket())) == {Part.HEAD: head, Part.ABOVE: worker, Part.COMMUNITY: worker}
    assert list(find_parts(who, ticket())) == [Part.HEAD, Part.ABOVE, Part.COMMUNITY]
    assert dict(find_parts(who, ticket(2))) == {Part.HELPER: head, Part.HEAD: worker, Part.COMMUNITY: worker}


def test_the_nearest_level_above_is_the_one_that_acts() -> None:
    worker, street = seat(Role.COMMUNITY, COMMUNITY, number=101), seat(Role.STREET, STREET, number=102)
    assert find_parts(actor(street, worker), ticket())[Part.ABOVE] is worker


def test_a_head_who_reports_is_both() -> None:
    head = seat(Role.HEAD, GRID)
    assert dict(find_parts(actor(head, person=REPORTER), ticket())) == {Part.REPORTER: None, Part.HEAD: head}


def test_posts_of_grid_community_and_street_are_staff() -> None:
    assert {Role.MEMBER, Role.HEAD, Role.DEPUTY, Role.DUTY} == GRID_ROLES
    assert set(Role) - STAFF == {Role.AUDITOR, Role.ADMIN, Role.AGENT, Role.STEWARD}
    assert [role for role in Role if actor(seat(role, GRID)).is_staff] == [r for r in Role if r in STAFF]


def test_units_are_those_where_one_of_the_roles_is_held() -> None:
    who = actor(seat(Role.HEAD, GRID), seat(Role.STREET, STREET), seat(Role.AGENT, None, COMPANY))
    assert who.units(GRID_ROLES) == [GRID]
    assert who.units(frozenset(Role)) == [GRID, STREET]


# What a part sees of a ticket: the reporter, the internal words, the text unmasked, the full phone.
@pytest.mark.parametrize(
    ("part", "reporter", "internal", "unmasked", "phone"),
    [
        (Part.REPORTER, True, False, True, False),
        (Part.FOLLOWER, False, False, False, False),
        (Part.PARTNER, True, True, True, True),
        (Part.DEPARTMENT, True, True, True, False),
        (Part.FORMER_DEPARTMENT, False, False, False, False),
        (Part.MEMBER, True, True, True, True),
        (Part.HEAD, True, True, True, True),
        (Part.ABOVE, True, True, True, True),
        (Part.HELPER, True, True, True, False),
        (Part.AUDITOR, False, True, False, False),
        (Part.TIMER, False, False, False, False),
    ],
)
def test_a_part_sees_its_share(
    part: Part, reporter: bool, internal: bool, unmasked: bool, phone: bool
) -> None:
    shares = (SEES_REPORTER, SEES_INTERNAL, SEES_UNMASKED, SEES_PHONE)
    assert [part in share for share in shares] == [reporter, internal, unmasked, phone]
