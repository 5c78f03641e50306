"""Posts: who holds which role, where; bound to a person by a one-time invitation."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, model_validator
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models import columns
from app.models.said import Strict, example
from app.words import Role


class Post(SQLModel, table=True):
    """A role at a place or grid, or an agent of an organisation. `person_id` is empty until the invitation is redeemed."""

    __table_args__ = (
        Index("post_place", "place_id", postgresql_where=text("ended_at IS NULL")),
        Index("post_person", "person_id", postgresql_where=text("ended_at IS NULL")),
    )

    id: UUID = columns.key()
    role: str
    place_id: UUID | None = Field(default=None, foreign_key="place.id")
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id", index=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    created_at: datetime
    ended_at: datetime | None = None
    absent_from: date | None = None
    absent_until: date | None = None  # the last day away
    invitation_digest: bytes | None = Field(default=None, unique=True)
    invitation_until: datetime | None = None
    phone_index: bytes | None = (
        None  # whose it is meant to be: blind index of the only phone that may redeem it
    )


class PersonRef(BaseModel):
    """Who holds a post."""

    id: UUID
    name: str | None


class PostOut(BaseModel):
    """A post and who holds it: `person` is null until the invitation is redeemed, which is possible until
    `invitation_until`. Away from `absent_from` to `absent_until`, both days included; without an end, until changed.
    """

    id: UUID
    role: Role
    role_name: str
    place_id: UUID | None
    organisation_id: UUID | None
    label: str
    person: PersonRef | None
    created_at: datetime
    absent_from: date | None
    absent_until: date | None
    invitation_until: datetime | None


class InvitedOut(PostOut):
    """A vacant post and the code that binds it to whoever redeems it first; shown here only."""

    invitation_code: str


class PostIn(Strict):
    """A role at a place or grid; an agent is one of an organisation."""

    model_config = example(role="deputy", place_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11")

    role: Role
    place_id: UUID | None = None
    organisation_id: UUID | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> "PostIn":
        if (self.place_id is None) == (self.organisation_id is None):
            raise ValueError("请给出 place_id 或 organisation_id，只能给一个")
        if (self.role is Role.AGENT) != (self.organisation_id is not None):
            raise ValueError("经办人要属于一个单位，其他角色要设在一个地点")
        return self


def _written(value: Any) -> Any:
    if value is not None and not isinstance(value, (str, date)):
        raise ValueError("日期要写成 2026-12-01 这样")  # a number would be taken for seconds since 1970
    return value


Day = Annotated[date | None, BeforeValidator(_written)]


class AbsenceIn(Strict):
    """The days somebody is away, both included. `absent_from: null` says they are back; without an end it lasts."""

    model_config = example(absent_from="2026-12-01", absent_until="2026-12-07")

    absent_from: Day
    absent_until: Day = None

    @model_validator(mode="after")
    def _in_order(self) -> "AbsenceIn":
        if self.absent_until is not None and self.absent_from is None:
            raise ValueError("请给出开始的日期 absent_from")
        if self.absent_from and self.absent_until and self.absent_until < self.absent_from:
            raise ValueError("结束的日期不能早于开始的日期")
        return self


class EndedOut(BaseModel):
    """The post is over; what its holder could do by it, they can no longer."""

    id: UUID
    ended_at: datetime
