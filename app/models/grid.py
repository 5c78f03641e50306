"""The grids of a community: what each covers, who holds its posts; and how they are cut anew."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, StringConstraints
from pydantic import Field as Said

from app.models.act import Version
from app.models.organisation import Code
from app.models.post import PersonRef
from app.models.said import Line, Strict, example
from app.words import Level, Role


class CoverOut(BaseModel):
    """A place a grid answers for, with all below it that no nearer cover takes out."""

    id: UUID
    level: Level
    label: str


class GridPostOut(BaseModel):
    """A post of a grid. `id` null: head, deputy or duty that nobody was ever invited to; `person` null: vacant."""

    id: UUID | None
    role: Role
    role_name: str
    person: PersonRef | None
    absent_from: date | None = None
    absent_until: date | None = None
    invitation_until: datetime | None = None


class GridOut(BaseModel):
    """A grid. `open_tickets` are those it holds."""

    id: UUID
    code: str
    name: str
    label: str
    covers: list[CoverOut]
    posts: list[GridPostOut]
    open_tickets: int


class GridsOut(BaseModel):
    """The grids of a community, in the order shown; `without_grid` are the buildings none of them answers for."""

    place_id: UUID
    label: str
    version: int
    grids: list[GridOut]
    without_grid: list[CoverOut]


class SeatOut(BaseModel):
    """Who may answer for a grid, as its own people see it: `name` null: vacant, or no name given. `answers`: today it is them."""

    role: Role
    role_name: str
    held: bool
    name: str | None
    absent_from: date | None
    absent_until: date | None
    answers: bool


class CommunityRef(BaseModel):
    """The community a grid belongs to."""

    id: UUID
    label: str


class GridCardOut(BaseModel):
    """A grid as its own people see it: head, deputy and duty person in the order they answer for it."""

    id: UUID
    label: str
    community: CommunityRef
    covers: list[CoverOut]
    seats: list[SeatOut]


class ReroutedOut(BaseModel):
    """How many tickets go where; `to` null: the community's unassigned queue."""

    to: UUID | None
    label: str
    tickets: int


class EndedGridOut(BaseModel):
    """A grid that goes: where its open tickets are rerouted to, which posts end."""

    id: UUID
    label: str
    rerouted: list[ReroutedOut]
    posts: list[GridPostOut]


class CutOut(GridsOut):
    """The grids as they are now; `ended` tells what goes, or would with `preview`, and `without_grid` is as it will be."""

    preview: bool
    ended: list[EndedGridOut]


class GridIn(Strict):
    """A grid as it is to be: one there is by its `id`, a new one without; without `code` a new one gets one."""

    id: UUID | None = None
    code: Code | None = None
    name: Annotated[Line, StringConstraints(max_length=60)]
    covers: Annotated[list[UUID], Said(max_length=2000, description="Places of the community.")]


class GridsIn(Strict):
    """All grids of a community, in the order to show them; those left out end."""

    model_config = example(
        version=1,
        grids=[{"name": "第四网格", "covers": ["01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"]}],
    )

    version: Version
    grids: Annotated[list[GridIn], Said(max_length=200)]
