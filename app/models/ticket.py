"""Tickets: the table everything turns on, and the shapes a ticket goes in and out by."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, StrictBool, model_validator
from pydantic import Field as Said
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models import columns
from app.models.event import PhotoRef
from app.models.said import Line, Name, Paragraph, Strict, Text, example
from app.words import Channel, Origin, Outcome, Status, Verdict

_ENDED = "status IN ('closed', 'rejected', 'merged')"
_OPEN = "status IN ('new', 'accepted', 'dispatched', 'waiting', 'resolved')"


class Ticket(SQLModel, table=True):
    """What is known of a ticket now; how it came to be so is in its events."""

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
    )

    id: UUID = columns.key()
    no: str
    status: str
    status_before: str | None = None  # where waiting and merged came from
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
    reporter_organisation_id: UUID | None = None  # a partner's own report
    contact_sealed: bytes | None = None  # the phone given with this report, AES-GCM
    contact_masked: str | None = None
    on_behalf_name_sealed: bytes | None = None
    level: int  # 1 grid, 2 community, 3 street
    holder_id: UUID | None = Field(
        default=None, foreign_key="place.id"
    )  # the unit that answers; None: unassigned
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
    resolved_by: str | None = None  # label of the post or organisation
    handler_ids: list[UUID] = columns.uuids()  # persons who resolved it; they cannot confirm their own work
    verdict: str | None = None
    rating: int | None = None

    # limits: minutes as they apply to this ticket, on the clock of its category
    accept_minutes: int
    acknowledge_minutes: int
    resolve_minutes: int
    extra_minutes: int = columns.number()
    accept_from: datetime
    accept_due: datetime
    accept_step: int = columns.number()  # moments of rules.escalation already done
    acknowledge_due: datetime | None = None
    acknowledge_step: int = columns.number()
    resolve_from: datetime
    resolve_due: datetime
    resolve_step: int = columns.number()
    timer_at: datetime | None = None  # the next moment of any clock
    timed_at: datetime | None = None  # when the timer last did something

    # when
    created_at: datetime
    updated_at: datetime
    accepted_at: datetime | None = None
    contacted_at: datetime | None = None  # first human contact
    dispatched_at: datetime | None = None
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    rejected_at: datetime | None = None
    appeal_until: datetime | None = None  # the reporter may appeal before

    # pauses: [from, to, from, to, …] as in the table `pause`, an open one's `to` being its `until`
    pauses: list[datetime] = columns.moments()
    paused_until: datetime | None = None
    paused_for: str | None = None  # a code of words.REASONS["wait"]

    # how often
    waits: int = columns.number()  # since it was reported or reopened
    appeals: int = columns.number()
    returns: int = columns.number()
    hand_backs: int = columns.number()
    reopens: int = columns.number()
    urged: int = columns.number()
    urged_at: datetime | None = None

    # neighbours with the same trouble
    followers: int = columns.number()  # persons in the table `follower`, kept by the statements that write it
    merged_into_id: UUID | None = None
    merged_at: datetime | None = None
    dissent: int = columns.number()  # followers who say, since it was closed, that the trouble is still there
    dissent_told: bool = columns.flag()

    # departments called to it, see rules.calling: their parts; those not released; those it still waits for
    called: list[dict[str, Any]] = columns.objects()
    called_ids: list[UUID] = columns.uuids()
    awaited_ids: list[UUID] = columns.uuids()

    # the chain
    version: int = columns.number(1)
    seq: int = columns.number(1)
    head: bytes

    # the transaction of its last act: changes are listed in this order, see services.changes
    changed_tx: int = columns.this_transaction()


class Position(Strict):
    """GCJ-02 degrees, as WeChat's maps give."""

    lat: Annotated[float, Said(ge=-90, le=90, allow_inf_nan=False, strict=True)]
    lng: Annotated[float, Said(ge=-180, le=180, allow_inf_nan=False, strict=True)]


class OnBehalfIn(Strict):
    """Somebody who told staff by word of mouth (代报)."""

    name: Name | None = None
    phone: Annotated[Text, Said(max_length=40)] | None = None


