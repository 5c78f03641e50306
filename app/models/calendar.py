"""Days that differ from Monday to Friday: holidays and make-up workdays."""

import datetime as dt

from sqlmodel import Field, SQLModel


class CalendarDay(SQLModel, table=True):
    """A holiday or a make-up workday (调休), with the official notice it comes from."""

    __tablename__ = "calendar_day"

    date: dt.date = Field(primary_key=True)
    kind: str  # holiday, workday
    name: str
    source: str
