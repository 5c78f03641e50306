"""The statement that erases a person: one statement, so that it is done completely or not at all."""

from typing import Final
from uuid import UUID

from app import clock, db
from app.errors import Conflict
from app.labels import ERASED, ERASED_PERSON
from app.services import audit, ledger, setup
from app.services.privacy.erasing.policy import POLICY
from app.sql import Statement

# Locks all admins in the order of their ids, as `posts.end_post` does: of two who leave at once, one must remain.
_LOCK_ADMINS: Final = """
    SELECT p.person_id, p.place_id, u.path FROM post p JOIN place u ON u.id = p.place_id
    WHERE p.role = 'admin' AND p.person_id IS NOT NULL AND p.ended_at IS NULL ORDER BY p.id FOR UPDATE OF p
"""
# No row for the last admin of a place, nor for a person erased already, except in a repeat.
_ERASE_PERSON: Final = """
    UPDATE person SET openid = NULL, unionid = NULL, demo = NULL, name = :erased_name::text, phone_sealed = NULL,
        phone_index = NULL, phone_masked = NULL, phone_verified = false, language = NULL, home_id = NULL, household_id = NULL,
        consent_version = NULL, consent_at = NULL, muted = '{}', quiet_nights = false,
        erased_at = coalesce(erased_at, :now), stamp = stamp + 1
    WHERE id = :person_id AND (:repeat::bool OR erased_at IS NULL AND NOT EXISTS (
        SELECT FROM lock_admins mine WHERE mine.person_id = :person_id AND NOT EXISTS (
            SELECT FROM lock_admins a WHERE a.person_id <> :person_id AND a.place_id = ANY (mine.path))))
    RETURNING id
"""
_AUDIT: Final = audit.insert_entry(
    "erased",
    subject="person_id",
    source="insert_erasure",
    person="person_id",
    data="jsonb_strip_nulls(jsonb_build_object("
    "'open_tickets', CASE WHEN :keep_open_tickets THEN 'keep' ELSE 'withdraw' END, "
    "'street', (SELECT path[1] FROM select_home)))",
)
# Read before the home is gone: the street whose audit trail shows the erasure.
_SELECT_HOME: Final = "SELECT h.path FROM person n JOIN place h ON h.id = n.home_id WHERE n.id = :person_id"
# Whoever has the trace id of a check can ask WeChat whose words or photo it was. A check that waits for its verdict is
# due at once: its content is gone, and so it goes.
_CLEAR_CHECK: Final = """
    UPDATE content_check c SET trace_id = NULL, due_at = CASE c.state WHEN 'pending' THEN :now ELSE c.due_at END
    FROM own_remarks o WHERE c.ticket_id = o.ticket_id AND c.seq = o.seq AND c.trace_id IS NOT NULL
"""
_MATERIALIZED: Final = {"lock_admins", "own_tickets", "own_remarks"}


def _compose() -> Statement:
    """Return the statement: its own CTEs, those of the ledger and those of POLICY."""
    parts = {
        "lock_admins": _LOCK_ADMINS,
        "select_home": _SELECT_HOME,
        "erase_person": _ERASE_PERSON,
        **ledger.ERASE_WORDS,
        "clear_check": _CLEAR_CHECK,
    }
    parts |= {f"erase_{policy.table}_{policy.column}": policy.sql for policy in POLICY if policy.sql}
    ctes = ", ".join(
        f"{name} AS {'MATERIALIZED ' if name in _MATERIALIZED else ''}({sql})" for name, sql in parts.items()
    )
    return Statement(f"""
WITH {ctes}, bump_version AS (
    {setup.bump_version()} WHERE EXISTS (SELECT FROM erase_post_person_id)
), clear_subject_remark AS ({ledger.CLEAR_SUBJECT_REMARK}), delete_encrypted_words AS ({ledger.DELETE_ENCRYPTED_WORDS}), insert_discard AS (
    INSERT INTO discard (photo_id, since) SELECT id, :now FROM erase_photo_uploader_id ON CONFLICT DO NOTHING
), insert_erasure AS (
    INSERT INTO erasure (person_id, at, keeps, look_at) SELECT id, :now, :keep_open_tickets, :now FROM erase_person
    ON CONFLICT (person_id) DO NOTHING RETURNING person_id
), insert_audit AS ({_AUDIT})
SELECT (SELECT count(*) FROM erase_person) AS erased
""")


_ERASE: Final = _compose()


async def erase_person(person_id: UUID, *, keep_open_tickets: bool, repeat: bool = False) -> bool:
    """Erase a person and tell whether there was anybody to erase.

    `keep_open_tickets`: their open tickets keep their words until they close. `repeat`: erase what was written since the
    first time, for a person who is erased already or is to be erased whatever posts they hold.
    Raises Conflict, with nothing changed, for the last admin of a place.
    """
    row = await db.execute_one(
        _ERASE,
        person_id=person_id,
        now=clock.now(),
        keep_open_tickets=keep_open_tickets,
        repeat=repeat,
        erased_text=ERASED,
        erased_name=ERASED_PERSON,
        **audit.entry_values(),
    )
    assert row is not None
    if not row["erased"] and not repeat and await person_exists(person_id):
        raise Conflict("您是最后一位管理员，请先邀请另一位管理员并等对方接受，再注销")
    return bool(row["erased"])


async def person_exists(person_id: UUID) -> bool:
    """Tell whether a person exists and is not erased."""
    return bool(await db.execute(_EXISTS, person_id=person_id))


_EXISTS: Final = Statement("SELECT FROM person WHERE id = :person_id AND erased_at IS NULL")
