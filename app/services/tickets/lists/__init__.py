"""Lists of tickets in the caller's scope: pages, selections, counts, today's picture, the feed of changes."""

from app.services.tickets.lists.changes_feed import changes_page
from app.services.tickets.lists.counts import count_boxes
from app.services.tickets.lists.inbox import ticket_page
from app.services.tickets.lists.selection import select_tickets
from app.services.tickets.lists.today import read_today

__all__ = ["changes_page", "count_boxes", "read_today", "select_tickets", "ticket_page"]
