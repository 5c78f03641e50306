"""Jobs of the outbox, written in the statement of the change they follow; and idempotency keys."""

from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models import columns


class Job(SQLModel, table=True):
    """One job. It is deleted when done; `dead_at` is set when every attempt has failed."""

    __table_args__ = (
        Index("job_due", "due_at", postgresql_where=text("dead_at IS NULL")),
        Index("job_dead", "dead_at", postgresql_where=text("dead_at IS NOT NULL")),
    )

    id: UUID = columns.primary_key()
    kind: str
    ticket_id: UUID | None = None
    seq: int | None = None
    payload: dict[str, Any] | None = columns.jsonb()
    due_at: datetime  # a claim sets it to the end of the lease
    attempts: int = columns.number()
    dead_at: datetime | None = None
    error: str | None = None


class JobRow(TypedDict):
    """A row of `job`."""

    id: UUID
    kind: str
    ticket_id: UUID | None
    seq: int | None
    payload: dict[str, Any] | None
    due_at: datetime
    attempts: int
    dead_at: datetime | None
    error: str | None


class Idempotency(SQLModel, table=True):
    """An Idempotency-Key: a digest of its request, and the id of the row that request created (`ref_id`)."""

    actor_id: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True)
    digest: bytes
    ref_id: UUID
    created_at: datetime = Field(index=True)
