"""Jurisdictions: the community or street somebody asks about."""

from typing import Final
from uuid import UUID

from app import db
from app.errors import NotFound

_FOUND: Final = (
    "SELECT id FROM place WHERE level IN ('street', 'community') AND (code = $1 OR id::text = lower($1))"
)


async def find(said: str | None) -> UUID | None:
    """Return the community or street of that code or id, None where none is named; NotFound where there is none such."""
    if said is None:
        return None
    row = await db.fetchrow(_FOUND, said) if said.isprintable() else None
    if row is None:
        raise NotFound("jurisdiction_id：没有这个社区或街道")
    found: UUID = row["id"]
    return found
