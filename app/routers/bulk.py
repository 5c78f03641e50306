"""Routes of a desk that has many tickets before it: freeze what a list has, act on each of them."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import TypeAdapter

from app import problems
from app.deps import API, CurrentActor, IdempotencyKey, StaffRoute, mark_replayed
from app.errors import Refusal
from app.fast_routes.binding import validate
from app.models.bulk import BULK_ACTIONS, ActsIn, ActsOut, SelectionIn, SelectionOut
from app.models.fields import Strict
from app.services import tickets
from app.services.tickets import lists

router = APIRouter(prefix=f"{API}/tickets", tags=["tickets"], route_class=StaffRoute)
_SHAPES = {action: TypeAdapter(shape) for action, shape in BULK_ACTIONS.items()}


@router.post("/selections")
async def select(actor: CurrentActor, form: SelectionIn) -> SelectionOut:
    """Freeze the tickets that match a list's filters now: what arrives later is not among them."""
    return await lists.select_tickets(actor, form)


@router.post("/acts", response_model=ActsOut, response_model_exclude_unset=True)
async def act(
    actor: CurrentActor, form: ActsIn, key: IdempotencyKey, request: Request, response: Response
) -> dict[str, Any]:
    """Do the same act on each of up to 100 tickets. Each has its own version and its own answer.

    To resolve, reject or settle takes a look at each ticket: that is not done here.
    """
    answers, replayed = await tickets.perform_each(actor, form.action, _items(form), form, key)
    mark_replayed(response, replayed=replayed)
    items = []
    for ticket_id, found in answers:
        if isinstance(found, Refusal):
            items.append({"id": ticket_id, "problem": await problems.as_member(request, found, ticket_id)})
        else:
            items.append({"id": ticket_id, "ticket": tickets.serialize_ticket(found)})
    return {"items": items}


def _items(form: ActsIn) -> list[tuple[UUID, Strict]]:
    """Return each ticket with the act's own body. Raises for a body that would be none, before anything is done."""
    versioned = "version" in BULK_ACTIONS[form.action].model_fields
    return [
        (
            ticket.id,
            validate(
                _SHAPES[form.action],
                form.body() | ({"version": ticket.version} if versioned else {}),
                "body",
            ),
        )
        for ticket in form.tickets
    ]
