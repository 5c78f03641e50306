"""Jurisdictions: an Open311 jurisdiction is a street or a community."""

from typing import Final
from uuid import UUID

from app import db
from app.errors import NotFound
from app.sql import Statement

_FIND: Final = Statement("""
SELECT id FROM place
WHERE level IN ('street', 'community') AND (code = :jurisdiction_id OR id::text = lower(:jurisdiction_id))
""")


async def find_jurisdiction(jurisdiction_id: str | None) -> UUID | None:
    """Return the place with this code or id; None when no jurisdiction is given. Raises NotFound if there is none."""
    if jurisdiction_id is None:
        return None
    printable = jurisdiction_id.isprintable()  # PostgreSQL refuses a NUL in a text
    row = await db.execute_one(_FIND, jurisdiction_id=jurisdiction_id) if printable else None
    if row is None:
        raise NotFound("jurisdiction_id：没有这个社区或街道")
    place_id: UUID = row["id"]
    return place_id
