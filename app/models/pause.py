"""Pauses: when a ticket's work stood still, why, and by whom."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class Pause(SQLModel, table=True):
    """An interval [began_at, ended_at); until it ends it counts as if it ended at `until`.

    Written by the statement of the act that opens it, ended by the one that ends it. The ticket's own `pauses` are these.
    """

    __table_args__ = (
        Index("pause_open", "ticket_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    ticket_id: UUID = Field(primary_key=True, foreign_key="ticket.id")
    seq: int = Field(primary_key=True)  # the event that tells of it
    kind: str  # words.Pausing
    began_at: datetime
    until: datetime
    ended_at: datetime | None = None
    reason: str | None = None  # a code of words.REASONS["wait"]; none of an appeal
    post_id: UUID | None = None
    organisation_id: UUID | None = None
