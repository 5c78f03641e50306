"""Writing transfers: each with its event, its job and both balances, in one statement.

A transfer is a subject of its own with one event, so that no two transfers wait for each other but those of one account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.enums import TransferReason
from app.rules.access import Part
from app.rules.subjects import SubjectPart
from app.services.idempotency import IdempotencyKey
from app.services.ledger.act import Entry
from app.services.ledger.chain import genesis, link
from app.sql import Statement

TRANSFER: Final = "transfer"  # the subject of its event, and the kind of the job that follows it


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """The event that an award is paid for, and the rule that says so."""

    subject_id: UUID
    seq: int
    at: datetime
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A transfer to write: what moves, why, and who does it."""

    id: UUID
    circle_id: UUID
    from_id: UUID
    to_id: UUID
    amount: int
    reason: TransferReason
    at: datetime
    part: Part | SubjectPart
    person_id: UUID | None = None
    post_id: UUID | None = None
    reservation_id: UUID | None = None
    cause: Cause | None = None
    reverses_id: UUID | None = None
    text: str | None = None

    def entry(self) -> Entry:
        """Return its event, which repeats all that the row says."""
        data: dict[str, Any] = {
            "circle": str(self.circle_id),
            "from": str(self.from_id),
            "to": str(self.to_id),
            "amount": self.amount,
            "reason": self.reason,
        }
        if self.reservation_id:
            data["reservation"] = str(self.reservation_id)
        if self.reverses_id:
            data["reverses"] = str(self.reverses_id)
        if self.cause:
            data["cause"] = f"{self.cause.subject_id}:{self.cause.seq}:{self.cause.rule}"
        return Entry(
            ticket_id=self.id,
            seq=1,
            at=self.at,
            type=f"{TRANSFER}.{'reversed' if self.reverses_id else self.reason}",
            part=self.part,
            person_id=self.person_id,
            post_id=self.post_id,
            data=data,
            text=self.text,
            subject=TRANSFER,
        )


async def write_transfers(
    fetch: db.Fetch, transfers: Sequence[Transfer], key: IdempotencyKey | None = None
) -> set[UUID]:
    """Write transfers, all in one statement, and return the ids of those written.

    Not written: what is paid for already, and a reversal of what is reversed, or itself a reversal. `key` is that of the
    first. Raises Overdrawn, with nothing written, if an account would have less than nothing.
    """
    if not transfers:
        return set()
    entries = [transfer.entry() for transfer in transfers]
    documents = [entry.document() for entry in entries]
    now = clock.now()
    rows = [
        (
            *(transfer.id, transfer.circle_id, transfer.from_id, transfer.to_id, transfer.amount),
            *(transfer.reason, transfer.at, transfer.reservation_id, transfer.reverses_id),
            *_cause(transfer.cause),
            *(entry.type, entry.part, entry.person_id, entry.post_id, document),
            link(genesis(transfer.id), entry.body(document)),
            *(entry.text, entry.salt, ids.new()),
        )
        for transfer, entry, document in zip(transfers, entries, documents, strict=True)
    ]
    columns = dict(zip(_COLUMNS, (list(column) for column in zip(*rows, strict=True)), strict=True))
    values = {
        "now": now,
        "key_actor": key and key.actor_id,
        "key": key and key.key,
        "key_digest": key and key.digest,
        **columns,
    }
    return {row["id"] for row in await fetch(_WRITE.text, *_WRITE.arguments(values))}


def _cause(cause: Cause | None) -> tuple[Any, ...]:
    return (cause.subject_id, cause.seq, cause.at, cause.rule) if cause else (None,) * 4


_COLUMNS: Final = {
    "id": "uuid",
    "circle_id": "uuid",
    "from_id": "uuid",
    "to_id": "uuid",
    "amount": "bigint",
    "reason": "text",
    "at": "timestamptz",
    "reservation_id": "uuid",
    "reverses_id": "uuid",
    "cause_id": "uuid",
    "cause_seq": "int",
    "cause_at": "timestamptz",
    "rule": "text",
    "type": "text",
    "part": "text",
    "person_id": "uuid",
    "post_id": "uuid",
    "document": "text",
    "head": "bytea",
    "text": "text",
    "salt": "bytea",
    "job_id": "uuid",
}
_ROW: Final = (
    "id, circle_id, from_id, to_id, amount, reason, at, reservation_id, rule, cause_id, cause_seq, cause_at, "
    "reverses_id, head"
)
# Accounts are locked in the order of their ids, before anything is written: no two statements wait for each other in a
# circle. A balance is added to as it is after the lock, not as it was when the statement began.
_WRITE: Final = Statement(f"""
WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest({", ".join(f":{name}::{type_}[]" for name, type_ in _COLUMNS.items())}) AS w({", ".join(_COLUMNS)})
), lock_account AS MATERIALIZED (
    SELECT id FROM account WHERE id IN (SELECT from_id FROM wanted UNION SELECT to_id FROM wanted)
    ORDER BY id FOR NO KEY UPDATE
), insert_transfer AS (
    INSERT INTO transfer ({_ROW})
    SELECT {_ROW} FROM wanted w WHERE (SELECT count(*) FROM lock_account) > 0 AND (w.reverses_id IS NULL OR EXISTS (
        SELECT FROM transfer o WHERE o.id = w.reverses_id AND o.reverses_id IS NULL
            AND (o.from_id, o.to_id, o.amount) = (w.to_id, w.from_id, w.amount)))
    ON CONFLICT DO NOTHING RETURNING id, from_id, to_id, amount
), move_balance AS (
    UPDATE account a SET balance = a.balance + d.delta
    FROM (SELECT x.account_id, sum(x.delta)::bigint AS delta FROM insert_transfer t
          CROSS JOIN LATERAL (VALUES (t.from_id, -t.amount), (t.to_id, t.amount)) x(account_id, delta)
          GROUP BY x.account_id) d
    WHERE a.id = d.account_id
), insert_event AS (
    INSERT INTO event (ticket_id, seq, at, type, part, person_id, post_id, data, hash, subject)
    SELECT id, 1, w.at, w.type, w.part, w.person_id, w.post_id, w.document::json, w.head, '{TRANSFER}'
    FROM insert_transfer JOIN wanted w USING (id)
), insert_remark AS (
    INSERT INTO remark (ticket_id, seq, text, salt)
    SELECT id, 1, w.text, w.salt FROM insert_transfer JOIN wanted w USING (id) WHERE w.text IS NOT NULL
), insert_job AS (
    INSERT INTO job (id, kind, ticket_id, seq, due_at)
    SELECT w.job_id, '{TRANSFER}', id, 1, :now FROM insert_transfer JOIN wanted w USING (id)
), insert_key AS (
    INSERT INTO idempotency (actor_id, key, digest, ref_id, created_at)
    SELECT :key_actor::uuid, :key::text, :key_digest::bytea, id, :now FROM insert_transfer WHERE :key::text IS NOT NULL LIMIT 1
)
SELECT id FROM insert_transfer
""")
