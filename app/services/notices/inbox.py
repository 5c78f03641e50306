"""A person's own notices: listed with their Chinese sentences, counted, and marked as read."""

from datetime import datetime
from typing import Any, Final, TypedDict, cast
from uuid import UUID

from app import clock, db, words
from app.enums import Role, SubjectKind
from app.models.notice import NoticeOut, NoticesOut, ReadIn
from app.rules import access
from app.rules.access import Actor
from app.rules.facts import Facts
from app.rules.notices import POINTS_LAPSE, ROBOT_DISABLED
from app.rules.statuses import UNRESOLVED, sql_list
from app.services import setup
from app.services.notices.sentences import (
    SHIFT_SENTENCES,
    points_sentence,
    robot_disabled_sentence,
    sentence,
    shift_sentence,
    stand_in_sentence,
    subject_sentence,
    webhook_disabled_sentence,
)
from app.services.pagination import cursor_before, page_of
from app.services.setup import Catalogue
from app.sql import Statement

MAX_UNREAD: Final = 999  # a badge shows no more, so nothing beyond is counted


class NoticeRow(TypedDict):
    """A notice with what its sentence needs of its ticket or webhook. All columns but `unread` are None in the one row
    of an empty page.
    """

    id: UUID
    ticket_id: UUID | None
    subject_id: UUID | None
    subject_kind: str | None
    subject_title: str | None
    is_speaker: bool | None  # who wrote the subject as a resident, or whose words it is
    webhook_id: UUID | None
    data: dict[str, Any] | None  # of a notice of a unit
    type: str
    created_at: datetime
    read_at: datetime | None
    no: str | None
    is_reporter: bool | None
    category_name: str  # in Chinese
    category_en: str
    place: str | None
    unit: str | None
    unit_id: UUID | None
    danger: bool
    url: str | None
    follows: bool | None
    holder_id: UUID | None
    target_id: UUID | None  # of the ticket it was merged into, or was before that was undone, as the next two
    target_no: str | None
    target_holder_id: UUID | None
    is_first: bool  # in the order `danger`
    unread: int
    setup_version: int
    # Besides, the columns of its ticket that decide who sees it.


_OWN: Final = """FROM notice
    WHERE person_id = :person_id AND (NOT :unread_only OR read_at IS NULL) AND visible_at <= :now"""
_IS_DANGER: Final = f"t.status IN {sql_list(UNRESOLVED)} AND c.level = 'E0'"
_NEWEST_FIRST: Final = f"""
WITH select_notice AS (
    SELECT *, false AS is_first {_OWN} AND id < :before ORDER BY id DESC LIMIT :limit
)"""
# Unread notices of dangers first, as far as they are counted; then all others.
_DANGER_FIRST: Final = f"""
WITH unread AS (
    SELECT id, ticket_id FROM notice
    WHERE person_id = :person_id AND read_at IS NULL AND visible_at <= :now ORDER BY id DESC LIMIT {MAX_UNREAD}
), danger AS MATERIALIZED (
    SELECT unread.id FROM unread JOIN ticket t ON t.id = unread.ticket_id JOIN category c ON c.code = t.category
    WHERE {_IS_DANGER}
), select_notice AS (
    (SELECT *, true AS is_first FROM notice
     WHERE id IN (SELECT id FROM danger) AND :from_danger AND id < :before ORDER BY id DESC LIMIT :limit)
    UNION ALL
    (SELECT *, false {_OWN} AND (:from_danger OR id < :before) AND id NOT IN (SELECT id FROM danger)
     ORDER BY id DESC LIMIT :limit)
    ORDER BY is_first DESC, id DESC LIMIT :limit
)"""
# The limit of the count is written as a number, so that one plan serves everybody.
_PAGE: Final = f"""
SELECT n.id, n.ticket_id, n.subject_id, s.kind AS subject_kind, coalesce(s.title, left(s.text, 30)) AS subject_title,
       :person_id IN (CASE WHEN s.post_id IS NULL THEN s.author_id END, s.person_id) AS is_speaker, n.webhook_id, n.data, n.type, n.created_at, n.read_at, n.is_first, t.no,
       t.reporter_id = :person_id AS is_reporter, c.zh AS category_name, c.en AS category_en,
       p.label AS place, u.label AS unit, n.unit_id, w.url,
       coalesce({_IS_DANGER}, false) AS danger,
       t.followers > 0 AND EXISTS (SELECT FROM follower f WHERE f.ticket_id = t.id AND f.person_id = :person_id) AS follows,
       t.holder_id, m.id AS target_id, m.no AS target_no, m.holder_id AS target_holder_id,
       t.reporter_id, t.organisation_id, t.called_ids, t.awaited_ids, t.status, t.level, t.grid_id, t.community_id, t.street_id,
       t.category, t.anonymous, v.version AS setup_version,
       (SELECT count(*) FROM (SELECT FROM notice WHERE person_id = :person_id AND read_at IS NULL AND visible_at <= :now
                             LIMIT {MAX_UNREAD}) u) AS unread
FROM setup v LEFT JOIN select_notice n ON true LEFT JOIN subject s ON s.id = n.subject_id LEFT JOIN ticket t ON t.id = n.ticket_id
LEFT JOIN category c ON c.code = t.category LEFT JOIN place p ON p.id = t.place_id
LEFT JOIN place u ON u.id = n.unit_id
LEFT JOIN ticket m ON m.id = CASE n.type WHEN 'ticket.merged' THEN t.merged_into_id WHEN 'ticket.undone' THEN (
    SELECT (e.data ->> 'into')::uuid FROM event e WHERE e.ticket_id = n.ticket_id AND e.seq = n.seq AND e.at >= t.created_at
) END
LEFT JOIN webhook w ON w.id = n.webhook_id
ORDER BY n.is_first DESC, n.id DESC
"""
_SELECT_PAGE: Final = Statement(_NEWEST_FIRST + _PAGE)
_SELECT_DANGER_PAGE: Final = Statement(_DANGER_FIRST + _PAGE)
_DANGER_MARK: Final = "!"  # begins a cursor among the dangers that come first


