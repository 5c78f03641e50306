"""Tickets: the table, and the bodies of requests and responses."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, StrictBool, model_validator
from pydantic import Field as ApiField
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.enums import Channel, Origin, Outcome, Role, Status, Verdict
from app.models import columns
from app.models.event import EventOut, PhotoRef
from app.models.fields import (
    DISTINCT,
    IN_DIGITS,
    GivenName,
    Paragraph,
    RelativeDay,
    ShortText,
    Strict,
    Text,
    Timestamp,
    any_of,
    example,
    present,
)

_ENDED = "status IN ('closed', 'rejected', 'merged')"
_OPEN = "status IN ('new', 'accepted', 'dispatched', 'waiting', 'resolved')"

ENDED_AT = "coalesce(closed_at, rejected_at, merged_at)"  # of a ticket that has ended


class Ticket(SQLModel, table=True):
    """The current state of a ticket; its history is in its events."""

    __table_args__ = (
        Index("ticket_inbox", "holder_id", "id", postgresql_where=text(_OPEN)),
        Index(
            "ticket_unassigned", "community_id", "id", postgresql_where=text(f"holder_id IS NULL AND {_OPEN}")
        ),
        Index(
            "ticket_organisation",
            "organisation_id",
            "id",
            postgresql_where=text("organisation_id IS NOT NULL"),
        ),
        Index("ticket_reporter", "reporter_id", "id"),
        Index("ticket_grid", "grid_id", "id"),
        Index("ticket_community", "community_id", "id"),
        Index("ticket_street", "street_id", "id"),
        Index("ticket_community_open", "community_id", "id", postgresql_where=text(_OPEN)),
        Index("ticket_street_open", "street_id", "id", postgresql_where=text(_OPEN)),
        Index("ticket_place", "place_id", "id"),
        Index("ticket_facets", "status", "outcome", "verdict", "origin", "category"),
        Index("ticket_ended", text(ENDED_AT), postgresql_where=text(_ENDED)),
        Index("ticket_changed", "changed_tx", "id"),
        Index(
            "ticket_contact",
            "id",
            postgresql_where=text(
                f"(contact_sealed IS NOT NULL OR on_behalf_name_sealed IS NOT NULL) AND {_ENDED}"
            ),
        ),
        Index("ticket_timer", "timer_at", postgresql_where=text("timer_at IS NOT NULL")),
        Index(
            "ticket_similar",
            "place_id",
            "category",
            "id",
            postgresql_where=text(f"NOT anonymous AND {_OPEN}"),
        ),
        Index(
            "ticket_called",
            "called_ids",
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
            postgresql_where=text(f"called_ids <> '{{}}' AND {_OPEN}"),
        ),
        Index("ticket_merged", "merged_into_id", postgresql_where=text("merged_into_id IS NOT NULL")),
        Index("ticket_split", "split_from_id", postgresql_where=text("split_from_id IS NOT NULL")),
    )

    id: UUID = columns.primary_key()
    no: str
    status: str
    status_before: str | None = None  # the status before `waiting` or `merged`
    origin: str
    category: str = Field(foreign_key="category.code")

    # where
    place_id: UUID | None = Field(default=None, foreign_key="place.id")
    place_note: str | None = None
    lat: float | None = None
    lng: float | None = None
    street_id: UUID | None = None
    community_id: UUID | None = None
    grid_id: UUID | None = None

    # who
    anonymous: bool = columns.flag()
    reporter_id: UUID | None = Field(default=None, foreign_key="person.id")
    reporter_organisation_id: UUID | None = None  # of a report by an organisation
    contact_sealed: bytes | None = None  # the phone given with the report, AES-GCM
    contact_masked: str | None = None
    on_behalf_name_sealed: bytes | None = None
    level: int  # 1 grid, 2 community, 3 street
    holder_id: UUID | None = Field(
        default=None, foreign_key="place.id"
    )  # the unit that holds it; None: unassigned
    first_unit_id: UUID | None = None  # 首接负责; never changes
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")

    # what
    description: str | None = None
    photo_ids: list[UUID] = columns.uuids()
    occurred_at: datetime | None = None
    claim: dict[str, Any] | None = columns.jsonb()
    outcome: str | None = None
    resolution_text: str | None = None
    resolution_photo_ids: list[UUID] = columns.uuids()
    resolved_by: str | None = None  # the label of the post or organisation
    handler_ids: list[UUID] = columns.uuids()  # the persons who resolved it: they cannot confirm it
    verdict: str | None = None
    rating: int | None = None

    # limits: minutes that apply to this ticket, on the clocks of its category
    accept_minutes: int
    acknowledge_minutes: int
    resolve_minutes: int
    extra_minutes: int = columns.number()
    accept_from: datetime
    accept_due: datetime
    accept_step: int = columns.number()  # how many moments of rules.escalation are done
    acknowledge_due: datetime | None = None
    acknowledge_step: int = columns.number()
    resolve_from: datetime
    resolve_due: datetime
    resolve_step: int = columns.number()
    timer_at: datetime | None = None  # when the timer next does something
    timed_at: datetime | None = None  # when the timer last did something

    # when
    created_at: datetime
    updated_at: datetime
    accepted_at: datetime | None = None
    contacted_at: datetime | None = None  # the first contact by a person
    dispatched_at: datetime | None = None
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    rejected_at: datetime | None = None
    appeal_until: datetime | None = None  # until when the reporter may appeal

    # pauses: [from, to, from, to, …] as in the table `pause`; `to` of an open one is its `until`
    pauses: list[datetime] = columns.timestamps()
    paused_until: datetime | None = None
    paused_for: str | None = None  # a code of labels.REASONS["wait"]

    # counters
    waits: int = columns.number()  # since it was submitted or reopened
    appeals: int = columns.number()
    returns: int = columns.number()
    hand_backs: int = columns.number()
    reopens: int = columns.number()
    urged: int = columns.number()
    urged_at: datetime | None = None

    # followers: neighbours with the same problem
    followers: int = (
        columns.number()
    )  # the number of persons in the table `follower`, updated by the same statements
    merged_into_id: UUID | None = None
    merged_at: datetime | None = None
    split_from_id: UUID | None = None  # the ticket that this one was a part of
    dissent: int = (
        columns.number()
    )  # the number of votes, since it was closed, that the problem is still there
    dissent_told: bool = columns.flag()  # whether the level above has been notified of them

    # departments called to it, see rules.departments: their calls; those not released; those whose report is awaited
    called: list[dict[str, Any]] = columns.json_objects()
    called_ids: list[UUID] = columns.uuids()
    awaited_ids: list[UUID] = columns.uuids()

    # the last event that changed its course, see rules.latest, and the row of `remark` that has its text, if it has one
    latest: dict[str, Any] | None = columns.json_text()
    latest_text_seq: int | None = None
    # the last act that may be undone, see services.tickets.undo
    undo: dict[str, Any] | None = columns.jsonb()

    # the chain of its events
    version: int = columns.number(1)
    seq: int = columns.number(1)
    head: bytes

    # the transaction of its last change: the order of the changes feed
    changed_tx: int = columns.current_transaction()


class Position(Strict):
    """GCJ-02 degrees, as WeChat's maps return them."""

    lat: Annotated[float, ApiField(ge=-90, le=90, allow_inf_nan=False, strict=True)]
    lng: Annotated[float, ApiField(ge=-180, le=180, allow_inf_nan=False, strict=True)]


