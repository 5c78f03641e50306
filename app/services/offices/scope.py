"""Whose settings one sees and changes: those of streets and communities within one's own place."""

from dataclasses import dataclass
from uuid import UUID

from app import db
from app.errors import Invalid, NotFound
from app.models.setting import OfficeOut
from app.rules.access import Actor
from app.services import appointing, catalogue
from app.words import Level


@dataclass(frozen=True, slots=True)
class Office:
    """A street or community that may have settings of its own; `path` from the street to itself."""

    id: UUID
    label: str
    level: Level
    path: tuple[UUID, ...]

    def out(self) -> OfficeOut:
        return OfficeOut(id=self.id, label=self.label, level=self.level)


async def scope(actor: Actor, place_id: UUID) -> Office:
    """Return an office one runs: 403 for who runs none, 404 outside their sight, 403 around it, 422 for other places."""
    appointing.own_places(actor)
    row = await db.fetchrow("SELECT label, level, path FROM place WHERE id = $1", place_id)
    if row is None:
        raise NotFound
    path = tuple(row["path"])
    appointing.require_in_sight(actor, await catalogue.refresh(), [path])
    appointing.require_all_within(actor, [path])
    level = Level(row["level"])
    if level not in {Level.STREET, Level.COMMUNITY}:
        raise Invalid.at("/place_id", "只有街道和社区可以有自己的设置，请选择街道或社区")
    return Office(place_id, row["label"], level, path)
