"""Export everything that is stored about a person, for themselves."""

from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg

from app import clock, db
from app.models.event import PhotoRef
from app.models.export import (
    AccountOfMine,
    AttendanceOfMine,
    CertificateOfMine,
    EntryOfMine,
    ExportOut,
    FollowedOut,
    LoginOut,
    MessageOfMine,
    NoticeOfMine,
    PostHeld,
    SideOfMine,
    SubjectOfMine,
    SubscriptionOfMine,
    SupportOfMine,
    TicketOfMine,
    TransferOfMine,
    TurnoutOfMine,
    VoteOfMine,
    WordsOut,
)
from app.rules.titles import NamedPost
from app.services import audit, encryption, people, setup, tickets
from app.services.privacy.looks import all_looks
from app.services.setup import Catalogue
from app.sql import Statement


class PostRow(NamedTuple):
    """A post somebody holds or held, with the name of its place or organisation."""

    id: UUID
    role: str
    title: str | None
    skills: list[str]
    phone: str | None
    hours: str | None
    shows_name: bool
    shows_own_phone: bool
    level: str | None  # of the place, as `path`
    path: list[UUID] | None
    unit: str
    created_at: datetime
    ended_at: datetime | None
    absent_from: date | None
    absent_until: date | None


async def export_person(person_id: UUID) -> ExportOut:
    """Return all that is stored about a person. The export is recorded in the audit trail before anything is read."""
    await audit.record("exported", person_id=person_id, subject_id=person_id)
    person = await db.fetchrow("SELECT * FROM person WHERE id = $1", person_id)
    assert person is not None, "a signed-in person exists"
    photos = await db.execute(_PHOTOS, person_id=person_id)
    catalogue = await setup.current_catalogue()
    return ExportOut(
        exported_at=clock.now(),
        profile=await people.read_profile(person_id),
        phone=encryption.decrypt_if_readable(person["phone_sealed"]),
        **{name: person[name] for name in ("created_at", "consent_version", "consent_at")},
        **{name: person[name] for name in ("muted", "quiet_nights")},
        posts=[
            _serialize_post(PostRow(**row), catalogue)
            for row in await db.execute(_POSTS, person_id=person_id)
        ],
        logins=[LoginOut(**row) for row in await db.execute(_LOGINS, person_id=person_id)],
        **await _export_tickets(person_id),
        votes=[VoteOfMine(**row) for row in await db.execute(_VOTES, person_id=person_id)],
        subjects=[SubjectOfMine(**row) for row in await db.execute(_SUBJECTS, person_id=person_id)],
        supports=[SupportOfMine(**row) for row in await db.execute(_SUPPORTS, person_id=person_id)],
        attendance=[AttendanceOfMine(**row) for row in await db.execute(_ATTENDANCE, person_id=person_id)],
        certificates=[
            CertificateOfMine(**row) for row in await db.execute(_CERTIFICATES, person_id=person_id)
        ],
        sides=await _export_sides(person_id),
        surveys=[TurnoutOfMine(**row) for row in await db.execute(_TURNOUT, person_id=person_id)],
        accounts=await _export_accounts(person_id),
        photos=_serialize_photos([row["id"] for row in photos]),
        notices=[NoticeOfMine(**row) for row in await db.execute(_NOTICES, person_id=person_id)],
        subscriptions=[
            SubscriptionOfMine(**row) for row in await db.execute(_SUBSCRIPTIONS, person_id=person_id)
        ],
        messages=[MessageOfMine(**row) for row in await db.execute(_MESSAGES, person_id=person_id)],
        audit=[EntryOfMine(**row) for row in await db.execute(_AUDIT, person_id=person_id)],
        looks=await all_looks(person_id),
    )


