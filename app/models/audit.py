"""The audit trail: sign-ins, refusals, changes of posts and settings, access to personal data."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models import columns
from app.models.post import PersonRef


class Audit(SQLModel, table=True):
    """One entry. The database allows inserts only, and drops a month's partition after three years."""

    __table_args__ = (
        Index("audit_person", "person_id", "at"),
        Index("audit_address", "address", "at"),
        Index(
            "audit_look",
            "subject_id",
            "id",
            postgresql_where=text("type IN ('phone_seen', 'unsealed_seen')"),
        ),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    id: UUID = columns.primary_key()
    at: datetime = Field(primary_key=True)
    type: str
    person_id: UUID | None = None
    subject_id: UUID | None = None
    address: str | None = None
    data: dict[str, Any] | None = columns.jsonb()


class AuditPersonOut(PersonRef):
    """Who did it. `post`: the post they held then, the organisation whose key it was, or 居民; residents have no name here."""

    post: str


class AuditOut(BaseModel):
    """One entry: who did what (`label` in Chinese) to what, when, and from which IP address. `data`: codes.

    `subject`: the number of the ticket, or the name of the post, place or organisation that `subject_id` is.
    """

    id: UUID
    at: datetime
    type: str
    label: str
    person: AuditPersonOut | None
    subject_id: UUID | None
    subject: str | None
    address: str | None
    data: dict[str, Any]
