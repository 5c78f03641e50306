"""Shifts: what may be planned, what somebody may do with one, and who of those on shift answers."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from app.enums import Level, Role
from app.rules.routing import SUCCESSION, Unit, UnitPost

AHEAD: Final = timedelta(days=366)
LONGEST: Final = timedelta(days=7)
BEGUN: Final = timedelta(hours=1)  # tonight's shift may still be written down when it has just begun
KEPT: Final = timedelta(days=30)  # after its end: a plan is no record of who was there

CANCEL, ASK, ACCEPT, DECLINE = "cancel", "ask", "accept", "decline"
PLANNERS: Final = {
    Level.GRID: frozenset({Role.HEAD, Role.DEPUTY})
}  # for their own unit; else the offices above


class OnShift(NamedTuple):
    """Who is on shift, and for what only."""

    unit_id: UUID
    post_id: UUID
    skill: str | None


def can_be_on_shift(unit: Unit, post: UnitPost) -> bool:
    """Tell whether a post is one of those that residents of a unit may be told to call."""
    return post.person_id is not None and post.role in (*SUCCESSION[unit.level], Role.MEMBER)


def why_not_planned(starts_at: datetime, ends_at: datetime, now: datetime) -> tuple[str, str] | None:
    """Return which moment of a new shift makes no sense and why, None where both do."""
    if starts_at < now - BEGUN or ends_at <= now:
        return "starts_at", "值班时间已经过去，请重新选择"
    if ends_at > now + AHEAD:
        return "ends_at", "只能排从今天起一年以内的值班"
    if ends_at - starts_at > LONGEST:
        return "ends_at", f"一个班最长{LONGEST.days}天，请分开排"
    return None


def why_not_listed(since: datetime, until: datetime | None, now: datetime) -> tuple[str, str] | None:
    """Return which end of a period of the roster makes no sense and why, None where both do."""
    for name, moment in (("since", since), ("until", until)):
        if moment and not now - AHEAD <= moment <= now + AHEAD:
            return name, "只能查前后一年以内的值班"
    if until and until <= since:
        return "until", "结束时间要晚于开始时间"
    return None


def who_answers_on_shift(
    unit: Unit, shifts: Iterable[OnShift], today: date, skill: str | None
) -> UnitPost | None:
    """Return who of a unit answers by the roster: for a skill whoever has it or is on shift for it, else whoever is on shift
    for everything.
    """
    posts = {post.id: post for post in unit.posts if post.is_available(today)}
    here = [one for one in shifts if one.unit_id == unit.id and one.post_id in posts]
    if skill:
        here.sort(key=lambda one: one.skill != skill)
    wanted: Collection[str | None] = {None, skill} if skill else {None}
    for one in here:
        has_skill = skill is None or skill in {one.skill, *posts[one.post_id].skills}
        if one.skill in wanted and has_skill:
            return posts[one.post_id]
    return None


def actions(
    shift: Mapping[str, object], own_posts: Collection[UUID], now: datetime, *, plans: bool
) -> list[str]:
    """Return what somebody may do with a shift. Nothing is changed once it has begun, but that it can be cancelled."""
    ends_at, starts_at = shift["ends_at"], shift["starts_at"]
    assert isinstance(ends_at, datetime), "a column"
    assert isinstance(starts_at, datetime), "a column"
    mine, asked = shift["post_id"] in own_posts, shift["swap_post_id"] in own_posts
    pending = shift["swap_post_id"] is not None
    possible = {
        CANCEL: plans and ends_at > now,
        ASK: mine and not pending and starts_at > now,
        ACCEPT: asked and starts_at > now,
        DECLINE: pending and (asked or mine),
    }
    return [action for action, allowed in possible.items() if allowed]


def is_concerned(
    shift: Mapping[str, object], own_posts: Collection[UUID], action: str, *, plans: bool
) -> bool:
    """Tell whether an action is somebody's to do, possible now or not."""
    if action == CANCEL:
        return plans
    asked = shift["swap_post_id"] in own_posts
    return asked if action == ACCEPT else asked or shift["post_id"] in own_posts
