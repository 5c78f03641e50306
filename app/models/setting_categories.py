"""An office's own figures of categories, and the effective and default ones."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, StrictBool, StringConstraints, field_validator, model_validator

from app.models.fields import Strict, Text, any_of, example, present
from app.models.setting import OfficeOut, Version

MAX_MINUTES = 86_400  # 60 days around the clock; a longer limit is a typing error

Minutes = Annotated[int, Field(ge=1, le=MAX_MINUTES, strict=True)]
ClockKind = Literal["24x7", "working"]


class Figures(BaseModel):
    """What an office may change of a category. Minutes are counted by the clock of the same name."""

    accept_minutes: int
    acknowledge_minutes: int
    resolve_minutes: int
    clock_accept: ClockKind
    clock_acknowledge: ClockKind
    clock_resolve: ClockKind
    photo_on_resolve: bool
    verify_claim: bool
    public: bool
    skill: str
    emergency_phone: str | None


class OwnFigures(Strict):
    """An office's own figures of a category; a figure that is absent or null keeps its default."""

    model_config = example(
        any_of(*(present(name, **{"not": {"type": "null"}}) for name in Figures.model_fields))
    )

    code: Annotated[Text, StringConstraints(max_length=64)]
    accept_minutes: Minutes | None = None
    acknowledge_minutes: Minutes | None = None
    resolve_minutes: Minutes | None = None
    clock_accept: ClockKind | None = None
    clock_acknowledge: ClockKind | None = None
    clock_resolve: ClockKind | None = None
    photo_on_resolve: StrictBool | None = None
    verify_claim: StrictBool | None = None
    public: StrictBool | None = Field(
        None,
        description="False: neighbours see none of these reports. An office cannot make a category public.",
    )
    skill: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,64}$")] | None = None
    emergency_phone: Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9-]{2,18}$")] | None = None

    @field_validator("public")
    @classmethod
    def _refuse_public(cls, public: bool | None) -> bool | None:
        if public:
            raise ValueError("这里只能改为不公开；要恢复默认，请去掉这一项")
        return public

    @model_validator(mode="after")
    def _check_not_empty(self) -> Self:
        if not self.model_dump(exclude_none=True, exclude={"code"}):
            raise ValueError("这一类没有写要改什么；要恢复默认，请把它从列表里去掉")
        return self


class CategoriesIn(Strict):
    """All of an office's own figures; an empty list restores the defaults."""

    model_config = example(
        version=0, categories=[{"code": "stair_light", "accept_minutes": 20, "emergency_phone": "96333"}]
    )

    version: Version
    categories: list[OwnFigures] = Field(max_length=500)


class CategoryFiguresOut(BaseModel):
    """A category's figures: `effective`, without this office's own (`default`), without any office's own (`instance`)."""

    code: str
    zh: str
    level: str
    effective: Figures
    own: list[str] = Field(description="The figures that are this office's own.")
    default: Figures
    instance: Figures


class CategoriesOut(BaseModel):
    """The categories at a place; `own` has the form of a PUT."""

    office: OfficeOut
    version: int
    own: list[OwnFigures]
    items: list[CategoryFiguresOut]
    next: str | None = None