def _distinct(photos: list[UUID]) -> list[UUID]:
    if len(set(photos)) != len(photos):
        raise ValueError("照片重复了")
    return photos


PhotoIds = Annotated[list[UUID], Said(max_length=9), AfterValidator(_distinct)]


class TicketIn(Strict):
    """A report: a place or a position, a text or a photo."""

    model_config = example(
        category="stair_light",
        place_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
        place_note="3楼",
        description="楼道灯不亮，老人上下楼看不见",
    )

    category: Annotated[Text, Said(max_length=64)]
    place_id: UUID | None = None
    position: Position | None = None
    place_note: Line | None = None
    description: Paragraph | None = None
    photo_ids: PhotoIds = []
    anonymous: StrictBool = False
    contact_phone: Annotated[Text, Said(max_length=40)] | None = None
    on_behalf_of: OnBehalfIn | None = None
    occurred_at: AwareDatetime | None = None
    channel: Channel | None = Said(
        None, description="How it came to staff: 巡查, 走访, 来电, 来访. In the timeline's first event."
    )

    @model_validator(mode="after")
    def _enough(self) -> "TicketIn":
        if self.place_id is None and self.position is None:
            raise ValueError("请选择地点，或打开定位")
        if self.description is None and not self.photo_ids:
            raise ValueError("请写一句话，或拍一张照片")
        return self


class CategoryRef(BaseModel):
    code: str
    zh: str
    en: str
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


class HolderOut(BaseModel):
    """Who answers for the ticket now: the post, the unit's label, and the person's name where known."""

    post: str | None
    label: str
    name: str | None


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
    """A department called to the ticket (吹哨). `due`: when it is to have taken its part; `late`: it has not, or did so
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
    """Limits and what became of them. `urged` counts."""

    accept_due: datetime | None
    acknowledge_due: datetime | None
    resolve_due: datetime | None
    accepted_at: datetime | None
    resolved_at: datetime | None
    paused_until: datetime | None
    overdue: bool
    urged: int


class ResolutionOut(BaseModel):
    """What was done: the handler's words, photos, by which post, when."""

    text: str | None
    photos: list[PhotoRef]
    by: str | None
    at: datetime


class TicketRef(BaseModel):
    """Another ticket."""

    id: UUID
    no: str


class TicketOut(BaseModel):
    """A ticket as the caller may see it: fields they may not see are absent. `actions` is what they may do now.

    `held`: the caller belongs to the unit that holds it. `dissent`: how many followers say since it was closed that
    the trouble is still there.
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
    held: bool
    organisation: DispatchedOut | None
    called: list[CalledOut] | None = None
    claim: dict[str, Any] | None = None
    sla: SlaOut
    outcome: Outcome | None
    resolution: ResolutionOut | None
    verdict: Verdict | None
    rating: int | None
    followers: int
    following: bool | None = None
    merged_into: TicketRef | None = None
    dissent: int | None = None
    version: int
    actions: list[str]
    created_at: datetime
    updated_at: datetime


class PhoneOut(BaseModel):
    """The reporter's full number. The look has been recorded."""

    phone: str
    name: str | None


Box = Literal["mine", "inbox", "following", "unassigned", "all"]


class Wanted(BaseModel):
    """What a list is narrowed to."""

    box: Box | None = Said(None, description="Residents: `mine`, others: `inbox`.")
    status: Status | None = None
    category: str | None = None
    place_id: UUID | None = None
    overdue: bool | None = None
    limit: int = Said(20, ge=1, le=100, description="How many at most.")
    order: Literal["new", "due"] = Said(
        "new", description="`due`: of open boxes, the limit that ends next first."
    )
    q: str | None = Said(
        None,
        max_length=100,
        description="Signs of description, place or category that stand together; or a `no`.",
    )
    cursor: str | None = Said(None, max_length=200, description="`next` of the page before.")
    updated_cursor: str | None = Said(
        None,
        max_length=200,
        description="Oldest change first, never skipping one; empty the first time, then `next`, or at the end the "
        "page's `updated_cursor`. Without `box` then: `all`.",
    )
