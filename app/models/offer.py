"""Offers and reservations: their tables, and the bodies of requests and responses."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, model_validator
from pydantic import Field as ApiField
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.enums import CircleKind, OfferSort
from app.models import columns
from app.models.act import ActIn
from app.models.fields import Paragraph, Strict, Text, example
from app.models.subject import PlaceId, SubjectOut, SubjectPlaceOut, Title
from app.models.survey import SurveyOrganisationOut
from app.models.ticket import OnBehalfIn

_MOST = 100_000
_MOST_AT_ONCE = 20


class Offer(SQLModel, table=True):
    """What an offer has besides its subject. How much of it is where is in its circle of accounts."""

    __table_args__ = (
        Index("offer_organisation", "organisation_id", postgresql_where=text("organisation_id IS NOT NULL")),
    )

    subject_id: UUID = Field(primary_key=True, foreign_key="subject.id")
    price: int = columns.number()  # points for one
    points: str | None = None  # whose, see enums.CircleKind; None: free
    days: int | None = None  # of a loan
    needs_grant: bool = columns.flag()
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")


class Reservation(SQLModel, table=True):
    """What a reservation has besides its subject: from which accounts it took things and points, once it has."""

    __table_args__ = (Index("reservation_code", "code", unique=True),)

    subject_id: UUID = Field(primary_key=True, foreign_key="subject.id")
    quantity: int
    code: str  # what staff scan at the hand-over
    stock_id: UUID | None = Field(default=None, foreign_key="account.id")
    points_id: UUID | None = Field(default=None, foreign_key="account.id")
    paid: int = columns.number()  # points


Quantity = Annotated[int, ApiField(ge=1, le=_MOST, strict=True)]
Station = Annotated[
    UUID,
    ApiField(description="Where it is kept: the offer's place, or one within it. Absent: the offer's place."),
]


class OfferIn(Strict):
    """Something to give. `price`: points for one, of `points`; `days`: how long a loan lasts; `quantity`: how many there are."""

    model_config = example(
        kind="loan",
        title="雨伞",
        place_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
        days=3,
        quantity=40,
    )

    kind: OfferSort
    title: Title
    text: Paragraph | None = None
    place_id: PlaceId
    price: Annotated[int, ApiField(ge=0, le=_MOST, strict=True)] = 0
    points: (
        Annotated[CircleKind, ApiField(description="`members` or `residents`: whose points pay it.")] | None
    ) = None
    days: Annotated[int, ApiField(ge=1, le=365, strict=True)] | None = None
    needs_grant: Annotated[
        bool, ApiField(strict=True, description="Somebody agrees to each reservation.")
    ] = False
    quantity: Annotated[int, ApiField(ge=0, le=_MOST, strict=True)] = 0

    @model_validator(mode="after")
    def _check(self) -> "OfferIn":
        if (self.price > 0) is (self.points is None) or self.points is CircleKind.THINGS:
            raise ValueError("要积分的写明用谁的积分，不要积分的两项都不写")
        if (self.kind is OfferSort.LOAN) is (self.days is None):
            raise ValueError("借用要写明借几天，其他不写")
        if self.kind is OfferSort.SERVICE and self.quantity:
            raise ValueError("服务没有库存，不写数量")
        return self


class StockIn(ActIn):
    """Things that were bought or given, and where they are kept."""

    model_config = example(version=1, quantity=20)

    quantity: Quantity
    place_id: Station | None = None


class LossIn(StockIn):
    """Things that are broken or missing."""

    model_config = example(version=1, quantity=1, text="伞骨断了")

    text: Paragraph


class ReservationIn(Strict):
    """Take something that is offered. `place_id`: at which station; absent, at the one that has most.

    `on_behalf_of`: staff take what is free for somebody without the program, by their name.
    `project_id`: what staff take it for; the project names it.
    """

    model_config = example(offer_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11")

    offer_id: UUID
    quantity: Annotated[int, ApiField(ge=1, le=_MOST_AT_ONCE, strict=True)] = 1
    place_id: UUID | None = None
    on_behalf_of: OnBehalfIn | None = None
    project_id: UUID | None = None

    @model_validator(mode="after")
    def _require_name(self) -> "ReservationIn":
        if self.on_behalf_of and self.on_behalf_of.name is None:
            raise ValueError("替别人预约要写明对方怎么称呼")
        return self


class HandOutIn(ActIn):
    """The code that whoever collects it shows. Absent: by name, to somebody without a phone; for staff only."""

    model_config = example(version=1, code="4F7KQ2M9")

    code: Annotated[Text, ApiField(max_length=20)] | None = None


class GiveBackIn(ActIn):
    """At which station it came back; absent, at the one it was taken from."""

    model_config = example(version=1)

    place_id: UUID | None = None


class StockOut(BaseModel):
    """How many there are at a place, the most first."""

    place: SubjectPlaceOut
    left: int


class OfferOut(SubjectOut):
    """An offer. `left`: how many can be reserved now, null of a service; `waiting`: how many people wait."""

    kind: OfferSort
    kind_name: str
    price: int
    points: CircleKind | None
    days: int | None
    needs_grant: bool
    released: bool
    organisation: SurveyOrganisationOut | None
    left: int | None
    stocks: list[StockOut]
    waiting: int


class ReservationOut(SubjectOut):
    """A reservation of the offer that is its `source`. `code`: for whoever made it, to show at the hand-over; `name`: for staff.

    `turn`: of one that waits, its place on the waiting list, 1 being the next.
    `on_behalf`: staff made it for somebody without the program, who is `name`; `phone_masked`: the number they left.
    `collect_by`: until when it is kept; `back_by`: until when a loan is to be back; `station`: where it is collected.
    """

    kind: OfferSort
    kind_name: str
    quantity: int
    paid: int
    code: str | None
    name: str | None
    on_behalf: bool
    phone_masked: str | None
    station: SubjectPlaceOut | None
    collect_by: datetime | None
    back_by: datetime | None
    turn: int | None
