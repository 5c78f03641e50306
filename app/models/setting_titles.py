"""What an office calls its posts, by role and level of place."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.enums import Level, Role
from app.models.fields import Strict, Text, example
from app.models.setting import OfficeOut, Version


class TitleIn(Strict):
    """A title of an office's own for a role at a level of place."""

    title: Annotated[Text, StringConstraints(max_length=20)]
    role: Role
    level: Level


class TitlesIn(Strict):
    """All of an office's own titles, the usual one of each role first; an empty list restores the defaults."""

    model_config = example(
        version=0,
        titles=[
            {"title": "网格总长", "role": "head", "level": "grid"},
            {"title": "先锋管家", "role": "member", "level": "grid"},
            {"title": "协管员", "role": "member", "level": "grid"},
            {"title": "单元长", "role": "steward", "level": "unit"},
        ],
    )

    version: Version
    titles: list[TitleIn] = Field(max_length=100)


class RoleTitlesOut(BaseModel):
    """What a role at a level is called: its `titles`, the usual one first. None: it has only its `role_name`."""

    role: Role
    role_name: str
    level: Level
    level_name: str
    titles: list[str]
    default: list[str] = Field(description="The titles without this office's own.")
    own: bool


class TitlesOut(BaseModel):
    """The titles at a place, of every role at each level where it is held; `own` has the form of a PUT."""

    office: OfficeOut
    version: int
    own: list[TitleIn]
    roles: list[RoleTitlesOut]
