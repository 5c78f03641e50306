"""What becomes of reservations by the clock: what is not collected returns, and what is not back is written off."""

from datetime import datetime, time, timedelta
from typing import Any, Final

from app import clock, db, ids
from app.enums import SHANGHAI, SubjectKind
from app.rules import reservations
from app.rules.access import Part
from app.rules.notices import Group, end_of_night
from app.services import ledger, setup
from app.services.subjects import stocks, waiting
from app.services.subjects.stocks import Mover
from app.sql import Statement

_BATCH: Final = 100


async def sweep_reservations() -> int:
    """End reservations whose time is over; return how many there were. Safe to run in several processes at once."""
    now = clock.now()
    rows = await db.execute(_DUE, now=now, lost=timedelta(days=reservations.LOST_DAYS), limit=_BATCH)
    for row in rows:
        async with db.atomic() as fetch:
            mover = Mover(fetch=fetch, now=now)
            for locked in await mover.run(_LOCK, subject_id=row["id"], status=row["status"]):
                await _end(mover, locked)
    return len(rows)


async def _end(mover: Mover, row: Any) -> None:
    offer = await waiting.lock_offer(mover.fetch, row["source_id"])
    expired = row["status"] == "granted"
    if expired:
        await stocks.put_back(mover, row)
    else:
        await stocks.lose(mover, row)
    at = max(mover.now, row["updated_at"])
    entry = ledger.Entry(
        ticket_id=row["id"],
        seq=row["seq"] + 1,
        at=at,
        type=f"{row['kind']}.{'expired' if expired else 'written_off'}",
        part=Part.TIMER,
        subject=row["kind"],
    )
    status = "expired" if expired else "lost"
    changes = {"status": status, "ended_at": at, "version": row["version"] + 1}
    await ledger.record_on_subject(mover.fetch, entry, changes)
    if expired:
        await waiting.move_up(mover, offer)


async def remind_borrowers() -> int:
    """Tell who has borrowed something the day before its last day and on that day, while it is out, but not on the day of the hand-over; return how many."""
    now, today, written = clock.now(), setup.today(), 0
    if end_of_night(now) > now:
        return 0
    for number, (event, days) in enumerate(_REMINDERS.items()):
        first = datetime.combine(today + timedelta(days=days), time(), SHANGHAI)
        rows = await db.execute(
            _REMIND,
            now=now,
            after=first,
            today=datetime.combine(today, time(), SHANGHAI),
            until=first + timedelta(days=1),
            seq=-1 - number,
            type=f"{SubjectKind.RESERVATION}.{event}",
            for_another=reservations.FOR_ANOTHER,
            mine=Group.MINE,
            ids=[ids.new() for _ in range(_BATCH)],
            limit=_BATCH,
        )
        written += len(rows)
    return written


# How many days before its last day each is told. A loan is due at the midnight that ends that day.
_REMINDERS: Final = {reservations.BACK_IN_A_DAY: 1, reservations.BACK_TODAY: 0}
_REMIND: Final = Statement("""
WITH due AS (
    SELECT s.id, s.author_id, CASE WHEN s.on_behalf_name_sealed IS NULL THEN :type::text ELSE :type || :for_another::text END AS type,
           row_number() OVER () AS n FROM subject s JOIN person n ON n.id = s.author_id
    WHERE s.kind = 'reservation' AND s.status = 'out' AND s.due_at > :after::timestamptz AND s.due_at <= :until::timestamptz
      AND s.starts_at < :today::timestamptz AND n.erased_at IS NULL AND NOT :mine::text = ANY (n.muted)
      AND NOT EXISTS (SELECT FROM notice o WHERE o.person_id = n.id AND o.subject_id = s.id AND o.seq = :seq)
    LIMIT :limit
)
INSERT INTO notice (id, person_id, subject_id, seq, type, created_at, visible_at)
SELECT t.id, d.author_id, d.id, :seq, d.type, :now::timestamptz, :now
FROM due d JOIN unnest(:ids::uuid[]) WITH ORDINALITY t(id, n) USING (n)
ON CONFLICT (person_id, subject_id, seq) DO NOTHING RETURNING id
""")


_DUE: Final = Statement("""
SELECT id, status FROM subject WHERE kind = 'reservation' AND ended_at IS NULL
  AND (status = 'granted' AND ends_at <= :now::timestamptz OR status = 'out' AND due_at + :lost::interval <= :now)
ORDER BY id LIMIT :limit
""")
_LOCK: Final = Statement("""
SELECT s.*, r.quantity, r.stock_id, r.points_id, r.paid FROM subject s JOIN reservation r ON r.subject_id = s.id
WHERE s.id = :subject_id AND s.status = :status FOR UPDATE OF s
""")
