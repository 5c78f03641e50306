"""Quarterly bulletins (公示): the table, the words a clerk edits, the numbers, and their shapes."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, StringConstraints, field_validator
from pydantic import Field as ApiField
from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models import columns
from app.models.act import Version
from app.models.fields import Day, Paragraph, ShortText, Strict, Text, example


class Bulletin(SQLModel, table=True):
    """A community's bulletin of one quarter. What is published is never changed."""

    __table_args__ = (Index("bulletin_quarter", "place_id", "quarter", unique=True),)

    id: UUID = columns.primary_key()
    place_id: UUID = Field(foreign_key="place.id")
    quarter: str
    code: str = Field(unique=True)  # of its public address
    version: int = columns.number(1)
    words: dict[str, Any] | None = columns.jsonb()
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None = None
    as_of: datetime | None = None
    query: dict[str, Any] | None = columns.jsonb()  # what was asked, to recompute it
    numbers: dict[str, Any] | None = columns.jsonb()
    digest: str | None = None


Quarter = Annotated[str, StringConstraints(pattern=r"^20\d\dQ[1-4]$")]


class BulletinIn(Strict):
    """A draft for a community and a quarter."""

    model_config = example(place_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11", quarter="2026Q3")

    place_id: UUID
    quarter: Quarter


class BulletinPublishIn(Strict):
    """What is published: the version one has read."""

    model_config = example(version=1)

    version: Version


class ListedWordsIn(Strict):
    """Why tickets of a category stand listed (挂账), and when they are looked at next. `category`: that of a listed line."""

    category: Annotated[Text, ApiField(max_length=64)]
    reason: ShortText
    next_on: Day


class BulletinWordsIn(BulletinPublishIn):
    """The words to change; absent ones stay as they are, blank ones come from the program again."""

    model_config = example(version=1, opening="各位居民：本季度共收到…")

    title: ShortText | None = None
    opening: Paragraph | None = None
    projects: Paragraph | None = ApiField(None, description="Resolutions and projects.")
    activities: Paragraph | None = ApiField(None, description="Activities, loans, goods.")
    objection: Paragraph | None = ApiField(None, description="How to object.")
    listed: list[ListedWordsIn] | None = ApiField(
        None,
        max_length=100,
        description="All of them, each category once; publishing requires those of every listed line.",
    )

    @field_validator("listed")
    @classmethod
    def _require_one_of_each(cls, listed: list[ListedWordsIn] | None) -> list[ListedWordsIn] | None:
        if listed and len({line.category for line in listed}) < len(listed):
            raise ValueError("一个类别的挂账说明只能写一条")
        return listed


class ListedWords(BaseModel):
    """Why tickets of a category stand listed, and when they are looked at next."""

    category: str
    reason: str
    next_on: date


class BulletinWords(BaseModel):
    """The words of a bulletin."""

    title: str
    opening: str
    projects: str
    activities: str
    objection: str
    listed: list[ListedWords] = []


class HeadlineOut(BaseModel):
    """A number with that of the quarter before; null: too few to be told."""

    label: str
    count: int | None
    before: int | None


class RateOut(BaseModel):
    """A rate; `share` null with too few answers."""

    key: str
    label: str
    share: float | None
    of: int | None
    before: float | None


class LeftOutOut(BaseModel):
    label: str
    count: int | None


class ListedOut(LeftOutOut):
    """How many tickets of a category stand listed; `other`: of those with too few people."""

    category: str = ""


class LineOut(BaseModel):
    """What was done: tickets of one category, estate, outcome and number of days."""

    estate: str
    category: str
    outcome: str
    days: int


class NumbersOut(BaseModel):
    """All numbers of a bulletin. Nothing in them is about fewer than five people."""

    headlines: list[HeadlineOut]
    common: list[HeadlineOut] = []  # of the common life; none in bulletins from before it was counted
    rates: list[RateOut]
    excluded: list[LeftOutOut]
    categories: list[HeadlineOut]
    done: list[LineOut]
    listed: list[ListedOut]
    corrections: list[str]


class BulletinRef(BaseModel):
    """A bulletin in a list. `url`: its public address, once it is published."""

    id: UUID
    place_id: UUID
    place: str
    quarter: str
    title: str
    version: int
    published_at: datetime | None
    url: str | None


class BulletinOut(BulletinRef):
    """A bulletin: the numbers of a draft are those of now, of a published one those of `as_of`."""

    words: BulletinWords
    numbers: NumbersOut
    as_of: datetime
    digest: str | None
