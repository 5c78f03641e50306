"""Performing an action: check the rules, decide the changes, write them. The timer uses `build_act` too."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app import clock, db, settings
from app.errors import Conflict, Invalid, StaleVersion, WrongState
from app.models.fields import Strict
from app.models.photo import LOOSE
from app.rules import escalation, lifecycle, webhooks
from app.rules.access import Actor, Part, Seat
from app.rules.facts import Facts, with_changes
from app.rules.latest import Latest, changes_course
from app.services import idempotency, ledger
from app.services.idempotency import IdempotencyKey
from app.services.setup import Catalogue
from app.services.tickets import consequences, departments, transfers, undo
from app.services.tickets.context import ActionContext
from app.services.tickets.effects import ACTIONS
from app.services.tickets.lookups import with_lookups
from app.services.tickets.view import FORMER_PARTS, TicketView, load_again, load_ticket, parts_of
from app.sql import Statement

# An act that loses a race against a comment is tried again. If the version changed too, the caller gets 409.
MAX_ATTEMPTS: Final = 25


async def perform(view: TicketView, action: str, form: Strict, key: str | None) -> TicketView:
    """Perform an action and return the ticket after it. A repeat of `key` returns the ticket marked as replayed.

    Raises Forbidden, then StaleVersion, then WrongState, in this order; and what the action itself refuses.
    """
    bound = idempotency.key_of(view.actor, key, f"{view.ticket['id']} {action}", form)

    async def replay(_: UUID) -> TicketView:
        return await load_again(view)

    return await idempotency.once(
        bound, lambda: _perform(view, action, form, bound), replay, look_first=False
    )


async def _perform(view: TicketView, action: str, form: Strict, key: IdempotencyKey | None) -> TicketView:
    for _ in range(MAX_ATTEMPTS):
        context = await with_lookups(context_of(view, action, form), form)
        result = ACTIONS[action].decide(context, form)
        await _check_photos(view.actor, result)
        if act := await carry_out(context, action, result, key):
            return _view_after(view, context, act)
        view = await load_ticket(view.actor, view.ticket["id"])
    raise Conflict("操作的人太多，请再试一次")


async def carry_out(
    context: ActionContext, action: str, result: ledger.ActionResult, key: IdempotencyKey | None = None
) -> ledger.Act | None:
    """Write an act, together with what comes of it on other tickets; return it, None if somebody was faster."""
    others = await consequences.decide_consequences(context, action, result)
    act = build_act(context, action, result, key)
    if others:
        written = await ledger.record_together([act, *(build_act(*other) for other in others)])
    else:
        written = bool(await ledger.record([act]))
    return act if written else None


def _view_after(view: TicketView, context: ActionContext, act: ledger.Act) -> TicketView:
    """Return the ticket after an act, without loading it again."""
    result = act.result
    fields = result.extra_fields | {"seq": act.entry.seq}
    if "latest" in result.changes:
        fields["latest_text"] = act.entry.text
    after = with_changes(view.ticket, result.changes | fields)
    place = context.new_place if after["place_id"] != view.ticket["place_id"] else view.place
    return TicketView(
        after, place, parts_of(view.actor, after, view.catalogue) or FORMER_PARTS, view.actor, view.catalogue
    )


def allowed_actions(view: TicketView) -> list[str]:
    """Return the actions the caller may perform now. The mini-program shows them as buttons."""
    return lifecycle.allowed_actions(view.ticket, view.parts, clock.now(), ACTIONS, settings.get().sla_scale)


def next_action(view: TicketView, allowed: Collection[str]) -> str | None:
    """Return the action, among those allowed, to offer a reporter or follower first; None: none is due from them."""
    return lifecycle.next_action(view.ticket, allowed, clock.now(), settings.get().sla_scale)


def ticket_now(ticket: Facts) -> datetime:
    """Return the current time, or the ticket's last change if that is later: the clock may have been set back."""
    return max(clock.now(), ticket["updated_at"])


def context_of(view: TicketView, action: str, form: Strict) -> ActionContext:
    """Return the context of an action. Raises if it is not allowed now, in the order of `perform`."""
    ticket, parts, now = view.ticket, view.parts, ticket_now(view.ticket)
    lifecycle.require_permission(action, parts)
    if lifecycle.MOVES[action].versioned and getattr(form, "version") != ticket["version"]:  # noqa: B009 - every versioned form has it
        reason = lifecycle.refusal_reason(action, ticket, parts, now, settings.get().sla_scale)
        raise StaleVersion(reason, version=ticket["version"], allowed=allowed_actions(view))
    if detail := departments.pending_reports_error(action, ticket, view.catalogue):
        raise WrongState(detail, allowed=allowed_actions(view))
    lifecycle.require_possible(action, ticket, parts, now, ACTIONS, settings.get().sla_scale)
    part = lifecycle.acting_part(action, parts)
    return ActionContext(
        ticket=ticket,
        parts=parts,
        part=part,
        seat=parts[part],
        actor=view.actor,
        now=now,
        catalogue=view.catalogue,
        place_path=view.path,
    )


