"""Saved views of the list of tickets: the table, and the shapes that go in and out."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, StrictBool
from pydantic import Field as ApiField
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models import columns
from app.models.act import Version
from app.models.fields import Strict, Text, example


class SavedView(SQLModel, table=True):
    """A view of one person, or of a unit's staff (`unit_id`)."""

    __tablename__ = "saved_view"
    __table_args__ = (
        Index("saved_view_person", "person_id", "id"),
        Index("saved_view_unit", "unit_id", "id", postgresql_where=text("unit_id IS NOT NULL")),
    )

    id: UUID = columns.primary_key()
    person_id: UUID = Field(foreign_key="person.id")
    unit_id: UUID | None = Field(default=None, foreign_key="place.id")
    name: str
    query: str
    version: int = columns.number(1)
    changed_at: datetime
    columns: list[str] = columns.texts()  # last: the name hides the module


ViewName = Annotated[Text, ApiField(max_length=40)]
ViewQuery = Annotated[
    str,
    ApiField(
        max_length=2000,
        description="The query of a list of tickets as its address has it: `status=new&status=accepted&order=old`.",
    ),
]
ViewColumns = Annotated[
    list[str],
    ApiField(
        max_length=40,
        description="The columns shown: those of `GET /tickets/export`, and `turn`, `due`, `marks`, `updated`.",
    ),
]


class ViewIn(Strict):
    """A view to save. `shared`: it is the office's, not only one's own."""

    model_config = example(
        name="今天到期", query="box=area&due_to=2026-12-01", columns=["no", "place"], shared=False
    )

    name: ViewName
    query: ViewQuery
    columns: ViewColumns = []
    shared: StrictBool = False


class ViewChangeIn(Strict):
    """A change of a view: what is left out stays."""

    model_config = example(version=1, name="本周到期")

    version: Version
    name: ViewName | None = None
    query: ViewQuery | None = None
    columns: ViewColumns | None = None
    shared: StrictBool | None = None


class ViewOut(BaseModel):
    """A view as it can be opened today. `dropped`: what it was saved with and is no more, in words to show.

    `mine`: the caller saved it. `office`: whose it is, if it is shared.
    """

    id: UUID
    name: str
    query: str
    columns: list[str]
    shared: bool
    office: str | None
    mine: bool
    dropped: list[str]
    version: int
    changed_at: datetime
