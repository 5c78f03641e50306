"""The ledger: what happened to a ticket, the words said with it, and the seals over both."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from app.models import columns


class Event(SQLModel, table=True):
    """One act on one ticket. Append-only by the database; ids only, so that it never has to be edited."""

    __table_args__ = (
        # Words on tickets of others, when their follower leaves; partial, so that acts pay nothing for it.
        Index("event_follower", "person_id", postgresql_where=text("part = 'follower'")),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    ticket_id: UUID = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime = Field(primary_key=True)
    type: str
    part: str  # the part played, see rules.access.Part
    person_id: UUID | None = None
    post_id: UUID | None = None
    organisation_id: UUID | None = None
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # kept to the letter: it is hashed
    hash: bytes


class Remark(SQLModel, table=True):
    """Words said with an event, erasable: the event holds only `sha256(salt + text)`."""

    ticket_id: UUID = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    text: str | None  # None once erased
    salt: bytes
    internal: bool = columns.flag()


class Seal(SQLModel, table=True):
    """A batch of chain heads sealed into one global chain, so that a missing tail or ticket shows."""

    id: int = Field(primary_key=True)
    at: datetime
    hash: bytes


class SealedHead(SQLModel, table=True):
    """The hash of one event, in the batch it was sealed with."""

    __tablename__ = "sealed_head"

    ticket_id: UUID = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    seal_id: int = Field(foreign_key="seal.id", index=True)
    hash: bytes


class ActorOut(BaseModel):
    """Who acted: the post they acted from, never their name."""

    post: str
    label: str


class EventOut(BaseModel):
    """A line of the timeline. `label` is the event's Chinese; `actor` is null for the timer."""

    seq: int
    type: str
    label: str
    at: datetime
    actor: ActorOut | None
    text: str | None = None
    internal: bool | None = None
    photos: list["PhotoRef"] | None = None
    data: dict[str, Any]


class PhotoRef(BaseModel):
    """Where to fetch a photo, with the caller's own token."""

    id: UUID
    url: str
    thumb_url: str
