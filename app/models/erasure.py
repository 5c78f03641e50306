"""Erasures: who asked to be forgotten and what is still to be done about it; and photos whose files are to go."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models import columns
from app.words import Leaving


class Erasure(SQLModel, table=True):
    """One erasure. `look_at`: when to look again whether something is left; empty once nothing is."""

    __table_args__ = (Index("erasure_due", "look_at", postgresql_where=text("look_at IS NOT NULL")),)

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    at: datetime
    keeps: bool = columns.flag()  # open tickets keep their words until they close
    noted_at: datetime | None = None  # when it was noted outside the database too
    settled_at: datetime | None = None  # when what had been under way beside it was looked for
    look_at: datetime | None = None


class Discard(SQLModel, table=True):
    """A photo whose row is gone and whose files are to follow; written with the deletion, so that no file is forgotten."""

    photo_id: UUID = Field(primary_key=True)
    since: datetime


class ErasedOut(BaseModel):
    """The account is gone. Of the open tickets `withdrawn` are withdrawn, `open` stay with the office until closed."""

    erased_at: datetime
    open_tickets: Leaving
    withdrawn: int
    open: int
