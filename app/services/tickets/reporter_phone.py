"""Looking up a reporter's full phone number. Every look-up writes an audit entry."""

from typing import Final

from app import db
from app.errors import Forbidden, NotFound
from app.models.ticket import PhoneOut
from app.rules.access import SEES_PHONE
from app.services import audit, encryption
from app.services.tickets.view import TicketView
from app.services.tickets.visibility import sees_reporter
from app.sql import Statement


async def look_up_phone(view: TicketView) -> PhoneOut:
    """Return the contact number of the report, else the reporter's own.

    Raises Forbidden if the caller does not handle the ticket, NotFound if there is no number or it may not be seen,
    Unreadable for a number under another key.
    """
    if SEES_PHONE.isdisjoint(view.parts):
        raise Forbidden("只有办理人员可以查看电话")
    if not sees_reporter(view):
        raise NotFound("没有可以查看的电话")
    row = await db.execute_one(_PHONE, ticket_id=view.ticket["id"])
    encrypted = row and (row["contact_sealed"] or row["phone_sealed"])
    await audit.record(
        "phone_seen",
        person_id=view.actor.person_id,
        subject_id=view.ticket["id"],
        post=_post_of(view),
    )
    if row is None or not encrypted:
        raise NotFound("报告人没有留电话")
    # The name of the person reported for belongs to the contact number, not to the reporter's own.
    encrypted_name = row["contact_sealed"] and row["on_behalf_name_sealed"]
    return PhoneOut(
        phone=encryption.decrypt(encrypted),
        name=encryption.decrypt_if_readable(encrypted_name) if encrypted_name else row["name"],
    )


def _post_of(view: TicketView) -> str | None:
    """Return the id of the post, or of the API key, from which the number is looked at."""
    seats = [seat for part, seat in view.parts.items() if part in SEES_PHONE and seat]
    return str(seats[0].id) if seats else None


_PHONE: Final = Statement("""
SELECT t.contact_sealed, t.on_behalf_name_sealed, r.phone_sealed, r.name
FROM ticket t LEFT JOIN person r ON r.id = t.reporter_id WHERE t.id = :ticket_id
""")
