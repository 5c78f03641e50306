"""Finish an erasure: write the tombstone, withdraw new tickets, erase what was written while it ran."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple, cast
from uuid import UUID

from app import clock, db, log, settings
from app.labels import ERASED
from app.rules import lifecycle
from app.rules.access import Actor, Part
from app.rules.facts import Facts
from app.rules.statuses import ENDED, OPEN, sql_list
from app.services import setup, tickets
from app.services.privacy.erasing import tombstones
from app.services.privacy.erasing.statement import erase_person
from app.services.privacy.erasing.tombstones import Tombstone
from app.services.tickets import ACTIONS, ActionContext
from app.sql import Statement

logger = log.get("erasing")
BATCH: Final = 20
SETTLE_TIME: Final = timedelta(
    seconds=60
)  # every request begun before an erasure has ended by then (limit: 5 s)
RECHECK_INTERVAL: Final = timedelta(seconds=60)  # how soon after its closing a kept ticket loses its words
RETRY_DELAY: Final = timedelta(minutes=5)  # after a failure, so that it does not hold up the others


class ErasureRow(NamedTuple):
    """An erasure as the worker goes on with it."""

    person_id: UUID
    at: datetime
    keeps: bool  # open tickets keep their words until they close
    noted_at: datetime | None  # when its tombstone was written
    settled_at: datetime | None  # when it was repeated after SETTLE_TIME


_COLUMNS: Final = ", ".join(ErasureRow._fields)
_DUE: Final = Statement(f"SELECT {_COLUMNS} FROM erasure WHERE look_at <= :now ORDER BY look_at LIMIT :limit")
_LOAD: Final = Statement(f"SELECT {_COLUMNS} FROM erasure WHERE person_id = :person_id")


async def sweep_erasures() -> int:
    """Continue every erasure that is due; return how many that were. Safe to run in several processes at once."""
    rows = await db.execute(_DUE, now=clock.now(), limit=BATCH)
    for row in rows:
        try:
            await _continue(ErasureRow(**row))
        except Exception:
            logger.exception("erasure_failed", person=str(row["person_id"]))
            await db.execute(_RETRY, person_id=row["person_id"], look_at=clock.now() + RETRY_DELAY)
    return len(rows)


async def finish_erasure(person_id: UUID) -> None:
    """Continue the erasure of one person, if there is one."""
    row = await db.execute_one(_LOAD, person_id=person_id)
    if row is not None:
        await _continue(ErasureRow(**row))


async def _continue(erasure: ErasureRow) -> None:
    """Do all that can be done now. The object storage comes last: when it is away, nothing else is held up."""
    now, person_id, keeps = clock.now(), erasure.person_id, erasure.keeps
    if not keeps:
        await _withdraw_tickets(person_id)
        await _act_on_all(_MERGED_INTO, person_id, "unmerge")
    await _act_on_all(_ASKED, person_id, "resume")
    settled, settles_at = erasure.settled_at is not None, erasure.at + SETTLE_TIME
    if now >= settles_at and (not settled or await _has_remains(person_id, keeps=keeps)):
        await erase_person(person_id, keep_open_tickets=keeps, repeat=True)
        settled = True
    if erasure.noted_at is None:
        await tombstones.write_tombstone(Tombstone(person_id, erasure.at, keeps))
    if not settled:
        look_at: datetime | None = settles_at
    else:
        open_tickets = await db.execute(_OPEN_TICKETS, person_id=person_id, keeps=keeps)
        look_at = now + RECHECK_INTERVAL if open_tickets else None
    await db.execute(
        _UPDATE, person_id=person_id, now=now, settled_at=now if settled else None, look_at=look_at
    )


_UPDATE: Final = Statement("""
UPDATE erasure SET noted_at = coalesce(noted_at, :now), settled_at = coalesce(settled_at, :settled_at), look_at = :look_at
WHERE person_id = :person_id
""")
_RETRY: Final = Statement("UPDATE erasure SET look_at = :look_at WHERE person_id = :person_id")

# Tickets that still hold words or contact data which the erasure has to remove.
_REMAINS: Final = Statement(f"""
SELECT FROM ticket WHERE reporter_id = :person_id AND (NOT :keeps::bool OR status IN {sql_list(ENDED)})
   AND (contact_sealed IS NOT NULL OR on_behalf_name_sealed IS NOT NULL
        OR origin NOT IN ('staff', 'partner') AND (
            description IS DISTINCT FROM :erased_text
            OR lat IS NOT NULL AND (place_id IS NOT NULL OR status IN {sql_list(ENDED)}))) LIMIT 1