def build_act(
    context: ActionContext, action: str, result: ledger.ActionResult, key: IdempotencyKey | None = None
) -> ledger.Act:
    """Return the act to write: its event, and the result completed by the new version and the next timer.

    If the ticket returns to a grid that has ended, it is routed again in the same act.
    """
    ticket, changes = context.ticket, result.changes
    if new_route := transfers.route_out_of_ended_unit(context, changes):
        changes |= new_route
        result.data |= transfers.destination(new_route)
    after = with_changes(ticket, changes)
    changes["updated_at"] = context.now
    changes["version"] = ticket["version"] + any(
        changes[name] != dict(ticket)[name] for name in ledger.VERSIONED & changes.keys()
    )
    if action != "comment" or "status" in changes:
        due = escalation.next_due_action(after, context.now, context.catalogue.clocks(after))
        changes["timer_at"] = due and due.at
    if context.part not in {Part.REPORTER, Part.FOLLOWER, Part.TIMER} and not ticket["contacted_at"]:
        changes["contacted_at"] = context.now
    move, acting = lifecycle.MOVES.get(action), context.parts[result.part or context.part]
    if move and move.undoable and result.undoable and acting:
        changes["undo"] = undo.memory(context, move.event, acting, result)
    elif ticket["undo"]:
        changes["undo"] = None
    entry = _entry(context, action, result)
    if changes_course(entry.type):
        changes["latest"] = _latest(entry, acting, context.catalogue)
        changes["latest_text_seq"] = None if entry.text is None else entry.seq
    return ledger.Act(entry=entry, result=result, seen_version=ticket["version"], key=key)


def _latest(entry: ledger.Entry, seat: Seat | None, catalogue: Catalogue) -> Latest:
    """Return the event as the ticket carries it; its text stays in a row of its own."""
    return Latest(
        seq=entry.seq,
        at=entry.at.isoformat(),
        type=entry.type,
        part=entry.part,
        role=seat.role if seat else None,
        title=catalogue.title_of_seat(seat) if seat else None,
        unit=str(seat.unit_id) if seat and seat.unit_id else None,
        organisation=str(entry.organisation_id) if entry.organisation_id else None,
        data=entry.data,
    )


def _entry(context: ActionContext, action: str, result: ledger.ActionResult) -> ledger.Entry:
    """Return the event that records an act."""
    ticket, part = context.ticket, result.part or context.part
    seat = context.parts[part]
    has_listeners = bool(context.catalogue.listeners)
    return ledger.Entry(
        ticket_id=ticket["id"],
        seq=ticket["seq"] + 1,
        at=context.now,
        type=f"ticket.{result.event or lifecycle.MOVES[action].event}",
        part=part,
        person_id=context.actor.person_id if context.actor else None,
        post_id=seat.id if seat else None,
        organisation_id=seat.organisation_id if seat else None,
        data=result.data | _changed_dues(result),
        text=result.text,
        internal=result.internal,
        photo_ids=result.photo_ids,
        let_go=result.let_go,
        ticket_state=webhooks.ticket_state(ticket, with_changes(ticket, result.changes))
        if has_listeners
        else {},
    )


def _changed_dues(result: ledger.ActionResult) -> dict[str, Any]:
    """Return the due times an act sets, as its event keeps them: figures are folded from events alone."""
    dues = {name: result.changes.get(f"{name}_due") for name in ("accept", "resolve")}
    said = {name: due.isoformat() for name, due in dues.items() if due}
    return {"due": said} if said else {}


async def _check_photos(actor: Actor, result: ledger.ActionResult) -> None:
    """Refuse photos that are not the caller's own or are already attached."""
    photo_ids = list(result.photo_ids)
    if not photo_ids:
        return
    rows = await db.execute(_UNATTACHED_PHOTOS, photo_ids=photo_ids, uploader_id=actor.person_id)
    if len(rows) != len(photo_ids):
        raise Invalid.at("/photo_ids", "照片没有上传成功，或已经用过，请重新拍照")


_UNATTACHED_PHOTOS: Final = Statement(f"""
SELECT id FROM photo WHERE id = ANY(:photo_ids::uuid[]) AND uploader_id = :uploader_id AND {LOOSE}
""")
