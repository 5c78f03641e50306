"""Lists of subjects in the caller's scope, of their events, and of who attends."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from app import clock, db, words
from app.enums import SHANGHAI, STAFFS_OWN, Role, SubjectKind
from app.errors import Forbidden, Invalid
from app.models.activity import AttendanceOut
from app.models.subject import SubjectEventOut
from app.rules.access import GRID_ROLES, Actor
from app.rules.access import STAFF as ROLES_OF_STAFF
from app.rules.lives import LIVES
from app.rules.opinions import FATES
from app.rules.subjects import HEADS, STAFF, Life
from app.services import setup
from app.services.pagination import bad_cursor, cursor_before, page_of
from app.services.subjects.columns import IS_ADMITTED, OF_KIND, Columns
from app.services.subjects.serializers import serialize_attendance, serialize_event
from app.services.subjects.series import ONE_A_SERIES
from app.services.subjects.view import SubjectView, communities, linked, view_of
from app.sql import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectFilter:
    """Which subjects to list. `mine`: what one wrote, said, supports or attends."""

    status: tuple[str, ...] = ()
    sort: tuple[str, ...] = ()
    place_id: UUID | None = None
    source_id: UUID | None = None
    outcome_id: UUID | None = None
    first_day: date | None = None  # written down on these days; of activities: beginning
    last_day: date | None = None
    series: UUID | None = None  # of activities: the runs of this course
    one_a_series: bool = False  # of activities: a course once, however many runs it has
    solved: bool | None = None  # of opinions that led to something: it is done, or not yet
    mine: bool = False
    overdue: bool = False
    to_tell: bool = False  # of opinions: staff have yet to tell whoever said it
    venue: str | None = None
    q: str | None = None  # neighbouring characters of its words


# When a subject counts in a period, and whether what an opinion led to is done; the funnel counts by the same.
MOMENT: Final = "CASE WHEN s.kind = 'activity' THEN s.starts_at ELSE s.created_at END"
SOLVED: Final = """coalesce(CASE s.status WHEN 'ticket' THEN t.status = 'closed' AND t.outcome = 'fixed'
    ELSE o.status IN ('done', 'reviewed') END, false)"""
# As `rules.surveys.status_at` and `rules.relationships.status_at` have it: what the clock has closed is closed in filters, too.
_STATUS: Final = (
    "CASE WHEN s.kind = 'survey' AND s.status = 'open' AND s.ends_at <= :now THEN 'closed' "
    "WHEN s.kind = 'relationship' AND s.ends_at <= :now THEN 'ended' ELSE s.status END"
)
# As `rules.subjects.is_staffs_own` has it.
_STAFFS_OWN: Final = (
    "(s.kind = 'activity' AND s.sort IN (" + ", ".join(f"'{sort}'" for sort in sorted(STAFFS_OWN)) + "))"
)
# As `rules.subjects.own_sides` has it.
_IS_SIDE: Final = """EXISTS (SELECT FROM side x WHERE x.subject_id = s.id AND x.left_at IS NULL
       AND ((x.person_id = :person_id AND (x.role <> 'household' OR x.place_id = n.household_id))
       OR x.post_id = ANY(:posts::uuid[]) OR x.organisation_id = ANY(:organisations::uuid[])))"""
# What is masked for residents they do not find either: of numbers and plates, see `text.mask`; nor what is written of visits.
_MASKABLE: Final = re.compile(r"[0-9A-Za-z０-９]")


# Residents see what is released where they live, in their grid, too (see `view.parts_of`), besides their own; of visits only those of their own room.
def _page(columns: Columns) -> Statement:
    return Statement(f"""
