"""Relationships: the bodies of requests and responses."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from app.enums import CareNeed, PairingReason, RelationshipSort, SideRole
from app.models.act import ActIn
from app.models.fields import Paragraph, RoomNumber, Strict, Timestamp, example
from app.models.subject import PlaceId, SubjectOut


class RelationshipIn(Strict):
    """What is proposed, and both sides. Whoever proposes agrees for their own side.

    `pairing`: `post_id` looks after the `room` at the building or unit `place_id`, where perhaps `person_id` lives; `reason` and
    `text` are stored encrypted.
    `member`: a person (oneself, unless `person_id`) of `organisation_id`. `partner`: `organisation_id` and the community of
    `place_id`, until `ends_at`. `volunteer`: a person (oneself, unless `person_id`) and the community or grid `place_id`.
    """

    model_config = example(
        kind="pairing",
        place_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
        room="301",
        post_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a12",
        reason="elderly_alone",
        need="key",
    )

    kind: RelationshipSort
    place_id: PlaceId
    room: RoomNumber | None = None
    post_id: Annotated[UUID, Field(description="Whose holder looks after the household.")] | None = None
    organisation_id: UUID | None = None
    person_id: Annotated[UUID, Field(description="Somebody else; only the office may propose it.")] | None = (
        None
    )
    need: CareNeed = CareNeed.OTHER
    reason: PairingReason | None = None
    text: Paragraph | None = None
    ends_at: Timestamp | None = None
    agreed: Annotated[
        bool,
        Field(strict=True, description="The household has said yes to the office, by mouth or on paper."),
    ] = False

    @model_validator(mode="after")
    def _check_sides(self) -> "RelationshipIn":
        needed = _NEEDED[self.kind]
        missing = [name for name in needed if getattr(self, name) is None]
        if missing:
            raise ValueError("结对帮扶要写帮扶人和门牌号，成员要写组织，共建协议要写单位和终止时间")
        foreign = [
            name for name in _OF_ONE_KIND - {*needed, *_MAY[self.kind]} if getattr(self, name) is not None
        ]
        if foreign or (self.agreed and self.kind is not RelationshipSort.PAIRING):
            raise ValueError("这一种关系不用填写这么多，请只填它的两方")
        return self


_OF_ONE_KIND = frozenset({"room", "post_id", "organisation_id", "person_id", "reason", "ends_at"})
_NEEDED: dict[RelationshipSort, tuple[str, ...]] = {
    RelationshipSort.PAIRING: ("room", "post_id"),
    RelationshipSort.MEMBER: ("organisation_id",),
    RelationshipSort.PARTNER: ("organisation_id", "ends_at"),
    RelationshipSort.VOLUNTEER: (),
}
_MAY: dict[RelationshipSort, tuple[str, ...]] = {
    RelationshipSort.PAIRING: ("reason", "person_id"),
    RelationshipSort.MEMBER: ("person_id", "ends_at"),
    RelationshipSort.PARTNER: (),
    RelationshipSort.VOLUNTEER: ("person_id", "ends_at"),
}


class EndIn(ActIn):
    """The end, from either side; why is stored encrypted."""

    model_config = example(version=2, text="已搬到女儿家")

    text: Paragraph | None = None


class HandOverIn(ActIn):
    """Another post looks after the household from when its holder agrees; until then nothing changes."""

    model_config = example(version=2, post_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a12")

    post_id: UUID
    text: Paragraph | None = None


class AdmitIn(ActIn):
    """Who of those that say they live there is really of the household: from now on they see it and may end it."""

    model_config = example(version=2, person_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11")

    person_id: UUID


class ToAdmitOut(BaseModel):
    """Somebody who says that they live in a household. Until its head admits them they do not see that it has a helper."""

    person_id: UUID
    name: str | None


class AssessIn(ActIn):
    """How much the household needs visits from now on; after a sudden change the next is due within a day."""

    model_config = example(version=2, need="high", sudden=True)

    need: CareNeed
    sudden: Annotated[bool, Field(strict=True)] = False
    text: Paragraph | None = None


class CallIn(ActIn):
    """A visit until a moment, whatever the cadence says: before a festival, after a storm."""

    model_config = example(version=2, due_at="2027-02-05T18:00:00+08:00")

    due_at: Timestamp


class CallAllIn(Strict):
    """A visit to every household of a grid or community that somebody looks after, until a moment."""

    model_config = example(
        place_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11", due_at="2027-02-05T18:00:00+08:00"
    )

    place_id: PlaceId
    due_at: Timestamp


class VisitsDueOut(BaseModel):
    """How many households are due by then."""

    due: int


class SideOut(BaseModel):
    """A side. `label`: the post, the household, the organisation or the person's name; `mine`: the caller's own."""

    role: SideRole
    role_name: str
    label: str
    agreed_at: datetime | None
    left_at: datetime | None
    mine: bool


class RelationshipOut(SubjectOut):
    """A relationship. `due_at`: when the household is to be visited next; `visited_at`: when it last was.

    `to_admit`: for its head and above, who says that they live there and is not admitted; null for others.

    `reason`, `text` and what was said at its acts: for whoever looks after the household, its grid's head and its community;
    null for others.
    """

    kind: RelationshipSort
    kind_name: str
    sides: list[SideOut]
    to_admit: list[ToAdmitOut] | None
    reason: PairingReason | None
    reason_name: str | None
    cadence_days: int | None
    visited_at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