_POSTS: Final = Statement("""
SELECT p.id, p.role, p.title, p.skills, p.phone, p.hours, p.shows_name, p.shows_own_phone, u.level, u.path,
       coalesce(u.label, o.name) AS unit, p.created_at, p.ended_at, p.absent_from, p.absent_until
FROM post p LEFT JOIN place u ON u.id = p.place_id LEFT JOIN organisation o ON o.id = p.organisation_id
WHERE p.person_id = :person_id ORDER BY p.id
""")
_LOGINS: Final = Statement("""
SELECT id, kind, created_at, rotated_at, revoked_at FROM login WHERE person_id = :person_id ORDER BY id
""")
_PHOTOS: Final = Statement("SELECT id FROM photo WHERE uploader_id = :person_id ORDER BY id")
_NOTICES: Final = Statement("""
SELECT id, ticket_id, type, created_at, read_at FROM notice WHERE person_id = :person_id ORDER BY id
""")
_SUBSCRIPTIONS: Final = Statement("""
SELECT template_id, remaining, refused_at FROM subscription WHERE person_id = :person_id ORDER BY 1
""")
_MESSAGES: Final = Statement("""
SELECT id, ticket_id, subject_id, type, created_at, outcome FROM wechat_message WHERE person_id = :person_id ORDER BY id
""")
_AUDIT: Final = Statement("""
SELECT id, at, type, subject_id, address, data FROM audit WHERE person_id = :person_id ORDER BY at, id
""")
_TICKETS: Final = Statement("""
SELECT t.*, p.label AS place FROM ticket t LEFT JOIN place p ON p.id = t.place_id
WHERE t.reporter_id = :person_id ORDER BY t.id
""")
_FOLLOWED: Final = Statement("""
SELECT t.id, t.no, f.since, f.origin_id FROM follower f JOIN ticket t ON t.id = f.ticket_id
WHERE f.person_id = :person_id ORDER BY t.id, f.origin_id
""")
_VOTES: Final = Statement("""
SELECT ticket_id, still_there, at FROM vote WHERE person_id = :person_id ORDER BY ticket_id
""")
_SUBJECTS: Final = Statement("""
SELECT id, kind, status, title, text, created_at FROM subject
WHERE author_id = :person_id OR person_id = :person_id ORDER BY id
""")
_SUPPORTS: Final = Statement("SELECT subject_id, at FROM supporter WHERE person_id = :person_id ORDER BY 1")
_ATTENDANCE: Final = Statement("""
SELECT subject_id, status, at, came_at, hours FROM attendance WHERE person_id = :person_id ORDER BY 1
""")
_CERTIFICATES: Final = Statement("""
SELECT id, code, first_day, last_day, created_at FROM certificate WHERE person_id = :person_id ORDER BY id
""")
_SIDES: Final = Statement("""
SELECT x.subject_id, coalesce(s.sort, s.kind) AS kind, x.role, x.agreed_at, x.left_at
FROM side x JOIN subject s ON s.id = x.subject_id WHERE x.person_id = :person_id ORDER BY x.id
""")
_SEALED: Final = Statement("""
SELECT e.ticket_id, e.seq, e.type, e.at, x.sealed FROM side y JOIN subject s ON s.id = y.subject_id
JOIN event e ON e.ticket_id = s.id AND e.at >= s.created_at AND e.person_id = :person_id
JOIN encrypted_text x ON x.subject_id = e.ticket_id AND x.seq = e.seq
WHERE y.person_id = :person_id ORDER BY e.ticket_id, e.seq
""")
_TURNOUT: Final = Statement("""
SELECT t.survey_id, r.label AS household, t.day FROM turnout t JOIN place r ON r.id = t.household_id
WHERE t.person_id = :person_id ORDER BY 1
""")
_ACCOUNTS: Final = Statement("""
SELECT a.id, c.kind, p.label AS community, a.balance FROM account a JOIN circle c ON c.id = a.circle_id
JOIN place p ON p.id = c.community_id WHERE a.person_id = :person_id ORDER BY a.id
""")
_TRANSFERS: Final = Statement("""
SELECT a.id AS account_id, t.at, CASE WHEN t.to_id = a.id THEN t.amount ELSE -t.amount END AS amount, t.reason,
       t.reverses_id, t.cause_id, t.reservation_id
FROM account a JOIN transfer t ON a.id IN (t.from_id, t.to_id) WHERE a.person_id = :person_id ORDER BY t.id
""")
_REMARKS: Final = Statement("""
WITH own_tickets AS (
    SELECT id FROM ticket WHERE reporter_id = :person_id
    UNION SELECT ticket_id FROM follower WHERE person_id = :person_id
)
SELECT e.ticket_id, e.seq, e.type, e.at, r.text
FROM own_tickets JOIN ticket t USING (id) JOIN event e ON e.ticket_id = t.id AND e.at >= t.created_at
JOIN remark r ON r.ticket_id = e.ticket_id AND r.seq = e.seq
WHERE e.person_id = :person_id ORDER BY e.ticket_id, e.seq
""")


