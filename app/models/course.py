"""Courses: what became of each ticket, one row for each time it changed, folded from its events."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from app.models import columns


class Course(SQLModel, table=True):
    """A ticket's course from one moment to another; it can be rebuilt from the ledger, month by month.

    The columns after `valid_until` are those of `rules.figures.course.Course`.
    """

    __table_args__ = (
        Index("course_street", "street_id", "submitted_at"),
        Index("course_community", "community_id", "submitted_at"),
        Index("course_until", "valid_until"),
        # What holds now lies apart: figures of today read a row a ticket.
        {"postgresql_partition_by": "RANGE (valid_until)"},
    )

    ticket_id: UUID = Field(primary_key=True)
    valid_from: datetime = Field(primary_key=True)
    valid_until: datetime = Field(primary_key=True)  # infinity: until now
    category: str
    origin: str
    channel: str | None = None
    street_id: UUID | None = None
    community_id: UUID | None = None
    grid_id: UUID | None = None
    estate_id: UUID | None = None
    building_id: UUID | None = None
    place_id: UUID | None = None
    submitted_at: datetime
    submitted_on: date
    submitted_hour: int
    status: str
    turn: str
    accept_due: datetime | None = None
    contacted_at: datetime | None = None
    contacted_in_time: bool | None = None
    contact_minutes: int | None = None
    resolve_due: datetime | None = None
    resolved_at: datetime | None = None
    resolved_in_time: bool | None = None
    solve_minutes: int | None = None
    outcome: str | None = None
    verdict: str | None = None
    answered_at: datetime | None = None
    rating: int | None = None
    reject_reason: str | None = None
    ended_at: datetime | None = None
    reopened: bool
    dispatched_at: datetime | None = None
    dispatched_to: list[UUID] = columns.uuids()
    handed_back_by: list[UUID] = columns.uuids()
    organisation_id: UUID | None = None


class CourseFold(SQLModel, table=True):
    """How far the courses are folded: up to a ticket in the order of changes, as in the feed of this number."""

    __tablename__ = "course_fold"

    id: int = Field(primary_key=True)
    feed: int
    tx: int = Field(sa_type=BigInteger)
    ticket_id: UUID
