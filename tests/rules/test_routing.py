"""Where a report goes: the most specific cover, who answers today, and never nowhere."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from app.enums import Level, Role
from app.rules.routing import (
    Route,
    Unit,
    UnitPost,
    covering_grid,
    responsible_post,
    route,
    route_to_grid,
    stand_in,
)

STREET, COMMUNITY, OTHER_COMMUNITY, GRID, SECOND_GRID = (UUID(int=n) for n in range(1, 6))
ESTATE, BUILDING, STAIR = (UUID(int=n) for n in range(11, 14))
PERSON = UUID(int=21)
PATH = (STREET, COMMUNITY, ESTATE, BUILDING, STAIR)
TODAY = date(2026, 3, 4)
ONE_DAY = timedelta(days=1)


def post(
    role: Role,
    number: int = 100,
    *,
    person: UUID | None = PERSON,
    away: tuple[date, date | None] | None = None,
) -> UnitPost:
    return UnitPost(UUID(int=number), role, person, None, *(away or (None, None)))


def grid(*posts: UnitPost, unit: UUID = GRID, community: UUID = COMMUNITY) -> Unit:
    return Unit(unit, Level.GRID, "第四网格", (STREET, community, unit), posts)


def units(*grids: Unit) -> dict[UUID, Unit]:
    street = Unit(STREET, Level.STREET, "人和街道", (STREET,), (post(Role.STREET),))
    communities = [
        Unit(c, Level.COMMUNITY, "社区", (STREET, c), (post(Role.COMMUNITY),))
        for c in (COMMUNITY, OTHER_COMMUNITY)
    ]
    return {unit.id: unit for unit in (street, *communities, *grids)}


HEADED, SECOND = grid(post(Role.HEAD)), grid(post(Role.HEAD), unit=SECOND_GRID)


@pytest.mark.parametrize(
    ("covers", "path", "found"),
    [
        ({ESTATE: GRID}, PATH, GRID),
        ({ESTATE: GRID, BUILDING: SECOND_GRID}, PATH, SECOND_GRID),
        ({ESTATE: GRID, STAIR: SECOND_GRID}, PATH, SECOND_GRID),
        ({ESTATE: GRID, STAIR: SECOND_GRID}, PATH[:-1], GRID),
        ({COMMUNITY: GRID}, PATH, GRID),
        ({UUID(int=99): GRID}, PATH, None),
        ({}, PATH, None),
    ],
)
def test_the_most_specific_cover_wins(
    covers: dict[UUID, UUID], path: tuple[UUID, ...], found: UUID | None
) -> None:
    assert covering_grid(path, covers) == found


def test_a_report_goes_to_the_grid_that_covers_its_place() -> None:
    found = route(PATH, {ESTATE: GRID, STAIR: SECOND_GRID}, units(HEADED, SECOND), TODAY)
    assert found == Route(STREET, COMMUNITY, SECOND_GRID, 1, SECOND_GRID)


def test_a_grid_nobody_answers_in_leaves_it_to_its_community() -> None:
    assert route(PATH, {ESTATE: GRID}, units(grid()), TODAY) == Route(STREET, COMMUNITY, GRID, 2, COMMUNITY)


@pytest.mark.parametrize("path", [PATH, PATH[:3], PATH[:2]])
def test_a_place_without_a_grid_is_in_its_communitys_unassigned_queue(path: tuple[UUID, ...]) -> None:
    assert route(path, {}, units(HEADED), TODAY) == Route(STREET, COMMUNITY, None, 1, None)


def test_a_cover_of_a_grid_that_is_gone_leaves_it_to_the_community() -> None:
    assert route(PATH, {ESTATE: GRID}, units(), TODAY) == Route(STREET, COMMUNITY, None, 1, None)


def test_a_position_of_which_only_the_street_is_known_is_the_streets() -> None:
    assert route((STREET,), {}, units(HEADED), TODAY) == Route(STREET, None, None, 1, None)


def test_the_grid_says_whose_community_it_is() -> None:
    lent = grid(post(Role.HEAD), community=OTHER_COMMUNITY)
    assert route(PATH, {ESTATE: GRID}, units(lent), TODAY) == Route(STREET, OTHER_COMMUNITY, GRID, 1, GRID)


AWAY = (TODAY, TODAY)


@pytest.mark.parametrize(
    ("posts", "answers"),
    [
        ((post(Role.HEAD, 1), post(Role.DEPUTY, 2), post(Role.DUTY, 3)), 1),
        ((post(Role.DUTY, 3), post(Role.DEPUTY, 2), post(Role.HEAD, 1)), 1),
        ((post(Role.HEAD, 1, away=AWAY), post(Role.DEPUTY, 2), post(Role.DUTY, 3)), 2),
        ((post(Role.HEAD, 1, person=None), post(Role.DEPUTY, 2), post(Role.DUTY, 3)), 2),
        ((post(Role.HEAD, 1, person=None), post(Role.HEAD, 4), post(Role.DEPUTY, 2)), 4),
        ((post(Role.HEAD, 1, away=AWAY), post(Role.DEPUTY, 2, person=None), post(Role.DUTY, 3)), 3),
        ((post(Role.DUTY, 3),), 3),
        ((post(Role.HEAD, 1, away=AWAY), post(Role.DUTY, 3, away=AWAY)), None),
        ((post(Role.MEMBER, 5),), None),
        ((), None),
    ],
)
def test_head_then_deputy_then_duty_answer(posts: tuple[UnitPost, ...], answers: int | None) -> None:
    found = responsible_post(grid(*posts), TODAY)
    assert (found.id.int if found else None) == answers


@pytest.mark.parametrize(("level", "role"), [(Level.COMMUNITY, Role.COMMUNITY), (Level.STREET, Role.STREET)])
def test_a_community_and_a_street_answer_by_their_own(level: Level, role: Role) -> None:
    others = tuple(post(other, 7) for other in Role if other is not role)
    assert responsible_post(Unit(STREET, level, "", (STREET,), others), TODAY) is None
    own = post(role, 1)
    assert responsible_post(Unit(STREET, level, "", (STREET,), (*others, own)), TODAY) is own


@pytest.mark.parametrize(
    ("away", "there"),
    [
        (None, True),
        ((TODAY, TODAY), False),
        ((TODAY - ONE_DAY, TODAY), False),
        ((TODAY, TODAY + ONE_DAY), False),
        ((TODAY - ONE_DAY, TODAY - ONE_DAY), True),
        ((TODAY + ONE_DAY, TODAY + ONE_DAY), True),
        ((TODAY - 9 * ONE_DAY, None), False),
        ((TODAY, None), False),
        ((TODAY + ONE_DAY, None), True),
    ],
)
def test_absence_counts_its_first_and_last_day(away: tuple[date, date | None] | None, there: bool) -> None:
    assert post(Role.HEAD, away=away).is_available(TODAY) is there


def test_a_vacant_post_answers_nobody() -> None:
    assert not post(Role.HEAD, person=None).is_available(TODAY)


LONG_AWAY = (TODAY - ONE_DAY, TODAY + 3 * ONE_DAY)


@pytest.mark.parametrize(
    ("posts", "found"),  # who stands in, for whose absence, until when; None: nobody has to
    [
        ((post(Role.HEAD, 1), post(Role.DEPUTY, 2)), None),
        ((post(Role.HEAD, 1, away=LONG_AWAY), post(Role.HEAD, 4), post(Role.DEPUTY, 2)), None),
        ((post(Role.HEAD, 1, away=LONG_AWAY), post(Role.DEPUTY, 2)), (2, 1, LONG_AWAY[1])),
        ((post(Role.HEAD, 1, away=(TODAY, None)), post(Role.DEPUTY, 2)), (2, 1, None)),
        ((post(Role.HEAD, 1, away=AWAY), post(Role.DEPUTY, 2, away=AWAY), post(Role.DUTY, 3)), (3, 1, TODAY)),
        ((post(Role.HEAD, 1, person=None), post(Role.DEPUTY, 2)), (2, None, None)),
        ((post(Role.DEPUTY, 2),), (2, None, None)),
        ((post(Role.HEAD, 1, away=AWAY), post(Role.MEMBER, 5)), (None, 1, TODAY)),
        ((), (None, None, None)),
    ],
)
def test_who_stands_in_for_a_head(posts: tuple[UnitPost, ...], found: tuple[int | None, ...] | None) -> None:
    one = stand_in(grid(*posts), TODAY)
    assert found == (one and (one.post and one.post.id.int, one.absent and one.absent.id.int, one.until))


def test_of_colleagues_in_an_office_one_answers_for_the_other_and_nobody_stands_in() -> None:
    office = (post(Role.COMMUNITY, 1, away=AWAY), post(Role.COMMUNITY, 2))
    assert stand_in(Unit(COMMUNITY, Level.COMMUNITY, "", (STREET, COMMUNITY), office), TODAY) is None


def test_a_grid_chosen_by_hand_gets_what_no_cover_of_its_own_brings() -> None:
    assert route_to_grid(SECOND, units(HEADED, SECOND), TODAY) == Route(
        STREET, COMMUNITY, SECOND_GRID, 1, SECOND_GRID
    )
    empty = grid(unit=SECOND_GRID)
    assert route_to_grid(empty, units(HEADED, empty), TODAY) == Route(
        STREET, COMMUNITY, SECOND_GRID, 2, COMMUNITY
    )
