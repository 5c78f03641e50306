"""An office's own working hours, and the effective and default ones."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.models.fields import Strict, example
from app.models.setting import OfficeOut, Version

# Asia/Shanghai
Hour = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
EndHour = Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]


class FrameIn(Strict):
    """Office hours of every workday, from `start` (included) to `end` (excluded); an end before the start is on the next day."""

    start: Hour
    end: EndHour


class FramesIn(Strict):
    """All office hours of a workday, in order; an empty list restores the default."""

    model_config = example(
        version=0, frames=[{"start": "09:00", "end": "12:00"}, {"start": "13:00", "end": "18:00"}]
    )

    version: Version
    frames: list[FrameIn] = Field(max_length=12)


class FramesOut(BaseModel):
    """The effective, own and default office hours at a place, and the minutes of a workday."""

    office: OfficeOut
    version: int
    own: list[FrameIn]
    frames: list[FrameIn]
    default: list[FrameIn]
    minutes_a_day: int
