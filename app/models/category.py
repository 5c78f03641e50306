"""Categories of problems with their limits, and the version of the setup."""

from typing import Literal

from pydantic import BaseModel
from sqlmodel import Field, SQLModel

from app.models import columns


class Category(SQLModel, table=True):
    """A category of problems. Minutes are counted on the clock named beside them (`24x7` or `working`)."""

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
    # The oldest revision whose program may serve this schema: a migration that takes away or renames sets its own.
    schema_floor: str = Field(default="0033", sa_column_kwargs={"server_default": "0033"})
    storage: str | None = None  # which storage has the photos: a directory's own name, or "bucket"


class CategoryOut(BaseModel):
    """A kind of trouble as residents choose it, `name` in the language of `Accept-Language`. `emergency_phone`: call it first.
    `phrases`: what is often done about it, to be tapped when it is resolved.
    """

    code: str
    zh: str
    en: str
    name: str
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
    phrases: list[str] = []
