"""WeChat: the access token that all processes share, and subscribe messages."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, StrictBool
from pydantic import Field as PydanticField
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models import columns
from app.models.fields import Strict, example


class WechatToken(SQLModel, table=True):
    """The mini-program's access token, encrypted. `forced_at`: when WeChat was last made to issue another."""

    __tablename__ = "wechat_token"

    appid: str = Field(primary_key=True)
    sealed: bytes  # see services.encryption
    expires_at: datetime
    forced_at: datetime | None = None


class Subscription(SQLModel, table=True):
    """How many messages of a template a person lets us send. `refused_at`: they want none, and are not asked again."""

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    template_id: str = Field(primary_key=True)
    remaining: int
    refused_at: datetime | None = None


class WechatMessage(SQLModel, table=True):
    """A subscribe message to send; its id is its notice's. `sending_since`: WeChat may have it from then on.

    `outcome`, once settled: sent, unsubscribed, refused, unknown (no answer), late, read, gone.
    """

    __tablename__ = "wechat_message"
    __table_args__ = (
        Index("wechat_message_due", "due_at", postgresql_where=text("settled_at IS NULL")),
        Index("wechat_message_person", "person_id"),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    ticket_id: UUID | None = None
    subject_id: UUID | None = None  # of the common life, where it is about none of a ticket
    type: str
    template_id: str
    created_at: datetime
    due_at: datetime
    attempts: int = columns.number()
    sending_since: datetime | None = None
    settled_at: datetime | None = None
    outcome: str | None = None
    answer: str | None = None  # WeChat's id of the message, or its errcode


class AcceptedIn(Strict):
    """A person's answer to one question of WeChat's: `event` as `GET /me/subscriptions` names it."""

    event: Annotated[str, PydanticField(max_length=64)]
    accepted: StrictBool
    always: StrictBool = False  # a refusal that is meant for good: do not ask again


class SubscriptionsIn(Strict):
    """What somebody has just answered when WeChat asked whether we may send them messages."""

    model_config = example(templates=[{"event": "ticket.resolved", "accepted": True}])

    templates: Annotated[list[AcceptedIn], PydanticField(min_length=1, max_length=10)]


class AskedOut(BaseModel):
    """A message to ask for: the event it tells of, its template's id."""

    event: str
    template_id: str


class SubscriptionOut(BaseModel):
    """How many more messages of an event can be sent; None: any number, until the person takes it back."""

    event: str
    template_id: str
    remaining: int | None
    refused: bool


class SubscriptionsOut(BaseModel):
    """One's subscriptions, and what to ask for at each moment (`report`, `work`, `common_life`): at most three at a time."""

    subscriptions: list[SubscriptionOut]
    moments: dict[str, list[AskedOut]]
