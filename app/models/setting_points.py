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


class PointsOut(BaseModel):
    """On which day points of the year before lapse at a place: its `own`, else its street's; null: they never do.

    `default`: without its own. Their owners are told 60 days before.
    """

    office: OfficeOut
    version: int
    own: str | None
    effective: str | None
    default: str | None
