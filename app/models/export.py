"""The export of everything that is stored about a person."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from app.enums import AttendanceStatus, CircleKind, SubjectKind, TransferReason
from app.models.event import PhotoRef
from app.models.person import PersonOut


class PostHeld(BaseModel):
    """A post the person holds or held."""

    id: UUID
    label: str
    skills: list[str]
    phone: str | None
    hours: str | None
    shows_name: bool
    shows_own_phone: bool
    created_at: datetime
    ended_at: datetime | None
    absent_from: date | None
    absent_until: date | None


class LoginOut(BaseModel):
    """A login, and when it ended."""

    id: UUID
    kind: str
    created_at: datetime
    rotated_at: datetime
    revoked_at: datetime | None


class WordsOut(BaseModel):
    """What the person wrote with an event of a ticket. `text` is null once erased."""

    seq: int
    type: str
    at: datetime
    text: str | None


class TicketOfMine(BaseModel):
    """A ticket the person reported, with its contact phone number in full."""

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
    """A ticket the person follows. `origin_id`: their own ticket that was merged into it, or the ticket itself."""

    id: UUID
    no: str
    since: datetime
    origin_id: UUID
    words: list[WordsOut]


class VoteOfMine(BaseModel):
    """The person's last vote on whether the problem of a closed ticket is still there."""

    ticket_id: UUID
    still_there: bool
    at: datetime


class NoticeOfMine(BaseModel):
    """A notice sent to the person."""

    id: UUID
    ticket_id: UUID | None
    type: str
    created_at: datetime
    read_at: datetime | None


class SubscriptionOfMine(BaseModel):
    """What the person lets us send: messages of a template of WeChat's."""

    template_id: str
    remaining: int
    refused_at: datetime | None


class MessageOfMine(BaseModel):
    """A message handed to WeChat for the person, of the last week; see models.wechat.WechatMessage."""

    id: UUID
    ticket_id: UUID | None
    subject_id: UUID | None
    type: str
    created_at: datetime
    outcome: str | None


class LookOut(BaseModel):
    """A look at the person's data by somebody of the office: when, at what, and from which post, never by whom.

    `what`: `phone` (the number left with a report) or `identity` (name and number behind an anonymous report).
    """

    id: UUID
    at: datetime
    what: Literal["phone", "identity"]
    what_name: str
    post: str
    ticket_id: UUID
    no: str


class EntryOfMine(BaseModel):
    """An entry of the audit trail about something the person did."""

    id: UUID
    at: datetime
    type: str
    subject_id: UUID | None
    address: str | None
    data: dict[str, Any] | None


class SubjectOfMine(BaseModel):
    """An opinion, topic, project or activity that the person wrote, or an opinion that staff wrote down for them."""

    id: UUID
    kind: SubjectKind
    status: str
    title: str | None
    text: str | None
    created_at: datetime


class SupportOfMine(BaseModel):
    """A topic the person supports."""

    subject_id: UUID
    at: datetime


class AttendanceOfMine(BaseModel):
    """An activity the person signed up for or came to, and the hours that were confirmed."""

    subject_id: UUID
    status: AttendanceStatus
    at: datetime
    came_at: datetime | None
    hours: float | None


class SideOfMine(BaseModel):
    """A relationship the person is in, or was, as themselves; and what they wrote there, which is stored encrypted."""

    subject_id: UUID
    kind: str
    role: str
    agreed_at: datetime | None
    left_at: datetime | None
    words: list[WordsOut]


class CertificateOfMine(BaseModel):
    """A public page of the person's confirmed hours."""

    id: UUID
    code: str
    first_day: date
    last_day: date
    created_at: datetime


class TurnoutOfMine(BaseModel):
    """A survey or vote that the person answered for their household; what they chose is not stored with it."""

    survey_id: UUID
    household: str
    day: date


class TransferOfMine(BaseModel):
    """What came to the person's account, or left it (below zero), and for which event."""

    at: datetime
    amount: int
    reason: TransferReason
    reverses_id: UUID | None
    cause_id: UUID | None
    reservation_id: UUID | None


class AccountOfMine(BaseModel):
    """What the person has of a circle, and all that moved it."""

    id: UUID
    kind: CircleKind
    community: str
    balance: int
    transfers: list[TransferOfMine]


class ExportOut(BaseModel):
    """Everything stored about the person, with the phone number in full; WeChat's identifier is not included."""

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
    subjects: list[SubjectOfMine]
    supports: list[SupportOfMine]
    attendance: list[AttendanceOfMine]
    surveys: list[TurnoutOfMine]
    accounts: list[AccountOfMine]
    sides: list[SideOfMine]
    certificates: list[CertificateOfMine]
    photos: list[PhotoRef]
    notices: list[NoticeOfMine]
    subscriptions: list[SubscriptionOfMine]
    messages: list[MessageOfMine]
    audit: list[EntryOfMine]
    looks: list[LookOut]
