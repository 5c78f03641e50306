"""The audit trail: written with what it tells of, or by itself for refusals."""

import json
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids

_INSERT: Final = "INSERT INTO audit (id, at, type, person_id, subject_id, address, data) VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb)"


async def note(
    type_: str,
    *,
    person_id: UUID | None = None,
    subject_id: UUID | None = None,
    address: str | None = None,
    **data: Any,
) -> None:
    """Write one entry: who, what (`subject_id`), when, from where; `data` holds codes, never personal data."""
    at = clock.now()
    await db.fetch(
        _INSERT, ids.new(), at, type_, person_id, subject_id, address, json.dumps(data) if data else None
    )
