"""After a restore: everybody who was erased since the backup was taken is erased again."""

from collections.abc import Iterable

from app import db
from app.services import auth, photos
from app.services.erasing import finishing
from app.services.erasing.register import Noted
from app.services.erasing.statement import erase


async def replay(erasures: Iterable[Noted]) -> int:
    """Erase whoever of these is there; return how many were. May be repeated."""
    count = 0
    for one in erasures:
        there = await db.fetch("SELECT FROM person WHERE id = $1 AND erased_at IS NULL", one.person_id)
        if there:
            await erase(one.person_id, keeps=one.keeps, again=True)
            await finishing.look(one.person_id)
            count += 1
    while await photos.clear():
        pass
    auth.forget()
    return count
