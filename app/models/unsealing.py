"""Unsealings: two persons of the office open one anonymous report, for a stated reason, for a day."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel
from pydantic import Field as PydanticField
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.enums import UnsealingStatus
from app.models import columns
from app.models.fields import Paragraph, Strict, example


class Unsealing(SQLModel, table=True):
    """A request to learn who reported anonymously, and what a second person decided."""

    __table_args__ = (
        Index("unsealing_pending", "ticket_id", unique=True, postgresql_where=text("status = 'pending'")),
        Index("unsealing_ticket", "ticket_id", "id"),
    )

    id: UUID = columns.primary_key()
    ticket_id: UUID = Field(foreign_key="ticket.id")
    reason: str
    status: str
    requested_by: UUID = Field(foreign_key="person.id")
    requested_post_id: UUID = Field(foreign_key="post.id")
    requested_at: datetime
    expires_at: datetime  # if nobody has decided by then
    decided_by: UUID | None = Field(default=None, foreign_key="person.id")
    decided_post_id: UUID | None = Field(default=None, foreign_key="post.id")
    decided_at: datetime | None = None
    open_until: datetime | None = None  # the two may read who reported until then


class UnsealIn(Strict):
    model_config = example(reason="报告里说有人要跳楼，须马上联系到报告人")

    reason: Annotated[
        Paragraph, PydanticField(description="Why the office has to know; the reporter can read it.")
    ]


class DecisionIn(Strict):
    """An empty body: the path says what is decided."""


class UnsealedOut(BaseModel):
    """The reporter's identity, for the two persons who opened the report; every reading is recorded."""

    name: str | None
    phone: str | None


class UnsealingOut(BaseModel):
    """An unsealing request and its outcome. `reporter` is present only for the two who opened the report, until `open_until`."""

    id: UUID
    ticket_id: UUID
    no: str
    reason: str
    status: UnsealingStatus
    status_name: str
    requested_by: str  # the post's label
    at: datetime
    expires_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    open_until: datetime | None
    reporter: UnsealedOut | None = None
