"""The ledger: events of tickets, the texts written with them, and the seals over their hashes."""

from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from app.models import columns


class Event(SQLModel, table=True):
    """One act on one subject: a ticket, or a noun of the common life (`subject`: its kind, `ticket_id`: its id).

    The column is named after the time when every subject was a ticket: during an upgrade, programs of the release
    before write here too. The database allows inserts only; it holds ids and codes, so nothing has to be erased.
    """

    __table_args__ = (
        # Finds a follower's comments on others' tickets when they are erased; partial, so that other acts do not pay for it.
        Index("event_follower", "person_id", postgresql_where=text("part = 'follower'")),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    ticket_id: UUID = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: datetime = Field(primary_key=True)
    type: str
    part: str  # the part played, see rules.access.Part
    person_id: UUID | None = None
    post_id: UUID | None = None
    organisation_id: UUID | None = None
    data: dict[str, Any] = Field(
        default_factory=dict, sa_type=JSON
    )  # stored as the exact text that was hashed
    hash: bytes
    subject: str = Field(default="ticket", sa_column_kwargs={"server_default": "ticket"})


class EventRow(TypedDict):
    """An event whose job is due, with what its ticket is now: see `services.outbox.follow_up`.

    `organisation_id` is the ticket's; `person_id` is who acted, None for the timer.
    """

    job_id: UUID
    ticket_state: dict[str, Any] | None  # of the event's moment, see rules.webhooks
    let_go: list[str] | None  # the ids of the persons who follow the ticket no more, see ledger.Entry
    setup_version: int
    ticket_id: UUID
    seq: int
    at: datetime
    type: str
    part: str
    person_id: UUID | None
    acted_since: list[UUID]  # the persons who have acted on the ticket after this event
    hash: bytes
    data: dict[str, Any]
    internal: bool  # its text is for staff only
    text: str | None
    place_note: str | None  # the ticket's
    known_to_wechat: bool  # whether who acted has signed in with WeChat
    origin: str
    no: str
    category: str
    level: int
    reporter_id: UUID | None
    reporter_organisation_id: UUID | None  # set when a partner's API key reported it
    holder_id: UUID | None
    community_id: UUID | None
    street_id: UUID | None
    organisation_id: UUID | None
    awaited_ids: list[UUID]
    followers: int
    target_unit_ids: list[
        UUID | None
    ]  # of the ticket it was merged into, or was before that was undone: its holder, community and street


class Remark(SQLModel, table=True):
    """The text of an event. It can be erased: the event itself holds only `sha256(salt + text)`."""

    ticket_id: UUID = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    text: str | None  # None once erased
    salt: bytes
    internal: bool = columns.flag()


class Seal(SQLModel, table=True):
    """A link of the global chain over a batch of event hashes; it shows when a ticket or its last events are missing."""

    id: int = Field(primary_key=True)
    at: datetime
    hash: bytes


class SealedHead(SQLModel, table=True):
    """The hash of one event, and the seal that covers it."""

    __tablename__ = "sealed_head"

    ticket_id: UUID = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    seal_id: int = Field(foreign_key="seal.id", index=True)
    hash: bytes


class ActorOut(BaseModel):
    """Who acted: the post they acted from, never their name."""

    post: str
    label: str


class EventOut(BaseModel):
    """A line of the timeline. `label` is the event's Chinese; `actor` is null for the timer."""

    seq: int
    type: str
    label: str
    at: datetime
    actor: ActorOut | None
    text: str | None = None
    internal: bool | None = None
    photos: list["PhotoRef"] | None = None
    data: dict[str, Any]


class PhotoRef(BaseModel):
    """Where to fetch a photo, with the caller's own token."""

    id: UUID
    url: str
    thumb_url: str
