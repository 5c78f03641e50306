"""Topics: the bodies of requests and responses."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.models.act import ActIn
from app.models.fields import Paragraph, Strict, example
from app.models.subject import PlaceId, SubjectOut, Title


class TopicIn(Strict):
    """A topic to raise. Residents raise it where they live."""

    model_config = example(
        title="小区东门要不要装电动车充电桩",
        text="晚上飞线充电很危险",
        place_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
    )

    title: Title
    text: Paragraph | None = None
    place_id: PlaceId
    source_id: Annotated[UUID, Field(description="The meeting or topic it came from.")] | None = None


class ReleaseTopicIn(ActIn):
    """Show a topic to the residents it concerns. `threshold`: supporters that bring it on the table."""

    model_config = example(version=1, threshold=20)

    threshold: Annotated[int, Field(ge=1, le=100_000, strict=True)] | None = None


class TopicOut(SubjectOut):
    """A topic. `supporting`: the caller supports it. `opinions`, `projects`: how many came into it and out of it."""

    released: bool
    threshold: int
    supporters: int
    supporting: bool
    opinions: int
    projects: int
