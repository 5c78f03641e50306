"""Looking up a reporter's full phone number; every look is an audit entry."""

from app import db
from app.errors import Forbidden, NotFound
from app.models.ticket import PhoneOut
from app.rules.access import SEES_PHONE
from app.services import audit, vault, views
from app.services.tickets import Seen


async def look(seen: Seen) -> PhoneOut:
    """Return the number given with the report, else the reporter's own; NotFound where there is none to see."""
    if SEES_PHONE.isdisjoint(seen.parts):
        raise Forbidden("只有办理人员可以查看电话")
    if not views.sees_reporter(seen):
        raise NotFound("没有可以查看的电话")
    row = await db.fetchrow(_PHONE, seen.ticket["id"])
    sealed = row and (row["contact_sealed"] or row["phone_sealed"])
    await audit.note("phone_seen", person_id=seen.actor.person_id, subject_id=seen.ticket["id"])
    if row is None or not sealed:
        raise NotFound("报告人没有留电话")
    behalf = row["contact_sealed"] and row["on_behalf_name_sealed"]  # a name beside its own number only
    return PhoneOut(phone=vault.unseal(sealed), name=vault.unseal(behalf) if behalf else row["name"])


_PHONE = """
SELECT t.contact_sealed, t.on_behalf_name_sealed, r.phone_sealed, r.name
FROM ticket t LEFT JOIN person r ON r.id = t.reporter_id WHERE t.id = $1
"""
