"""The sides of a subject of the common life, and its words that are encrypted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models import columns


def _where_set(name: str, column: str) -> Index:
    return Index(name, column, "subject_id", postgresql_where=text(f"{column} IS NOT NULL"))


class Side(SQLModel, table=True):
    """Somebody who is in a relationship: a person, the holder of a post, a household or community, or an organisation."""

    __table_args__ = (
        Index("side_subject", "subject_id"),
        *(_where_set(f"side_{name}", f"{name}_id") for name in ("person", "post", "place", "organisation")),
    )

    id: UUID = columns.primary_key()
    subject_id: UUID = Field(foreign_key="subject.id")
    role: str
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    post_id: UUID | None = Field(default=None, foreign_key="post.id")
    place_id: UUID | None = Field(default=None, foreign_key="place.id")
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    sealed: bytes | None = None  # the name of a party without an account, encrypted
    agreed_at: datetime | None = None
    left_at: datetime | None = None


class EncryptedText(SQLModel, table=True):
    """The words of an event that are kept encrypted, instead of in a remark: JSON, see services.subjects.sealed."""

    __tablename__ = "encrypted_text"
    __table_args__ = (Index("encrypted_text_event", "subject_id", "seq", unique=True),)

    id: UUID = columns.primary_key()
    subject_id: UUID = Field(foreign_key="subject.id")
    seq: int
    sealed: bytes
