"""Posts: a role at a place or organisation, bound to a person by a one-time invitation."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, StrictBool, StringConstraints, model_validator
from pydantic import Field as PydanticField
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.enums import Role, Skill
from app.models import columns
from app.models.fields import DISTINCT, Day, Strict, Text, any_of, example, one_of, present


class Post(SQLModel, table=True):
    """A role at a place or grid, or an agent of an organisation. `person_id` is empty until the invitation is redeemed."""

    __table_args__ = (
        Index("post_place", "place_id", postgresql_where=text("ended_at IS NULL")),
        Index("post_person", "person_id", postgresql_where=text("ended_at IS NULL")),
    )

    id: UUID = columns.primary_key()
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
    phone_index: bytes | None = None  # blind index of the only phone number that may redeem it; None: any
    phone_key: bytes | None = None  # names the key of `phone_index`; None: the first one of the database
    title: str | None = None  # what the office calls it, among its titles for the role; None: the usual one
    skills: list[str] = columns.texts()
    phone: str | None = None  # its number for the public, never a mobile one
    hours: str | None = None  # when to call, in the office's words
    shows_name: bool = columns.flag()  # the holder wants residents to see their name
    shows_own_phone: bool = columns.flag()  # and their own number, which is kept with the person only


class StandIn(SQLModel, table=True):
    """Who was told that they stand in for the head of a unit, as long as they do, see rules.routing.stand_in."""

    __tablename__ = "stand_in"

    unit_id: UUID = Field(primary_key=True, foreign_key="place.id")
    post_id: UUID | None = Field(default=None, foreign_key="post.id")  # None: nobody in the unit
    until: date | None = None  # the last day of the head's absence
    told_at: datetime


class PersonRef(BaseModel):
    """Who holds a post."""

    id: UUID
    name: str | None


class SkillOut(BaseModel):
    """What a post can be asked about."""

    code: Skill
    name: str


class PostCardOut(BaseModel):
    """What residents may see of a post: a number for the public and when to call. Whether they see the holder's name and
    own number, its holder says.
    """

    phone: str | None
    hours: str | None
    shows_name: bool
    shows_own_phone: bool


class StandInOut(BaseModel):
    """Who answers for a grid while its head is away."""

    role: Role
    role_name: str
    name: str | None


class PostOut(BaseModel):
    """A post and who holds it: `person` is null until the invitation is redeemed, which is possible until
    `invitation_until`. Absent from `absent_from` to `absent_until`, both included; without an end, until changed.
    `role_name` is what the office calls it: its `title`, or the usual one of its role. `stand_in`, of a grid's head: who
    answers on the days of the absence, or would from today on; null: nobody in the grid.
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
    title: str | None
    skills: list[SkillOut]
    card: PostCardOut
    stand_in: StandInOut | None = None


class InvitedOut(PostOut):
    """A vacant post and its invitation code, which binds it to the first person who redeems it. Shown in this response only."""

    invitation_code: str


class PostIn(Strict):
    """A role at a place or grid, or an agent of an organisation."""

    model_config = example(
        one_of(present("place_id"), present("organisation_id")),
        one_of(present("place_id"), present("role", const=Role.AGENT)),
        role="deputy",
        place_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
    )

    role: Role
    place_id: UUID | None = None
    organisation_id: UUID | None = None

    @model_validator(mode="after")
    def _require_one_target(self) -> "PostIn":
        if (self.place_id is None) == (self.organisation_id is None):
            raise ValueError("请给出 place_id 或 organisation_id，只能给一个")
        if (self.role is Role.AGENT) != (self.organisation_id is not None):
            raise ValueError("经办人要属于一个单位，其他角色要设在一个地点")
        return self


def _once(skills: list[Skill]) -> list[Skill]:
    if len(set(skills)) < len(skills):
        raise ValueError("同一项不能写两次")
    return skills


class AbsenceIn(Strict):
    """The days somebody is absent, both included. `absent_from: null` ends the absence; without an end it lasts until changed."""

    model_config = example(
        any_of(present("absent_from"), {"properties": {"absent_until": {"type": "null"}}}),
        absent_from="2026-12-01",
        absent_until="2026-12-07",
    )

    absent_from: Day | None
    absent_until: Day | None = None

    @model_validator(mode="after")
    def _require_order(self) -> "AbsenceIn":
        if self.absent_until is not None and self.absent_from is None:
            raise ValueError("请给出开始的日期 absent_from")
        if self.absent_from and self.absent_until and self.absent_until < self.absent_from:
            raise ValueError("结束的日期不能早于开始的日期")
        return self


class CardIn(Strict):
    """What is to change of a post's card; null empties a field. Nobody but the holder shows their name or their own number."""

    model_config = example(
        title="先锋管家", skills=["policy", "property"], phone="023-00000004", shows_name=True
    )

    title: Annotated[Text, StringConstraints(max_length=20)] | None = PydanticField(
        None, description="One of the office's titles for the role; null: the usual one."
    )
    skills: Annotated[list[Skill], AfterValidator(_once), DISTINCT, PydanticField(max_length=6)] = []
    phone: Annotated[Text, StringConstraints(max_length=40)] | None = PydanticField(
        None, description="A number for the public; no mobile number."
    )
    hours: Annotated[Text, StringConstraints(max_length=40)] | None = None
    shows_name: StrictBool = False
    shows_own_phone: StrictBool = PydanticField(
        False, description="The holder's own number, if it is verified."
    )


class EndedOut(BaseModel):
    """The post has ended, and with it all permissions of its holder that came from it."""

    id: UUID
    ended_at: datetime
