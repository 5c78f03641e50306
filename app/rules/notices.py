"""Which audiences receive a notice of an event, in which group it belongs, and when it becomes visible."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

from app.enums import SHANGHAI
from app.rules.access import Part
from app.rules.escalation import MOMENTS, Clocks
from app.rules.workdays import Clock, next_in_frame


class Audience(StrEnum):
    """Those who may receive a notice, by what they have to do with the ticket."""

    REPORTER = "reporter"
    HOLDER = "holder"  # who answers for the unit that holds it
    DEPUTY = "deputy"  # the deputies of that unit
    NEXT = "next"  # who answers for the next unit up
    ORGANISATION = "organisation"  # the agents of the organisation that has it, or just had it
    # Neighbours: they hear of results and of its handlers' comments, not of how offices pass it on.
    FOLLOWERS = "followers"
    CALLED = "called"  # the agents of the departments just called; on other events, of those still awaited
    COMMUNITY = "community"  # who answers for its community; where nobody does, for its street
    STREET = "street"
    JOINED = "joined"  # who answers for the ticket it was merged into
    LET_GO = "let_go"  # neighbours who followed it until this event, and may not see it any more


R, H, D, N, O = Audience.REPORTER, Audience.HOLDER, Audience.DEPUTY, Audience.NEXT, Audience.ORGANISATION  # noqa: E741 - the letters of the table
F, J = Audience.FOLLOWERS, Audience.JOINED
C, S, CALLED = Audience.COMMUNITY, Audience.STREET, Audience.CALLED

# Who receives a notice of an event. `audiences` decides the cases that depend on more than its type.
AUDIENCES: Final[dict[str, tuple[Audience, ...]]] = {
    "ticket.submitted": (H,),
    "ticket.withdrawn": (H, F),
    "ticket.accepted": (R, F),
    "ticket.rejected": (R, F),
    "ticket.appealed": (H, F),
    "ticket.recategorised": (R, H, O),
    "ticket.merged": (R, F, H, J),
    "ticket.split": (R, F),  # whoever holds the new ticket hears of that one
    "ticket.unmerged": (R, F, H),
    "ticket.undone": (R, F, H, O, J),  # of them whoever was told of what is undone
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
    "ticket.released": (O,),  # the organisation its data name
    "ticket.commented": (R, H, O, F, CALLED),
    "ticket.reminded": (H,),
    "ticket.overdue": (D, N),
}

# Events of whose type nobody is told. Those whom any event lets go hear of that: LET_GO_NOTICE, below.
SILENT: Final = frozenset({"ticket.edited", "ticket.made_private"})

POINTS_LAPSE: Final = "points.lapse"  # to whom points are about to lapse; of a community, by the clock

# Types of notices that differ from the type of their event:
# the vote by which enough residents say that the problem is still there,
DISSENT_NOTICE: Final = "ticket.dissented"
# that a ticket has turned private, to those who followed it until then,
LET_GO_NOTICE: Final = "ticket.let_go"
# and the reminder that a called department has not taken its part.
UNTAKEN_NOTICE: Final = "ticket.untaken"
# and what nobody holds: it is still to be assigned.
UNASSIGNED_NOTICE: Final = "ticket.unassigned"
# Types of notices of a unit: somebody stands in for its head, nobody does, or no longer has to.
STANDING_IN: Final = "unit.standing_in"
UNSTAFFED: Final = "unit.unstaffed"
RELIEVED: Final = "unit.relieved"
# The type of the notice that a unit's group robot is no longer known to WeCom.
ROBOT_DISABLED: Final = "robot.disabled"
# Who hears that a department has not taken its part, by the percentage of its time that has passed.
UNTAKEN_AUDIENCES: Final[dict[int, tuple[Audience, ...]]] = {100: (H, C), 200: (C, S)}


def notice_type(type_: str, data: Mapping[str, Any], audience: Audience | None = None) -> str:
    """Return the type of an event's notice to an audience, for most the event's own. `data`: the event's."""
    if audience is Audience.LET_GO:
        return LET_GO_NOTICE
    if data.get("told"):
        return DISSENT_NOTICE
    if type_ == "ticket.reassigned" and data.get("unit") is None:
        return UNASSIGNED_NOTICE
    if type_ == "ticket.reassigned" and data["level"] > 1:  # nobody was available in the grid
        return "ticket.escalated"
    return UNTAKEN_NOTICE if data.get("clock") == "called" else type_


def _reaches_another_unit(data: Mapping[str, Any]) -> bool:
    """Tell whether a reassignment has given the ticket to a unit that did not hold it before. `data`: the event's."""
    return data.get("unit") not in {None, data.get("from")}


