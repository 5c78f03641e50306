"""The timer: find due tickets by one cheap statement, and perform the same actions on them as people do."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID

from app import clock, db, log
from app.rules import escalation
from app.rules.escalation import ESCALATE, OVERDUE, RECALL, REMIND, RESUME, SETTLE, DueAction
from app.rules.facts import Facts
from app.services import ledger, setup
from app.services.ledger import ActionResult
from app.services.tickets import actions, departments
from app.services.tickets.context import ActionContext, timer_context
from app.services.tickets.effects import ACTIONS
from app.sql import Statement

logger = log.get("timers")
BATCH: Final = 500
RETRY_AFTER: Final = timedelta(hours=1)  # after an error, so that the ticket does not block others

# timer_at has a partial index: the cost depends on the tickets that are due, not on those that are open.
_DUE: Final = Statement("""
SELECT t.*, s.version AS setup_version FROM setup s
LEFT JOIN (SELECT * FROM ticket WHERE timer_at <= :now ORDER BY timer_at LIMIT :limit) t ON true
""")


async def sweep_timers() -> int:
    """Perform the due actions of at most BATCH tickets; return how many were done. Sweeps may run concurrently."""
    now = clock.now()
    rows = await db.execute(_DUE, now=now, limit=BATCH)
    tickets_due = [cast(Facts, dict(row)) for row in rows if row["id"]]
    if not tickets_due:
        return 0
    catalogue = await setup.cached_catalogue(rows[0]["setup_version"])
    acts: list[ledger.Act] = []
    timers: list[tuple[UUID, int, int, datetime | None]] = []
    for ticket in tickets_due:
        try:
            context = timer_context(ticket, None, catalogue, actions.ticket_now(ticket))
            due = escalation.next_due_action(ticket, now, context.clocks)
            if due and due.at <= now:
                acts.append(timer_act(context, due))
                continue
            at = due.at if due else None
        except Exception:
            logger.exception("timer_failed", ticket=str(ticket["id"]))
            at = now + RETRY_AFTER
        timers.append((ticket["id"], ticket["seq"], ticket["version"], at))
    await ledger.set_timers(timers)
    done = await ledger.record(acts) if acts else set()
    logger.info("timers_swept", due=len(tickets_due), done=len(done))
    return len(done)


def timer_act(context: ActionContext, due: DueAction) -> ledger.Act:
    """Return the act of the timer on one ticket."""
    action, result = TIMER_ACTIONS[due.act](context)
    # A department has a clock of its own. The street's daily reminder counts from the ticket's `timed_at`.
    if due.organisation_id:
        result.changes |= departments.remind(context.ticket, due)
        result.data["organisation"] = str(due.organisation_id)
    else:
        result.changes |= {"timed_at": context.now}
        if due.clock in escalation.MOMENTS:
            result.changes.setdefault(f"{due.clock}_step", due.step + 1)
    result.data |= {"clock": due.clock, "percent": due.percent}
    return actions.build_act(context, action, result)


TimerAction = Callable[[ActionContext], tuple[str, ActionResult]]


def _notify(event: str) -> TimerAction:
    return lambda _: ("remind", ActionResult(event=event))


def _perform(action: str) -> TimerAction:
    return lambda context: (action, ACTIONS[action].decide(context, None))


TIMER_ACTIONS: Final[dict[str, TimerAction]] = {
    REMIND: _notify("reminded"),
    OVERDUE: _notify("overdue"),
    ESCALATE: _perform("escalate"),
    RECALL: _perform("recall"),
    RESUME: _perform("resume"),
    SETTLE: _perform("settle"),
}
