"""After a restore: erase everybody again who was erased since the backup was made."""

from collections.abc import Iterable

from app import process_state
from app.services import photos
from app.services.privacy.erasing import finish
from app.services.privacy.erasing.statement import erase_person, person_exists
from app.services.privacy.erasing.tombstones import Tombstone


async def replay_erasures(tombstones: Iterable[Tombstone]) -> int:
    """Erase every person of these tombstones who exists; return how many that were. May be repeated."""
    count = 0
    for tombstone in tombstones:
        if await person_exists(tombstone.person_id):
            await erase_person(
                tombstone.person_id, keep_open_tickets=tombstone.keep_open_tickets, repeat=True
            )
            await finish.finish_erasure(tombstone.person_id)
            count += 1
    while await photos.clear_discarded():
        pass
    process_state.forget_all()
    return count
