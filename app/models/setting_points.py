"""On which day of the year points lapse that were earned the year before."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, StringConstraints

from app.models.fields import Documented, Strict, example
from app.models.setting import OfficeOut, Version


def _check_day(day: str) -> str:
    try:
        date.fromisoformat(f"2025-{day}")  # no leap year: there is such a day in every year
    except ValueError:
        raise ValueError("没有这一天，请写成 03-31 这样的月和日") from None
    return day


MonthDay = Annotated[
    str,
    StringConstraints(pattern=r"^[01][0-9]-[0-3][0-9]$"),
    AfterValidator(_check_day),
    Documented(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$", examples=["03-31"]),
]


class PointsIn(Strict):
    """An office's own day, as month and day; null takes it back."""

    model_config = example(version=0, lapse="03-31")

    version: Version
    lapse: MonthDay | None


class AwardOut(BaseModel):
    """A rule of the table of points: what pays, how much to each person, and the most that one person gets in a month."""

    rule: str
    rule_name: str
    of: list[str]
    amount: int
    by_hour: bool
    month: int


class PointsLeftOut(BaseModel):
    """What is left of a year's points: it lapses on the day of the year after."""

    year: int
    accounts: int
    points: int


class PointsOut(BaseModel):
    """On which day points of the year before lapse at a place: its `own`, else its street's; null: they never do.

    `default`: without its own. Their owners are told `notice_days` before. `awards`: what pays points, everywhere the same.
    `left`: what is left there of the last year's points, and of this year's.
    """

    office: OfficeOut
    version: int
    own: str | None
    effective: str | None
    default: str | None
    notice_days: int
    awards: list[AwardOut]
    left: list[PointsLeftOut]
