"""In-app notices."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, StrictBool, model_validator
from pydantic import Field as Said
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models import columns
from app.models.said import Strict, example


class Notice(SQLModel, table=True):
    """Somebody is told of an event, once; or of a webhook, which belongs to no ticket."""

    __table_args__ = (
        Index("notice_person", "person_id", "id"),
        Index("notice_once", "person_id", "ticket_id", "seq", unique=True),
        Index("notice_unread", "person_id", "visible_at", postgresql_where=text("read_at IS NULL")),
    )

    id: UUID = columns.key()
    person_id: UUID = Field(foreign_key="person.id")
    ticket_id: UUID | None = Field(default=None, foreign_key="ticket.id")
    seq: int | None = None
    webhook_id: UUID | None = Field(default=None, foreign_key="webhook.id")
    type: str
    created_at: datetime
    visible_at: datetime = Field(
        sa_column_kwargs={"server_default": sa.func.now()}
    )  # office hours, a quiet night
    read_at: datetime | None = None


class NoticeOut(BaseModel):
    """Something that happened to a ticket. `label` is the sentence to show; `type` names the event.
    Without a ticket it is about a webhook.
    """

    id: UUID
    ticket_id: UUID | None
    no: str | None
    webhook_id: UUID | None
    type: str
    label: str
    at: datetime
    read: bool


class NoticesOut(BaseModel):
    """One page of notices, newest first; `unread` counts all pages, up to 999."""

    items: list[NoticeOut]
    next: str | None = None
    unread: int


class UnreadOut(BaseModel):
    """How many notices are still unread, up to 999."""

    unread: int


class ReadIn(Strict):
    """Which notices were read: some by their ids, or all there are."""

    model_config = example(ids=["01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"])

    ids: Annotated[list[UUID], Said(min_length=1, max_length=100)] | None = None
    all: StrictBool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> "ReadIn":
        if (self.ids is not None) == self.all:
            raise ValueError("请给出 ids，或者 all: true，只能选一种")
        return self


class NoticeSettingsIn(Strict):
    """Which groups of notices one wants. New work, what is overdue and questions asked of one are always told."""

    model_config = example(mine=True, work=True, reminders=True, comments=False, quiet_nights=True)

    mine: StrictBool
    work: StrictBool
    reminders: StrictBool
    comments: StrictBool
    quiet_nights: StrictBool


class GroupOut(BaseModel):
    """A group as a settings page shows it."""

    group: str
    name: str
    explained: str


class NightOut(BaseModel):
    """When nights are quiet, in Asia/Shanghai."""

    begins: str
    ends: str


class NoticeSettingsOut(BaseModel):
    """Which groups are wanted, and whether what can wait is told after the night; `kept` says what cannot be switched off."""

    mine: bool
    work: bool
    reminders: bool
    comments: bool
    quiet_nights: bool
    night: NightOut
    groups: list[GroupOut]
    kept: str
