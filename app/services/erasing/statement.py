"""The one statement by which somebody is forgotten: all of it or nothing, whenever we are killed."""

from functools import cache
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.errors import Conflict
from app.services import audit
from app.services.erasing.fates import FATES
from app.services.ledger import FORGETTING
from app.words import ERASED, ERASED_PERSON

# Admins are locked in one order, as where posts end, so that of two who leave at once one stays.
_ADMINS: Final = """
    SELECT p.person_id, p.place_id, u.path FROM post p JOIN place u ON u.id = p.place_id
    WHERE p.role = 'admin' AND p.person_id IS NOT NULL AND p.ended_at IS NULL ORDER BY p.id FOR UPDATE OF p
"""
# $1 person, $4 whether they go even as the last admin: they have gone already, and this makes sure of it.
_GONE: Final = """
    UPDATE person SET openid = NULL, unionid = NULL, demo = NULL, name = $8::text, phone_sealed = NULL, phone_index = NULL,
        phone_masked = NULL, phone_verified = false, language = NULL, home_id = NULL, consent_version = NULL,
        consent_at = NULL, muted = '{}', quiet_nights = false, erased_at = coalesce(erased_at, $2), stamp = stamp + 1
    WHERE id = $1 AND ($4::bool OR erased_at IS NULL AND NOT EXISTS (
        SELECT FROM admins mine WHERE mine.person_id = $1 AND NOT EXISTS (
            SELECT FROM admins a WHERE a.person_id <> $1 AND a.place_id = ANY (mine.path))))
    RETURNING id
"""
_AFTER: Final = """, renewed AS (
    UPDATE setup SET version = version + 1 WHERE EXISTS (SELECT FROM post_person_id)
), discarded AS (
    INSERT INTO discard (photo_id, since) SELECT id, $2 FROM photo_uploader_id ON CONFLICT DO NOTHING
), kept AS (
    INSERT INTO erasure (person_id, at, keeps, look_at) SELECT id, $2, $3, $2 FROM gone
    ON CONFLICT (person_id) DO NOTHING RETURNING person_id
), noted AS (
    INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
    SELECT $5, $2, 'erased', person_id, person_id, $6,
           jsonb_build_object('open_tickets', CASE WHEN $3 THEN 'keep' ELSE 'withdraw' END) FROM kept
)
SELECT (SELECT count(*) FROM gone) AS gone FROM (VALUES (1)) one
"""


@cache
def _statement() -> str:
    """Return the statement; what the tables of fates and of the ledger name are its parts."""
    parts = {"admins": _ADMINS, "gone": _GONE, **FORGETTING}
    parts |= {f"{fate.table}_{fate.column}": fate.sql for fate in FATES if fate.sql}
    named = ", ".join(
        f"{name} AS {'MATERIALIZED ' if name in {'admins', 'own', 'said'} else ''}({sql})"
        for name, sql in parts.items()
    )
    return f"WITH {named}{_AFTER}"


async def erase(person_id: UUID, *, keeps: bool, again: bool = False) -> bool:
    """Forget a person; tell whether they had been there to be forgotten.

    `keeps`: their open tickets stay as they are until they close. Conflict, and nothing changed, for the last admin of a
    place. `again`: whatever came in beside the first time goes too, and nobody is asked.
    """
    arguments: tuple[Any, ...] = (person_id, clock.now(), keeps, again, ids.new(), audit.came_from.get())
    row = await db.fetchrow(_statement(), *arguments, ERASED, ERASED_PERSON)
    assert row is not None
    if not row["gone"] and not again:
        there = await db.fetch("SELECT FROM person WHERE id = $1 AND erased_at IS NULL", person_id)
        if there:
            raise Conflict("您是最后一位管理员，请先邀请另一位管理员并等对方接受，再注销")
    return bool(row["gone"])
