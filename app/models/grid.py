"""The grids of a community: covers and posts, and how they are changed."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from app.enums import Level, Role
from app.models.act import Version
from app.models.fields import ShortText, Strict, example
from app.models.organisation import Code
from app.models.post import PersonRef


class CoverOut(BaseModel):
    """A place a grid is responsible for, with everything below it except lower places with their own cover."""

    id: UUID
    level: Level
    label: str


class GridPostOut(BaseModel):
    """A post of a grid. `id` null: nobody was ever invited as head, deputy or duty member; `person` null: vacant."""

    id: UUID | None
    role: Role
    role_name: str
    person: PersonRef | None
    absent_from: date | None = None
    absent_until: date | None = None
    invitation_until: datetime | None = None


class GridOut(BaseModel):
    """A grid. `open_tickets` counts the tickets it holds."""

    id: UUID
    code: str
    name: str
    label: str
    covers: list[CoverOut]
    posts: list[GridPostOut]
    open_tickets: int


class GridsOut(BaseModel):
    """The grids of a community, in display order; `without_grid` lists the buildings that no grid covers."""

    place_id: UUID
    label: str
    version: int
    grids: list[GridOut]
    without_grid: list[CoverOut]


class SeatOut(BaseModel):
    """A role of a grid and who holds it. `name` null: vacant, or no name given. `answers`: responsible today."""

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
    """A grid as its own members see it; `seats` are in the order of responsibility: head, deputy, duty member."""

    id: UUID
    label: str
    community: CommunityRef
    covers: list[CoverOut]
    seats: list[SeatOut]


class GridChoiceOut(BaseModel):
    """A grid that a ticket can be given to. `name` and `role_name`: who is responsible for it today, null if nobody is.

    `covers`: the ticket's place is one of its own; `sent_back`: it had the ticket and gave it up.
    """

    id: UUID
    label: str
    name: str | None
    role_name: str | None
    covers: bool
    sent_back: bool


class ReroutedOut(BaseModel):
    """How many tickets are rerouted to a unit; `to` null: the community's unassigned queue."""

    to: UUID | None
    label: str
    tickets: int


class EndedGridOut(BaseModel):
    """A grid that ends: where its open tickets are rerouted to, and which posts end."""

    id: UUID
    label: str
    rerouted: list[ReroutedOut]
    posts: list[GridPostOut]


class CutOut(GridsOut):
    """The current grids; `ended` is the impact of the change. With `preview`, `without_grid` is as it would be afterwards."""

    preview: bool
    ended: list[EndedGridOut]


class GridIn(Strict):
    """A grid after the change: an existing one has its `id`, a new one has none, and gets a `code` if none is given."""

    id: UUID | None = None
    code: Code | None = None
    name: Annotated[ShortText, StringConstraints(max_length=60)]
    covers: Annotated[list[UUID], Field(max_length=2000, description="Places of the community.")]


class GridsIn(Strict):
    """All grids of a community, in display order; a grid that is left out ends."""

    model_config = example(
        version=1,
        grids=[{"name": "第四网格", "covers": ["01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"]}],
    )

    version: Version
    grids: Annotated[list[GridIn], Field(max_length=200)]
