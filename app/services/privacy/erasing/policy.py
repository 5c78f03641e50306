"""What an erasure does to each column that refers to a person: one entry a column.

A new table that refers to persons needs an entry here, or a test fails. `sql` becomes a CTE of the statement in
`statement.py`: it reads the person's id from the CTE `erase_person` and may use the parameter `:now`. Without `sql` the
column keeps its value, for the reason given.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ColumnPolicy:
    """What happens to the rows of `table` whose `column` names the person, and why."""

    table: str
    column: str
    why: str
    sql: str | None = None


def _delete_rows(table: str, column: str, why: str) -> ColumnPolicy:
    return ColumnPolicy(
        table, column, why, f"DELETE FROM {table} x USING erase_person p WHERE x.{column} = p.id"
    )


POLICY: Final = (
    _delete_rows("login", "person_id", "ends every sign-in, from the next request on"),
    _delete_rows("scan", "person_id", "an approved scan must not sign them in afterwards"),
    _delete_rows("notice", "person_id", "nobody is left to read them"),
    _delete_rows("subscription", "person_id", "nobody is left to receive messages"),
    _delete_rows("wechat_message", "person_id", "nobody is left to receive them"),
    _delete_rows("idempotency", "actor_id", "nobody is left to repeat their requests"),
    ColumnPolicy(
        "post",
        "person_id",
        "posts end; that somebody held them stays, by id",
        "UPDATE post x SET ended_at = :now, phone_index = NULL, absent_from = NULL, absent_until = NULL, "
        "phone = NULL, hours = NULL, shows_name = false, shows_own_phone = false "
        "FROM erase_person p WHERE x.person_id = p.id AND x.ended_at IS NULL RETURNING x.id",
    ),
    # Reads `clear_ticket` so that tickets are locked before photos, as actions do.
    ColumnPolicy(
        "photo",
        "uploader_id",
        "their own photos are deleted with their words; photos of the office's actions stay with the actions",
        "DELETE FROM photo x USING erase_person p "
        "WHERE x.uploader_id = p.id AND (SELECT count(*) FROM clear_ticket) >= 0 AND (x.ticket_id IS NULL AND x.subject_id IS NULL "
        "OR EXISTS (SELECT FROM own_remarks r WHERE r.ticket_id = x.ticket_id AND r.seq = x.seq)) RETURNING x.id",
    ),
    ColumnPolicy(
        "ticket",
        "reporter_id",
        "words and contact data are erased (ledger.ERASE_WORDS); the ticket stays, by id",
    ),
    _delete_rows("vote", "person_id", "what they said of a closed ticket; the count in the ticket stays"),
    ColumnPolicy(
        "follower",
        "person_id",
        "they follow nothing any more, and the tickets' counts go down by one (ledger.ERASE_WORDS)",
    ),
    ColumnPolicy("ticket", "handler_ids", "who handled a ticket may not confirm it, by id"),
    ColumnPolicy("event", "person_id", "the ledger is append-only and holds ids only"),
    ColumnPolicy(
        "audit", "person_id", "the audit trail is append-only, holds ids only and ends after three years"
    ),
    ColumnPolicy("unsealing", "requested_by", "who opened an anonymous report stays on record, by id"),
    ColumnPolicy("unsealing", "decided_by", "the same"),
    ColumnPolicy("content_check", "decided_by", "who released or removed something stays on record, by id"),
    ColumnPolicy(
        "saved_view",
        "person_id",
        "their own views are deleted; one of an office stays with the office, by id",
        "DELETE FROM saved_view x USING erase_person p WHERE x.person_id = p.id AND x.unit_id IS NULL",
    ),
    # What is public, a released topic's title, belongs to those who supported it.
    ColumnPolicy(
        "subject",
        "author_id",
        "what they wrote as a resident is erased; the subject stays, by id",
        "UPDATE subject x SET text = :erased_text::text, title = CASE WHEN x.released THEN x.title ELSE :erased_text::text END "
        "FROM erase_person p WHERE x.author_id = p.id AND x.post_id IS NULL RETURNING x.id",
    ),
    ColumnPolicy(
        "subject",
        "person_id",
        "what they said to somebody who wrote it down is erased too",
        "UPDATE subject x SET text = :erased_text::text FROM erase_person p "
        "WHERE x.person_id = p.id AND (x.author_id <> p.id OR x.post_id IS NOT NULL) RETURNING x.id",
    ),
    _delete_rows("supporter", "person_id", "whom they supported; the count in the topic stays"),
    _delete_rows("attendance", "person_id", "where they went; the counts in the activity stay"),
    _delete_rows("certificate", "person_id", "the public page of their hours is gone"),
    ColumnPolicy(
        "side",
        "person_id",
        "they are in nothing any more; that somebody was stays with the subject",
        "UPDATE side x SET person_id = NULL, sealed = NULL, left_at = coalesce(x.left_at, :now) "
        "FROM erase_person p WHERE x.person_id = p.id RETURNING x.subject_id",
    ),
    ColumnPolicy(
        "turnout",
        "person_id",
        "that their household has answered stays, so that it counts once",
        "UPDATE turnout x SET person_id = NULL FROM erase_person p WHERE x.person_id = p.id RETURNING x.survey_id",
    ),
    ColumnPolicy(
        "account",
        "person_id",
        "sums and transfers stay without a person: a circle would not sum to zero otherwise",
        "UPDATE account x SET person_id = NULL FROM erase_person p WHERE x.person_id = p.id RETURNING x.id",
    ),
    ColumnPolicy("erasure", "person_id", "that there was an erasure, by id"),
)
