"""In-app notices."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models import columns


class Notice(SQLModel, table=True):
    """Somebody is told of an event, once."""

    __table_args__ = (
        Index("notice_person", "person_id", "id"),
        Index("notice_once", "person_id", "ticket_id", "seq", unique=True),
    )

    id: UUID = columns.key()
    person_id: UUID = Field(foreign_key="person.id")
    ticket_id: UUID = Field(foreign_key="ticket.id")
    seq: int
    type: str
    created_at: datetime
    read_at: datetime | None = None
