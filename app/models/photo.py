"""Photos: their rows; the re-encoded JPEGs are in the storage."""

from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models import columns

LOOSE: Final = "ticket_id IS NULL AND subject_id IS NULL"  # of nothing yet


class Photo(SQLModel, table=True):
    """A photo. Without a ticket or subject only its uploader sees it, and it is removed after a day."""

    __table_args__ = (
        Index("photo_uploader", "uploader_id", "created_at"),
        Index("photo_subject", "subject_id", "seq", postgresql_where=text("subject_id IS NOT NULL")),
        Index("photo_kept", "created_at", postgresql_where=text(f"NOT ({LOOSE})")),
        Index("photo_loose", "created_at", postgresql_where=text(LOOSE)),
    )

    id: UUID = columns.primary_key()
    uploader_id: UUID = Field(foreign_key="person.id")
    ticket_id: UUID | None = Field(default=None, foreign_key="ticket.id", index=True)
    subject_id: UUID | None = Field(default=None, foreign_key="subject.id")
    seq: int | None = None  # the event it was attached by
    width: int
    height: int
    created_at: datetime


class PhotoOut(BaseModel):
    """An uploaded photo; give its `id` to the act it belongs to."""

    id: UUID
    url: str
    thumb_url: str
    width: int
    height: int
