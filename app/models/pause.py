"""Pauses of a ticket: from when to when, why, and by whom."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class Pause(SQLModel, table=True):
    """An interval [began_at, ended_at); until it ends it counts as if it ended at `until`.

    Begun and ended by the statements of the acts that do so. The ticket's column `pauses` has the same intervals.
    """

    __table_args__ = (
        Index("pause_open", "ticket_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    ticket_id: UUID = Field(primary_key=True, foreign_key="ticket.id")
    seq: int = Field(primary_key=True)  # the event that began it
    kind: str  # enums.PauseKind
    began_at: datetime
    until: datetime
    ended_at: datetime | None = None
    reason: str | None = None  # a code of labels.REASONS["wait"]; None for an appeal
    post_id: UUID | None = None
    organisation_id: UUID | None = None