async def _export_sides(person_id: UUID) -> list[SideOfMine]:
    words: dict[UUID, dict[int, WordsOut]] = {}
    for row in await db.execute(_SEALED, person_id=person_id):
        text = encryption.decrypt_if_readable(row["sealed"])
        said = WordsOut(seq=row["seq"], type=row["type"], at=row["at"], text=text)
        words.setdefault(row["ticket_id"], {})[row["seq"]] = said
    return [
        SideOfMine(**row, words=list(words.get(row["subject_id"], {}).values()))
        for row in await db.execute(_SIDES, person_id=person_id)
    ]


def _serialize_post(post: PostRow, catalogue: Catalogue) -> PostHeld:
    named = NamedPost.of(post.role, post.level, post.path, post.title)
    return PostHeld(
        id=post.id,
        label=catalogue.post_label(named, post.unit),
        skills=post.skills,
        phone=post.phone,
        hours=post.hours,
        shows_name=post.shows_name,
        shows_own_phone=post.shows_own_phone,
        created_at=post.created_at,
        ended_at=post.ended_at,
        absent_from=post.absent_from,
        absent_until=post.absent_until,
    )


async def _export_accounts(person_id: UUID) -> list[AccountOfMine]:
    """Return the person's accounts, each with its transfers, oldest first."""
    transfers: dict[UUID, list[TransferOfMine]] = {}
    for row in await db.execute(_TRANSFERS, person_id=person_id):
        moved = {name: value for name, value in row.items() if name != "account_id"}
        transfers.setdefault(row["account_id"], []).append(TransferOfMine(**moved))
    accounts = await db.execute(_ACCOUNTS, person_id=person_id)
    return [AccountOfMine(**row, transfers=transfers.get(row["id"], [])) for row in accounts]


async def _export_tickets(person_id: UUID) -> dict[str, Any]:
    """Return the fields `tickets` (reported) and `following` of the export, with the person's own remarks on each."""
    remarks: dict[UUID, list[WordsOut]] = {}
    for row in await db.execute(_REMARKS, person_id=person_id):
        remark = WordsOut(seq=row["seq"], type=row["type"], at=row["at"], text=row["text"])
        remarks.setdefault(row["ticket_id"], []).append(remark)
    reported = await db.execute(_TICKETS, person_id=person_id)
    followed = await db.execute(_FOLLOWED, person_id=person_id)
    return {
        "tickets": [_serialize_ticket(row, remarks.get(row["id"], [])) for row in reported],
        "following": [FollowedOut(**row, words=remarks.get(row["id"], [])) for row in followed],
    }


_TICKET_COLUMNS: Final = (
    *("id", "no", "status", "category", "place", "place_note", "lat", "lng", "description", "anonymous"),
    *("verdict", "rating", "created_at", "closed_at"),
)


def _serialize_ticket(row: asyncpg.Record, remarks: list[WordsOut]) -> TicketOfMine:
    return TicketOfMine(
        **{name: row[name] for name in _TICKET_COLUMNS},
        contact_phone=encryption.decrypt_if_readable(row["contact_sealed"]),
        on_behalf_of=encryption.decrypt_if_readable(row["on_behalf_name_sealed"]),
        photos=_serialize_photos(row["photo_ids"]),
        words=remarks,
    )


def _serialize_photos(photo_ids: list[UUID]) -> list[PhotoRef]:
    return [PhotoRef(**photo) for photo in tickets.serialize_photos(photo_ids)]
