"""Projects: the bodies of requests and responses."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.models.act import ActIn
from app.models.fields import Paragraph, Strict, Timestamp, example
from app.models.subject import PlaceId, SubjectOut, Title


class ProjectIn(Strict):
    """A project to plan: what, where, until when."""

    model_config = example(
        title="东门加装充电桩",
        place_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
        due_at="2027-03-31T18:00:00+08:00",
    )

    title: Title
    text: Paragraph | None = None
    place_id: PlaceId
    due_at: Timestamp
    source_id: Annotated[UUID, Field(description="The topic or opinion it came from.")] | None = None


class PostponeIn(ActIn):
    """A later day, and why."""

    model_config = example(version=1, due_at="2027-04-30T18:00:00+08:00", text="等物料到货")

    due_at: Timestamp
    text: Paragraph


class ProjectOut(SubjectOut):
    """A project. `opinions`: how many came into it."""

    opinions: int
