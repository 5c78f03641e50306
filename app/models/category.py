"""Categories of trouble with their limits; and the version of everything an office sets up."""

from typing import Literal

from pydantic import BaseModel
from sqlmodel import Field, SQLModel

from app.models import columns


class Category(SQLModel, table=True):
    """A kind of trouble. Minutes are counted on the clock named beside them (`24x7` or `working`)."""

    code: str = Field(primary_key=True)
    zh: str
    en: str
    level: str  # E0 danger to life … E3 no hurry
    skill: str
    accept_minutes: int
    acknowledge_minutes: int
    resolve_minutes: int
    clock_accept: str
    clock_acknowledge: str
    clock_resolve: str
    photo_on_resolve: bool
    verify_claim: bool
    public: bool
    emergency_phone: str | None = None
    source: str | None = None
    sort: int = columns.number()


class Setup(SQLModel, table=True):
    """One row: `version` rises with every change of places, grids, posts, organisations, categories, calendar or settings."""

    id: int = Field(default=1, primary_key=True)
    version: int = columns.number(1)
    demo_loaded: bool = columns.flag()
    feed: int = (
        columns.number()
    )  # names the order of changes that cursors are about; another one after a restore


class CategoryOut(BaseModel):
    """A kind of trouble as residents choose it. `emergency_phone`: call it first."""

    code: str
    zh: str
    en: str
    level: Literal["E0", "E1", "E2", "E3"]
    skill: str
    accept_minutes: int
    acknowledge_minutes: int
    resolve_minutes: int
    clock_accept: str
    clock_acknowledge: str
    clock_resolve: str
    photo_on_resolve: bool
    public: bool
    emergency_phone: str | None = None
