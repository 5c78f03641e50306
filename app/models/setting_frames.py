"""An office's own working hours: what it says, and what counts with it and without."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.models.said import Strict, example
from app.models.setting import OfficeOut, Version

Hour = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]  # Asia/Shanghai


class FrameIn(Strict):
    """Office hours from `start` to before `end` of every working day."""

    start: Hour
    end: Hour


class FramesIn(Strict):
    """All hours of a working day, in order; an empty list goes back to the default."""

    model_config = example(
        version=0, frames=[{"start": "09:00", "end": "12:00"}, {"start": "13:00", "end": "18:00"}]
    )

    version: Version
    frames: list[FrameIn] = Field(max_length=12)


class FramesOut(BaseModel):
    """The hours that count at a place, those without its own, and how many minutes a working day has."""

    office: OfficeOut
    version: int
    own: list[FrameIn]
    frames: list[FrameIn]
    default: list[FrameIn]
    minutes_a_day: int
