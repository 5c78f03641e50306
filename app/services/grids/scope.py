"""Who may read and change the grids of a community."""

from uuid import UUID

from app import db
from app.enums import Level
from app.errors import Invalid, NotFound
from app.rules.access import Actor
from app.services import posts, setup


async def grid_scope(actor: Actor, community_id: UUID) -> None:
    """Raise NotFound outside the actor's sight, Forbidden above their own places, Invalid if it is no community."""
    row = await db.fetchrow("SELECT level, path FROM place WHERE id = $1 AND ended_at IS NULL", community_id)
    posts.own_places(actor)
    if row is None:
        raise NotFound
    posts.require_visible(actor, await setup.current_catalogue(), [row["path"]])
    posts.require_all_within(actor, [row["path"]])
    if row["level"] != Level.COMMUNITY:
        raise Invalid.at("/place_id", "网格按社区设置，请选择一个社区")
