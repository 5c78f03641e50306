"""What a street or community has set for itself, and what a change of it does to open tickets."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel
from pydantic import Field as Said
from sqlalchemy.dialects import postgresql
from sqlmodel import Field, SQLModel

from app.words import Level


class Setting(SQLModel, table=True):
    """All a place has of its own of one noun (categories, calendar, frames), replaced as a whole; `version` counts how often."""

    place_id: UUID = Field(primary_key=True, foreign_key="place.id")
    noun: str = Field(primary_key=True)
    version: int
    own: list[dict[str, Any]] = Field(sa_type=postgresql.JSONB)
    changed_at: datetime


Version = Annotated[
    int,
    Said(ge=0, le=2**31 - 2, strict=True, description="As the last GET gave it; 0 before the first change."),
]


class OfficeOut(BaseModel):
    """The street or community whose settings these are."""

    id: UUID
    label: str
    level: Level


class DuesOut(BaseModel):
    """By when a ticket is to be accepted, acknowledged, resolved."""

    accept_due: datetime
    acknowledge_due: datetime | None
    resolve_due: datetime


class ShiftOut(BaseModel):
    """An open ticket whose limits move. `overdue`: one of them will have passed at once."""

    id: UUID
    no: str
    category: str
    overdue: bool
    before: DuesOut
    after: DuesOut


class ConsequencesOut(BaseModel):
    """What a change does: `open` tickets looked at, those whose limits move, those overdue at once; the first of them."""

    open: int
    moved: int
    overdue: int
    tickets: list[ShiftOut] = Said(description="At most 20, those that become overdue first.")


class SettledOut(ConsequencesOut):
    """The change was made (`done`), or only tried (`?preview=true`); `version` is the one that stands."""

    done: bool
    version: int
