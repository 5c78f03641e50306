"""The audit trail: written with what it tells of, or by itself for refusals."""

import json
from contextvars import ContextVar
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids

# The address the request at hand came from; the command line has none.
came_from: ContextVar[str | None] = ContextVar("came_from", default=None)

_INSERT: Final = "INSERT INTO audit (id, at, type, person_id, subject_id, address, data) VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb)"


async def note(
    type_: str,
    *,
    person_id: UUID | None = None,
    subject_id: UUID | None = None,
    **data: Any,
) -> None:
    """Write one entry: who, what (`subject_id`), when, from where; `data` holds codes, never personal data."""
    at = clock.now()
    await db.fetch(
        _INSERT,
        ids.new(),
        at,
        type_,
        person_id,
        subject_id,
        came_from.get(),
        json.dumps(data) if data else None,
    )
