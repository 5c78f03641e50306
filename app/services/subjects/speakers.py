"""Who said what staff write down: found by their number, or kept by it; and looking that number up, on record."""

from typing import Any, Final

from app import db
from app.errors import Forbidden, NotFound
from app.models.ticket import OnBehalfIn, PhoneOut
from app.rules import phones
from app.rules.subjects import STAFF, SubjectPart
from app.services import audit, encryption, tickets
from app.services.subjects.view import SubjectView
from app.sql import Statement

# The columns of a speaker's contact data; a ticket has the same.
CONTACT: Final = ("contact_sealed", "contact_masked", "on_behalf_name_sealed")


def require_may_name(part: SubjectPart, *speakers: object) -> None:
    """Raise Forbidden for a speaker whom only staff may name."""
    if part not in STAFF and any(speakers):
        raise Forbidden("只有本辖区工作人员可以替别人记录")


async def speaker_columns(speaker: OnBehalfIn | None, pointer: str) -> dict[str, Any]:
    """Return the columns that say who spoke: the person who has verified the number, else number and name, encrypted.

    Raises Invalid for what is no telephone number. `pointer`: to it, in the request.
    """
    if speaker is None:
        return {}
    columns = contact_columns(speaker, pointer)
    if speaker.phone and (mobile := phones.normalise(speaker.phone).e164):
        found = await db.execute_one(_VERIFIED, indexes=encryption.blind_indexes(mobile))
        if found:
            return {"person_id": found["id"]}
    return columns


def contact_columns(speaker: OnBehalfIn, pointer: str) -> dict[str, Any]:
    """Return the columns of somebody's number and name, encrypted. Raises Invalid for what is no telephone number."""
    number = tickets.sealed_number(speaker.phone, pointer) if speaker.phone else {}
    return number | ({"on_behalf_name_sealed": encryption.encrypt(speaker.name)} if speaker.name else {})


_VERIFIED: Final = Statement("""
SELECT id FROM person WHERE phone_index = ANY(:indexes::bytea[]) AND phone_verified AND erased_at IS NULL
ORDER BY id LIMIT 1
""")


async def look_up_speaker(view: SubjectView) -> PhoneOut:
    """Return the number that whoever spoke has left. Each look is recorded in the audit trail.

    Raises Forbidden for all but the staff of the place, NotFound where there is no number, Unreadable for one under another key.
    """
    seats = [seat for part, seat in view.parts.items() if part in STAFF and seat]
    if not seats:
        raise Forbidden("只有本辖区工作人员可以查看电话")
    opinion = view.subject
    await audit.record(
        "phone_seen",
        person_id=view.actor.person_id,
        subject_id=opinion["id"],
        post=str(seats[0].id),
    )
    if opinion["contact_sealed"] is None:
        raise NotFound("说的人没有留电话")
    return PhoneOut(
        phone=encryption.decrypt(opinion["contact_sealed"]),
        name=encryption.decrypt_if_readable(opinion["on_behalf_name_sealed"]),
    )
