"""The timer's hand: what is due is found by one cheap statement and done by the same acts as anybody's."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

from app import clock, db, log
from app.rules import escalation
from app.rules.access import Part
from app.rules.escalation import ESCALATE, OVERDUE, RECALL, REMIND, RESUME, SETTLE, Due
from app.rules.facts import Facts
from app.services import calling, catalogue, ledger, tickets
from app.services.acts import ACTS
from app.services.scene import Effect, Scene

logger = log.get("timers")
BATCH: Final = 500
PUT_OFF: Final = timedelta(hours=1)  # a ticket that cannot be timed waits, and holds up no other

# Looking costs what is due, not what is open: timer_at has a partial index.
_DUE: Final = """
SELECT t.*, s.version AS setup_version FROM setup s
LEFT JOIN (SELECT * FROM ticket WHERE timer_at <= $1 ORDER BY timer_at LIMIT $2) t ON true
"""


async def sweep() -> int:
    """Do every moment that has come, once each; return how many were done. Other sweepers may run beside."""
    now = clock.now()
    rows = await db.fetch(_DUE, now, BATCH)
    tickets_due = [cast(Facts, dict(row)) for row in rows if row["id"]]
    if not tickets_due:
        return 0
    known = await catalogue.current(rows[0]["setup_version"])
    acts: list[ledger.Act] = []
    alarms: list[tuple[UUID, int, int, datetime | None]] = []
    for ticket in tickets_due:
        try:
            scene = Scene(
                ticket, {Part.TIMER: None}, Part.TIMER, None, None, tickets.moment_of(ticket), known
            )
            due = escalation.upcoming(ticket, now, scene.clocks)
            if due and due.at <= now:
                acts.append(_act(scene, due))
                continue
            at = due.at if due else None
        except Exception:
            logger.exception("timer_failed", ticket=str(ticket["id"]))
            at = now + PUT_OFF
        alarms.append((ticket["id"], ticket["seq"], ticket["version"], at))
    await ledger.set_timers(alarms)
    done = await ledger.record(acts) if acts else set()
    logger.info("timers_swept", due=len(tickets_due), done=len(done))
    return len(done)


def _act(scene: Scene, due: Due) -> ledger.Act:
    """Return what the timer does to one ticket now."""
    action, effect = _DOES[due.act](scene)
    if (
        due.organisation_id
    ):  # a department's own clock; the street's daily reminder is counted from the ticket's
        effect.changes |= calling.reminded(scene.ticket, due)
        effect.data["organisation"] = str(due.organisation_id)
    else:
        effect.changes |= {"timed_at": scene.now}
        if due.clock in escalation.MOMENTS:
            effect.changes.setdefault(f"{due.clock}_step", due.step + 1)
    effect.data |= {"clock": due.clock, "percent": due.percent}
    return tickets.change(scene, action, effect)


Doing = Callable[[Scene], tuple[str, Effect]]


def _told(event: str) -> Doing:
    return lambda _: ("remind", Effect(event=event))


def _acted(action: str) -> Doing:
    return lambda scene: (action, ACTS[action].effect(scene, None))


_DOES: Final[dict[str, Doing]] = {
    REMIND: _told("reminded"),
    OVERDUE: _told("overdue"),
    ESCALATE: _acted("escalate"),
    RECALL: _acted("recall"),
    RESUME: _acted("resume"),
    SETTLE: _acted("settle"),
}
