"""In-app notices: their table, rows and shapes, and a person's settings of them."""

from datetime import datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, StrictBool, model_validator
from pydantic import Field as PydanticField
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.enums import SubjectKind
from app.models import columns
from app.models.fields import Strict, example, one_of, present


class Notice(SQLModel, table=True):
    """A notice to one person, of an event of a ticket or a subject, of a webhook or of a unit. There is one an event at most."""

    __table_args__ = (
        Index("notice_person", "person_id", "id"),
        Index("notice_once", "person_id", "ticket_id", "seq", unique=True),
        Index("notice_of_subject", "person_id", "subject_id", "seq", unique=True),
        Index("notice_unread", "person_id", "visible_at", postgresql_where=text("read_at IS NULL")),
    )

    id: UUID = columns.primary_key()
    person_id: UUID = Field(foreign_key="person.id")
    ticket_id: UUID | None = Field(default=None, foreign_key="ticket.id")
    subject_id: UUID | None = Field(default=None, foreign_key="subject.id")
    seq: int | None = None
    webhook_id: UUID | None = Field(default=None, foreign_key="webhook.id")
    unit_id: UUID | None = Field(default=None, foreign_key="place.id")
    data: dict[str, Any] | None = columns.jsonb()  # of a notice of a unit or dispute: codes, days and numbers
    type: str
    created_at: datetime
    # Later than created_at outside office hours and in quiet nights, see rules.notices.
    visible_at: datetime = Field(sa_column_kwargs={"server_default": sa.func.now()})
    read_at: datetime | None = None


class NewNotice(NamedTuple):
    """A notice to insert. `groups`: the recipient's groups it belongs to, separated by commas. `acted`: the recipient
    has acted on the ticket since, so it is read already.
    """

    id: UUID
    person_id: UUID
    ticket_id: UUID
    seq: int
    type: str
    groups: str
    visible_at: datetime
    acted: bool


class NoticeOut(BaseModel):
    """A notice of an event of a ticket, or of a subject of the common life (`subject_kind`, `subject_id`). `label` is the sentence to show, `type` the event. `ticket_id` is null if the
    caller may not see the ticket any more, and in a notice about a webhook or about who stands in for the head of a
    unit. `danger`: its ticket is a danger that has not been resolved yet.
    """

    id: UUID
    ticket_id: UUID | None
    no: str | None
    subject_kind: SubjectKind | None
    subject_id: UUID | None
    webhook_id: UUID | None
    type: str
    label: str
    danger: bool
    at: datetime
    read: bool


class NoticesOut(BaseModel):
    """One page of notices, newest first; `unread` counts all pages, up to 999."""

    items: list[NoticeOut]
    next: str | None = None
    unread: int


class UnreadOut(BaseModel):
    """How many notices are unread, up to 999."""

    unread: int


class ReadIn(Strict):
    """Which notices to mark as read: some by their ids, or all."""

    model_config = example(
        one_of(present("ids", type="array"), present("all", const=True)),
        ids=["01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"],
    )

    ids: Annotated[list[UUID], PydanticField(min_length=1, max_length=100)] | None = None
    all: StrictBool = False

    @model_validator(mode="after")
    def _require_one(self) -> "ReadIn":
        if (self.ids is not None) == self.all:
            raise ValueError("请给出 ids，或者 all: true，只能选一种")
        return self


class NoticeSettingsIn(Strict):
    """Which groups of notices to receive. New work, overdue tickets and questions to the reporter are always received."""

    model_config = example(mine=True, work=True, reminders=True, comments=False, quiet_nights=True)

    mine: StrictBool
    work: StrictBool
    reminders: StrictBool
    comments: StrictBool
    quiet_nights: StrictBool


class GroupOut(BaseModel):
    """A group of notices as the settings page shows it."""

    group: str
    name: str
    explained: str


class NightOut(BaseModel):
    """When a quiet night begins and ends, in Asia/Shanghai."""

    begins: str
    ends: str


class NoticeSettingsOut(BaseModel):
    """Which groups are received, and whether notices that can wait are held back at night; `kept`: what cannot be muted."""

    mine: bool
    work: bool
    reminders: bool
    comments: bool
    quiet_nights: bool
    night: NightOut
    groups: list[GroupOut]
    kept: str
