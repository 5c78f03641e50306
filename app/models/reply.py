"""Canned replies: the table, and the shapes that go in and out."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel
from pydantic import Field as ApiField
from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models import columns
from app.models.act import Version
from app.models.fields import Paragraph, Strict, Text, example

# The acts whose words a reply may be.
ReplyAction = Literal["comment", "resolve", "reject", "ask", "dispatch", "escalate", "extend", "settle"]


class Reply(SQLModel, table=True):
    """A reply of an office: a grid, community or street. `initials`: of the pinyin of its text, to be found by them."""

    __table_args__ = (Index("reply_unit", "unit_id", "id"),)

    id: UUID = columns.primary_key()
    unit_id: UUID = Field(foreign_key="place.id")
    category: str | None = Field(default=None, foreign_key="category.code")
    action: str
    text: str
    initials: str
    version: int = columns.number(1)
    changed_at: datetime


Category = Annotated[Text, ApiField(max_length=64)]
ReplyText = Annotated[Paragraph, ApiField(description="`{place}` and `{due}` stand for the ticket's.")]


class ReplyIn(Strict):
    """A reply for an act; without a category for tickets of every one."""

    model_config = example(action="comment", text="{place}的问题已转给物业，{due}前办完。")

    category: Category | None = None
    action: ReplyAction
    text: ReplyText


class ReplyChangeIn(Strict):
    """A change of a reply: what is left out stays; a category of null is every one."""

    model_config = example(version=1, text="{place}已派人去看，{due}前办完。")

    version: Version
    category: Category | None = None
    action: ReplyAction | None = None
    text: ReplyText | None = None


class ReplyOut(BaseModel):
    """A reply, ready to be put into a form and edited: nothing sends it by itself.

    `filled`: its text with the place and the due time of the ticket that was asked for. `office`: whose it is; null for
    those that come with the program, which cannot be changed (`version` 0). `mine`: the caller may change it.
    """

    id: UUID
    category: str | None
    action: ReplyAction
    text: str
    filled: str | None
    office: str | None
    mine: bool
    version: int
