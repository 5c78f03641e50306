"""Places: the address tree, the grids laid over it, and which grid covers what."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models import columns
from app.words import Level


class Place(SQLModel, table=True):
    """A node of the address tree, or a grid (level `grid`, below its community)."""

    __table_args__ = (
        Index("place_parent", "parent_id", "sort"),
        Index("place_number", "number", "level"),
        Index("place_position", "lat", "lng", postgresql_where=text("lat IS NOT NULL")),
    )

    id: UUID = columns.key()
    code: str = Field(unique=True)  # what import files call it
    parent_id: UUID | None = Field(default=None, foreign_key="place.id")
    level: str
    name: str  # as people say it: 944号, 4单元
    number: str | None = None  # what is counted in the name, for the address search: 944
    label: str  # readable from the estate down: 人和家园944号4单元
    path: list[UUID] = columns.uuids()  # from the street to itself
    scene: str = Field(unique=True)  # what the code in the stairwell says
    lat: float | None = None  # GCJ-02, as WeChat's maps give
    lng: float | None = None
    sort: int = columns.number()
    version: int = columns.number(1)  # of a community: rises when its grids are cut anew
    ended_at: datetime | None = None  # of a grid that is no more: kept for the tickets it had


class GridCover(SQLModel, table=True):
    """A grid answers for a place and all below it, unless a more specific cover says otherwise."""

    __tablename__ = "grid_cover"

    place_id: UUID = Field(primary_key=True, foreign_key="place.id")
    grid_id: UUID = Field(foreign_key="place.id", index=True)


class PlaceOut(BaseModel):
    """A place. `label` reads from the estate down; `level_name` is the level's Chinese."""

    id: UUID
    parent_id: UUID | None
    level: Level
    level_name: str
    name: str
    label: str
    lat: float | None = None
    lng: float | None = None


class PlacePathOut(PlaceOut):
    """A place with the names from the street down to it, and the grid that answers for it."""

    path: list[str]
    grid: str | None


class FoundPlaceOut(PlaceOut):
    """A place an address search found; `rest` is what the address says below a unit (3楼, 301室), for `place_note`."""

    path: list[str]
    rest: str | None = None
