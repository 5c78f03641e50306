"""Splitting a ticket: a part of it becomes a ticket of its own, of the same reporter, with clocks of its own."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, cast
from uuid import UUID

from app import clock, ids
from app.enums import Status
from app.errors import Conflict
from app.models.act import SplitIn
from app.rules import webhooks
from app.rules.access import Actor
from app.rules.facts import Facts
from app.services import idempotency, ledger
from app.services.setup import Catalogue
from app.services.tickets import submission
from app.services.tickets.actions import MAX_ATTEMPTS, build_act, context_of
from app.services.tickets.context import ActionContext
from app.services.tickets.effects import ACTIONS
from app.services.tickets.view import TicketView, load_ticket

_ACTION: Final = "split"
# What the new ticket has from the old one: where it is, who holds it, who reported it and how they are reached.
_SHARED: Final = (
    *("place_id", "place_note", "lat", "lng", "street_id", "community_id", "grid_id", "level", "holder_id"),
    *("origin", "anonymous", "reporter_id", "reporter_organisation_id", "occurred_at", "category"),
    *("contact_sealed", "contact_masked", "on_behalf_name_sealed"),
)


async def split(view: TicketView, form: SplitIn, key: str | None) -> TicketView:
    """Make a ticket of a part of this one and return it; a repeat of `key` returns it marked as replayed.

    Whoever follows the old ticket follows the new one, if neighbours may see it. Raises as `actions.perform` does.
    """
    bound = idempotency.key_of(view.actor, key, f"{view.ticket['id']} {_ACTION}", form)

    async def replay(ref: UUID) -> TicketView:
        return replace(await load_ticket(view.actor, ref), replayed=True)

    return await idempotency.once(bound, lambda: _split(view, form, bound), replay, look_first=False)


async def _split(view: TicketView, form: SplitIn, key: idempotency.IdempotencyKey | None) -> TicketView:
    for _ in range(MAX_ATTEMPTS):
        context = context_of(view, _ACTION, form)
        result = ACTIONS[_ACTION].decide(context, form)
        row = _new_ticket(context, form, UUID(result.data["into"]))
        written, guarded = await ledger.open_split(
            row,
            _first_entry(context, form, row),
            build_act(context, _ACTION, result),
            _guards(view.actor, view.catalogue),
            no_prefix=submission.no_prefix(),
            key=key,
            followed=view.catalogue.is_visible_to_neighbours(cast(Facts, row)),
        )
        if written:
            return await load_ticket(view.actor, row["id"])
        actor = view.actor
        if not guarded["no"]:
            actor, _ = await submission.refuse_or_refresh(actor, guarded)
        view = await load_ticket(actor, view.ticket["id"])
    raise Conflict("操作的人太多，请再试一次")


def _new_ticket(context: ActionContext, form: SplitIn, ticket_id: UUID) -> dict[str, Any]:
    """Return the columns of the new ticket. It is held by whoever holds the old one, and new to them."""
    old = dict(context.ticket)
    rules = context.catalogue.rules_at(context.ticket)
    row = {
        **submission.NEW_TICKET,
        **{name: old[name] for name in _SHARED},
        **({"category": form.category} if form.category else {}),
        **({"place_note": form.place_note} if form.place_note else {}),
        "id": ticket_id,
        "status": Status.NEW,
        "first_unit_id": old["holder_id"],
        "split_from_id": old["id"],
        "description": form.description,
        "photo_ids": form.photo_ids,
    }
    row |= submission.initial_limits(rules.categories[row["category"]], context.now)
    return row | submission.initial_clocks(row, rules)


def _first_entry(context: ActionContext, form: SplitIn, row: dict[str, Any]) -> ledger.Entry:
    """Return the new ticket's first event: it is submitted by whoever split the old one."""
    seat, actor = context.seat, context.actor
    assert seat, "it is split from a post"
    assert actor, "it is split by a person"
    return ledger.Entry(
        ticket_id=row["id"],
        seq=1,
        at=row["created_at"],
        type="ticket.submitted",
        part=context.part,
        person_id=actor.person_id,
        post_id=seat.id,
        data=submission.initial_data(row) | {"split_from": str(row["split_from_id"])},
        text=form.description,
        photo_ids=form.photo_ids,
        ticket_state=webhooks.ticket_state(None, cast(Facts, row)) if context.catalogue.listeners else {},
    )


def _guards(actor: Actor, catalogue: Catalogue) -> ledger.Guards:
    """Return what must still hold. How many a resident may report in an hour does not count here."""
    return ledger.Guards(
        login_id=actor.login_id,
        auth_version=actor.auth_version,
        setup_version=catalogue.version,
        since=ids.floor(clock.now() + timedelta(hours=1)),
    )
