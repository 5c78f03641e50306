"""Certificates of voluntary hours (志愿服务记录证明): the table, and the shapes of requests and responses."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic import Field as ApiField
from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models import columns
from app.models.fields import Day, Strict


class Certificate(SQLModel, table=True):
    """That somebody wants a page of their confirmed hours. Its entries are read when it is opened: a correction shows."""

    __table_args__ = (Index("certificate_person", "person_id", "id"),)

    id: UUID = columns.primary_key()
    person_id: UUID = Field(foreign_key="person.id")
    code: str = Field(unique=True)  # of its public address
    first_day: date
    last_day: date
    created_at: datetime


class CertificateIn(Strict):
    """A certificate of what was confirmed in a period: everything up to today, unless said."""

    model_config = ConfigDict(
        populate_by_name=True, json_schema_extra={"examples": [{"from": "2026-01-01", "to": "2026-12-31"}]}
    )

    since: Annotated[Day | None, ApiField(alias="from")] = None
    until: Annotated[Day | None, ApiField(alias="to")] = None


class EntryOut(BaseModel):
    """An activity in which somebody took part, as its host has confirmed."""

    title: str
    kind_name: str
    day: date
    hours: float
    host: str


class CertificateOut(BaseModel):
    """A certificate. `url`: its public page, which anybody with the address may read until it is revoked."""

    model_config = ConfigDict(populate_by_name=True)

    id: UUID
    code: str
    url: str
    since: Annotated[date, ApiField(alias="from")]
    until: Annotated[date, ApiField(alias="to")]
    hours: float
    entries: int
    created_at: datetime
