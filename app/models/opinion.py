"""Opinions: the bodies of requests and responses."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from app.enums import OpinionSort
from app.models.act import ActIn
from app.models.fields import (
    Paragraph,
    RoomNumber,
    Strict,
    Text,
    Timestamp,
    absent,
    any_of,
    example,
    one_of,
    present,
)
from app.models.subject import PlaceId, SubjectOut, Title
from app.models.ticket import OnBehalfIn


class OpinionIn(Strict):
    """What somebody said. Staff write it down for another: `person_id`, or for somebody without the program their number
    (`on_behalf_of`; whoever has verified it is found by it) or their door (`room`). Who it was may stay unsaid.
    """

    model_config = example(
        any_of(absent("person_id"), absent("on_behalf_of")),
        kind="need",
        text="想在楼下装一排晾衣架",
        place_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
    )

    kind: OpinionSort = OpinionSort.OPINION
    text: Paragraph
    place_id: PlaceId
    activity_id: Annotated[UUID, Field(description="The visit or meeting at which it was said.")] | None = (
        None
    )
    person_id: Annotated[UUID, Field(description="Who said it; only staff may write for others.")] | None = (
        None
    )
    on_behalf_of: (
        Annotated[OnBehalfIn, Field(description="Who said it, where they are no person here; only staff.")]
        | None
    ) = None
    room: (
        Annotated[
            RoomNumber,
            Field(description="The number on their door, at the building or unit `place_id`; only staff."),
        ]
        | None
    ) = None

    @model_validator(mode="after")
    def _require_one_speaker(self) -> "OpinionIn":
        if self.person_id and self.on_behalf_of:
            raise ValueError("已经选了是谁说的，不用再写姓名和电话")
        return self


class ToTicketIn(ActIn):
    """Make a ticket of an opinion; its words are the opinion's unless given."""

    model_config = example(version=1, category="stair_light")

    category: Annotated[Text, Field(max_length=64)]
    description: Paragraph | None = None


class ToTopicIn(ActIn):
    """Add an opinion to a topic of the same community, or raise a new one."""

    model_config = example(
        one_of(present("topic_id"), present("title")), version=1, title="小区东门要不要装电动车充电桩"
    )

    topic_id: UUID | None = None
    title: Title | None = None

    @model_validator(mode="after")
    def _require_one(self) -> "ToTopicIn":
        if (self.topic_id is None) == (self.title is None):
            raise ValueError("请选择已有的议题，或写出新议题的标题，只能选一种")
        return self


class ToProjectIn(ActIn):
    """Add an opinion to a project of the same community, or plan a new one until a day."""

    model_config = example(
        one_of(present("project_id"), present("title")), version=1, title="更换3号楼楼道灯"
    )

    project_id: UUID | None = None
    title: Title | None = None
    due_at: Timestamp | None = None

    @model_validator(mode="after")
    def _require_one(self) -> "ToProjectIn":
        if (self.project_id is None) == (self.title is None):
            raise ValueError("请选择已有的项目，或写出新项目的标题，只能选一种")
        return self


class FateOut(BaseModel):
    """What became of an opinion; `id` is that of the ticket, topic or project, `label` its number or title."""

    kind: Literal["answered", "ticket", "topic", "project", "noted", "withdrawn"]
    id: UUID | None
    label: str | None
    status: str | None
    status_name: str | None


class SpeakerOut(BaseModel):
    """Who said what staff wrote down, as staff see it; the number in full: GET /opinions/{id}/phone.

    `told_by`: how they learn what became of it: a `notice` of the program, or staff have to `call`, or to `visit` their
    door; null: who it was is not known. `told_at`: when staff had told them.
    """

    phone_masked: str | None
    told_by: Literal["notice", "call", "visit"] | None
    told_at: datetime | None


class OpinionOut(SubjectOut):
    """An opinion. `fate` is null until it has one. `speaker`: where staff wrote it down, for staff; else null."""

    kind: OpinionSort
    kind_name: str
    fate: FateOut | None
    speaker: SpeakerOut | None
