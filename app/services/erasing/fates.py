"""What becomes of everything that refers to a person, when they delete their account: one row a column.

A new table that refers to persons needs a row here, or a test fails. `sql` is a part of the one statement of
`statement.py`: it reads the person's id from `gone`, $2 is now. Without it the column stays, for the reason given.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to rows of `table` whose `column` names the person, and why."""

    table: str
    column: str
    why: str
    sql: str | None = None


def _deleted(table: str, column: str, why: str) -> Fate:
    return Fate(table, column, why, f"DELETE FROM {table} x USING gone WHERE x.{column} = gone.id")


FATES: Final = (
    _deleted("login", "person_id", "nobody is signed in any more, from the next request on"),
    _deleted("scan", "person_id", "a code approved and not yet taken signs nobody in"),
    _deleted("notice", "person_id", "told to nobody"),
    _deleted("idempotency", "actor_id", "nobody repeats their requests"),
    Fate(
        "post",
        "person_id",
        "ended; that somebody held it stays, by id",
        "UPDATE post x SET ended_at = $2, phone_index = NULL, absent_from = NULL, absent_until = NULL FROM gone "
        "WHERE x.person_id = gone.id AND x.ended_at IS NULL RETURNING x.id",
    ),
    Fate(
        "photo",
        "uploader_id",
        "theirs go with their words, those of the office's acts stay with the acts",
        "DELETE FROM photo x USING gone WHERE x.uploader_id = gone.id AND (SELECT count(*) FROM blanked) >= 0 "
        "AND (x.ticket_id IS NULL OR EXISTS (SELECT FROM said WHERE said.ticket_id = x.ticket_id AND said.seq = x.seq)) "
        "RETURNING x.id",
    ),
    Fate("ticket", "reporter_id", "words and contact go (ledger.FORGETTING), the ticket stays, by id"),
    _deleted("vote", "person_id", "what they said of a closed ticket; how many said so stays"),
    Fate(
        "follower",
        "person_id",
        "they follow nothing any more, and the tickets count one less (ledger.FORGETTING)",
    ),
    Fate("ticket", "handler_ids", "who handled a ticket cannot confirm it, by id"),
    Fate("event", "person_id", "the ledger only grows and holds ids only"),
    Fate("audit", "person_id", "the trail only grows, holds ids only and ends after three years"),
    Fate("unsealing", "requested_by", "who opened an anonymous report stays known, by id"),
    Fate("unsealing", "decided_by", "the same"),
    Fate("erasure", "person_id", "that there was an erasure, by id"),
)
