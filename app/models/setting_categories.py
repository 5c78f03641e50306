"""An office's own category figures: what it says, and what counts with it and without."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, StrictBool, StringConstraints, model_validator

from app.models.said import Strict, Text, example
from app.models.setting import OfficeOut, Version

LONGEST = 86_400  # minutes, 60 days around the clock; a longer one is a slip of the pen

Minutes = Annotated[int, Field(ge=1, le=LONGEST, strict=True)]
Ticking = Literal["24x7", "working"]


class Figures(BaseModel):
    """What an office may change of a category; minutes are counted on the clock of the same name."""

    accept_minutes: int
    acknowledge_minutes: int
    resolve_minutes: int
    clock_accept: Ticking
    clock_acknowledge: Ticking
    clock_resolve: Ticking
    photo_on_resolve: bool
    verify_claim: bool
    skill: str
    emergency_phone: str | None


class OwnFigures(Strict):
    """What an office says of a category; what is absent or null stays as it is without it."""

    code: Annotated[Text, StringConstraints(max_length=64)]
    accept_minutes: Minutes | None = None
    acknowledge_minutes: Minutes | None = None
    resolve_minutes: Minutes | None = None
    clock_accept: Ticking | None = None
    clock_acknowledge: Ticking | None = None
    clock_resolve: Ticking | None = None
    photo_on_resolve: StrictBool | None = None
    verify_claim: StrictBool | None = None
    skill: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,64}$")] | None = None
    emergency_phone: Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9-]{2,18}$")] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_dump(exclude_none=True, exclude={"code"}):
            raise ValueError("这一类没有写要改什么；要恢复默认，请把它从列表里去掉")
        return self


class CategoriesIn(Strict):
    """All an office has of its own; an empty list goes back to the defaults."""

    model_config = example(
        version=0, categories=[{"code": "stair_light", "accept_minutes": 20, "emergency_phone": "96333"}]
    )

    version: Version
    categories: list[OwnFigures] = Field(max_length=500)


class CategoryFiguresOut(BaseModel):
    """A category: what counts (`effective`), what would without this office's own (`default`), what all begin with."""

    code: str
    zh: str
    level: str
    effective: Figures
    own: list[str] = Field(description="The figures that are this office's own.")
    default: Figures
    instance: Figures


class CategoriesOut(BaseModel):
    """The categories as they count at a place; `own` is what a PUT sends."""

    office: OfficeOut
    version: int
    own: list[OwnFigures]
    items: list[CategoryFiguresOut]