_NEIGHBOURS: Final = {Part.REPORTER, Part.FOLLOWER}  # their comments do not notify hundreds of followers


def audiences(type_: str, part: str, data: Mapping[str, Any], *, internal: bool) -> set[Audience]:
    """Return who receives a notice of one event.

    The table decides, except that internal comments reach staff only, that a vote ("still there") is a notice only when
    it makes the votes enough, that the reporter hears of a reassignment only once another unit has the ticket, and that
    what is undone concerns only those who were told of it.
    """
    if "still_there" in data:
        return {H, N} if data.get("told") else set()
    if data.get("clock") == "called":
        return set(UNTAKEN_AUDIENCES[data["percent"]])
    if "passed_to" in data:
        return set()  # the same words on the ticket it was merged into are a notice there
    result = set(AUDIENCES.get(type_, ()))
    if "undoes" in data:
        result &= set(AUDIENCES[f"ticket.{data['undoes']}"])
    if internal:
        result -= {R, F}
    if type_ == "ticket.commented" and part in _NEIGHBOURS:
        result.discard(F)
    if type_ == "ticket.reassigned" and not _reaches_another_unit(data):
        result.discard(R)
    return result


STAFF: Final = frozenset({H, D, N, O, J, C, S, CALLED})


class Group(StrEnum):
    """A group of notices that a person can mute; ALWAYS cannot be muted."""

    MINE = "mine"  # progress of one's own reports
    WORK = "work"  # progress of tickets one handles
    REMINDERS = "reminders"  # a limit is near, or somebody urges
    COMMENTS = "comments"
    ALWAYS = "always"  # new work, overdue tickets, questions to the reporter


_COMMENTS: Final = frozenset({"ticket.commented"})
_REMINDERS: Final = frozenset({"ticket.reminded", "ticket.urged"})
_QUESTIONS: Final = frozenset({"ticket.asked"})  # the work waits for the reporter's answer
# Somebody gets a ticket, or gets it back, or it is overdue.
_NEW_WORK: Final = frozenset(
    {"ticket.submitted", "ticket.appealed", "ticket.reopened", "ticket.escalated", "ticket.returned"}
    | {"ticket.reassigned", "ticket.dispatched", "ticket.handed_back", "ticket.recalled", "ticket.claimed"}
    | {
        "ticket.called_up",
        "ticket.unmerged",
        "ticket.undone",
        "ticket.overdue",
        UNTAKEN_NOTICE,
        UNASSIGNED_NOTICE,
    }
)


def group(type_: str, audience: Audience) -> Group:
    """Return the group a type of notice belongs to, for one audience."""
    if type_ in _COMMENTS:
        return Group.COMMENTS
    if audience not in STAFF:
        return Group.ALWAYS if type_ in _QUESTIONS else Group.MINE
    if type_ in _REMINDERS:
        return Group.REMINDERS
    return Group.ALWAYS if type_ in _NEW_WORK else Group.WORK


# The clock that decides when staff see a notice of an event; the resolve clock where none is given here. Events of the
# timer name their clock themselves.
EVENT_CLOCKS: Final[dict[str, str]] = {
    **dict.fromkeys(("submitted", "withdrawn", "appealed", "returned", "escalated", "reassigned"), "accept"),
    **dict.fromkeys(("dispatched", "recalled", "undone"), "acknowledge"),
    "called_up": "called",
}
# What falls due at the end of office hours is still shown that day, although the timer acts a little later.
TIMER_DELAY: Final = timedelta(minutes=1)
NIGHT_BEGINS, NIGHT_ENDS = time(22), time(7)  # Asia/Shanghai


def visible_from(
    type_: str, audience: Audience, clock: str | None, now: datetime, clocks: Clocks
) -> datetime:
    """Return when a notice written now becomes visible.

    Residents see it at once. Staff see it in office hours, if its clock counts office hours only. `clock`: the clock
    the event names, if any.
    """
    name = clock if clock in MOMENTS else EVENT_CLOCKS.get(type_.removeprefix("ticket."), "resolve")
    if audience not in STAFF or clocks.scale != 1 or Clock(getattr(clocks, name)) is Clock.ALWAYS:
        return now
    return max(now, next_in_frame(now - TIMER_DELAY, clocks.calendar))


def end_of_night(now: datetime) -> datetime:
    """Return when the current night ends; `now` during the day."""
    local = now.astimezone(SHANGHAI)
    if NIGHT_ENDS <= local.time() < NIGHT_BEGINS:
        return now
    day = local.date() + timedelta(days=local.time() >= NIGHT_BEGINS)
    return datetime.combine(day, NIGHT_ENDS, SHANGHAI).astimezone(now.tzinfo)
