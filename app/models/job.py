"""The outbox: what is still to be done after an act, written with the act."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models import columns


class Job(SQLModel, table=True):
    """One thing to do. Deleted when done; `dead_at` is set when every attempt failed."""

    __table_args__ = (
        Index("job_due", "due_at", postgresql_where=text("dead_at IS NULL")),
        Index("job_dead", "dead_at", postgresql_where=text("dead_at IS NOT NULL")),
    )

    id: UUID = columns.key()
    kind: str
    ticket_id: UUID | None = None
    seq: int | None = None
    payload: dict[str, Any] | None = columns.jsonb()
    due_at: datetime  # a claim moves it on by the lease
    attempts: int = columns.number()
    dead_at: datetime | None = None
    error: str | None = None


class Idempotency(SQLModel, table=True):
    """A write somebody may repeat: the key, a digest of the body, and what was written. A reference, not a copy."""

    actor_id: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True)
    digest: bytes
    ref_id: UUID
    created_at: datetime = Field(index=True)
