"""Webhooks: tables, rows and shapes of endpoints, their signing secrets and the deliveries to them."""

from datetime import datetime
from typing import Annotated, Any, NamedTuple, TypedDict
from uuid import UUID

from pydantic import AfterValidator, BaseModel, StrictBool
from pydantic import Field as PydanticField
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.enums import PUBLIC_EVENTS, DeliveryStatus
from app.labels import EVENT
from app.models import columns
from app.models.fields import Documented, Strict, Text, example


class Webhook(SQLModel, table=True):
    """An endpoint of an organisation, or of a community or street. `failing_since`: no delivery has succeeded since."""

    id: UUID = columns.primary_key()
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id", index=True)
    place_id: UUID | None = Field(default=None, foreign_key="place.id", index=True)
    url: str
    events: list[str] = columns.texts()
    created_at: datetime
    failing_since: datetime | None = None
    disabled_at: datetime | None = None
    disabled_for: str | None = None  # gone, failing, owner; see WebhookOut
    ended_at: datetime | None = None  # deleted by its owner; its deliveries are swept in batches


class WebhookSecret(SQLModel, table=True):
    """A key that signs messages. After a rotation the previous one signs too, until `ends_at`."""

    __tablename__ = "webhook_secret"

    id: UUID = columns.primary_key()
    webhook_id: UUID = Field(foreign_key="webhook.id", index=True)
    sealed: bytes  # encrypted, see services.encryption
    ends_at: datetime | None = None


class Delivery(SQLModel, table=True):
    """One message to one endpoint. Its id is the same at every attempt."""

    __table_args__ = (
        Index("delivery_once", "webhook_id", "ticket_id", "seq", unique=True),
        Index("delivery_due", "webhook_id", "due_at", postgresql_where=text("settled_at IS NULL")),
        Index("delivery_log", "webhook_id", "id"),
    )

    id: UUID = columns.primary_key()
    webhook_id: UUID = Field(foreign_key="webhook.id")
    ticket_id: UUID | None = None  # None for a test message
    seq: int | None = None
    type: str
    body: str  # the exact text that is signed and sent
    created_at: datetime
    due_at: datetime  # a claim sets it to the end of the lease
    gap: float = Field(
        default=0, sa_column_kwargs={"server_default": "0"}
    )  # seconds from when due_at was set to due_at
    attempts: int = columns.number()
    settled_at: datetime | None = None  # when it was delivered or given up
    delivered: bool = columns.flag()
    status: int | None = None  # of the last attempt; None: no response
    error: str | None = None
    took_ms: int | None = None


class WebhookRow(TypedDict):
    """A row of `webhook`."""

    id: UUID
    organisation_id: UUID | None
    place_id: UUID | None
    url: str
    events: list[str]
    created_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_for: str | None
    ended_at: datetime | None


class DeliveryRow(TypedDict):
    """A row of `delivery`."""

    id: UUID
    webhook_id: UUID
    ticket_id: UUID | None
    seq: int | None
    type: str
    body: str
    created_at: datetime
    due_at: datetime
    gap: float
    attempts: int
    settled_at: datetime | None
    delivered: bool
    status: int | None
    error: str | None
    took_ms: int | None


class ClaimedDelivery(TypedDict):
    """A delivery one worker has claimed, with what it takes to send it. `attempts` counts this attempt."""

    id: UUID
    webhook_id: UUID
    body: str
    attempts: int
    url: str
    failing_since: datetime | None
    secrets: list[bytes]  # encrypted, the newest first


class NewDelivery(NamedTuple):
    """A delivery to insert. `at` is when the event happened."""

    id: UUID
    webhook_id: UUID
    ticket_id: UUID
    seq: int
    type: str
    body: str
    at: datetime


class WebhookOut(BaseModel):
    """A webhook. `disabled_for`: gone (it answered 410), failing (no delivery succeeded for five days), owner."""

    id: UUID
    url: str
    events: list[str]
    organisation_id: UUID | None
    place_id: UUID | None
    created_at: datetime
    active: bool
    disabled_at: datetime | None
    disabled_for: str | None
    failing_since: datetime | None


class WebhookMadeOut(WebhookOut):
    """A new webhook with the secret that signs its messages. The secret is not shown again."""

    secret: str


class SecretOut(BaseModel):
    """The new secret. Until `former_until` messages are signed with the former one too."""

    id: UUID
    secret: str
    former_until: datetime


class EndedWebhookOut(BaseModel):
    """A webhook that has been deleted: no more messages are sent to it."""

    id: UUID
    ended_at: datetime


class DeliveryOut(BaseModel):
    """A message and its delivery. `webhook_id_header` is the `webhook-id` the receiver sees; `status`, `error` and
    `took_ms` are of the last attempt; `next_at` is when the next attempt is due.
    """

    id: UUID
    webhook_id_header: str
    type: str
    ticket_id: UUID | None
    seq: int | None
    state: DeliveryStatus
    state_name: str
    attempts: int
    status: int | None
    error: str | None
    took_ms: int | None
    created_at: datetime
    settled_at: datetime | None
    next_at: datetime | None
    body: dict[str, Any]


ALL_EVENTS = "ticket.*"
EVENT_TYPES = frozenset(
    {
        ALL_EVENTS,
        *(f"ticket.{name}" for name in EVENT),
        *PUBLIC_EVENTS,
        *(f"{event.partition('.')[0]}.*" for event in PUBLIC_EVENTS),
    }
)


def _check_event_types(events: list[str]) -> list[str]:
    unknown = sorted(set(events) - EVENT_TYPES)
    if unknown:
        raise ValueError(f"没有“{unknown[0]}”这种事件")
    return sorted(set(events))


EventTypes = Annotated[
    list[Annotated[Text, PydanticField(max_length=64), Documented(enum=sorted(EVENT_TYPES))]],
    PydanticField(min_length=1, max_length=64),
    AfterValidator(_check_event_types),
]
Url = Annotated[Text, PydanticField(max_length=2000), Documented(format="uri", pattern="^https?://")]


class WebhookIn(Strict):
    """A webhook to add. `owner_id`: its organisation or office, for callers who manage several; by default the narrowest."""

    model_config = example(url="https://partner.example/loudeng", events=["ticket.*"])

    url: Url
    events: EventTypes
    owner_id: UUID | None = None


class WebhookChangeIn(Strict):
    """What to change; absent fields stay. `active: true` enables a disabled webhook, with the messages that still wait."""

    model_config = example(events=["ticket.dispatched", "ticket.recalled"])

    url: Url | None = None
    events: EventTypes | None = None
    active: StrictBool | None = None
