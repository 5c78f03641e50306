"""Disputes: the bodies of requests and responses."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from app.enums import AgreementForm, DisputeSort
from app.models.act import ActIn
from app.models.fields import Day, GivenName, Paragraph, Strict, Text, any_of, example, present
from app.models.relationship import SideOut
from app.models.subject import PlaceId, SubjectOut

_MOST_PARTIES = 10


class PartyIn(Strict):
    """A party: by name, by account, or both. Only the studio may name somebody's account."""

    model_config = example(any_of(present("name"), present("person_id")), name="王某")

    name: GivenName | None = None
    person_id: UUID | None = None

    @model_validator(mode="after")
    def _require_one(self) -> "PartyIn":
        if self.name is None and self.person_id is None:
            raise ValueError("请写明当事人的姓名")
        return self


class DisputeIn(Strict):
    """What somebody wants mediated, by which studio (`organisation_id`), and who the others are.

    Who asks is a party, except the studio itself, which writes down what was brought to it. The words are stored encrypted.
    """

    model_config = example(
        kind="dispute",
        place_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
        organisation_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a12",
        text="楼上漏水，协商不成",
        parties=[{"name": "王某"}],
    )

    kind: DisputeSort = DisputeSort.DISPUTE
    place_id: PlaceId
    organisation_id: UUID
    text: Paragraph
    parties: Annotated[list[PartyIn], Field(max_length=_MOST_PARTIES)] = []


class PartyActIn(ActIn):
    """Another party. Until they have agreed, nothing is mediated."""

    model_config = example(any_of(present("name"), present("person_id")), version=2, name="王某")

    name: GivenName | None = None
    person_id: UUID | None = None

    @model_validator(mode="after")
    def _require_one(self) -> "PartyActIn":
        if self.name is None and self.person_id is None:
            raise ValueError("请写明当事人的姓名")
        return self


class AssignIn(ActIn):
    """A mediator: a member of the studio, or who heads it; never a party."""

    model_config = example(version=2, person_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11")

    person_id: UUID


class RecuseIn(ActIn):
    """A mediator steps back, or the studio takes one off (`person_id`): for being close to a party, or as one has asked."""

    model_config = example(version=2, text="与一方当事人是亲属")

    person_id: UUID | None = None
    text: Paragraph


class AgreementIn(Strict):
    """What 人民调解法 29 lets an agreement say."""

    model_config = example(
        parties="王某，男，住944号；李某，女，住944号",
        facts="李某家水管破裂，王某家天花板受损",
        terms="李某赔偿王某修缮费800元",
        manner="微信转账",
        period="2027年3月10日前",
    )

    parties: Annotated[Paragraph, Field(description="Who they are: name, sex, age, address.")]
    facts: Annotated[
        Paragraph, Field(description="The main facts, what is in dispute, who is responsible for what.")
    ]
    terms: Annotated[Paragraph, Field(description="What they have agreed on.")]
    manner: Annotated[Paragraph, Field(description="How it is done.")]
    period: Annotated[Text, Field(max_length=200, description="Until when.")]


class SettleDisputeIn(ActIn):
    """An agreement, written or by mouth, and when it takes effect: once all have signed, or at once.

    `return_visit_on`: the day on which the mediator looks whether it is kept.
    """

    form: AgreementForm
    effective_on: Day
    return_visit_on: Day
    agreement: AgreementIn


class AgreementOut(BaseModel):
    """An agreement. `court_until`: the last day on which both parties together may have the court confirm it."""

    form: AgreementForm
    form_name: str
    effective_on: date
    court_until: date
    parties: str
    facts: str
    terms: str
    manner: str
    period: str


class DisputeOut(SubjectOut):
    """A dispute, as its parties, its mediators and its studio see it; for everybody else there is none.

    `due_at`: the end of the day of the return visit. `title` and `result` are always null.
    """

    kind: DisputeSort
    kind_name: str
    sides: list[SideOut]
    agreement: AgreementOut | None
    visited_at: datetime | None


class MediatorOut(BaseModel):
    """Somebody of the studio who may be named as a mediator."""

    person_id: UUID
    name: str | None
    is_head: bool
    mediates: bool  # already


class DisputeCountOut(BaseModel):
    """How many disputes of a kind are in a status."""

    kind: DisputeSort
    kind_name: str
    status: str
    status_name: str
    n: int


class DisputeCountsOut(BaseModel):
    """The disputes of a community or street, as numbers. `from` and `to` are days in Shanghai, both included."""

    total: int
    since: Annotated[date, Field(alias="from")]
    until: Annotated[date, Field(alias="to")]
    rows: list[DisputeCountOut]

    model_config = {"populate_by_name": True}