class OnBehalfIn(Strict):
    """The person on whose behalf staff report (代报)."""

    name: GivenName | None = None
    phone: Annotated[Text, ApiField(max_length=40)] | None = None


def _require_distinct(photos: list[UUID]) -> list[UUID]:
    if len(set(photos)) != len(photos):
        raise ValueError("照片重复了")
    return photos


PhotoIds = Annotated[list[UUID], ApiField(max_length=9), AfterValidator(_require_distinct), DISTINCT]


class TicketIn(Strict):
    """A report: a place or a position, a text or a photo."""

    model_config = example(
        any_of(present("place_id"), present("position", type="object")),
        any_of(present("description"), present("photo_ids", minItems=1)),
        category="stair_light",
        place_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
        place_note="3楼",
        description="楼道灯不亮，老人上下楼看不见",
    )

    category: Annotated[Text, ApiField(max_length=64)]
    place_id: UUID | None = None
    position: Position | None = None
    place_note: ShortText | None = None
    description: Paragraph | None = None
    photo_ids: PhotoIds = []
    anonymous: StrictBool = False
    contact_phone: Annotated[Text, ApiField(max_length=40)] | None = None
    on_behalf_of: OnBehalfIn | None = None
    occurred_at: Timestamp | None = None
    channel: Channel | None = ApiField(
        None, description="How it came to staff: 巡查, 走访, 来电, 来访. In the timeline's first event."
    )

    @model_validator(mode="after")
    def _require_place_and_content(self) -> "TicketIn":
        if self.place_id is None and self.position is None:
            raise ValueError("请选择地点，或打开定位")
        if self.description is None and not self.photo_ids:
            raise ValueError("请写一句话，或拍一张照片")
        return self


