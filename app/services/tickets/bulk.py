"""One act on many tickets: the ordinary act once for each, with its own version, checks and answer."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Final
from uuid import UUID

from app.errors import Forbidden, NotFound, Refusal
from app.models.fields import Strict
from app.rules import lifecycle
from app.rules.access import Actor
from app.services import idempotency
from app.services.tickets.actions import perform
from app.services.tickets.following import follow
from app.services.tickets.view import TicketView, load_ticket, view_by_key

# What was asked of one ticket: its id, and the body of the act.
Item = tuple[UUID, Strict]
Answer = TicketView | Refusal


async def perform_each(
    actor: Actor, action: str, items: Sequence[Item], form: Strict, key: str | None
) -> tuple[list[tuple[UUID, Answer]], bool]:
    """Perform an action on each ticket; return what became of each, and whether this repeats an earlier request.

    `form` is the request as a whole. A repeat of its key does what the first request was kept from doing, and nothing
    twice: each act is written under a key of its own. Raises KeyReused for another request under the same key.
    """
    bound = idempotency.key_of(actor, key, "acts", form)
    replayed = bound is not None and not await idempotency.claim(bound)
    answers = [(ticket_id, await _answer(actor, action, ticket_id, body, key)) for ticket_id, body in items]
    return answers, replayed


async def _answer(actor: Actor, action: str, ticket_id: UUID, body: Strict, key: str | None) -> Answer:
    """Perform the action on one ticket; return the ticket, or the refusal."""
    own_key = key and f"{hashlib.sha256(key.encode()).hexdigest()}/{ticket_id}"
    try:
        return await _DOERS.get(action, _perform)(actor, action, ticket_id, body, own_key)
    except Refusal as refusal:
        return refusal


async def _perform(actor: Actor, action: str, ticket_id: UUID, body: Strict, key: str | None) -> TicketView:
    return await perform(await _view(actor, action, ticket_id, key), action, body, key)


async def _view(actor: Actor, action: str, ticket_id: UUID, key: str | None) -> TicketView:
    """Return the ticket, as the route of the action would load it: also for a repeat by whom it has left."""
    try:
        view = await load_ticket(actor, ticket_id)
        lifecycle.require_permission(action, view.parts)
    except (NotFound, Forbidden):
        former = key and await view_by_key(actor, key, ticket_id)
        if not former:
            raise
        return former
    return view


async def _follow(actor: Actor, _: str, ticket_id: UUID, __: Strict, ___: str | None) -> TicketView:
    await follow(actor, ticket_id)
    return await load_ticket(actor, ticket_id)


# What is no act of a ticket's life is done by other means.
_DOERS: Final[dict[str, Callable[[Actor, str, UUID, Strict, str | None], Awaitable[TicketView]]]] = {
    "follow": _follow
}
