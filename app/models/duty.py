"""Who answers for a place, as residents may see it, and which skills a grid lacks."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from app.enums import Level, Role
from app.models.post import SkillOut


class UnitRef(BaseModel):
    """A street, community or grid."""

    id: UUID
    level: Level
    label: str


class CallOut(BaseModel):
    """A number to call: the holder's own, which they show; the post's; or the hotline of the unit named."""

    phone: str
    whose: Literal["holder", "post", "hotline"]
    label: str


class SeatCardOut(BaseModel):
    """A post as its public card has it. `name` is null unless its holder wants it seen, except to colleagues.

    `call`: null if there is no number at all.
    """

    role: Role
    title: str
    label: str
    name: str | None
    skills: list[SkillOut]
    hours: str | None
    call: CallOut | None


class DutyOut(BaseModel):
    """Who answers for a place at a moment. `unit`: the narrowest unit that is responsible for it; `answers` may be of one above,
    and null if nobody is available up to the street. `call`: the number for the moment, also then.
    """

    unit: UnitRef
    at: datetime
    skill: SkillOut | None
    answers: SeatCardOut | None
    call: CallOut | None


class DutyCardOut(DutyOut):
    """The public card of a grid, or of the community of a place without one: its posts, in the order in which they answer,
    and the stewards of the place and of what it lies in.
    """

    community: UnitRef | None
    posts: list[SeatCardOut]
    stewards: list[SeatCardOut]


class SkillCountOut(SkillOut):
    """How many held posts of a grid have a skill, and how many of these are there today."""

    posts: int
    available: int


class GridSkillsOut(BaseModel):
    """A grid and its skills, all of them; `gaps` are those nobody has who is there today. `answers`: somebody of it answers."""

    id: UUID
    label: str
    skills: list[SkillCountOut]
    gaps: list[str]
    answers: bool
