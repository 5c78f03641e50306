"""Delete one's own account: the erasure happens at once; what remains is begun at once and finished by the worker."""

from typing import Final
from uuid import UUID

from app import db, log
from app.enums import ErasureChoice
from app.errors import Unauthenticated
from app.models.erasure import ErasedOut
from app.rules.access import Actor
from app.rules.statuses import ENDED, sql_list
from app.services import photos, subjects
from app.services.privacy.erasing import finish
from app.services.privacy.erasing.statement import erase_person
from app.sql import Statement

logger = log.get("erasing")


async def erase_me(actor: Actor, choice: ErasureChoice) -> ErasedOut:
    """Erase the caller.

    Raises Conflict for the last admin of a place, Unauthenticated for somebody who was erased meanwhile.
    """
    person_id = actor.person_id
    open_before = await _open_tickets(person_id)
    if not await db.execute(_LAST_ADMIN, person_id=person_id):  # who will be refused keeps their places
        await subjects.free_places(actor)
        await subjects.leave_sides(actor)
    if not await erase_person(person_id, keep_open_tickets=choice is ErasureChoice.KEEP):
        raise Unauthenticated
    try:
        await finish.finish_erasure(person_id)
        await photos.clear_discarded()
    except Exception:
        logger.warning("erasure_goes_on", person=str(person_id), exc_info=True)
    return await _result(person_id, choice, open_before)


_LAST_ADMIN: Final = Statement("""
SELECT FROM post p JOIN place u ON u.id = p.place_id
WHERE p.person_id = :person_id AND p.role = 'admin' AND p.ended_at IS NULL AND NOT EXISTS (
    SELECT FROM post a WHERE a.role = 'admin' AND a.ended_at IS NULL AND a.person_id <> :person_id
        AND a.place_id = ANY (u.path))
""")


async def _open_tickets(person_id: UUID) -> set[UUID]:
    return {row["id"] for row in await db.execute(_OPEN_TICKETS, person_id=person_id)}


_OPEN_TICKETS: Final = Statement(f"""
SELECT id FROM ticket WHERE reporter_id = :person_id AND status NOT IN {sql_list(ENDED)}
""")


async def _result(person_id: UUID, choice: ErasureChoice, open_before: set[UUID]) -> ErasedOut:
    row = await db.fetchrow("SELECT at FROM erasure WHERE person_id = $1", person_id)
    assert row is not None, "written by the erasure"
    still_open = await _open_tickets(person_id)
    return ErasedOut(
        erased_at=row["at"],
        open_tickets=choice,
        withdrawn=len(open_before - still_open),
        open=len(still_open),
    )
