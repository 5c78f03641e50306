"""Organisations tickets are dispatched to, and the places they serve."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, StringConstraints
from pydantic import Field as PydanticField
from sqlmodel import Field, SQLModel

from app.enums import OrganisationKind
from app.models import columns
from app.models.fields import DISTINCT, ShortText, Strict, Text, example


class Organisation(SQLModel, table=True):
    """A property company or a department; `skills` name the categories it is the default for."""

    id: UUID = columns.primary_key()
    code: str = Field(unique=True)
    name: str
    kind: str
    skills: list[str] = columns.texts()


class ServiceArea(SQLModel, table=True):
    """An organisation serves a place and everything below it."""

    __tablename__ = "service_area"

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    place_id: UUID = Field(primary_key=True, foreign_key="place.id", index=True)


class OrganisationOut(BaseModel):
    """An organisation tickets can be dispatched to. `default` marks the one the category suggests."""

    id: UUID
    name: str
    kind: OrganisationKind
    kind_name: str
    default: bool = False


class OrganisationFullOut(OrganisationOut):
    """An organisation with all its settings. `skills`: the categories it is the default for."""

    code: str
    skills: list[str]
    place_ids: list[UUID]


class OrganisationSeenOut(OrganisationFullOut):
    """An organisation as its managers see it. `changeable`: the caller manages all places it serves."""

    changeable: bool


def _require_distinct(places: list[UUID]) -> list[UUID]:
    if len(set(places)) != len(places):
        raise ValueError("地点重复了")
    return places


Code = Annotated[Text, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,64}$")]
Skills = Annotated[list[Annotated[Text, PydanticField(max_length=64)]], PydanticField(max_length=50)]
PlaceIds = Annotated[
    list[UUID], PydanticField(min_length=1, max_length=500), AfterValidator(_require_distinct), DISTINCT
]


class OrganisationIn(Strict):
    """A company or department and the places it serves, with everything below them. Without `code` one is generated."""

    model_config = example(
        name="人和物业",
        kind="property",
        skills=["property"],
        place_ids=["01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"],
    )

    name: ShortText
    kind: OrganisationKind
    skills: Skills = []
    place_ids: PlaceIds
    code: Code | None = None


class OrganisationChangeIn(Strict):
    """The fields to change; absent fields stay as they are. `place_ids` replaces all places it serves."""

    model_config = example(skills=["property", "safety"])

    name: ShortText | None = None
    kind: OrganisationKind | None = None
    skills: Skills | None = None
    place_ids: PlaceIds | None = None
