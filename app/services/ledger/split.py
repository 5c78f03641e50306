"""Writing a ticket that is split from another: the new one, and the act on the old one, both or neither."""

from typing import Any, Final

from app import db
from app.services.idempotency import IdempotencyKey
from app.services.ledger.act import Act, Entry
from app.services.ledger.append import record_together
from app.services.ledger.create import Guards, opening


async def open_split(
    row: dict[str, Any],
    entry: Entry,
    act: Act,
    guards: Guards,
    *,
    no_prefix: str,
    key: IdempotencyKey | None,
    followed: bool,
) -> tuple[bool, Any]:
    """Write the new ticket and the act; return whether they were written, and the row of guards as `open_ticket` does.

    `followed`: who follows the old ticket follows the new one too.
    """
    guarded: Any = None

    async def write_ticket(fetch: db.Fetch) -> bool:
        nonlocal guarded
        (guarded,) = await fetch(*await opening(row, entry, guards, no_prefix=no_prefix, key=key))
        if guarded["no"] and followed:
            await fetch(_COPY_FOLLOWERS, entry.ticket_id, act.entry.ticket_id, entry.at)
        return bool(guarded["no"])

    written = await record_together([act], write_ticket)
    return written, guarded


_COPY_FOLLOWERS: Final = """
WITH insert_followers AS (
    INSERT INTO follower (ticket_id, person_id, origin_id, since)
    SELECT DISTINCT $1::uuid, person_id, $1::uuid, $3::timestamptz FROM follower WHERE ticket_id = $2
    RETURNING 1
)
UPDATE ticket SET followers = (SELECT count(*) FROM insert_followers) WHERE id = $1
"""
