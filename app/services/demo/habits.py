"""The habits of the demo street's people: what happens next to a ticket, when, and how often it goes wrong."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final, NamedTuple
from uuid import UUID

from app.enums import Origin, Outcome, Status
from app.rules.facts import Facts

_OUTCOMES: Final = {
    Outcome.FIXED: 82,
    Outcome.EXPLAINED: 8,
    Outcome.PARTIAL: 5,
    Outcome.REFERRED: 2,
    Outcome.LISTED: 3,
}
# How a reporter answers: (verdict, rating), by how often. Without a verdict they reopen; the rest says nothing.
_ANSWERS: Final = {
    ("solved", 5): 34,
    ("solved", 4): 15,
    ("solved", None): 6,
    ("partly", 3): 6,
    ("partly", 2): 3,
    ("reopen", None): 5,
    ("silent", None): 31,
}
_HAND_BACKS: Final = 0.06
_LATE: Final = 0.1  # of what is done, this share is late
_SOON, _A_DAY = timedelta(minutes=3), timedelta(days=1)


class Step(NamedTuple):
    """What happens next: by whom (`reporter`, `partner`, `holder`), an action, its body, and when."""

    by: str
    action: str
    body: Mapping[str, Any]
    at: datetime


def next_step(ticket: Facts, companies: Sequence[UUID], done: str, chance: Random) -> Step | None:
    """Return what people do next, None if nothing. `companies`: those it may be dispatched to."""
    if ticket["status"] == Status.NEW:
        return _begin(ticket, companies, chance)
    if ticket["status"] == Status.DISPATCHED and not ticket["acknowledged_at"]:
        return _take(ticket, chance)
    if ticket["status"] in {Status.ACCEPTED, Status.DISPATCHED}:
        (outcome,) = chance.choices(list(_OUTCOMES), list(_OUTCOMES.values()))
        by = "partner" if ticket["status"] == Status.DISPATCHED else "holder"
        at = _by(ticket, ticket["resolve_due"], chance)
        return Step(by, "resolve", {"outcome": outcome, "text": done}, at)
    return _answer(ticket, chance) if ticket["status"] == Status.RESOLVED else None


def _by(ticket: Facts, due: datetime | None, chance: Random) -> datetime:
    """Return a moment between the last act and a limit, or some time after it."""
    last = ticket["updated_at"]
    room = max((due or last) - last, _SOON)
    share = chance.uniform(1.05, 2.2) if chance.random() < _LATE else chance.betavariate(1.6, 3.5)
    return last + max(room * share, _SOON)


def _begin(ticket: Facts, companies: Sequence[UUID], chance: Random) -> Step:
    at = _by(ticket, ticket["accept_due"], chance)
    fate = chance.random()
    if fate < 0.02 and ticket["origin"] == Origin.RESIDENT:
        return Step("reporter", "withdraw", {}, at)
    if fate < 0.05:
        reason = chance.choice(("not_ours", "private_matter", "no_fault", "unclear"))
        return Step("holder", "reject", {"reason": reason, "text": "已电话说明情况"}, at)
    if companies and fate < 0.75 and not ticket["hand_backs"]:
        return Step("holder", "dispatch", {"organisation_id": companies[0]}, at)
    return Step("holder", "accept", {}, at)


def _take(ticket: Facts, chance: Random) -> Step:
    at = _by(ticket, ticket["acknowledge_due"], chance)
    if chance.random() < _HAND_BACKS and not ticket["hand_backs"]:
        return Step("partner", "hand_back", {"reason": "not_our_trade", "text": "不在合同范围"}, at)
    return Step("partner", "take", {}, at)


def _answer(ticket: Facts, chance: Random) -> Step | None:
    ((verdict, rating),) = chance.choices(list(_ANSWERS), list(_ANSWERS.values()))
    at = ticket["updated_at"] + _A_DAY * chance.betavariate(1, 2) * 4 + _SOON
    if verdict == "silent" or ticket["origin"] != Origin.RESIDENT:
        return None
    if verdict == "reopen":
        return Step("reporter", "reopen", {"text": "又坏了，请再看看"}, at)
    return Step("reporter", "confirm", {"verdict": verdict, "rating": rating}, at)
