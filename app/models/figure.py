"""Figures as the API shows them, and their query."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic import Field as ApiField

from app.enums import ColumnKind
from app.models.fields import Day, QueryTimestamp


class FigureRef(BaseModel):
    """A figure there is."""

    name: str
    title: str
    definition: str


class FigurePlaceOut(BaseModel):
    id: UUID
    label: str


class ColumnOut(BaseModel):
    """A column. `kind`: `count` of tickets, `share` from 0 to 1, `minutes`, `change` against the period before, `text`."""

    key: str
    title: str
    kind: ColumnKind


class RowOut(BaseModel):
    """A row. `cells` by the keys of the columns; `links`: for each count above zero, the list of the tickets it counts;
    `link`: that of the row's main count.
    """

    key: str
    label: str
    cells: dict[str, int | float | str | None]
    link: str
    links: dict[str, str]


class ExcludedOut(BaseModel):
    """Tickets that are left out of a figure, and why."""

    reason: str
    label: str
    count: int
    link: str


class FigureOut(BaseModel):
    """A figure of a place, as it was known at `as_of`. `from` and `to` are days in Shanghai, both included."""

    model_config = ConfigDict(populate_by_name=True)

    name: str
    title: str
    definition: str
    place: FigurePlaceOut
    since: date = ApiField(alias="from")
    until: date = ApiField(alias="to")
    as_of: datetime
    columns: list[ColumnOut]
    rows: list[RowOut]
    excluded: list[ExcludedOut]


class PeriodQuery(BaseModel):
    """A place and a period."""

    model_config = ConfigDict(populate_by_name=True)

    place_id: UUID | None = ApiField(
        None, description="A street, community, grid or what lies below; without it the widest of one's own."
    )
    since: Annotated[Day | None, ApiField(alias="from", description="The first day. Default: 30 days.")] = (
        None
    )
    until: Annotated[Day | None, ApiField(alias="to", description="The last day. Default: today.")] = None


class FigureQuery(PeriodQuery):
    """The query of a figure."""

    as_of: QueryTimestamp | None = ApiField(
        None, description="What was known at this moment; the same later. Default: now."
    )
    format: Literal["json", "csv", "xlsx", "svg"] = "json"
    dir: Literal["ltr", "rtl"] = ApiField("ltr", description="`rtl`: the picture is mirrored.")