async def notice_page(
    actor: Actor, *, unread: bool, danger_first: bool, limit: int, cursor: str | None
) -> NoticesOut:
    """Return one page of the caller's notices, newest first, without those that are not visible yet.

    `unread`: only those that have not been read. `danger_first`: unread notices of dangers before all others.
    """
    position = cursor or ""
    from_danger = danger_first and (not cursor or position.startswith(_DANGER_MARK))
    rows: list[NoticeRow] = await db.execute(
        _SELECT_DANGER_PAGE if danger_first else _SELECT_PAGE,
        person_id=actor.person_id,
        before=cursor_before(position.removeprefix(_DANGER_MARK) if danger_first else cursor),
        unread_only=unread,
        limit=limit + 1,
        now=clock.now(),
        **({"from_danger": from_danger} if danger_first else {}),
    )
    catalogue = await setup.cached_catalogue(rows[0]["setup_version"])
    notices = [row for row in rows if row["id"]]
    page, next_cursor = page_of(notices, limit, _cursor_of)
    items = [_serialize(row, actor, catalogue) for row in page]
    return NoticesOut(items=items, next=next_cursor, unread=rows[0]["unread"])


def _cursor_of(row: NoticeRow) -> str:
    return f"{_DANGER_MARK if row['is_first'] else ''}{row['id']}"


def _serialize(row: NoticeRow, actor: Actor, catalogue: Catalogue) -> NoticeOut:
    hidden = _is_hidden(row, actor, catalogue)
    # Who handles only the ticket it was merged into is linked to that one: they may not see the other.
    link_target = (
        row["target_holder_id"] in actor.seats_by_unit and row["holder_id"] not in actor.seats_by_unit
    )
    return NoticeOut(
        id=row["id"],
        ticket_id=None if hidden else row["target_id"] if link_target else row["ticket_id"],
        no=row["target_no"] if link_target else row["no"],
        subject_kind=SubjectKind(row["subject_kind"]) if row["subject_kind"] else None,
        subject_id=row["subject_id"],
        webhook_id=row["webhook_id"],
        type=row["type"],
        label=_label(row, catalogue, hidden=hidden),
        danger=row["danger"],
        at=row["created_at"],
        read=row["read_at"] is not None,
    )


def _is_hidden(row: NoticeRow, actor: Actor, catalogue: Catalogue) -> bool:
    """Tell whether the ticket of a notice has turned private, and its reader only came to it as a neighbour."""
    if row["ticket_id"] is None:
        return False
    ticket = cast(Facts, row)
    return not catalogue.is_visible_to_neighbours(ticket) and not access.find_parts(actor, ticket)


def _label(row: NoticeRow, catalogue: Catalogue, *, hidden: bool) -> str:
    """Return the sentence of a notice. Of a hidden ticket it names only the number, which its reader knows."""
    if row["url"]:
        return webhook_disabled_sentence(row["url"])
    if row["subject_kind"]:
        return subject_sentence(
            row["type"],
            SubjectKind(row["subject_kind"]),
            row["subject_title"],
            mine=bool(row["is_speaker"]),
            data=row["data"],
        )
    if row["type"] == ROBOT_DISABLED:
        return robot_disabled_sentence(row["unit"])
    if row["unit"]:
        return _unit_label(row, row["unit"], catalogue)
    return sentence(
        row["type"],
        place=None if hidden else row["place"],
        category=row["no"] or "" if hidden else words.name(row["category_name"], row["category_en"]),
        mine=bool(row["is_reporter"]),
        follows=bool(row["follows"]) or hidden,
    )


def _unit_label(row: NoticeRow, unit: str, catalogue: Catalogue) -> str:
    """Return the sentence of a notice of a unit: of points, a shift, or who stands in for its head."""
    data = row["data"] or {}
    if row["type"] == POINTS_LAPSE:
        return points_sentence(unit, data)
    role = catalogue.unit_role_name(Role(data["role"]), row["unit_id"])
    said = shift_sentence if row["type"] in SHIFT_SENTENCES else stand_in_sentence
    return said(row["type"], unit, role, data)


async def mark_read(actor: Actor, form: ReadIn) -> int:
    """Mark some or all of the caller's notices as read, and return how many are still unread, at most 999.

    Ids of others' notices are ignored.
    """
    now = clock.now()
    await db.execute(_MARK_READ, person_id=actor.person_id, notice_ids=form.ids, now=now)
    row = await db.execute_one(_COUNT_UNREAD, person_id=actor.person_id, now=now)
    assert row is not None, "count(*) always returns a row"
    unread: int = row["unread"]
    return unread


_MARK_READ: Final = Statement("""
UPDATE notice SET read_at = :now
WHERE person_id = :person_id AND read_at IS NULL AND visible_at <= :now
  AND (:notice_ids::uuid[] IS NULL OR id = ANY(:notice_ids))
""")
_COUNT_UNREAD: Final = Statement(f"""
SELECT count(*) AS unread
FROM (SELECT FROM notice WHERE person_id = :person_id AND read_at IS NULL AND visible_at <= :now LIMIT {MAX_UNREAD}) u
""")
