"""Time of a ticket: going to a moment, letting the timer do what is due, and who was told of it."""

from datetime import datetime

from app import clock, db
from app.services.tickets.clocks import timers
from tests.world import run_jobs


async def told(event: str) -> set[str]:
    """Return the personas who have been told of an event."""
    await run_jobs()
    rows = await db.fetch(
        "SELECT p.demo FROM notice n JOIN person p ON p.id = n.person_id WHERE n.type = $1", f"ticket.{event}"
    )
    return {found["demo"] for found in rows if found["demo"]}


def go_to(moment: datetime) -> None:
    clock.travel(moment - clock.now())


async def sweep_out() -> int:
    """Sweep until nothing is due; return how much was done."""
    count = 0
    while done := await timers.sweep_timers():
        count += done
    return count
