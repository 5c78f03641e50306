"""Days that differ from Monday to Friday: holidays and make-up workdays."""

import datetime as dt

from sqlmodel import Field, SQLModel


class CalendarDay(SQLModel, table=True):
    """A holiday or a make-up workday (调休), with the notice that says so."""

    __tablename__ = "calendar_day"

    date: dt.date = Field(primary_key=True)
    kind: str  # holiday, workday
    name: str
    source: str
