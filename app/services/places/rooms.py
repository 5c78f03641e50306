"""Rooms: households as places below a building or unit, each made when it is first named, and gone when nobody lives there."""

from datetime import datetime
from typing import Final
from uuid import UUID

from app import db, ids
from app.sql import Statement


async def room_within(fetch: db.Fetch, home_id: UUID, number: str) -> UUID | None:
    """Return the room of that number at a building or unit, which stays until the transaction ends; None if it is neither."""
    values = {"home_id": home_id, "number": number}
    made = await fetch(_MAKE.text, *_MAKE.arguments(values | {"id": ids.new(), "scene": ids.code(12)}))
    rows = made or await fetch(_FIND.text, *_FIND.arguments(values))
    return rows[0]["id"] if rows else None


# Its code is what an office's file calls it, so that an import finds it: the unit's, a hyphen and the number.
_MAKE: Final = Statement("""
INSERT INTO place (id, code, parent_id, level, name, number, label, path, scene)
SELECT :id, h.code || '-' || :number, h.id, 'room', :number, :number, h.label || :number, h.path || :id::uuid, :scene
FROM place h WHERE h.id = :home_id AND h.level IN ('building', 'unit') AND h.ended_at IS NULL
    AND NOT EXISTS (SELECT FROM place r WHERE r.parent_id = h.id AND r.name = :number AND r.level = 'room')
ON CONFLICT DO NOTHING RETURNING id
""")
_FIND: Final = Statement(
    "SELECT id FROM place WHERE parent_id = :home_id AND name = :number AND level = 'room' FOR KEY SHARE"
)


async def clear_rooms(made_before: datetime, limit: int) -> int:
    """Delete a batch of rooms that were only named, where nobody lives, has answered or was visited; return how many."""
    return len(await db.execute(_CLEAR, before=ids.floor(made_before), limit=limit))


_CLEAR: Final = Statement("""
DELETE FROM place WHERE id IN (
    SELECT r.id FROM place r WHERE r.level = 'room' AND NOT r.imported AND r.id < :before
        AND NOT EXISTS (SELECT FROM person n WHERE n.household_id = r.id)
        AND NOT EXISTS (SELECT FROM turnout t WHERE t.household_id = r.id)
        AND NOT EXISTS (SELECT FROM subject s WHERE s.place_id = r.id)
    LIMIT :limit FOR UPDATE SKIP LOCKED
) RETURNING id
""")
