"""Reservations by the code that somebody shows."""

from typing import Final

from app import db
from app.enums import SubjectKind
from app.errors import NotFound
from app.rules.access import Actor
from app.services.subjects.view import SubjectView, load_subject
from app.sql import Statement


async def reservation_by_code(actor: Actor, code: str) -> SubjectView:
    """Return the reservation with a code, in the caller's scope. Raises NotFound for any other."""
    row = await db.execute_one(_BY_CODE, code=code.strip().upper())
    if row is None:
        raise NotFound
    return await load_subject(actor, SubjectKind.RESERVATION, row["subject_id"])


_BY_CODE: Final = Statement("SELECT subject_id FROM reservation WHERE code = :code")
