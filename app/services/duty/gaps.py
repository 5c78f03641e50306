"""Which skills each grid has and lacks: counts of posts, never of what a person does."""

from uuid import UUID

from app import words
from app.enums import Level, Skill
from app.errors import NotFound
from app.labels import SKILL
from app.models.duty import GridSkillsOut, SkillCountOut
from app.rules import routing
from app.rules.access import Actor
from app.rules.routing import Unit
from app.services import posts, setup
from app.services.pagination import page_after


async def skill_gaps(
    actor: Actor, place_id: UUID | None, limit: int, cursor: str | None
) -> tuple[list[GridSkillsOut], str | None]:
    """Return a page of the grids at and below a place, or all the actor's places, and the next cursor.

    Raises NotFound for a place out of their sight, Forbidden for one above their own.
    """
    own, catalogue = set(posts.own_places(actor)), await setup.current_catalogue()
    if place_id:
        unit = catalogue.units.get(place_id)
        if unit is None or unit.ended:
            raise NotFound
        posts.require_visible(actor, catalogue, [unit.path])
        posts.require_all_within(actor, [unit.path])
        own = {place_id}
    grids = [
        unit
        for unit in catalogue.units.values()
        if unit.level is Level.GRID and not unit.ended and not own.isdisjoint(unit.path)
    ]
    page, next_cursor = page_after(grids, limit, cursor, lambda grid: grid.id)
    return [_row(grid) for grid in page], next_cursor


def _row(grid: Unit) -> GridSkillsOut:
    today = setup.today()
    skills = [
        SkillCountOut(
            code=skill,
            name=words.say(SKILL[skill]),
            posts=sum(skill in post.skills and post.person_id is not None for post in grid.posts),
            available=len(routing.skilled_posts(grid, today, skill)),
        )
        for skill in Skill
    ]
    return GridSkillsOut(
        id=grid.id,
        label=grid.label,
        skills=skills,
        gaps=[skill.code for skill in skills if not skill.available],
        answers=routing.responsible_post(grid, today) is not None,
    )
