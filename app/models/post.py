"""Posts: who holds which role, where; bound to a person by a one-time invitation."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models import columns


class Post(SQLModel, table=True):
    """A role at a place or grid, or an agent of an organisation. `person_id` is empty until the invitation is redeemed."""

    __table_args__ = (
        Index("post_place", "place_id", postgresql_where=text("ended_at IS NULL")),
        Index("post_person", "person_id", postgresql_where=text("ended_at IS NULL")),
    )

    id: UUID = columns.key()
    role: str
    place_id: UUID | None = Field(default=None, foreign_key="place.id")
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id", index=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: datetime
    ended_at: datetime | None = None
    absent_from: date | None = None
    absent_until: date | None = None  # the last day away
    invitation_digest: bytes | None = Field(default=None, unique=True)
    invitation_until: datetime | None = None