WITH home AS (
    SELECT h.path, (SELECT c.grid_id FROM unnest(h.path) WITH ORDINALITY u(id, n) JOIN grid_cover c ON c.place_id = u.id
                    ORDER BY u.n DESC LIMIT 1) AS grid_id
    FROM person n JOIN place h ON h.id = n.home_id WHERE n.id = :person_id
)
{columns.select()}
WHERE s.kind = :kind AND s.id < :before
  AND (:sided OR s.author_id = :person_id OR s.person_id = :person_id
       OR s.grid_id = ANY(:units::uuid[]) OR s.community_id = ANY(:units) OR s.street_id = ANY(:units)
       OR (s.grid_id IS NULL AND s.community_id = ANY(:communities::uuid[]))
       OR (:public AND s.released AND (s.place_id = ANY(coalesce((SELECT path FROM home), '{{}}'::uuid[]))
                OR (s.kind <> 'survey' AND s.place_id = (SELECT grid_id FROM home)))
           AND NOT {_STAFFS_OWN})
       OR (s.place_id = n.household_id AND s.ended_at IS NOT NULL AND {_STAFFS_OWN} AND (s.sort <> 'care' OR {IS_ADMITTED}))
       OR ((s.released OR s.kind IN ('offer', 'reservation'))
           AND {columns.organisation} = ANY(:organisations::uuid[])))
  AND (NOT :sided OR s.grid_id = ANY(:offices::uuid[]) OR s.community_id = ANY(:offices) OR s.street_id = ANY(:offices)
       OR (s.grid_id IS NULL AND s.community_id = ANY(:communities)) OR {_IS_SIDE})
  AND (NOT :mine OR (:sided AND {_IS_SIDE}) OR NOT :sided AND (s.author_id = :person_id OR s.person_id = :person_id
       OR EXISTS (SELECT FROM supporter x WHERE x.subject_id = s.id AND x.person_id = :person_id)
       OR EXISTS (SELECT FROM attendance x WHERE x.subject_id = s.id AND x.person_id = :person_id)))
  AND (:statuses::text[] = '{{}}' OR {_STATUS} = ANY(:statuses)) AND (:sorts::text[] = '{{}}' OR s.sort = ANY(:sorts))
  AND (:place_id::uuid IS NULL OR :place_id IN (s.place_id, s.grid_id, s.community_id, s.street_id))
  AND (:source_id::uuid IS NULL OR s.source_id = :source_id)
  AND (:outcome_id::uuid IS NULL OR s.outcome_id = :outcome_id OR s.ticket_id = :outcome_id)
  AND (:since::timestamptz IS NULL OR {MOMENT} >= :since) AND (:until::timestamptz IS NULL OR {MOMENT} < :until)
  AND (:solved::bool IS NULL OR (s.status IN ('ticket', 'topic', 'project') AND {SOLVED} = :solved))
  AND (:venue::text IS NULL OR s.venue = :venue)
  AND (:series::uuid IS NULL OR :series IN (s.id, s.series)) AND (NOT :one_a_series OR {ONE_A_SERIES})
  AND (:pattern::text IS NULL OR (concat_ws(' ', s.title, s.text, s.result) ILIKE :pattern AND (NOT (:could_be_masked::bool OR {_STAFFS_OWN})
       OR s.author_id = :person_id OR s.person_id = :person_id OR s.grid_id = ANY(:units) OR s.community_id = ANY(:units)
       OR s.street_id = ANY(:units) OR (s.grid_id IS NULL AND s.community_id = ANY(:communities))))
       OR (s.ended_at IS NULL AND {columns.name} ILIKE :pattern AND (s.grid_id = ANY(:desks::uuid[])
           OR s.community_id = ANY(:desks) OR s.street_id = ANY(:desks) OR (s.grid_id IS NULL AND s.community_id = ANY(:communities)))))
  AND (NOT :to_tell OR (s.kind = 'opinion' AND s.status = ANY(:fates::text[]) AND s.told_at IS NULL AND s.person_id IS NULL
       AND s.post_id IS NOT NULL AND (s.contact_sealed IS NOT NULL OR l.level = 'room')))
  AND (NOT :overdue OR (s.due_at <= :now AND s.ended_at IS NULL))
