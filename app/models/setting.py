"""Settings of a street or community, and the impact of a change on open tickets."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel
from pydantic import Field as PydanticField
from sqlalchemy.dialects import postgresql
from sqlmodel import Field, SQLModel

from app.enums import Level


class Setting(SQLModel, table=True):
    """A place's own entries of one kind (categories, calendar, frames), replaced as a whole; `version` counts the changes."""

    place_id: UUID = Field(primary_key=True, foreign_key="place.id")
    noun: str = Field(primary_key=True)
    version: int
    own: list[dict[str, Any]] = Field(sa_type=postgresql.JSONB)
    changed_at: datetime


Version = Annotated[
    int,
    PydanticField(
        ge=0, le=2**31 - 2, strict=True, description="From the last GET; 0 before the first change."
    ),
]


class OfficeOut(BaseModel):
    """The street or community that the settings belong to."""

    id: UUID
    label: str
    level: Level


class DuesOut(BaseModel):
    """The times by which a ticket must be accepted, acknowledged and resolved."""

    accept_due: datetime
    acknowledge_due: datetime | None
    resolve_due: datetime


class LimitChangeOut(BaseModel):
    """An open ticket whose due times change. `overdue`: one of the new times has already passed."""

    id: UUID
    no: str
    category: str
    overdue: bool
    before: DuesOut
    after: DuesOut


class ImpactOut(BaseModel):
    """What a change does: counts of open tickets it concerns (of the categories that change; of all for days and hours),
    of those whose due times change (`moved`), and of those overdue at once.
    """

    open: int
    moved: int
    overdue: int
    tickets: list[LimitChangeOut] = PydanticField(description="At most 20, those that become overdue first.")


class SettingChangeOut(ImpactOut):
    """Whether the change was made (`done`) or only previewed (`?preview=true`); `version` is the current one."""

    done: bool
    version: int
