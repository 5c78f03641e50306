"""The bare endpoint's SQL: the rows of a submit, an act and an inbox, and nothing else."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.models.ticket import Ticket
from app.rules.statuses import OPEN, sql_list

_OPEN: Final = f"status IN {sql_list(OPEN)}"
COLUMNS: Final = [column.name for column in Ticket.__table__.columns]  # type: ignore[attr-defined]  # SQLModel's stub hides it
# A submit copies these from a sample ticket; the others come from the request.
COPIED_COLUMNS: Final = [name for name in COLUMNS if name not in {"id", "no", "created_at", "description"}]

SELECT_TICKET: Final = "SELECT * FROM ticket WHERE id = $1"

# $1 ticket, $2 now, $3 description, $4 salt, $5 job, $6 idempotency key, $7 digest, $8 reporter, $9… the sample's columns.
SUBMIT: Final = f"""
WITH insert_ticket AS (
    INSERT INTO ticket (id, no, created_at, description, {", ".join(COPIED_COLUMNS)})
    VALUES ($1, to_char($2::timestamptz, 'YYMMDD-') || nextval('ticket_no'), $2, $3,
            {", ".join(f"${n}" for n in range(9, 9 + len(COPIED_COLUMNS)))})
    RETURNING no
), insert_event AS (
    INSERT INTO event (ticket_id, seq, at, type, part, person_id, data, hash)
    VALUES ($1, 1, $2, 'ticket.submitted', 'reporter', $8, json_build_object('said', encode($7::bytea, 'hex')), $7)
), insert_remark AS (
    INSERT INTO remark (ticket_id, seq, text, salt) VALUES ($1, 1, $3, $4)
), enqueue_job AS (
    INSERT INTO job (id, kind, ticket_id, seq, due_at) VALUES ($5, 'event', $1, 1, $2)
), insert_idempotency AS (
    INSERT INTO idempotency (actor_id, key, digest, ref_id, created_at) VALUES ($8, $6, $7, $1, $2)
)
SELECT no FROM insert_ticket
"""

# $1 ticket, $2 expected version, $3 now, $4 job, $5 event hash, $6 person, $7… the changed columns, then text and salt.
_ACT: Final = """
WITH update_ticket AS (
    UPDATE ticket SET updated_at = $3, version = version + 1, seq = seq + 1, head = $5{assignments}
    WHERE id = $1 AND version = $2 RETURNING id, seq, version, no
), insert_event AS (
    INSERT INTO event (ticket_id, seq, at, type, part, person_id, data, hash)
    SELECT id, seq, $3, '{event}', 'head', $6, '{{}}', $5 FROM update_ticket
), enqueue_job AS (
    INSERT INTO job (id, kind, ticket_id, seq, due_at) SELECT $4, 'event', id, seq, $3 FROM update_ticket
){insert_remark}
SELECT no, version FROM update_ticket
"""
_INSERT_REMARK: Final = """, insert_remark AS (
    INSERT INTO remark (ticket_id, seq, text, salt) SELECT id, seq, ${text}, ${salt} FROM update_ticket
)"""
_ALWAYS_SET: Final = {
    "updated_at",
    "version",
    "seq",
    "head",
    "changed_tx",
}  # by every act, or by the database

INBOX: Final = f"SELECT * FROM ticket WHERE holder_id = $1 AND {_OPEN} ORDER BY id DESC LIMIT 20"


@dataclass(frozen=True, slots=True)
class BareAct:
    """An act as the bare endpoint performs it: one statement, and its parameters from $7 on."""

    sql: str
    values: list[Any]
    version: int  # of the ticket before the act, for acts whose request does not contain it


def bare_act(event: str, before: Mapping[str, Any], after: Mapping[str, Any], text: str | None) -> BareAct:
    """Return the bare version of an act the real server has performed.

    It sets the columns that differ between the ticket rows `before` and `after` to the values in `after`.
    """
    columns = [name for name in COLUMNS if before[name] != after[name] and name not in _ALWAYS_SET]
    assignments = "".join(f", {name} = ${n}" for n, name in enumerate(columns, 7))
    values = [after[name] for name in columns]
    insert_remark = _INSERT_REMARK.format(text=7 + len(values), salt=8 + len(values)) if text else ""
    return BareAct(
        _ACT.format(assignments=assignments, event=event, insert_remark=insert_remark),
        [*values, *([text, secrets.token_bytes(16)] if text else [])],
        before["version"],
    )
