"""Shifts: from when until when a post is on duty, and whom its holder has asked to swap."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.enums import Skill
from app.models import columns
from app.models.duty import UnitRef
from app.models.fields import Strict, Timestamp, example
from app.models.post import SkillOut


class Shift(SQLModel, table=True):
    """A plan of who can be called, never a record of who was there. It is the post's, whoever holds it then."""

    __table_args__ = (
        Index("shift_unit", "unit_id", "ends_at"),
        Index("shift_post", "post_id", "ends_at"),
    )

    id: UUID = columns.primary_key()
    unit_id: UUID = Field(foreign_key="place.id")
    post_id: UUID = Field(foreign_key="post.id")
    starts_at: datetime
    ends_at: datetime
    skill: str | None = None  # who is called for this only
    swap_post_id: UUID | None = Field(default=None, foreign_key="post.id")  # who is asked to take it
    swap_for_id: UUID | None = None  # the shift of that post to be taken in return


class ShiftIn(Strict):
    """A shift of a post of a grid or community."""

    model_config = example(
        post_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
        starts_at="2026-12-01T18:00:00+08:00",
        ends_at="2026-12-02T08:00:00+08:00",
    )

    post_id: UUID
    starts_at: Timestamp
    ends_at: Timestamp
    skill: Skill | None = None

    @model_validator(mode="after")
    def _require_order(self) -> "ShiftIn":
        if self.ends_at <= self.starts_at:
            raise ValueError("结束时间要晚于开始时间")
        return self


class SwapIn(Strict):
    """Who is to take the shift; `for_id`: a shift of theirs that is taken in return."""

    model_config = example(post_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11")

    post_id: UUID
    for_id: UUID | None = None


class OnShiftOut(BaseModel):
    """A post of the roster and who holds it."""

    post_id: UUID
    title: str
    name: str | None


class RosterPostOut(OnShiftOut):
    """A post that can be on shift. `mine`: the caller holds it; `plans`: they make the roster of its unit."""

    unit: UnitRef
    mine: bool
    plans: bool


class SwapOut(OnShiftOut):
    """Who has been asked to take a shift, and the shift of theirs that is taken in return."""

    for_id: UUID | None


class ShiftOut(BaseModel):
    """A shift as colleagues see it. `actions`: what the caller may do now, of cancel, ask, accept and decline."""

    id: UUID
    unit: UnitRef
    post: OnShiftOut
    starts_at: datetime
    ends_at: datetime
    skill: SkillOut | None
    mine: bool
    swap: SwapOut | None
    actions: list[str]
