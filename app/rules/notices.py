"""Who is told what: one table from events to those who hear of them."""

from enum import StrEnum
from typing import Final


class Audience(StrEnum):
    REPORTER = "reporter"
    HOLDER = "holder"  # who answers in the unit that holds it
    DEPUTY = "deputy"  # the others who could answer there
    NEXT = "next"  # who answers a level up
    ORGANISATION = "organisation"  # the agents of the organisation it is, or was, with


R, H, D, N, O = Audience.REPORTER, Audience.HOLDER, Audience.DEPUTY, Audience.NEXT, Audience.ORGANISATION  # noqa: E741 - the letters of the table

TOLD: Final[dict[str, tuple[Audience, ...]]] = {
    "ticket.submitted": (H,),
    "ticket.withdrawn": (H,),
    "ticket.accepted": (R,),
    "ticket.rejected": (R,),
    "ticket.appealed": (H,),
    "ticket.recategorised": (R, H, O),
    "ticket.dispatched": (R, O),
    "ticket.taken": (R, H),
    "ticket.handed_back": (H,),
    "ticket.recalled": (O, H),
    "ticket.waiting": (R, H, O),
    "ticket.asked": (R, H, O),
    "ticket.resumed": (R, H, O),
    "ticket.answered": (H, O),
    "ticket.claimed": (H,),
    "ticket.resolved": (R, H),
    "ticket.confirmed": (H, O),
    "ticket.settled": (R,),
    "ticket.reopened": (R, H),
    "ticket.escalated": (R, H),
    "ticket.returned": (R, H),
    "ticket.reassigned": (R, H, O),
    "ticket.extended": (R, H, O),
    "ticket.urged": (H, O),
    "ticket.commented": (R, H, O),
    "ticket.reminded": (H,),
    "ticket.overdue": (D, N),
}
