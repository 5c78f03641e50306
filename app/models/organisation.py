"""Organisations tickets are dispatched to, and the places they serve."""

from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Field, SQLModel

from app.models import columns
from app.words import Kind


class Organisation(SQLModel, table=True):
    """A property company or a department; `skills` name the categories it is the default for."""

    id: UUID = columns.key()
    code: str = Field(unique=True)
    name: str
    kind: str
    skills: list[str] = columns.texts()


class ServiceArea(SQLModel, table=True):
    """An organisation serves a place and all below it."""

    __tablename__ = "service_area"

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    place_id: UUID = Field(primary_key=True, foreign_key="place.id", index=True)


class OrganisationOut(BaseModel):
    """An organisation one may dispatch to. `default` marks the one the category suggests."""

    id: UUID
    name: str
    kind: Kind
    kind_name: str
    default: bool = False
