"""Erasures of persons and what remains to be done for each; photos whose files are to be removed."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.enums import ErasureChoice
from app.models import columns


class Erasure(SQLModel, table=True):
    """One erasure. `look_at`: when the worker continues it; empty once it is finished."""

    __table_args__ = (Index("erasure_due", "look_at", postgresql_where=text("look_at IS NOT NULL")),)

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    at: datetime
    keeps: bool = columns.flag()  # open tickets keep their words until they close
    noted_at: datetime | None = None  # when its tombstone was written
    settled_at: datetime | None = None  # when it was repeated for what was being written while it ran
    look_at: datetime | None = None


class Discard(SQLModel, table=True):
    """A photo whose files are to be removed, from `since` on. Written together with the deletion of its row."""

    photo_id: UUID = Field(primary_key=True)
    since: datetime


class ErasedOut(BaseModel):
    """The account is deleted. Of its open tickets `withdrawn` were withdrawn; `open` stay with the office until closed."""

    erased_at: datetime
    open_tickets: ErasureChoice
    withdrawn: int
    open: int
