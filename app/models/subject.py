"""Subjects of the common life: opinions, topics, projects and activities. One table, as they share life, place and ledger."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from pydantic import Field as ApiField
from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.models import columns
from app.models.act import ActIn
from app.models.event import ActorOut, PhotoRef
from app.models.fields import Paragraph, ShortText, Strict, example
from app.models.ticket import PhotoIds


def _where_set(name: str, column: str, *more: str) -> Index:
    return Index(name, column, *more, postgresql_where=text(f"{column} IS NOT NULL"))


_HAS_CONTACT = "contact_sealed IS NOT NULL OR on_behalf_name_sealed IS NOT NULL"


class Subject(SQLModel, table=True):
    """The current state of a subject; its history is in its events. Columns that a kind does not use are NULL or 0."""

    __table_args__ = (
        Index("subject_community", "kind", "community_id", "id"),
        Index("subject_grid", "kind", "grid_id", "id"),
        Index("subject_street", "kind", "street_id", "id"),
        Index("subject_author", "author_id", "id"),
        _where_set("subject_person", "person_id", "id"),
        _where_set("subject_source", "source_id", "id"),
        _where_set("subject_outcome", "outcome_id"),
        _where_set("subject_ticket", "ticket_id"),
        _where_set("subject_series", "series"),
        Index("subject_due", "due_at", postgresql_where=text("due_at IS NOT NULL AND ended_at IS NULL")),
        Index(
            "subject_venue",
            *("community_id", "venue", "starts_at"),
            postgresql_where=text("venue IS NOT NULL AND ended_at IS NULL"),
        ),
        Index("subject_contact", "ended_at", postgresql_where=text(_HAS_CONTACT)),
        CheckConstraint("capacity IS NULL OR signed_up <= capacity", name="subject_capacity"),
        CheckConstraint("least(supporters, signed_up, waiting) >= 0", name="subject_counts"),
    )

    id: UUID = columns.primary_key()
    kind: str
    status: str
    place_id: UUID = Field(foreign_key="place.id")
    grid_id: UUID | None = None
    community_id: UUID | None = None
    street_id: UUID | None = None
    author_id: UUID = Field(foreign_key="person.id")
    post_id: UUID | None = Field(
        default=None, foreign_key="post.id"
    )  # from which the author wrote; None: a resident
    person_id: UUID | None = Field(
        default=None, foreign_key="person.id"
    )  # who said it, where another wrote it down
    title: str | None = None
    text: str | None = None
    result: str | None = None  # what became of it: the answer, the decision, the minutes
    source_id: UUID | None = Field(default=None, foreign_key="subject.id")  # what it came from
    outcome_id: UUID | None = Field(
        default=None, foreign_key="subject.id"
    )  # of an opinion: the topic or project
    ticket_id: UUID | None = Field(
        default=None, foreign_key="ticket.id"
    )  # of an opinion: the ticket it became
    # Of an opinion whose speaker has no account: the number and name, see services.encryption; and when staff told them.
    contact_sealed: bytes | None = None
    contact_masked: str | None = None
    on_behalf_name_sealed: bytes | None = None
    told_at: datetime | None = None
    released: bool = columns.flag()  # whether residents see it
    threshold: int | None = None  # of a topic: supporters that bring it on the table
    supporters: int = columns.number()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    venue: str | None = None  # a room of the community, which is booked by it
    capacity: int | None = None
    signed_up: int = columns.number()
    waiting: int = columns.number()
    headcount: int | None = None  # how many came, counted apart from who signed up
    visited: int | None = None  # of a visit: how many households
    sort: str | None = None  # of an opinion or activity, see enums
    series: UUID | None = Field(
        default=None, foreign_key="subject.id"
    )  # of a run of a course but the first: the first
    cadence_days: int | None = None  # of a pairing: so long after a visit the next is due
    visited_at: datetime | None = None
    called_at: datetime | None = None  # when the office asked for a visit, which one before does not answer
    acts: list[str] = columns.texts()  # of a visit of care, see enums
    due_at: datetime | None = None
    reminded_at: datetime | None = None  # when its office was told that it is overdue
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None = None
    version: int = columns.number(1)
    seq: int = columns.number(1)
    head: bytes


class Supporter(SQLModel, table=True):
    """A resident who supports a topic."""

    subject_id: UUID = Field(primary_key=True, foreign_key="subject.id")
    person_id: UUID = Field(primary_key=True, foreign_key="person.id", index=False)
    at: datetime

    __table_args__ = (Index("supporter_person", "person_id"),)


class Attendance(SQLModel, table=True):
    """Who signed up for an activity, waits for a place, or came. Hours count once a post has confirmed them."""

    subject_id: UUID = Field(primary_key=True, foreign_key="subject.id")
    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    status: str
    at: datetime
    came_at: datetime | None = None
    hours: Decimal | None = Field(default=None, sa_type=sa.Numeric(4, 1))
    post_id: UUID | None = Field(default=None, foreign_key="post.id")  # from which it was confirmed

    __table_args__ = (Index("attendance_person", "person_id"),)


class NothingIn(Strict):
    """An action that needs nothing."""


class TextIn(ActIn):
    """An action that says why or what."""

    model_config = example(version=1, text="已与物业商定，下周一施工")

    text: Paragraph


class TextPhotosIn(TextIn):
    """The same, perhaps with photos: nobody is asked for them."""

    photo_ids: PhotoIds = []


class SubjectPlaceOut(BaseModel):
    """Where a subject is: `label` reads from the estate down."""

    id: UUID
    label: str


class SubjectLinkOut(BaseModel):
    """Another subject, or a ticket: its title, of an opinion its words, of a ticket its number."""

    id: UUID
    kind: Literal[
        "activity",
        "opinion",
        "topic",
        "project",
        "survey",
        "offer",
        "reservation",
        "relationship",
        "dispute",
        "ticket",
    ]
    kind_name: str
    title: str | None
    status: str
    status_name: str


class SubjectOut(BaseModel):
    """What every subject has. `actions`: what the caller may do now; `author`: the post, never a resident's name.

    `due_at`: until when it should end; `overdue`: that moment has passed. `source_id`: what it came from.
    `source`, `outcome`: what it came from and what it led to; null, too, if the caller may not see that.
    `related`: what names it as its source or outcome, opinions last, otherwise newest first, at most 20 of which the
    caller gets those they see; null in lists.
    """

    id: UUID
    status: str
    status_name: str
    place: SubjectPlaceOut
    title: str | None
    text: str | None
    result: str | None
    author: ActorOut
    mine: bool
    source_id: UUID | None
    source: SubjectLinkOut | None
    outcome: SubjectLinkOut | None
    related: list[SubjectLinkOut] | None = None
    due_at: datetime | None
    overdue: bool
    version: int
    actions: list[str]
    created_at: datetime
    updated_at: datetime


class FunnelRowOut(BaseModel):
    """A stage: how many there are, and the address of the list (below /api/v1) that has exactly those."""

    key: str
    label: str
    n: int
    link: str


class FunnelOut(BaseModel):
    """From activities over opinions and their fates to what is done. `from` and `to` are days in Shanghai, both included."""

    model_config = ConfigDict(populate_by_name=True)

    place: SubjectPlaceOut
    since: date = ApiField(alias="from")
    until: date = ApiField(alias="to")
    rows: list[FunnelRowOut]


class SubjectEventOut(BaseModel):
    """A line of a subject's timeline. `label` is the event's Chinese."""

    seq: int
    type: str
    label: str
    at: datetime
    actor: ActorOut
    text: str | None
    photos: list[PhotoRef]


PlaceId = Annotated[UUID, ApiField(description="Any place: a street, a community, a grid, down to a unit.")]
Title = Annotated[ShortText, ApiField(description="A line that says what it is about.")]
