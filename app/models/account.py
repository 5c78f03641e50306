"""Accounts and transfers: double entry for points and for things. A transfer is never changed, only reversed."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.enums import AccountSort, CircleKind, TransferReason
from app.models import columns
from app.models.event import ActorOut
from app.models.fields import Paragraph, Strict, example


class Circle(SQLModel, table=True):
    """Accounts between which something may move, and which sum to zero: points of a community, or the things of an offer."""

    __table_args__ = (
        Index(
            "circle_points", "community_id", "kind", unique=True, postgresql_where=text("offer_id IS NULL")
        ),
        Index("circle_offer", "offer_id", unique=True, postgresql_where=text("offer_id IS NOT NULL")),
    )

    id: UUID = columns.primary_key()
    kind: str
    community_id: UUID = Field(foreign_key="place.id")
    offer_id: UUID | None = Field(default=None, foreign_key="subject.id")
    created_at: datetime


class Account(SQLModel, table=True):
    """What somebody, a stock, or one of a circle's own accounts has. `balance` moves in the statement of a transfer only."""

    __table_args__ = (
        CheckConstraint("balance >= 0 OR sort = 'issue'", name="account_balance"),
        UniqueConstraint("circle_id", "id", name="account_in_circle"),
        Index(
            "account_person",
            "person_id",
            "circle_id",
            unique=True,
            postgresql_where=text("person_id IS NOT NULL"),
        ),
        Index(
            "account_stock",
            *("circle_id", "place_id"),
            unique=True,
            postgresql_where=text("place_id IS NOT NULL"),
        ),
        Index(
            "account_own",
            *("circle_id", "sort"),
            unique=True,
            postgresql_where=text("sort NOT IN ('person', 'stock')"),
        ),
        Index("account_lapse", "lapse_on", postgresql_where=text("lapse_on IS NOT NULL")),
    )

    id: UUID = columns.primary_key()
    circle_id: UUID = Field(foreign_key="circle.id")
    sort: str
    person_id: UUID | None = Field(default=None, foreign_key="person.id")  # None, too, once they have left
    place_id: UUID | None = Field(default=None, foreign_key="place.id")  # of a stock
    balance: int = Field(default=0, sa_type=sa.BigInteger, sa_column_kwargs={"server_default": "0"})
    lapse_on: date | None = None  # when what its owner was told of lapses
    lapse_year: int | None = None  # the last year whose end they were told of
    created_at: datetime


class Transfer(SQLModel, table=True):
    """What moved, and why. The database allows inserts only. Its one event is of the ledger; `head` is that event's hash.

    Both accounts are of its circle: what is of one circle never gets into another.
    """

    __table_args__ = (
        CheckConstraint("amount > 0 AND from_id <> to_id", name="transfer_amount"),
        *(
            ForeignKeyConstraint(["circle_id", name], ["account.circle_id", "account.id"])
            for name in ("from_id", "to_id")
        ),
        Index("transfer_from", "from_id", "id"),
        Index("transfer_to", "to_id", "id"),
        Index("transfer_reservation", "reservation_id", postgresql_where=text("reservation_id IS NOT NULL")),
        Index(
            "transfer_reversal", "reverses_id", unique=True, postgresql_where=text("reverses_id IS NOT NULL")
        ),
        # One is paid once for one activity, however often its job runs or somebody is confirmed.
        Index(
            "transfer_paid",
            *("cause_id", "to_id"),
            unique=True,
            postgresql_where=text("cause_id IS NOT NULL AND reverses_id IS NULL"),
        ),
    )

    id: UUID = columns.primary_key()
    circle_id: UUID
    from_id: UUID
    to_id: UUID
    amount: int = Field(sa_type=sa.BigInteger)
    reason: str
    at: datetime
    reservation_id: UUID | None = Field(default=None, foreign_key="subject.id")
    rule: str | None = None  # of an award, see rules.points
    cause_id: UUID | None = None  # the subject of the event that is paid for
    cause_seq: int | None = None
    cause_at: datetime | None = None
    reverses_id: UUID | None = Field(default=None, foreign_key="transfer.id")
    head: bytes


class ReverseIn(Strict):
    """Why a transfer is taken back."""

    model_config = example(text="登记错了人")

    text: Paragraph


class CircleOut(BaseModel):
    """What an account counts, and where. `offer_id`: of things, the offer they belong to."""

    id: UUID
    kind: CircleKind
    kind_name: str
    community: str
    offer_id: UUID | None
    offer: str | None


class LapsingOut(BaseModel):
    """What lapses, and when, as its owner was told."""

    on: date
    amount: int


class AccountOut(BaseModel):
    """An account. `name`: of whom, for the office; null once they have left. `place`: of a stock."""

    id: UUID
    circle: CircleOut
    sort: AccountSort
    sort_name: str
    mine: bool
    name: str | None
    place: str | None
    balance: int
    lapsing: LapsingOut | None
    created_at: datetime


class CauseOut(BaseModel):
    """What an award was paid for: an event of a subject, and the post that confirmed it."""

    subject_id: UUID
    title: str | None
    rule: str
    rule_name: str
    at: datetime
    confirmed_by: ActorOut | None


class TransferOut(BaseModel):
    """A transfer as one of its two accounts sees it: `amount` is below zero when it leaves that account.

    `other`: what the other account stands for, never whose it is. `actions`: what the caller may do now.
    """

    id: UUID
    account_id: UUID
    at: datetime
    amount: int
    reason: TransferReason
    reason_name: str
    other: AccountSort
    other_name: str
    cause: CauseOut | None
    reservation_id: UUID | None
    reverses_id: UUID | None
    reversed: bool
    text: str | None
    actions: list[str]