class CategoryRef(BaseModel):
    """`name`: in the language of `Accept-Language`, else in that of the profile, else Chinese."""

    code: str
    zh: str
    en: str
    name: str
    level: str


class PlaceRef(BaseModel):
    """`path`: names from the street down."""

    id: UUID
    path: list[str]
    label: str


class ReporterOut(BaseModel):
    """The reporter as handlers see them; never of an anonymous report."""

    id: UUID
    name: str | None
    phone_masked: str | None


class ActingForOut(BaseModel):
    """For whom the responsible person acts: the head of `unit`, who is away until the end of `until` (null: until
    changed), or, with `away` false, whose post is vacant.
    """

    role: Role
    role_name: str
    unit: str
    away: bool
    until: date | None


class HolderOut(BaseModel):
    """The unit that holds the ticket: its label, and the responsible post, if any: its role, what it is called, its name.

    `acting_for`: null while that is its head; only staff see it.
    """

    post: str | None
    role_name: str | None
    label: str
    name: str | None
    acting_for: ActingForOut | None = None


class SentBackOut(BaseModel):
    """Which unit had a ticket before it came to be assigned anew, and why it gave it up; as far as that is known."""

    by: str | None
    reason: str | None


class DispatchedOut(BaseModel):
    """The organisation the ticket is with. `acknowledged_at` is null until it takes the ticket."""

    id: UUID
    name: str
    acknowledged_at: datetime | None


class CalledOrganisationOut(BaseModel):
    """A department as it is shown; residents and followers see its name."""

    id: UUID | None = None
    name: str


class CalledOut(BaseModel):
    """A department called to the ticket (吹哨). `due`: until when it has to take its call; `late`: it has not, or only
    later. Residents and followers see name, `reported_at` and `late` of those not released.
    """

    organisation: CalledOrganisationOut
    called_at: datetime | None = None
    due: datetime | None = None
    acknowledged_at: datetime | None = None
    reported_at: datetime | None
    released_at: datetime | None = None
    late: bool


class SlaOut(BaseModel):
    """The limits, and when they were met. `urged`: how often the ticket was urged."""

    accept_due: datetime | None
    acknowledge_due: datetime | None
    resolve_due: datetime | None
    accepted_at: datetime | None
    resolved_at: datetime | None
    paused_until: datetime | None
    overdue: bool
    urged: int


class ResolutionOut(BaseModel):
    """What was done: text and photos of the handler, the label of their post, and when."""

    text: str | None
    photos: list[PhotoRef]
    by: str | None
    at: datetime


class HotlineOut(BaseModel):
    """Whom to call about a ticket: the public number of the unit that holds it, or of the nearest one above it."""

    label: str
    phone: str


class TicketRef(BaseModel):
    """Another ticket."""

    id: UUID
    no: str


class TicketOut(BaseModel):
    """A ticket as the caller may see it: fields they may not see are absent. `actions` is what they may do now.

    `next_action`: the one of them to offer a reporter or follower first; null: none is due from them. `latest`: the last
    event that changed its course, as in the timeline but without photos; null since its submission. `held`: the caller
    belongs to the unit that holds it. `sent_back`: of a ticket that nobody holds, for staff; null if nobody has held it
    yet. `dissent`: how many followers say since it was closed that the problem is still there. `undo_until`: until when
    the caller may undo what they have just done.
    """

    id: UUID
    no: str
    status: Status
    status_name: str
    origin: Origin
    category: CategoryRef
    place: PlaceRef | None
    place_note: str | None
    position: Position | None = None
    description: str | None
    photos: list[PhotoRef]
    anonymous: bool
    reporter: ReporterOut | None = None
    level: int
    holder: HolderOut | None
    hotline: HotlineOut | None
    held: bool
    sent_back: SentBackOut | None = None
    organisation: DispatchedOut | None
    called: list[CalledOut] | None = None
    claim: dict[str, Any] | None = None
    sla: SlaOut
    latest: EventOut | None
    outcome: Outcome | None
    resolution: ResolutionOut | None
    verdict: Verdict | None
    rating: int | None
    followers: int
    following: bool | None = None
    merged_into: TicketRef | None = None
    split_from: TicketRef | None = None
    dissent: int | None = None
    version: int
    actions: list[str]
    next_action: str | None
    undo_until: datetime | None = None
    created_at: datetime
    updated_at: datetime


