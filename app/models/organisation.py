"""Organisations tickets are dispatched to, and the places they serve."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, StringConstraints
from pydantic import Field as Said
from sqlmodel import Field, SQLModel

from app.models import columns
from app.models.said import Line, Strict, Text, example
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


class OrganisationFullOut(OrganisationOut):
    """An organisation as those who set it up see it. `skills` name what it is the default for."""

    code: str
    skills: list[str]
    place_ids: list[UUID]


class OrganisationSeenOut(OrganisationFullOut):
    """An organisation as whoever runs a place it serves sees it. `changeable`: all its places are the caller's own."""

    changeable: bool


def _distinct(places: list[UUID]) -> list[UUID]:
    if len(set(places)) != len(places):
        raise ValueError("地点重复了")
    return places


Code = Annotated[Text, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
Skills = Annotated[list[Annotated[Text, Said(max_length=64)]], Said(max_length=50)]
Served = Annotated[list[UUID], Said(min_length=1, max_length=500), AfterValidator(_distinct)]


class OrganisationIn(Strict):
    """A company or department and the places it serves, all below them included. Without `code` it gets one."""

    model_config = example(
        name="人和物业",
        kind="property",
        skills=["property"],
        place_ids=["01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"],
    )

    name: Line
    kind: Kind
    skills: Skills = []
    place_ids: Served
    code: Code | None = None


class OrganisationChangeIn(Strict):
    """What to change; what is absent stays. `place_ids` are all it serves from now on."""

    model_config = example(skills=["property", "safety"])

    name: Line | None = None
    kind: Kind | None = None
    skills: Skills | None = None
    place_ids: Served | None = None
