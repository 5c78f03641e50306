"""Opinions: the bodies of requests and responses."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from app.enums import OpinionSort
from app.models.act import ActIn
from app.models.fields import Paragraph, Strict, Text, Timestamp, example, one_of, present
from app.models.subject import PlaceId, SubjectOut, Title


class OpinionIn(Strict):
    """What somebody said. Staff write it down for another (`person_id`), or for somebody without an account (neither)."""

    model_config = example(
        kind="need", text="想在楼下装一排晾衣架", place_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"
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


class OpinionOut(SubjectOut):
    """An opinion. `fate` is null until it has one."""

    kind: OpinionSort
    kind_name: str
    fate: FateOut | None
