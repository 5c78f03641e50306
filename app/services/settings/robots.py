"""Who may set whose group robot."""

from uuid import UUID

from app import db
from app.enums import Level, Role
from app.errors import Forbidden, Invalid, NotFound
from app.rules.access import Actor
from app.services import posts, setup
from app.services.robots import Owner

_UNIT_ROLES = frozenset({Role.HEAD, Role.DEPUTY})  # for the robot of their own grid
_LEVELS = frozenset({Level.STREET, Level.COMMUNITY, Level.GRID})


async def robot_owner(actor: Actor, place_id: UUID | None, organisation_id: UUID | None) -> Owner:
    """Return the owner of a robot that the actor may set: their own grid, what they run, or their organisation.

    Raises Invalid unless exactly one of the two is given, NotFound and Forbidden as `settings_scope`.
    """
    if (place_id is None) == (organisation_id is None):
        raise Invalid.at("/place_id", "请给出 place_id 或 organisation_id，只能给一个")
    if organisation_id:
        return await _organisation(actor, organisation_id)
    assert place_id
    own_grid = place_id in actor.units(_UNIT_ROLES)
    if not own_grid:
        posts.own_places(actor)
    row = await db.fetchrow(
        "SELECT label, level, path FROM place WHERE id = $1 AND ended_at IS NULL", place_id
    )
    if row is None:
        raise NotFound
    path = tuple(row["path"])
    if not own_grid:
        posts.require_visible(actor, await setup.current_catalogue(), [path])
        posts.require_all_within(actor, [path])
    if Level(row["level"]) not in _LEVELS:
        raise Invalid.at("/place_id", "群机器人属于网格、社区或街道，请选择其中之一")
    return Owner(row["label"], place_id=place_id)


async def _organisation(actor: Actor, organisation_id: UUID) -> Owner:
    if organisation_id not in actor.seats_by_organisation:
        raise Forbidden if not actor.seats_by_organisation else NotFound
    row = await db.fetchrow("SELECT name FROM organisation WHERE id = $1", organisation_id)
    if row is None:
        raise NotFound
    return Owner(row["name"], organisation_id=organisation_id)
