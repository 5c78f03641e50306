"""By when an office says what became of an opinion."""

from pydantic import BaseModel, Field

from app.models.fields import Strict, example
from app.models.setting import OfficeOut, Version


class OpinionLimitIn(Strict):
    """An office's own limit in days; null takes it back."""

    model_config = example(version=0, days=14)

    version: Version
    days: int | None = Field(ge=1, le=180, strict=True)


class OpinionLimitOut(BaseModel):
    """After how many days an opinion without a fate is overdue at a place: its `own` limit, else its street's, else the usual
    one. `default`: without its own.
    """

    office: OfficeOut
    version: int
    own: int | None
    effective: int
    default: int
