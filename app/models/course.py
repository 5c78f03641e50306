"""Courses: what became of each ticket, one row for each time it changed, folded from its events."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from app.models import columns


class Course(SQLModel, table=True):
    """A ticket's course from one moment to another; it can be rebuilt from the ledger, month by month.

    The columns after `valid_until` are those of `rules.figures.course.Course`.
    """

    __table_args__ = (
        Index("course_street", "street_id", "submitted_at"),
        Index("course_community", "community_id", "submitted_at"),
        Index("course_from", "valid_from"),
        Index("course_until", "valid_until"),
        # What falls due on the day of `as_of`: days added up know only whole days.
        Index("course_accept_due", "accept_due"),
        Index("course_resolve_due", "resolve_due"),
        # What was closed at a unit before something of its kind came again.
        Index(
            "course_closed",
            "place_id",
            "category",
            "ended_at",
            postgresql_where=text("status = 'closed'"),
        ),
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


class DayCount(SQLModel, table=True):
    """What happened to the courses of a street or community on a day, added up for one tally.

    `n` tickets began to count on `changed_on` (or ceased to, if it is negative) with a time of the tally on
    `counted_on` and this profile: the columns that the tally reads. Sums over the days before an `as_of` are its counts.
    """

    __tablename__ = "day_count"

    of_id: UUID = Field(primary_key=True)
    tally: int = Field(primary_key=True, sa_type=BigInteger)
    counted_on: date = Field(primary_key=True)
    changed_on: date = Field(primary_key=True)
    number: int = Field(primary_key=True)
    n: int
    category: str | None = None
    origin: str | None = None
    part: UUID | None = None
    estate_id: UUID | None = None
    building_id: UUID | None = None
    place_id: UUID | None = None
    submitted_on: date | None = None
    submitted_hour: int | None = None
    status: str | None = None
    turn: str | None = None
    contacted_in_time: bool | None = None
    contact_minutes: int | None = None
    resolved_in_time: bool | None = None
    solve_minutes: int | None = None
    outcome: str | None = None
    verdict: str | None = None
    rating: int | None = None
    reject_reason: str | None = None
    reopened: bool | None = None
    dispatched_to: list[UUID] | None = columns.optional_uuids()
    handed_back_by: list[UUID] | None = columns.optional_uuids()
    organisation_id: UUID | None = None


class DayFold(SQLModel, table=True):
    """Before which day the courses' changes are added up for a tally; what was changed before is final."""

    __tablename__ = "day_fold"

    tally: int = Field(primary_key=True, sa_type=BigInteger)
    counted_until: date
