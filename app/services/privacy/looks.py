"""Who of the office has looked at somebody's personal data: read from the audit trail, for that person alone."""

from datetime import datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID

from app import db, words
from app.models.export import LookOut
from app.rules.titles import NamedPost
from app.services import setup
from app.services.pagination import cursor_before, page_of
from app.services.setup import Catalogue
from app.sql import Statement

# What an entry of the audit trail says was seen; the index `audit_look` holds entries of these types.
_WHAT: Final[dict[str, tuple[Literal["phone", "identity"], str]]] = {
    "phone_seen": ("phone", "看了您留的电话"),
    "unsealed_seen": ("identity", "看了匿名上报人的姓名和电话"),
}
_SOMEBODY: Final = "办理人员"


class LookRow(NamedTuple):
    """A look at the data of a ticket's reporter; `role` and `unit` of a post that is not known are None."""

    id: UUID
    at: datetime
    type: str
    ticket_id: UUID
    no: str
    role: str | None
    title: str | None
    level: str | None  # of the place, as `path`
    path: list[UUID] | None
    unit: str | None


# Ticket by ticket, each by the index: a join would read every look of the street. An entry names the post (or API key) it was made from, an unsealing those of its two persons. Entries older than that
# name the person: then it is the first post they held at the time.
_SELECT: Final = Statement("""
SELECT e.id, e.at, e.type, e.ticket_id, e.no, coalesce(p.role, CASE WHEN k.id IS NOT NULL THEN 'agent' END) AS role,
       p.title, u.level, u.path, coalesce(u.label, o.name) AS unit
FROM (
    SELECT a.*, t.id AS ticket_id, t.no FROM ticket t CROSS JOIN LATERAL (
        SELECT * FROM audit WHERE subject_id = t.id AND type IN ('phone_seen', 'unsealed_seen')
          AND id < :before AND person_id IS DISTINCT FROM :person_id
        ORDER BY id DESC LIMIT :limit
    ) a
    WHERE t.reporter_id = :person_id ORDER BY a.id DESC LIMIT :limit
) e
LEFT JOIN unsealing s ON s.id = (e.data->>'unsealing')::uuid
LEFT JOIN LATERAL (
    SELECT coalesce(
        (e.data->>'post')::uuid,
        CASE e.person_id WHEN s.requested_by THEN s.requested_post_id WHEN s.decided_by THEN s.decided_post_id END,
        (SELECT h.id FROM post h WHERE h.person_id = e.person_id AND h.created_at <= e.at
            AND (h.ended_at IS NULL OR h.ended_at > e.at) ORDER BY h.id LIMIT 1)) AS id
) x ON true
LEFT JOIN post p ON p.id = x.id LEFT JOIN api_key k ON k.id = x.id
LEFT JOIN place u ON u.id = p.place_id
LEFT JOIN organisation o ON o.id = coalesce(p.organisation_id, k.organisation_id)
ORDER BY e.id DESC
""")
_ALL: Final = 1_000_000  # of the three years that the audit trail is kept


async def looks_page(person_id: UUID, limit: int, cursor: str | None) -> tuple[list[LookOut], str | None]:
    """Return a page of the looks at a person's data, newest first, and the next cursor. Raises Invalid for a bad cursor."""
    rows = await _read(person_id, cursor_before(cursor), limit + 1)
    page, next_cursor = page_of(rows, limit, lambda row: str(row.id))
    catalogue = await setup.current_catalogue()
    return [_translated(_serialize(row, catalogue)) for row in page], next_cursor


async def all_looks(person_id: UUID) -> list[LookOut]:
    """Return every look at a person's data, newest first, for their export."""
    catalogue = await setup.current_catalogue()
    return [_serialize(row, catalogue) for row in await _read(person_id, cursor_before(None), _ALL)]


async def _read(person_id: UUID, before: UUID, limit: int) -> list[LookRow]:
    rows = await db.execute(_SELECT, person_id=person_id, before=before, limit=limit)
    return [LookRow(**row) for row in rows]


def _serialize(row: LookRow, catalogue: Catalogue) -> LookOut:
    what, name = _WHAT[row.type]
    named = NamedPost.of(row.role, row.level, row.path, row.title) if row.role else None
    return LookOut(
        id=row.id,
        at=row.at,
        what=what,
        what_name=name,
        post=catalogue.post_label(named, row.unit or "") if named else _SOMEBODY,
        ticket_id=row.ticket_id,
        no=row.no,
    )


def _translated(look: LookOut) -> LookOut:
    """Return a look in the language of the request; an export stays Chinese."""
    said = {"what_name": words.say(look.what_name), "post": words.translate(look.post)}
    return look.model_copy(update=said)
