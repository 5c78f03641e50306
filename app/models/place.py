"""Places: the address tree, the grids, and which grid covers which place."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.enums import Level
from app.models import columns


class Place(SQLModel, table=True):
    """A node of the address tree, or a grid (level `grid`, below its community)."""

    __table_args__ = (
        Index("place_parent", "parent_id", "sort"),
        Index("place_number", "number", "level"),
        Index("place_room", "parent_id", "name", unique=True, postgresql_where=text("level = 'room'")),
        Index("place_named", "id", postgresql_where=text("level = 'room' AND NOT imported")),
        Index("place_position", "lat", "lng", postgresql_where=text("lat IS NOT NULL")),
    )

    id: UUID = columns.primary_key()
    code: str = Field(unique=True)  # its name in import files
    parent_id: UUID | None = Field(default=None, foreign_key="place.id")
    level: str
    name: str  # without the places above: 944号, 4单元
    number: str | None = None  # the number within the name, for the address search: 944
    label: str  # from the estate down: 人和家园944号4单元
    path: list[UUID] = columns.uuids()  # from the street to itself
    scene: str = Field(unique=True)  # the content of its QR code
    lat: float | None = None  # degrees, GCJ-02, as WeChat's maps use
    lng: float | None = None
    phone: str | None = None  # a number for the public, of a unit: its duty telephone
    area: Decimal | None = Field(
        default=None, sa_type=sa.Numeric(9, 2)
    )  # of a room, in square metres, as the office knows it
    imported: bool = columns.flag()  # false: a room that exists because somebody named it
    sort: int = columns.number()
    version: int = columns.number(1)  # of a community: incremented by every change of its grids
    ended_at: datetime | None = None  # of an ended grid: its row stays for its former tickets


class GridCover(SQLModel, table=True):
    """A grid is responsible for a place and everything below it, except where a lower place has its own cover."""

    __tablename__ = "grid_cover"

    place_id: UUID = Field(primary_key=True, foreign_key="place.id")
    grid_id: UUID = Field(foreign_key="place.id", index=True)


class PlaceOut(BaseModel):
    """A place. `label` reads from the estate down; `level_name` is the level in Chinese."""

    id: UUID
    parent_id: UUID | None
    level: Level
    level_name: str
    name: str
    label: str
    lat: float | None = None
    lng: float | None = None


class PlacePathOut(PlaceOut):
    """A place with the names from the street down to it, and the grid that is responsible for it."""

    path: list[str]
    grid: str | None


class FoundPlaceOut(PlaceOut):
    """A search result; `rest` is the part of the address below the unit (3楼, 301室), for `place_note`."""

    path: list[str]
    rest: str | None = None
