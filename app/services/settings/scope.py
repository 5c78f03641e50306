"""Who may read and change settings: the staff of a street or community, for it and for what lies within."""

from dataclasses import dataclass
from uuid import UUID

from app import db
from app.enums import Level
from app.errors import Invalid, NotFound
from app.models.setting import OfficeOut
from app.rules.access import Actor
from app.services import posts, setup


@dataclass(frozen=True, slots=True)
class Office:
    """A street or community, which may have settings of its own; `path` is from the street to itself."""

    id: UUID
    label: str
    level: Level
    path: tuple[UUID, ...]

    def to_out(self) -> OfficeOut:
        return OfficeOut(id=self.id, label=self.label, level=self.level)


async def settings_scope(actor: Actor, place_id: UUID) -> Office:
    """Return an office that the actor runs.

    Raises Forbidden if they run none, NotFound outside their sight, Forbidden above their own places, Invalid for places
    that are neither street nor community.
    """
    posts.own_places(actor)
    row = await db.fetchrow("SELECT label, level, path FROM place WHERE id = $1", place_id)
    if row is None:
        raise NotFound
    path = tuple(row["path"])
    posts.require_visible(actor, await setup.current_catalogue(), [path])
    posts.require_all_within(actor, [path])
    level = Level(row["level"])
    if level not in {Level.STREET, Level.COMMUNITY}:
        raise Invalid.at("/place_id", "只有街道和社区可以有自己的设置，请选择街道或社区")
    return Office(place_id, row["label"], level, path)
