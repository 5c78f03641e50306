"""Who is told what, in which group of notices, and when: tables from events to those who hear of them."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

from app.rules.access import Part
from app.rules.escalation import MOMENTS, Clocks
from app.rules.workdays import Clock, next_in_frame
from app.words import SHANGHAI


class Audience(StrEnum):
    REPORTER = "reporter"
    HOLDER = "holder"  # who answers in the unit that holds it
    DEPUTY = "deputy"  # the others who could answer there
    NEXT = "next"  # who answers a level up
    ORGANISATION = "organisation"  # the agents of the organisation it is, or was, with
    FOLLOWERS = (
        "followers"  # neighbours: what becomes of it and what its handlers say, not how offices pass it on
    )
    CALLED = "called"  # the agents of the departments called, or, of later events, of those still awaited
    COMMUNITY = "community"  # who answers in its community, in the street where nobody does
    STREET = "street"
    JOINED = "joined"  # who answers for the ticket it was merged into


R, H, D, N, O = Audience.REPORTER, Audience.HOLDER, Audience.DEPUTY, Audience.NEXT, Audience.ORGANISATION  # noqa: E741 - the letters of the table
F, J = Audience.FOLLOWERS, Audience.JOINED
C, S, CALLED = Audience.COMMUNITY, Audience.STREET, Audience.CALLED

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
    "ticket.called_up": (R, H, CALLED),
    "ticket.reported": (H, C),
    "ticket.released": (O,),  # its data name the organisation
    "ticket.commented": (R, H, O, F, CALLED),
    "ticket.reminded": (H,),
    "ticket.overdue": (D, N),
}

DISSENTED: Final = "ticket.dissented"  # what a notice is called whose event is the vote that made them enough
UNTAKEN: Final = (
    "ticket.untaken"  # what a notice is called whose event is the reminder of a department's part
)
# Who hears that a department has not taken its part, by the percent of its time that is over.
OF_UNTAKEN: Final[dict[int, tuple[Audience, ...]]] = {100: (H, C), 200: (C, S)}


def named(type_: str, data: Mapping[str, Any]) -> str:
    """Return what a notice of an event is called: most often as the event."""
    if data.get("told"):
        return DISSENTED
    return UNTAKEN if data.get("clock") == "called" else type_


_NEIGHBOURS: Final = {Part.REPORTER, Part.FOLLOWER}  # their talk among themselves is not news to hundreds


def audiences(type_: str, part: str, data: Mapping[str, Any], *, internal: bool) -> set[Audience]:
    """Return who hears of one event: the table's, but internal words stay inside and a vote speaks only when many do."""
    if "still_there" in data:
        return {H, N} if data.get("told") else set()
    if data.get("clock") == "called":
        return set(OF_UNTAKEN[data["percent"]])
    told = set(TOLD.get(type_, ()))
    if internal:
        told -= {R, F}
    if type_ == "ticket.commented" and part in _NEIGHBOURS:
        told.discard(F)
    return told


STAFF: Final = frozenset({H, D, N, O, J, C, S, CALLED})


class Group(StrEnum):
    """What somebody may switch off together; the last one stays on."""

    MINE = "mine"  # what became of one's own reports
    WORK = "work"  # how tickets in one's hands go on
    REMINDERS = "reminders"  # a limit comes near, somebody urges
    COMMENTS = "comments"
    ALWAYS = "always"  # new work, what is overdue, a question one is asked


_COMMENTS: Final = frozenset({"ticket.commented"})
_REMINDERS: Final = frozenset({"ticket.reminded", "ticket.urged"})
_QUESTIONS: Final = frozenset({"ticket.asked"})  # the reporter's answer is waited for
# What puts a ticket into somebody's hands, or back, or says that it is too late.
_NEW_WORK: Final = frozenset(
    {"ticket.submitted", "ticket.appealed", "ticket.reopened", "ticket.escalated", "ticket.returned"}
    | {"ticket.reassigned", "ticket.dispatched", "ticket.handed_back", "ticket.recalled", "ticket.claimed"}
    | {"ticket.called_up", "ticket.unmerged", "ticket.overdue", UNTAKEN}
)


def group(event: str, audience: Audience) -> Group:
    """Return the group of notices an event belongs to for one of those who hear of it."""
    if event in _COMMENTS:
        return Group.COMMENTS
    if audience not in STAFF:
        return Group.ALWAYS if event in _QUESTIONS else Group.MINE
    if event in _REMINDERS:
        return Group.REMINDERS
    return Group.ALWAYS if event in _NEW_WORK else Group.WORK


# Which clock a notice to those who work is about; what is not named is about the work itself: the resolve clock. Of
# what the timer does, the event itself names the clock.
ABOUT: Final[dict[str, str]] = {
    **dict.fromkeys(("submitted", "withdrawn", "appealed", "returned", "escalated", "reassigned"), "accept"),
    **dict.fromkeys(("dispatched", "recalled"), "acknowledge"),
    "called_up": "called",
}
LATE: Final = timedelta(
    minutes=1
)  # what falls due at a frame's end is told in the frame, though a little later
NIGHT, MORNING = time(22), time(7)  # Asia/Shanghai


def visible_from(
    event: str, audience: Audience, clock: str | None, now: datetime, clocks: Clocks
) -> datetime:
    """Return when a notice made now is to be seen: for residents at once; for those who work inside office hours, when
    the clock it is about counts these. `clock` is the one the event names.
    """
    name = clock if clock in MOMENTS else ABOUT.get(event.removeprefix("ticket."), "resolve")
    if audience not in STAFF or clocks.scale != 1 or Clock(getattr(clocks, name)) is Clock.ALWAYS:
        return now
    return max(now, next_in_frame(now - LATE, clocks.calendar))


def morning(now: datetime) -> datetime:
    """Return the end of the night it is, `now` by day."""
    local = now.astimezone(SHANGHAI)
    if MORNING <= local.time() < NIGHT:
        return now
    day = local.date() + timedelta(days=local.time() >= NIGHT)
    return datetime.combine(day, MORNING, SHANGHAI).astimezone(now.tzinfo)
