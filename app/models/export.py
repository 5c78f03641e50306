"""Everything kept about somebody, as they take it away."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from app.models.event import PhotoRef
from app.models.person import PersonOut


class PostHeld(BaseModel):
    """A post one holds or held."""

    id: UUID
    label: str
    created_at: datetime
    ended_at: datetime | None
    absent_from: date | None
    absent_until: date | None


class LoginOut(BaseModel):
    """A sign-in, and when it ended."""

    id: UUID
    kind: str
    created_at: datetime
    rotated_at: datetime
    revoked_at: datetime | None


class WordsOut(BaseModel):
    """What one said with an event of a ticket one reported; null once erased."""

    seq: int
    type: str
    at: datetime
    text: str | None


class TicketOfMine(BaseModel):
    """A ticket one reported, the phone number left with it in full."""

    id: UUID
    no: str
    status: str
    category: str
    place: str | None
    place_note: str | None
    lat: float | None
    lng: float | None
    description: str | None
    anonymous: bool
    contact_phone: str | None
    on_behalf_of: str | None
    verdict: str | None
    rating: int | None
    created_at: datetime
    closed_at: datetime | None
    photos: list[PhotoRef]
    words: list[WordsOut]


class FollowedOut(BaseModel):
    """A ticket one follows. `origin_id`: the one's own that was merged into it, or itself."""

    id: UUID
    no: str
    since: datetime
    origin_id: UUID
    words: list[WordsOut]


class VoteOfMine(BaseModel):
    """What one last said about a ticket after its closing."""

    ticket_id: UUID
    still_there: bool
    at: datetime


class NoticeOfMine(BaseModel):
    """Something one was told."""

    id: UUID
    ticket_id: UUID | None
    type: str
    created_at: datetime
    read_at: datetime | None


class EntryOfMine(BaseModel):
    """Something recorded of what one did."""

    id: UUID
    at: datetime
    type: str
    subject_id: UUID | None
    address: str | None
    data: dict[str, Any] | None


class ExportOut(BaseModel):
    """Everything kept about oneself; the phone number in full. WeChat's identifier stays on the server."""

    exported_at: datetime
    profile: PersonOut
    phone: str | None
    created_at: datetime
    consent_version: str | None
    consent_at: datetime | None
    muted: list[str]
    quiet_nights: bool
    posts: list[PostHeld]
    logins: list[LoginOut]
    tickets: list[TicketOfMine]
    following: list[FollowedOut]
    votes: list[VoteOfMine]
    photos: list[PhotoRef]
    notices: list[NoticeOfMine]
    audit: list[EntryOfMine]