""")
# Open tickets with something to remove once they end: all if they are kept, else those located by coordinates only.
_OPEN_TICKETS: Final = Statement(f"""
SELECT FROM ticket WHERE reporter_id = :person_id AND status NOT IN {sql_list(ENDED)}
   AND (:keeps::bool OR origin NOT IN ('staff', 'partner') AND (status = 'new' OR lat IS NOT NULL)) LIMIT 1
""")


async def _has_remains(person_id: UUID, *, keeps: bool) -> bool:
    return bool(await db.execute(_REMAINS, person_id=person_id, keeps=keeps, erased_text=ERASED))


_NEW_TICKETS: Final = Statement("""
SELECT t.*, s.version AS setup_version FROM setup s JOIN ticket t ON t.reporter_id = :person_id AND t.status = 'new'
WHERE t.origin NOT IN ('staff', 'partner') ORDER BY t.id LIMIT 100
""")


async def _withdraw_tickets(person_id: UUID) -> None:
    """Withdraw the tickets nobody has accepted yet, by the same action the reporter could have used."""
    while rows := await db.execute(_NEW_TICKETS, person_id=person_id):
        catalogue = await setup.cached_catalogue(rows[0]["setup_version"])
        withdrawn = [await _withdraw(cast(Facts, dict(row)), catalogue) for row in rows]
        if not any(withdrawn):
            return  # somebody acts on them at the same time; the next sweep tries again


async def _withdraw(ticket: Facts, catalogue: setup.Catalogue) -> bool:
    """Withdraw a ticket; tell whether it was, or somebody was faster."""
    reporter = Actor(cast(UUID, ticket["reporter_id"]), ticket["id"], 0, ())  # without a login
    parts, now = {Part.REPORTER: None}, tickets.ticket_now(ticket)
    lifecycle.require_possible("withdraw", ticket, parts, now, ACTIONS, settings.get().sla_scale)
    context = ActionContext(
        ticket=ticket,
        parts=parts,
        part=Part.REPORTER,
        seat=None,
        actor=reporter,
        now=now,
        catalogue=catalogue,
        place_path=setup.path_of(ticket, None),
    )
    result = ACTIONS["withdraw"].decide(context, None)
    return await tickets.carry_out(context, "withdraw", result) is not None


# Reports merged into tickets that are handled on without the words of who reported them.
_MERGED_INTO: Final = Statement(f"""
SELECT m.*, s.version AS setup_version FROM setup s
JOIN ticket t ON t.reporter_id = :person_id AND t.status IN {sql_list(OPEN)} AND t.origin NOT IN ('staff', 'partner')
JOIN ticket m ON m.merged_into_id = t.id ORDER BY m.id LIMIT 100
""")
# Tickets that wait for an answer nobody will give.
_ASKED: Final = Statement(f"""
SELECT t.*, s.version AS setup_version FROM setup s
JOIN ticket t ON t.reporter_id = :person_id AND t.status = 'waiting' AND t.paused_for = '{lifecycle.QUESTION_REASON}'
ORDER BY t.id LIMIT 100
""")


async def _act_on_all(select: Statement, person_id: UUID, action: str) -> None:
    """Perform an action by the timer on every ticket of a selection, because its reporter is erased."""
    while rows := await db.execute(select, person_id=person_id):
        catalogue = await setup.cached_catalogue(rows[0]["setup_version"])
        done = [await _act(cast(Facts, dict(row)), catalogue, action) for row in rows]
        if not any(done):
            return  # as above


async def _act(ticket: Facts, catalogue: setup.Catalogue, action: str) -> bool:
    context = tickets.timer_context(ticket, None, catalogue, tickets.ticket_now(ticket))
    result = ACTIONS[action].decide(context, None)
    result.data["cause"] = "erased"
    return await tickets.carry_out(context, action, result) is not None
