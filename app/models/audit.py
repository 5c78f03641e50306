"""The audit trail: sign-ins, refusals, role changes, looks. Who, what, when, from where."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models import columns
from app.models.post import PersonRef


class Audit(SQLModel, table=True):
    """One entry, append-only by the database, dropped by the month after three years."""

    __table_args__ = (
        Index("audit_person", "person_id", "at"),
        Index("audit_address", "address", "at"),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    id: UUID = columns.key()
    at: datetime = Field(primary_key=True)
    type: str
    person_id: UUID | None = None
    subject_id: UUID | None = None
    address: str | None = None
    data: dict[str, Any] | None = columns.jsonb()


class AuditOut(BaseModel):
    """One entry: who did what (`label` in Chinese) to what (`subject_id`), when, from which address; `data` holds codes."""

    id: UUID
    at: datetime
    type: str
    label: str
    person: PersonRef | None
    subject_id: UUID | None
    address: str | None
    data: dict[str, Any]
