"""Shapes of today's picture of a community or a street."""

from uuid import UUID

from pydantic import BaseModel, Field

from app.enums import Level


class UnitTodayOut(BaseModel):
    """What is to be resolved in a unit. Each number counts the list `GET /tickets` with `unit_id` and what is named."""

    id: UUID
    level: Level
    label: str
    name: str | None = Field(description="Of the person who is responsible for the unit today.")
    staffed: bool = Field(description="Whether anybody in the unit is responsible for it today.")
    open: int = Field(description="`box=area`")
    unassigned: int = Field(description="`box=unassigned`")
    danger: int = Field(description="`box=area&danger=true`")
    overdue: int = Field(description="`box=area&overdue=true`")


class AreaTodayOut(UnitTodayOut):
    """A community with its grids, or a street with its communities."""

    parts: list[UnitTodayOut]


class TodayOut(BaseModel):
    """The communities and streets in which the caller holds a post."""

    areas: list[AreaTodayOut]
