"""Webhooks: where an organisation or an office wants to be told what happens, and what became of each message."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, StrictBool
from pydantic import Field as Said
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models import columns
from app.models.said import Strict, Text, example
from app.words import EVENT, Delivered


class Webhook(SQLModel, table=True):
    """An address of an organisation, or of a community or street. `failing_since`: nothing has got through since."""

    id: UUID = columns.key()
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id", index=True)
    place_id: UUID | None = Field(default=None, foreign_key="place.id", index=True)
    url: str
    events: list[str] = columns.texts()
    created_at: datetime
    failing_since: datetime | None = None
    disabled_at: datetime | None = None
    disabled_for: str | None = None  # gone, failing, owner
    ended_at: datetime | None = None  # its deliveries are cleared away little by little


class WebhookSecret(SQLModel, table=True):
    """A key messages are signed with; after a rotation the one before signs too, until `ends_at`."""

    __tablename__ = "webhook_secret"

    id: UUID = columns.key()
    webhook_id: UUID = Field(foreign_key="webhook.id", index=True)
    sealed: bytes  # services.vault
    ends_at: datetime | None = None


class Delivery(SQLModel, table=True):
    """One message to one address. Its id is the same at every attempt."""

    __table_args__ = (
        Index("delivery_once", "webhook_id", "ticket_id", "seq", unique=True),
        Index("delivery_due", "webhook_id", "due_at", postgresql_where=text("settled_at IS NULL")),
        Index("delivery_log", "webhook_id", "id"),
    )

    id: UUID = columns.key()
    webhook_id: UUID = Field(foreign_key="webhook.id")
    ticket_id: UUID | None = None  # none: a test
    seq: int | None = None
    type: str
    body: str  # to the letter: it is signed
    created_at: datetime
    due_at: datetime  # a claim moves it on by the lease
    gap: float = Field(default=0, sa_column_kwargs={"server_default": "0"})  # seconds it was meant to wait
    attempts: int = columns.number()
    settled_at: datetime | None = None  # delivered, or given up
    delivered: bool = columns.flag()
    status: int | None = None  # of the last attempt; none: no answer
    error: str | None = None
    took_ms: int | None = None


class WebhookOut(BaseModel):
    """An address and what it is told. `disabled_for`: gone (it answered 410), failing (for five days), owner."""

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
    """A new address with the secret its messages are signed with; shown here only."""

    secret: str


class SecretOut(BaseModel):
    """The new secret. Until `former_until` messages bear both signatures."""

    id: UUID
    secret: str
    former_until: datetime


class EndedWebhookOut(BaseModel):
    """The address is told nothing any more."""

    id: UUID
    ended_at: datetime


class DeliveryOut(BaseModel):
    """A message and what became of it. `webhook_id_header` is what the receiver sees as `webhook-id`;
    `status`, `error` and `took_ms` are of the last attempt; `next_at` is when the next one is due.
    """

    id: UUID
    webhook_id_header: str
    type: str
    ticket_id: UUID | None
    seq: int | None
    state: Delivered
    state_name: str
    attempts: int
    status: int | None
    error: str | None
    took_ms: int | None
    created_at: datetime
    settled_at: datetime | None
    next_at: datetime | None
    body: dict[str, Any]


EVERYTHING = "ticket.*"
KNOWN = frozenset({EVERYTHING, *(f"ticket.{name}" for name in EVENT)})


def _known(events: list[str]) -> list[str]:
    unknown = sorted(set(events) - KNOWN)
    if unknown:
        raise ValueError(f"没有“{unknown[0]}”这种事件")
    return sorted(set(events))


Events = Annotated[
    list[Annotated[Text, Said(max_length=64)]], Said(min_length=1, max_length=64), AfterValidator(_known)
]
Address = Annotated[Text, Said(max_length=2000)]


class WebhookIn(Strict):
    """Where to tell what. `owner_id`: for whom, where one speaks for several; else the narrowest."""

    model_config = example(url="https://partner.example/loudeng", events=["ticket.*"])

    url: Address
    events: Events
    owner_id: UUID | None = None


class WebhookChangeIn(Strict):
    """What to change; what is absent stays. `active: true` lets what was disabled go on, with what still waits."""

    model_config = example(events=["ticket.dispatched", "ticket.recalled"])

    url: Address | None = None
    events: Events | None = None
    active: StrictBool | None = None