ORDER BY s.id DESC LIMIT :limit
""")


_PAGES: Final = {kind: _page(columns) for kind, columns in OF_KIND.items()}


def midnight(day: date | None, *, after: int = 0) -> datetime | None:
    """Return the midnight in Shanghai with which a day begins, or some days after it."""
    return datetime.combine(day + timedelta(days=after), time(), SHANGHAI) if day else None


async def subject_page(
    actor: Actor, kind: SubjectKind, wanted: SubjectFilter, limit: int, cursor: str | None
) -> tuple[list[SubjectView], str | None]:
    """Return a page of subjects in the caller's scope, newest first, and the next cursor. Raises Invalid."""
    life = LIVES[kind]
    if unknown := set(wanted.status) - set(life.statuses):
        raise Invalid.at("/status", f"没有这种状态：{words.join(sorted(unknown), '、')}")
    catalogue = await setup.current_catalogue()
    grids = {seat.unit_id for seat in actor.seats if seat.role in GRID_ROLES}
    of_grids = {unit: community for unit, community in communities(actor, catalogue).items() if unit in grids}
    if life.sided:
        of_grids = {unit: of_grids[unit] for unit in _offices(actor, life) if unit in of_grids}
    rows = await db.execute(
        _PAGES[kind],
        person_id=actor.person_id,
        kind=kind,
        before=cursor_before(cursor),
        units=[seat.unit_id for seat in actor.seats if seat.unit_id and seat.role is not Role.ADMIN],
        desks=[seat.unit_id for seat in actor.seats if seat.unit_id and seat.role in ROLES_OF_STAFF],
        communities=[community for community in of_grids.values() if community],
        organisations=list(actor.seats_by_organisation),
        sided=life.sided,
        posts=[seat.id for seat in actor.seats],
        offices=_offices(actor, life),
        public=life.public,
        mine=wanted.mine,
        statuses=list(wanted.status),
        sorts=list(wanted.sort),
        place_id=wanted.place_id,
        source_id=wanted.source_id,
        outcome_id=wanted.outcome_id,
        since=midnight(wanted.first_day),
        until=midnight(wanted.last_day, after=1),
        solved=wanted.solved,
        overdue=wanted.overdue,
        to_tell=wanted.to_tell,
        fates=list(FATES),
        venue=wanted.venue,
        series=wanted.series,
        one_a_series=wanted.one_a_series,
        pattern=_pattern(wanted.q),
        could_be_masked=bool(wanted.q and _MASKABLE.search(wanted.q)),
        now=clock.now(),
        limit=limit + 1,
    )
    page, next_cursor = page_of(rows, limit)
    return await linked([view_of(actor, kind, row, catalogue) for row in page]), next_cursor


_OFFICES: Final = (GRID_ROLES - {Role.MEMBER}) | {Role.COMMUNITY, Role.STREET}


def _offices(actor: Actor, life: Life) -> list[UUID]:
    """Return the units whose subjects with sides somebody sees for the post they hold there."""
    if life.insiders.isdisjoint(HEADS):
        return []
    return [seat.unit_id for seat in actor.seats if seat.unit_id and seat.role in _OFFICES]


def _pattern(q: str | None) -> str | None:
    """Return what words are compared with, in which no character has a meaning of its own."""
    return None if q is None else "%" + re.sub(r"([\\%_])", r"\\\1", q) + "%"


_EVENTS: Final = Statement("""
SELECT e.seq, e.type, e.at, e.part, x.sealed, r.seq IS NOT NULL AS has_text, r.text,
       ARRAY(SELECT f.id FROM photo f WHERE f.subject_id = e.ticket_id AND f.seq = e.seq ORDER BY f.id) AS photo_ids, p.role, p.title, u.level, u.path, u.label AS unit
FROM event e LEFT JOIN remark r ON r.ticket_id = e.ticket_id AND r.seq = e.seq
LEFT JOIN encrypted_text x ON x.subject_id = e.ticket_id AND x.seq = e.seq
LEFT JOIN post p ON p.id = e.post_id LEFT JOIN place u ON u.id = p.place_id
WHERE e.ticket_id = :subject_id AND e.at >= :created_at AND e.seq > :after ORDER BY e.seq LIMIT :limit
""")


async def event_page(
    view: SubjectView, limit: int, cursor: str | None
) -> tuple[list[SubjectEventOut], str | None]:
    """Return a page of a subject's events, oldest first, and the next cursor. Raises Invalid for a bad cursor."""
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise bad_cursor()
    rows = await db.execute(
        _EVENTS,
        subject_id=view.subject["id"],
        created_at=view.subject["created_at"],
        after=int(cursor or 0),
        limit=limit + 1,
    )
    page, next_cursor = page_of(rows, limit, lambda row: str(row["seq"]))
    return [serialize_event(row, view) for row in page], next_cursor


_ATTENDANCE: Final = Statement("""
SELECT a.*, n.name FROM attendance a JOIN person n ON n.id = a.person_id
WHERE a.subject_id = :subject_id AND a.person_id < :before ORDER BY a.person_id DESC LIMIT :limit
""")


async def attendance_page(
    view: SubjectView, limit: int, cursor: str | None
) -> tuple[list[AttendanceOut], str | None]:
    """Return a page of who attends an activity, and the next cursor. Raises Forbidden for all but its staff."""
    if STAFF.isdisjoint(view.parts):
        raise Forbidden("只有本辖区工作人员可以看名单")
    rows = await db.execute(
        _ATTENDANCE, subject_id=view.subject["id"], before=cursor_before(cursor), limit=limit + 1
    )
    page, next_cursor = page_of(rows, limit, lambda row: str(row["person_id"]))
    return [serialize_attendance(row) for row in page], next_cursor
