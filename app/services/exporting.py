"""Everything kept about somebody, for themselves."""

from typing import Any, Final
from uuid import UUID

from app import clock, db
from app.models.event import PhotoRef
from app.models.export import (
    EntryOfMine,
    ExportOut,
    FollowedOut,
    LoginOut,
    NoticeOfMine,
    PostHeld,
    TicketOfMine,
    VoteOfMine,
    WordsOut,
)
from app.services import audit, people, vault, views
from app.services.catalogue import post_label
from app.words import Role


async def export(person_id: UUID) -> ExportOut:
    """Gather all that is kept about a person; recorded before anything is read."""
    await audit.note("exported", person_id=person_id, subject_id=person_id)
    person = await db.fetchrow("SELECT * FROM person WHERE id = $1", person_id)
    assert person is not None, "a signed-in person is there"
    photos = await db.fetch(_PHOTOS, person_id)
    return ExportOut(
        exported_at=clock.now(),
        profile=await people.profile(person_id),
        phone=_unsealed(person["phone_sealed"]),
        **{name: person[name] for name in ("created_at", "consent_version", "consent_at")},
        **{name: person[name] for name in ("muted", "quiet_nights")},
        posts=[_post(row) for row in await db.fetch(_POSTS, person_id)],
        logins=[LoginOut(**row) for row in await db.fetch(_LOGINS, person_id)],
        **await _tickets(person_id),
        votes=[VoteOfMine(**row) for row in await db.fetch(_VOTES, person_id)],
        photos=_photos([row["id"] for row in photos]),
        notices=[NoticeOfMine(**row) for row in await db.fetch(_NOTICES, person_id)],
        audit=[EntryOfMine(**row) for row in await db.fetch(_AUDIT, person_id)],
    )


_POSTS: Final = """
SELECT p.id, p.role, coalesce(u.label, o.name) AS unit, p.created_at, p.ended_at, p.absent_from, p.absent_until
FROM post p LEFT JOIN place u ON u.id = p.place_id LEFT JOIN organisation o ON o.id = p.organisation_id
WHERE p.person_id = $1 ORDER BY p.id
"""
_LOGINS: Final = """
SELECT id, kind, created_at, rotated_at, revoked_at FROM login WHERE person_id = $1 ORDER BY id
"""
_PHOTOS: Final = "SELECT id FROM photo WHERE uploader_id = $1 ORDER BY id"
_NOTICES: Final = (
    "SELECT id, ticket_id, type, created_at, read_at FROM notice WHERE person_id = $1 ORDER BY id"
)
_AUDIT: Final = (
    "SELECT id, at, type, subject_id, address, data FROM audit WHERE person_id = $1 ORDER BY at, id"
)
_TICKETS: Final = """
SELECT t.*, p.label AS place FROM ticket t LEFT JOIN place p ON p.id = t.place_id WHERE t.reporter_id = $1 ORDER BY t.id
"""
_FOLLOWED: Final = """
SELECT t.id, t.no, f.since, f.origin_id FROM follower f JOIN ticket t ON t.id = f.ticket_id WHERE f.person_id = $1
ORDER BY t.id, f.origin_id
"""
_VOTES: Final = "SELECT ticket_id, still_there, at FROM vote WHERE person_id = $1 ORDER BY ticket_id"
_WORDS: Final = """
WITH known AS (
    SELECT id FROM ticket WHERE reporter_id = $1 UNION SELECT ticket_id FROM follower WHERE person_id = $1
)
SELECT e.ticket_id, e.seq, e.type, e.at, r.text
FROM known JOIN ticket t USING (id) JOIN event e ON e.ticket_id = t.id AND e.at >= t.created_at
JOIN remark r ON r.ticket_id = e.ticket_id AND r.seq = e.seq
WHERE e.person_id = $1 ORDER BY e.ticket_id, e.seq
"""


def _post(row: Any) -> PostHeld:
    kept = {name: row[name] for name in ("id", "created_at", "ended_at", "absent_from", "absent_until")}
    return PostHeld(**kept, label=post_label(Role(row["role"]), row["unit"]))


async def _tickets(person_id: UUID) -> dict[str, Any]:
    """Return the tickets one reported and those one follows, with one's own words on them."""
    words: dict[UUID, list[WordsOut]] = {}
    for row in await db.fetch(_WORDS, person_id):
        said = WordsOut(seq=row["seq"], type=row["type"], at=row["at"], text=row["text"])
        words.setdefault(row["ticket_id"], []).append(said)
    reported = await db.fetch(_TICKETS, person_id)
    followed = await db.fetch(_FOLLOWED, person_id)
    return {
        "tickets": [_ticket(row, words.get(row["id"], [])) for row in reported],
        "following": [FollowedOut(**row, words=words.get(row["id"], [])) for row in followed],
    }


_PLAIN: Final = (
    *("id", "no", "status", "category", "place", "place_note", "lat", "lng", "description", "anonymous"),
    *("verdict", "rating", "created_at", "closed_at"),
)


def _ticket(row: Any, words: list[WordsOut]) -> TicketOfMine:
    return TicketOfMine(
        **{name: row[name] for name in _PLAIN},
        contact_phone=_unsealed(row["contact_sealed"]),
        on_behalf_of=_unsealed(row["on_behalf_name_sealed"]),
        photos=_photos(row["photo_ids"]),
        words=words,
    )


def _photos(ids: list[UUID]) -> list[PhotoRef]:
    return [PhotoRef(**photo) for photo in views.photos(ids)]


def _unsealed(sealed: bytes | None) -> str | None:
    return vault.unseal(sealed) if sealed else None
