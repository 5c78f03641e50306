"""Tickets: loading them in the caller's scope, submitting, acting, following, serializing."""

from app.services.tickets.actions import MAX_ATTEMPTS, carry_out, perform, ticket_now
from app.services.tickets.bulk import perform_each
from app.services.tickets.completeness import require_complete
from app.services.tickets.context import ActionContext, timer_context
from app.services.tickets.effects import ACTIONS
from app.services.tickets.following import follow, similar_tickets, unfollow
from app.services.tickets.grid_choices import grid_choices
from app.services.tickets.refusals import refusals_of
from app.services.tickets.rehearsal import Rehearsal
from app.services.tickets.related import related_page
from app.services.tickets.reporter_phone import look_up_phone
from app.services.tickets.serializers import serialize_facts, serialize_photos, serialize_ticket
from app.services.tickets.splitting import split
from app.services.tickets.submission import FAR_METRES, sealed_number, submit, submit_within
from app.services.tickets.timeline import timeline_page
from app.services.tickets.view import TicketView, load_ticket, sees_internal, view_by_key
from app.services.tickets.visibility import sees_photo, shows_photo

__all__ = [
    "ACTIONS",
    "FAR_METRES",
    "MAX_ATTEMPTS",
    "ActionContext",
    "Rehearsal",
    "TicketView",
    "carry_out",
    "follow",
    "grid_choices",
    "load_ticket",
    "look_up_phone",
    "perform",
    "perform_each",
    "refusals_of",
    "related_page",
    "require_complete",
    "sealed_number",
    "sees_internal",
    "sees_photo",
    "serialize_facts",
    "serialize_photos",
    "serialize_ticket",
    "shows_photo",
    "similar_tickets",
    "split",
    "submit",
    "submit_within",
    "ticket_now",
    "timeline_page",
    "timer_context",
    "unfollow",
    "view_by_key",
]
