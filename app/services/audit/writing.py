"""Write audit entries: as part of the statement that makes a change, or on their own."""

import json
from contextvars import ContextVar
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.sql import Statement

# The IP address the current request came from; None in the worker and on the command line.
client_address: ContextVar[str | None] = ContextVar("client_address", default=None)


async def record(
    type_: str,
    *,
    person_id: UUID | None = None,
    subject_id: UUID | None = None,
    **data: Any,
) -> None:
    """Write one entry on its own: who (`person_id`) did what to what (`subject_id`). `data`: codes, no personal data."""
    await db.execute(
        _INSERT,
        now=clock.now(),
        type=type_,
        person_id=person_id,
        subject_id=subject_id,
        data=json.dumps(data) if data else None,
        **entry_values(),
    )


_INSERT: Final = Statement("""
INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
VALUES (:audit_id, :now, :type, :person_id, :subject_id, :address, :data::jsonb)
""")


def insert_entry(
    type_: str,
    *,
    subject: str,
    source: str,
    data: str = "NULL",
    person: str = ":actor_id",
    entry_id: str = ":audit_id",
) -> str:
    """Return the SQL that inserts an entry for the row of `source`; use it as a CTE of the statement that makes the change.

    `subject`, `data`, `person` and `entry_id` are SQL expressions over `source`; where `source` has several rows, each
    needs an `entry_id` of its own. The statement is given `entry_values()` and `now`.
    """
    return (
        "INSERT INTO audit (id, at, type, person_id, subject_id, address, data) "
        f"SELECT {entry_id}, :now, '{type_}', {person}, {subject}, :address, {data} FROM {source}"
    )


def entry_values() -> dict[str, Any]:
    """Return the values `insert_entry` needs besides `now` and `actor_id`: a new id and the client's address."""
    return {"audit_id": ids.new(), "address": client_address.get()}
