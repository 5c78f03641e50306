"""Followers of a ticket: neighbours with the same problem, why they follow it, and their votes once it is closed."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.enums import Status
from app.models.ticket import CategoryRef, PlaceRef


class Follower(SQLModel, table=True):
    """One reason why somebody follows a ticket. They follow it as long as one reason is left.

    `origin_id` is the ticket they reported or chose to follow: this one, or one that was merged into it.
    """

    __table_args__ = (Index("follower_person", "person_id", "ticket_id"),)

    ticket_id: UUID = Field(primary_key=True, foreign_key="ticket.id")
    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    origin_id: UUID = Field(primary_key=True, foreign_key="ticket.id")
    since: datetime


class Vote(SQLModel, table=True):
    """A follower's last vote on a closed ticket. It counts if it is later than the closing."""

    __table_args__ = (Index("vote_person", "person_id"),)

    ticket_id: UUID = Field(primary_key=True, foreign_key="ticket.id")
    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    still_there: bool
    at: datetime


class FollowOut(BaseModel):
    """Whether the caller follows the ticket now, and how many do."""

    id: UUID
    following: bool
    followers: int


class SimilarOut(BaseModel):
    """An open ticket of the same place and category, as neighbours see it before they follow it. `mine`: the caller's own."""

    id: UUID
    category: CategoryRef
    place: PlaceRef
    created_at: datetime
    status: Status
    status_name: str
    followers: int
    following: bool
    mine: bool
