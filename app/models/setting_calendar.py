"""An office's own holidays and working days: what it says, and which days they make."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, model_validator

from app.models.said import Strict, Text, example
from app.models.setting import OfficeOut, Version

Kind = Literal["holiday", "workday"]


def _written(value: Any) -> Any:
    if value is not None and not isinstance(value, (str, date)):
        raise ValueError("日期要写成 2026-12-01 这样")  # a number would be taken for seconds since 1970
    return value


Day = Annotated[date, BeforeValidator(_written)]


class OwnDays(Strict):
    """A holiday or working day of an office's own; with `last`, all days up to it, both included."""

    first: Day
    last: Annotated[date | None, BeforeValidator(_written)] = None
    kind: Kind
    name: Annotated[Text, StringConstraints(max_length=40)]
    source: Annotated[Text, StringConstraints(max_length=200)] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last is not None and self.last < self.first:
            raise ValueError("结束的日期不能早于开始的日期")
        if self.last is not None and (self.last - self.first).days > 366:
            raise ValueError("一项最多一年")
        return self


class CalendarIn(Strict):
    """All an office has of its own; an empty list goes back to the calendar of all."""

    model_config = example(
        version=0, days=[{"first": "2026-12-30", "last": "2026-12-31", "kind": "holiday", "name": "社区搬迁"}]
    )

    version: Version
    days: list[OwnDays] = Field(max_length=400)


class CalendarDayOut(BaseModel):
    """A day that differs from Monday to Friday, or from what counts without this office; `of` says who set it."""

    date: date
    kind: Kind
    name: str
    source: str | None
    of: Literal["own", "street", "instance"]
    default: Kind = Field(description="What the day is without this office's own.")


class YearOut(BaseModel):
    """What is known of a year: the State Council's `notice`, only days of the office's `own`, or `nothing`."""

    year: int
    known_by: Literal["notice", "own", "nothing"]
    text: str


class CalendarOut(BaseModel):
    """This year's and the next one's days as they count at a place; `own` is what a PUT sends."""

    office: OfficeOut
    version: int
    own: list[OwnDays]
    days: list[CalendarDayOut]
    years: list[YearOut]
