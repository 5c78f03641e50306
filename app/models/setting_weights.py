"""The weights of the three rates in an office's composite; without them there is no composite."""

from pydantic import BaseModel, Field

from app.enums import Rate
from app.models.fields import Strict, example
from app.models.setting import OfficeOut, Version


class WeightIn(Strict):
    """What part of the composite a rate makes up, in percent."""

    rate: Rate
    weight: int = Field(ge=1, le=100)


class WeightsIn(Strict):
    """All of an office's weights, 100 in all; an empty list shows no composite."""

    model_config = example(
        version=0,
        weights=[
            {"rate": "response", "weight": 30},
            {"rate": "resolution", "weight": 40},
            {"rate": "satisfaction", "weight": 30},
        ],
    )

    version: Version
    weights: list[WeightIn] = Field(max_length=len(Rate))


class WeightsOut(BaseModel):
    """The weights in force at a place: its own, else those of its street. `rule`: what to know before entering any."""

    office: OfficeOut
    version: int
    own: list[WeightIn]
    effective: list[WeightIn]
    rule: str
