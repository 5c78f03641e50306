"""Followers as the ledger writes them: by their own wish, and along with a ticket that is merged or unmerged.

A ticket's `followers` counts the persons in its rows of `follower`; every statement here writes both, and the ticket's row
even where the count stays. Whoever has the row as its snapshot shows it therefore knows all its followers.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from app import db

# Before an act that moves followers: the tickets it touches are locked, in one order for everybody, and it happens only
# if none of them has changed since the statement began to look. The ledger's caller then tries again.
_LOCKED: Final = """, locked AS MATERIALIZED (
    SELECT t.id, t.ctid AS place, t.version, t.followers FROM ticket t
    WHERE t.id IN (SELECT id FROM chain) ORDER BY t.id FOR NO KEY UPDATE OF t
), guard AS MATERIALIZED (
    SELECT FROM act WHERE NOT EXISTS (SELECT FROM locked l JOIN ticket t USING (id) WHERE t.ctid <> l.place){holds}
)"""
# A merge was decided from the followers who go along and from the other ticket: open, of this community, for their eyes.
_AS_SEEN: Final = """
      AND EXISTS (SELECT FROM locked l WHERE l.id = act.ticket_id AND l.followers = act.seen_followers)
      AND EXISTS (SELECT FROM locked l WHERE l.id = act.new_merged_into_id AND l.version = act.seen_version)"""

MERGING: Final = """, chain AS (
    SELECT ticket_id AS id FROM act UNION SELECT new_merged_into_id FROM act
)""" + _LOCKED.format(holds=_AS_SEEN)
MERGED: Final = """, crowd AS (
    SELECT f.person_id, f.origin_id FROM moved JOIN follower f USING (ticket_id)
    UNION ALL SELECT t.reporter_id, t.id FROM moved JOIN ticket t ON t.id = moved.ticket_id WHERE t.reporter_id IS NOT NULL
), brought AS (
    INSERT INTO follower (ticket_id, person_id, origin_id, since)
    SELECT i.id, c.person_id, c.origin_id, moved.at
    FROM moved JOIN ticket i ON i.id = moved.new_merged_into_id CROSS JOIN crowd c
    WHERE c.person_id IS DISTINCT FROM i.reporter_id
    ON CONFLICT DO NOTHING RETURNING ticket_id, person_id
), raised AS (
    UPDATE ticket t SET changed_tx = pg_current_xact_id()::text::bigint, followers = t.followers + (
        SELECT count(DISTINCT b.person_id) FROM brought b WHERE NOT EXISTS (
            SELECT FROM follower f WHERE f.ticket_id = b.ticket_id AND f.person_id = b.person_id))
    FROM moved WHERE t.id = moved.new_merged_into_id
)"""

UNMERGING: Final = """, chain(id, into_id) AS (
    SELECT t.id, t.merged_into_id FROM act JOIN ticket t ON t.id = act.ticket_id
    UNION SELECT t.id, t.merged_into_id FROM chain c JOIN ticket t ON t.id = c.into_id
), below(id) AS (
    SELECT ticket_id FROM act UNION SELECT t.id FROM below b JOIN ticket t ON t.merged_into_id = b.id
)""" + _LOCKED.format(holds="")
UNMERGED: Final = """, freed AS (
    DELETE FROM follower f USING chain c, moved
    WHERE f.ticket_id = c.id AND c.id <> moved.ticket_id AND f.origin_id IN (SELECT id FROM below)
    RETURNING f.ticket_id, f.person_id
), lowered AS (
    UPDATE ticket t SET changed_tx = pg_current_xact_id()::text::bigint, followers = t.followers - (
        SELECT count(DISTINCT g.person_id) FROM freed g WHERE g.ticket_id = t.id AND NOT EXISTS (
            SELECT FROM follower f WHERE f.ticket_id = g.ticket_id AND f.person_id = g.person_id
               AND f.origin_id NOT IN (SELECT id FROM below)))
    FROM chain c, moved WHERE t.id = c.id AND c.id <> moved.ticket_id
)"""


Check = Callable[[Mapping[Any, Any] | None], bool]


async def join(ticket_id: UUID, person_id: UUID, now: datetime, check: Check) -> int:
    """Let somebody follow a ticket by their own wish; return its followers. `check` sees its row, locked: it refuses,
    or says whether there is anything to write.
    """
    return await _written(_JOINED, {"ticket": ticket_id, "person": person_id, "now": now}, check)


async def leave(ticket_id: UUID, person_id: UUID, check: Check) -> int:
    """Let somebody follow a ticket no more, however they came to it; as `join`."""
    return await _written(_LEFT, {"ticket": ticket_id, "person": person_id}, check)


async def _written(statement: sa.TextClause, values: dict[str, Any], check: Check) -> int:
    """Lock the ticket first and count in a second statement: it sees whoever came while the first one waited."""
    async with db.transaction() as session:
        connection = await session.connection()
        row = (await connection.execute(_ROW, values)).mappings().first()
        if not check(row):
            statement = _COUNT
        followers: int = (await connection.execute(statement, values)).scalar_one()
    return followers


_ROW: Final = sa.text("""
SELECT t.*, EXISTS (SELECT FROM follower f WHERE f.ticket_id = t.id AND f.person_id = :person) AS follows
FROM ticket t WHERE t.id = :ticket FOR NO KEY UPDATE OF t
""")
_COUNT: Final = sa.text("SELECT followers FROM ticket WHERE id = :ticket")
_JOINED: Final = sa.text("""
WITH added AS (
    INSERT INTO follower (ticket_id, person_id, origin_id, since) VALUES (:ticket, :person, :ticket, :now)
    ON CONFLICT DO NOTHING RETURNING 1
), counted AS (
    UPDATE ticket SET changed_tx = pg_current_xact_id()::text::bigint, followers = followers + (
        NOT EXISTS (SELECT FROM follower f WHERE f.ticket_id = :ticket AND f.person_id = :person))::int
    WHERE id = :ticket AND EXISTS (SELECT FROM added) RETURNING followers
)
SELECT coalesce((SELECT followers FROM counted), (SELECT followers FROM ticket WHERE id = :ticket))
""")
_LEFT: Final = sa.text("""
WITH gone AS (
    DELETE FROM follower WHERE ticket_id = :ticket AND person_id = :person RETURNING 1
), counted AS (
    UPDATE ticket SET changed_tx = pg_current_xact_id()::text::bigint, followers = followers - 1
    WHERE id = :ticket AND EXISTS (SELECT FROM gone) RETURNING followers
)
SELECT coalesce((SELECT followers FROM counted), (SELECT followers FROM ticket WHERE id = :ticket))
""")
