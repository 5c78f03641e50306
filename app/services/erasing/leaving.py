"""Deleting one's own account: forgotten at once, the rest begun at once and finished by the worker."""

from uuid import UUID

from app import db, log
from app.errors import Unauthenticated
from app.models.erasure import ErasedOut
from app.rules.access import Actor
from app.services import photos
from app.services.erasing import finishing
from app.services.erasing.statement import erase
from app.words import Leaving

logger = log.get("erasing")


async def leave(actor: Actor, choice: Leaving) -> ErasedOut:
    """Forget the caller. Conflict for the last admin of a place; Unauthenticated for whoever has left meanwhile."""
    person_id = actor.person_id
    before = {row["id"] for row in await db.fetch(_OPEN, person_id)}
    if not await erase(person_id, keeps=choice is Leaving.KEEP):
        raise Unauthenticated
    try:
        await finishing.look(person_id)
        await photos.clear()
    except Exception:
        logger.warning("erasure_goes_on", person=str(person_id), exc_info=True)
    return await _told(person_id, choice, before)


_OPEN = "SELECT id FROM ticket WHERE reporter_id = $1 AND status NOT IN ('closed', 'rejected', 'merged')"


async def _told(person_id: UUID, choice: Leaving, before: set[UUID]) -> ErasedOut:
    row = await db.fetchrow("SELECT at FROM erasure WHERE person_id = $1", person_id)
    assert row is not None, "written with the erasure"
    still = {one["id"] for one in await db.fetch(_OPEN, person_id)}
    return ErasedOut(erased_at=row["at"], open_tickets=choice, withdrawn=len(before - still), open=len(still))
