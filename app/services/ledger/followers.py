"""Writing followers: on a person's own request, and when a ticket is merged or unmerged.

`ticket.followers` counts the persons in the ticket's rows of `follower`. Every statement here writes both, and updates
the ticket's row even if the count stays the same: an unchanged row means unchanged followers.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from app import db
from app.services.ledger.act import FollowerExit

# Before an act that changes followers, the tickets it touches are locked in the order of their ids, to avoid deadlocks.
# Nothing is written if one of them changed after the statement's snapshot; the caller then tries again.
_LOCK: Final = """, lock_tickets AS MATERIALIZED (
    SELECT t.id, t.ctid AS place, t.version, t.followers FROM ticket t
    WHERE t.id IN (SELECT id FROM merge_chain) ORDER BY t.id FOR NO KEY UPDATE OF t
), guard AS MATERIALIZED (
    SELECT FROM act WHERE NOT EXISTS (SELECT FROM lock_tickets l JOIN ticket t USING (id) WHERE t.ctid <> l.place){holds}
)"""
# A merge was decided from the ticket's followers and from the state and visibility of the target.
_MERGE_UNCHANGED: Final = """
      AND EXISTS (SELECT FROM lock_tickets l WHERE l.id = act.ticket_id AND l.followers = act.seen_followers)
      AND EXISTS (SELECT FROM lock_tickets l WHERE l.id = act.new_merged_into_id AND l.version = act.seen_version)"""

LOCK_FOLLOWERS: Final = """, merge_chain AS (
    SELECT ticket_id AS id FROM act UNION SELECT new_merged_into_id FROM act
)""" + _LOCK.format(holds=_MERGE_UNCHANGED)
INSERT_FOLLOWERS: Final = """, newcomers AS (
    SELECT f.person_id, f.origin_id FROM update_ticket JOIN follower f USING (ticket_id)
    UNION ALL SELECT t.reporter_id, t.id FROM update_ticket JOIN ticket t ON t.id = update_ticket.ticket_id WHERE t.reporter_id IS NOT NULL
), insert_followers AS (
    INSERT INTO follower (ticket_id, person_id, origin_id, since)
    SELECT i.id, c.person_id, c.origin_id, update_ticket.at
    FROM update_ticket JOIN ticket i ON i.id = update_ticket.new_merged_into_id CROSS JOIN newcomers c
    WHERE c.person_id IS DISTINCT FROM i.reporter_id
    ON CONFLICT DO NOTHING RETURNING ticket_id, person_id
), add_followers AS (
    UPDATE ticket t SET changed_tx = pg_current_xact_id()::text::bigint, followers = t.followers + (
        SELECT count(DISTINCT b.person_id) FROM insert_followers b WHERE NOT EXISTS (
            SELECT FROM follower f WHERE f.ticket_id = b.ticket_id AND f.person_id = b.person_id))
    FROM update_ticket WHERE t.id = update_ticket.new_merged_into_id
)"""

LOCK_UNMERGE: Final = """, merge_chain(id, into_id) AS (
    SELECT t.id, t.merged_into_id FROM act JOIN ticket t ON t.id = act.ticket_id
    UNION SELECT t.id, t.merged_into_id FROM merge_chain c JOIN ticket t ON t.id = c.into_id
), merged_below(id) AS (
    SELECT ticket_id FROM act UNION SELECT t.id FROM merged_below b JOIN ticket t ON t.merged_into_id = b.id
)""" + _LOCK.format(holds="")
DELETE_FOLLOWERS: Final = """, delete_followers AS (
    DELETE FROM follower f USING merge_chain c, update_ticket
    WHERE f.ticket_id = c.id AND c.id <> update_ticket.ticket_id AND f.origin_id IN (SELECT id FROM merged_below)
    RETURNING f.ticket_id, f.person_id
), subtract_followers AS (
    UPDATE ticket t SET changed_tx = pg_current_xact_id()::text::bigint, followers = t.followers - (
        SELECT count(DISTINCT g.person_id) FROM delete_followers g WHERE g.ticket_id = t.id AND NOT EXISTS (
            SELECT FROM follower f WHERE f.ticket_id = g.ticket_id AND f.person_id = g.person_id
               AND f.origin_id NOT IN (SELECT id FROM merged_below)))
    FROM merge_chain c, update_ticket WHERE t.id = c.id AND c.id <> update_ticket.ticket_id
)"""

# Of the act's own ticket; the act sets `followers`, from what it was decided from (`seen_tx`).
REMOVE_FOLLOWERS: Final = {
    FollowerExit.ALL: """, remove_followers AS (
    DELETE FROM follower f USING update_ticket u WHERE f.ticket_id = u.ticket_id
)""",
    FollowerExit.MERGED: """, remove_followers AS (
    DELETE FROM follower f USING update_ticket u WHERE f.ticket_id = u.ticket_id AND f.origin_id <> u.ticket_id
)""",
}

Check = Callable[[Mapping[Any, Any] | None], bool]


async def join(ticket_id: UUID, person_id: UUID, now: datetime, check: Check) -> int:
    """Make a person a follower of a ticket on their own request; return its number of followers.

    `check` gets the locked row of the ticket (None: there is none). It raises a refusal, or tells whether to write.
    """
    return await _write(_JOIN, {"ticket": ticket_id, "person": person_id, "now": now}, check)


async def leave(ticket_id: UUID, person_id: UUID, check: Check) -> int:
    """Remove all rows by which a person follows a ticket; return its number of followers. `check` as in `join`."""
    return await _write(_LEAVE, {"ticket": ticket_id, "person": person_id}, check)


async def _write(statement: sa.TextClause, values: dict[str, Any], check: Check) -> int:
    """Lock the ticket first, and write in a second statement: its snapshot has what was committed during the wait."""
    async with db.transaction() as session:
        connection = await session.connection()
        row = (await connection.execute(_LOCK_TICKET, values)).mappings().first()
        if not check(row):
            statement = _COUNT
        followers: int = (await connection.execute(statement, values)).scalar_one()
    return followers


_LOCK_TICKET: Final = sa.text("""
SELECT t.*, EXISTS (SELECT FROM follower f WHERE f.ticket_id = t.id AND f.person_id = :person) AS follows
FROM ticket t WHERE t.id = :ticket FOR NO KEY UPDATE OF t
""")
_COUNT: Final = sa.text("SELECT followers FROM ticket WHERE id = :ticket")
_JOIN: Final = sa.text("""
WITH insert_follower AS (
    INSERT INTO follower (ticket_id, person_id, origin_id, since) VALUES (:ticket, :person, :ticket, :now)
    ON CONFLICT DO NOTHING RETURNING 1
), count_follower AS (
    UPDATE ticket SET changed_tx = pg_current_xact_id()::text::bigint, followers = followers + (
        NOT EXISTS (SELECT FROM follower f WHERE f.ticket_id = :ticket AND f.person_id = :person))::int
    WHERE id = :ticket AND EXISTS (SELECT FROM insert_follower) RETURNING followers
)
SELECT coalesce((SELECT followers FROM count_follower), (SELECT followers FROM ticket WHERE id = :ticket))
""")
_LEAVE: Final = sa.text("""
WITH delete_follower AS (
    DELETE FROM follower WHERE ticket_id = :ticket AND person_id = :person RETURNING 1
), count_follower AS (
    UPDATE ticket SET changed_tx = pg_current_xact_id()::text::bigint, followers = followers - 1
    WHERE id = :ticket AND EXISTS (SELECT FROM delete_follower) RETURNING followers
)
SELECT coalesce((SELECT followers FROM count_follower), (SELECT followers FROM ticket WHERE id = :ticket))
""")
