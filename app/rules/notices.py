"""Who is told what: one table from events to those who hear of them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from app.rules.access import Part


class Audience(StrEnum):
    REPORTER = "reporter"
    HOLDER = "holder"  # who answers in the unit that holds it
    DEPUTY = "deputy"  # the others who could answer there
    NEXT = "next"  # who answers a level up
    ORGANISATION = "organisation"  # the agents of the organisation it is, or was, with
    FOLLOWERS = (
        "followers"  # neighbours: what becomes of it and what its handlers say, not how offices pass it on
    )
    JOINED = "joined"  # who answers for the ticket it was merged into


R, H, D, N, O = Audience.REPORTER, Audience.HOLDER, Audience.DEPUTY, Audience.NEXT, Audience.ORGANISATION  # noqa: E741 - the letters of the table
F, J = Audience.FOLLOWERS, Audience.JOINED

TOLD: Final[dict[str, tuple[Audience, ...]]] = {
    "ticket.submitted": (H,),
    "ticket.withdrawn": (H, F),
    "ticket.accepted": (R, F),
    "ticket.rejected": (R, F),
    "ticket.appealed": (H, F),
    "ticket.recategorised": (R, H, O),
    "ticket.merged": (R, F, H, J),
    "ticket.unmerged": (R, F, H),
    "ticket.dispatched": (R, O, F),
    "ticket.taken": (R, H),
    "ticket.handed_back": (H,),
    "ticket.recalled": (O, H),
    "ticket.waiting": (R, H, O, F),
    "ticket.asked": (R, H, O),
    "ticket.resumed": (R, H, O),
    "ticket.answered": (H, O),
    "ticket.claimed": (H,),
    "ticket.resolved": (R, H, F),
    "ticket.confirmed": (H, O, F),
    "ticket.settled": (R, F),
    "ticket.reopened": (R, H, F),
    "ticket.escalated": (R, H),
    "ticket.returned": (R, H),
    "ticket.reassigned": (R, H, O),
    "ticket.extended": (R, H, O),
    "ticket.urged": (H, O),
    "ticket.commented": (R, H, O, F),
    "ticket.reminded": (H,),
    "ticket.overdue": (D, N),
}

DISSENTED: Final = "ticket.dissented"  # what a notice is called whose event is the vote that made them enough
_NEIGHBOURS: Final = {Part.REPORTER, Part.FOLLOWER}  # their talk among themselves is not news to hundreds


def audiences(type_: str, part: str, data: Mapping[str, Any], *, internal: bool) -> set[Audience]:
    """Return who hears of one event: the table's, but internal words stay inside and a vote speaks only when many do."""
    if "still_there" in data:
        return {H, N} if data.get("told") else set()
    told = set(TOLD.get(type_, ()))
    if internal:
        told -= {R, F}
    if type_ == "ticket.commented" and part in _NEIGHBOURS:
        told.discard(F)
    return told
