"""What an erasure leaves to do: note it outside the database, withdraw tickets, and look again for what came late."""

from datetime import timedelta
from typing import Any, Final, cast
from uuid import UUID

from app import clock, db, log, settings
from app.rules import lifecycle
from app.rules.access import Actor, Part
from app.rules.facts import Facts
from app.services import catalogue, ledger, tickets
from app.services.acts import ACTS
from app.services.erasing import register
from app.services.erasing.register import Noted
from app.services.erasing.statement import erase
from app.services.scene import Scene
from app.words import ERASED

logger = log.get("erasing")
BATCH: Final = 20
SETTLES: Final = timedelta(
    seconds=60
)  # what was begun before an erasure has ended by then, twelve times over
EVERY: Final = timedelta(seconds=60)  # how soon after closing the words of a kept ticket go
LATER: Final = timedelta(minutes=5)  # one that failed waits, and holds up no other

_DUE: Final = "SELECT * FROM erasure WHERE look_at <= $1 ORDER BY look_at LIMIT $2"


async def sweep() -> int:
    """Go on with every erasure that is due; return how many were. Other sweepers may run beside: all of it repeats."""
    rows = await db.fetch(_DUE, clock.now(), BATCH)
    for row in rows:
        try:
            await _go_on(row)
        except Exception:
            logger.exception("erasure_failed", person=str(row["person_id"]))
            await _look_at(row["person_id"], clock.now() + LATER)
    return len(rows)


async def look(person_id: UUID) -> None:
    """Go on with one erasure."""
    row = await db.fetchrow("SELECT * FROM erasure WHERE person_id = $1", person_id)
    if row is not None:
        await _go_on(row)


async def _go_on(row: Any) -> None:
    """Do what can be done now; what needs the storage comes last, so that it holds up nothing when that is away."""
    now, person_id, keeps = clock.now(), row["person_id"], row["keeps"]
    if not keeps:
        await _withdraw(person_id)
    settled, settles = row["settled_at"] is not None, row["at"] + SETTLES
    if now >= settles and (not settled or await _is_left(person_id, keeps=keeps)):
        await erase(person_id, keeps=keeps, again=True)
        settled = True
    if row["noted_at"] is None:
        await register.note(Noted(person_id, row["at"], keeps))
    waits = settled and await db.fetch(_WAITS, person_id, keeps)
    look_at = now + EVERY if waits else None if settled else settles
    await db.fetch(_LOOKED, person_id, now, now if settled else None, look_at)


_LOOKED: Final = """
UPDATE erasure SET noted_at = coalesce(noted_at, $2), settled_at = coalesce(settled_at, $3), look_at = $4 WHERE person_id = $1
"""


async def _look_at(person_id: UUID, at: Any) -> None:
    await db.fetch("UPDATE erasure SET look_at = $2 WHERE person_id = $1", person_id, at)


# What a ticket that has ended still holds.
_LEFT: Final = """
SELECT FROM ticket WHERE reporter_id = $1 AND (NOT $2::bool OR status IN ('closed', 'rejected', 'merged'))
   AND (contact_sealed IS NOT NULL OR on_behalf_name_sealed IS NOT NULL
        OR origin NOT IN ('staff', 'partner') AND (
            description IS DISTINCT FROM $3
            OR lat IS NOT NULL AND (place_id IS NOT NULL OR status IN ('closed', 'rejected', 'merged')))) LIMIT 1
"""
# Tickets that will hold something once they end: kept ones, and those known by their position alone.
_WAITS: Final = """
SELECT FROM ticket WHERE reporter_id = $1 AND status NOT IN ('closed', 'rejected', 'merged')
   AND ($2::bool OR origin NOT IN ('staff', 'partner') AND (status = 'new' OR lat IS NOT NULL)) LIMIT 1
"""


async def _is_left(person_id: UUID, *, keeps: bool) -> bool:
    return bool(await db.fetch(_LEFT, person_id, keeps, ERASED))


_NEW: Final = """
SELECT t.*, s.version AS setup_version FROM setup s JOIN ticket t ON t.reporter_id = $1 AND t.status = 'new'
WHERE t.origin NOT IN ('staff', 'partner') ORDER BY t.id LIMIT 100
"""


async def _withdraw(person_id: UUID) -> None:
    """Withdraw what nobody has accepted yet, by the same act as the reporter's own."""
    while rows := await db.fetch(_NEW, person_id):
        known = await catalogue.current(rows[0]["setup_version"])
        acts = [_withdrawal(cast(Facts, dict(row)), known) for row in rows]
        if not await ledger.record(acts):
            return  # somebody is acting on them; the next look sees what became of it


def _withdrawal(ticket: Facts, known: catalogue.Catalogue) -> ledger.Act:
    reporter = Actor(cast(UUID, ticket["reporter_id"]), ticket["id"], 0, ())  # signed in nowhere any more
    parts, now = {Part.REPORTER: None}, tickets.moment_of(ticket)
    lifecycle.require("withdraw", ticket, parts, now, ACTS, settings.get().sla_scale)
    scene = Scene(ticket, parts, Part.REPORTER, None, reporter, now, known)
    return tickets.change(scene, "withdraw", ACTS["withdraw"].effect(scene, None))
