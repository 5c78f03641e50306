"""The demo street's roster: who of the fourth grid can be called on the evenings of two weeks, and what they know about."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import cycle
from typing import Final
from uuid import UUID

from app import clock, db
from app.enums import Role, Skill
from app.models.post import CardIn
from app.models.shift import ShiftIn, SwapIn
from app.rules.routing import UnitPost
from app.services import duty, posts, setup
from app.services.demo.telling import Telling
from app.sql import Statement

_GRID: Final = "wss-g4"
_DAYS: Final = 14
_SKILLS: Final[Mapping[Role, Sequence[Skill]]] = {
    Role.HEAD: (Skill.SELF_GOVERNMENT, Skill.PROPERTY),
    Role.DEPUTY: (Skill.SERVICE, Skill.CULTURE),
    Role.MEMBER: (Skill.POLICY, Skill.SERVICE),
    Role.DUTY: (Skill.PROPERTY,),
}
_EVENINGS: Final = (Role.HEAD, Role.DEPUTY, Role.MEMBER, Role.DUTY)


async def load_roster(telling: Telling) -> bool:
    """Plan two weeks ahead, if nothing is planned there; tell whether anything was."""
    grid_id = telling.cast.codes[_GRID]
    if await db.execute(_PLANNED, unit_id=grid_id, now=clock.now()):
        return False
    catalogue = await setup.current_catalogue()
    held = {post.role: post for post in catalogue.units[grid_id].posts if post.person_id}
    await _teach(telling, held)
    head = telling.who("grid_head")
    for day, role in zip(range(_DAYS), cycle(_EVENINGS), strict=False):
        begins = telling.at(day, 18)
        if role in held and begins > telling.now:
            times = {"starts_at": begins.isoformat(), "ends_at": telling.at(day + 1, 8).isoformat()}
            await duty.plan_shift(head, ShiftIn.model_validate({"post_id": held[role].id, **times}))
    await _ask(telling, held)
    return True


async def _teach(telling: Telling, held: Mapping[Role, UnitPost]) -> None:
    """Write down what the posts know about, where nothing is."""
    for role, post in held.items():
        if role in _SKILLS and not post.skills:
            await posts.change_card(telling.who("community"), post.id, CardIn(skills=list(_SKILLS[role])))


async def _ask(telling: Telling, held: Mapping[Role, UnitPost]) -> None:
    """Let the deputy ask the head to take an evening."""
    deputy = telling.who("deputy")
    mine, _ = await duty.shift_page(deputy, None, None, None, mine=True, limit=_DAYS, cursor=None)
    ahead = [shift for shift in mine if shift.starts_at > telling.now + timedelta(days=1)]
    if ahead and Role.HEAD in held:
        shift: UUID = ahead[-1].id  # the next one: the last planned comes first
        await duty.ask_to_swap(
            deputy, await duty.load_shift(deputy, shift), SwapIn(post_id=held[Role.HEAD].id)
        )


_PLANNED: Final = Statement("SELECT FROM shift WHERE unit_id = :unit_id AND ends_at > :now LIMIT 1")