class PhoneOut(BaseModel):
    """The reporter's full number. Reading it is recorded in the audit trail."""

    phone: str
    name: str | None


Box = Literal["mine", "inbox", "following", "unassigned", "area", "all"]
_MAX_VALUES = 50  # of one filter
_Codes: Any = ApiField([], max_length=_MAX_VALUES)


class TicketFilters(BaseModel):
    """What a list of tickets is narrowed by. A filter that is given several times takes any of its values.

    Days are those of Shanghai, and both ends are included; `today`, `today-7`, `today+1` are days too, `week` is Monday.
    """

    box: Box | None = ApiField(
        None,
        description="Default: `mine` for residents, `inbox` for others. `area`: what is to be resolved in one's "
        "communities and streets, whoever holds it.",
    )
    status: list[Status] = _Codes
    category: list[str] = _Codes
    origin: list[Origin] = _Codes
    outcome: list[Outcome] = _Codes
    verdict: list[Verdict] = _Codes
    place_id: list[UUID] = ApiField([], max_length=_MAX_VALUES, description="At this place or below it.")
    unit_id: list[UUID] = ApiField(
        [], max_length=_MAX_VALUES, description="Of this grid, community or street."
    )
    holder_id: list[UUID] = ApiField(
        [], max_length=_MAX_VALUES, description="An open ticket that this grid, community or street holds."
    )
    organisation_id: list[UUID] = ApiField([], max_length=_MAX_VALUES, description="Dispatched to it.")
    danger: bool | None = ApiField(
        None, description="Only dangers (categories of level E0), or none of them."
    )
    overdue: bool | None = None
    created_from: RelativeDay | None = None
    created_to: RelativeDay | None = None
    due_from: RelativeDay | None = ApiField(
        None, description="Unresolved, and the next limit ends on this day or later."
    )
    due_to: RelativeDay | None = ApiField(
        None, description="Likewise, on this day or before; today: what is due today."
    )
    ended_from: RelativeDay | None = ApiField(
        None, description="Closed, rejected or merged on this day or later."
    )
    ended_to: RelativeDay | None = None
    q: str | None = ApiField(
        None,
        max_length=100,
        description="Neighbouring characters of the description, place or category; or a `no`.",
    )
    cell: str | None = ApiField(
        None, max_length=300, description="What one number of a figure counts, as the figure's links say."
    )


class TicketQuery(TicketFilters):
    """The query of a list of tickets."""

    limit: Annotated[int, ApiField(ge=1, le=100, description="The size of the page."), IN_DIGITS] = 20
    order: Literal["new", "old", "due"] = ApiField(
        "new",
        description="`new`: newest first. `old`: oldest first. `due`: dangers first, then the next limit, only in boxes "
        "of open tickets.",
    )
    day: RelativeDay | None = ApiField(
        None, description="Begin with the tickets of this day, and go on from there; only without `cursor`."
    )
    cursor: str | None = ApiField(None, max_length=200, description="`next` of the previous page.")
    updated_cursor: str | None = ApiField(
        None,
        max_length=200,
        description="Oldest change first, never skipping one; empty the first time, then `next`, or at the end the "
        "page's `updated_cursor`. Without `box` then: `all`.",
    )


class RelatedQuery(TicketQuery):
    """The query of the tickets that have to do with another. No caller can send it."""

    except_id: UUID | None = None
    same_place_id: UUID | None = None
    reporter_id: UUID | None = None
    split_from_id: UUID | None = None


Relation = Literal["place", "person", "similar", "split"]
