"""Acts on many tickets at once: the ids of all that match a list, and one act on each of up to a hundred."""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, StrictBool
from pydantic import Field as ApiField

from app.models import act as shapes
from app.models.act import Version
from app.models.fields import Paragraph, Schema, Strict, Text, example
from app.models.ticket import TicketFilters, TicketOut

MAX_SELECTED: Final = 1000
MAX_COUNTED: Final = 10_000
MAX_ACTS: Final = 100


class SelectionIn(Strict, TicketFilters):
    """The filters of a list."""

    model_config = example(box="unassigned", category=["stair_light"])


class SelectionOut(BaseModel):
    """The tickets that match now, newest first, up to 1,000; and how many there are, counted up to 10,000.

    `versions`: of each, in the same order; an act on one that has changed since is refused.
    """

    ids: list[UUID]
    versions: list[int]
    total: int


class FollowIn(Strict):
    """Nothing but the tickets."""


# The acts that may be done on many tickets at once, and the shape of each one's body.
BULK_ACTIONS: Final[dict[str, type[Strict]]] = {
    "dispatch": shapes.DispatchIn,
    "reassign": shapes.ReassignIn,
    "recategorise": shapes.RecategoriseIn,
    "comment": shapes.CommentIn,
    "follow": FollowIn,
}


class SeenTicket(Strict):
    """A ticket, and the version of it that the caller has seen."""

    id: UUID
    version: Version


def _require_distinct(tickets: list[SeenTicket]) -> list[SeenTicket]:
    if len({ticket.id for ticket in tickets}) != len(tickets):
        raise ValueError("同一张工单只能选一次")
    return tickets


_BODY: Final = ("organisation_id", "note", "grid_id", "place_id", "category", "reason", "text", "internal")


def _variant(action: str, shape: type[Strict]) -> Schema:
    """Return which of the fields go with an action, in the API's documentation."""
    schema = shape.model_json_schema()
    others = set(_BODY) - shape.model_fields.keys()
    required = [name for name in schema.get("required", ()) if name in _BODY]
    fields: dict[str, Any] = {"action": {"const": action}} | dict.fromkeys(sorted(others), False)
    fields |= {name: schema["properties"][name] for name in required}
    return {"properties": fields, "required": ["action", *required], "allOf": schema.get("allOf", [])}


class ActsIn(Strict):
    """One act on each of the tickets, with the fields of that act's own body."""

    model_config = example(
        {"oneOf": [_variant(action, shape) for action, shape in BULK_ACTIONS.items()]},
        action="dispatch",
        tickets=[{"id": "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11", "version": 1}],
        organisation_id="01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11",
    )

    action: Literal["dispatch", "reassign", "recategorise", "comment", "follow"]
    tickets: Annotated[
        list[SeenTicket], ApiField(min_length=1, max_length=MAX_ACTS), AfterValidator(_require_distinct)
    ]
    organisation_id: UUID | None = None
    note: Paragraph | None = None
    grid_id: UUID | None = None
    place_id: UUID | None = None
    category: Annotated[Text, ApiField(max_length=64)] | None = None
    reason: Paragraph | None = None
    text: Paragraph | None = None
    internal: StrictBool | None = None

    def body(self) -> dict[str, Any]:
        """Return the fields of the act's own body, as far as they were given."""
        return {name: getattr(self, name) for name in _BODY if name in self.model_fields_set}


class ProblemOut(BaseModel):
    """Why an act on one ticket was refused, as the answer to that act alone would say it."""

    type: str
    title: str
    status: int
    detail: str | None = None
    request_id: str
    errors: list[dict[str, str]] | None = None
    allowed: list[str] | None = None
    version: int | str | None = None


class ActItemOut(BaseModel):
    """What became of one ticket: the ticket after the act, or why it was refused."""

    id: UUID
    ticket: TicketOut | None = None
    problem: ProblemOut | None = None


class ActsOut(BaseModel):
    """One item a ticket, in the order of the request."""

    items: list[ActItemOut]
