"""An office's own holidays and workdays, and the calendar that results."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, StringConstraints, model_validator

from app.models.fields import Day, Strict, Text, example
from app.models.setting import OfficeOut, Version

Kind = Literal["holiday", "workday"]


class OwnDays(Strict):
    """An office's own holiday or workday; with `last`, all days up to it, both included."""

    first: Day
    last: Day | None = None
    kind: Kind
    name: Annotated[Text, StringConstraints(max_length=40)]
    source: Annotated[Text, StringConstraints(max_length=200)] | None = None

    @model_validator(mode="after")
    def _check_range(self) -> Self:
        if self.last is not None and self.last < self.first:
            raise ValueError("结束的日期不能早于开始的日期")
        if self.last is not None and (self.last - self.first).days > 366:
            raise ValueError("一项最多一年")
        return self


class CalendarIn(Strict):
    """All of an office's own days; an empty list restores the default calendar."""

    model_config = example(
        version=0, days=[{"first": "2026-12-30", "last": "2026-12-31", "kind": "holiday", "name": "社区搬迁"}]
    )

    version: Version
    days: list[OwnDays] = Field(max_length=400)


class CalendarDayOut(BaseModel):
    """A day that is not simply a weekday or a weekend, or that differs from the default; `of` says who set it."""

    date: date
    kind: Kind
    name: str
    source: str | None
    of: Literal["own", "street", "instance"]
    default: Kind = Field(description="What the day would be without this office's own days.")


class YearOut(BaseModel):
    """What a year's calendar is based on: the State Council's `notice`, only the office's `own` days, or `nothing`."""

    year: int
    known_by: Literal["notice", "own", "nothing"]
    text: str


class CalendarOut(BaseModel):
    """The days of this year and the next at a place; `own` has the form of a PUT."""

    office: OfficeOut
    version: int
    own: list[OwnDays]
    days: list[CalendarDayOut]
    years: list[YearOut]
