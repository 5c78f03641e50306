"""Content checks: residents' words and photos, and what was found about each before neighbours may see it."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.enums import CheckKind, CheckReason, CheckState
from app.models import columns
from app.models.event import PhotoRef
from app.models.ticket import CategoryRef


class ContentCheck(SQLModel, table=True):
    """The check of one text or photo. The words themselves stay where they are: in `remark` and `ticket`.

    `trace_id`, `suggest`, `label`: the strictest verdict of WeChat so far. `reason`: why it waits for a person without one.
    """

    __tablename__ = "content_check"
    __table_args__ = (
        Index("content_check_ticket", "ticket_id"),
        Index("content_check_pending", "created_at", postgresql_where=text("state = 'pending'")),
        Index("content_check_held", "id", postgresql_where=text("state IN ('review', 'risky')")),
        Index("content_check_trace", "trace_id", postgresql_where=text("trace_id IS NOT NULL")),
    )

    id: UUID = columns.primary_key()
    ticket_id: UUID = Field(foreign_key="ticket.id")
    seq: int  # the event that brought it
    kind: str
    photo_id: UUID | None = None
    state: str
    reason: str | None = None
    created_at: datetime
    due_at: datetime | None = (
        None  # the next attempt, or when the one under way is given up; None: none is due
    )
    attempts: int = columns.number()
    trace_id: str | None = None
    suggest: str | None = None
    label: int | None = None
    checked_at: datetime | None = None
    decided_by: UUID | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None


class ContentVerdict(SQLModel, table=True):
    """A verdict that WeChat pushed and no check has taken yet: it may come before we have stored its trace id."""

    __tablename__ = "content_verdict"

    trace_id: str = Field(primary_key=True)
    suggest: str = Field(primary_key=True)
    label: int
    received_at: datetime


class NewCheck(NamedTuple):
    """A check to insert."""

    id: UUID
    ticket_id: UUID
    seq: int
    kind: CheckKind
    photo_id: UUID | None
    state: CheckState
    reason: CheckReason | None


class ReviewOut(BaseModel):
    """Content held back until a person decides. `text` is absent of a photo, `photo` of a text.

    `reason_name` says in Chinese why it is held back, `label` is WeChat's number of it.
    """

    id: UUID
    kind: CheckKind
    text: str | None = None
    photo: PhotoRef | None = None
    state: CheckState
    state_name: str
    reason_name: str
    label: int | None
    at: datetime
    ticket_id: UUID
    no: str
    category: CategoryRef
    place: str | None
