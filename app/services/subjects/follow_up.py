"""What follows an event of a subject: it is sealed, those whom the table names are told, and what pays points gets its job."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.enums import SubjectKind
from app.models.job import JobRow
from app.rules import points
from app.rules.lives import LIVES
from app.rules.notices import Group, end_of_night
from app.rules.relationships import MISSED_TIMES
from app.rules.subjects import MISSED, OVERDUE, Audience
from app.services import accounts, ledger, robots, setup, subscriptions, webhooks
from app.services.setup import Catalogue
from app.sql import Statement

_BATCH: Final = 200


async def follow_events(jobs: Sequence[JobRow]) -> None:
    """Seal the events of a batch of jobs, write their notices, and delete the jobs, in one statement.

    Raises Duplicate for an event that is sealed already, LookupError for a job without an event.
    """
    rows = await db.execute(_SELECT_EVENTS, job_ids=[job["id"] for job in jobs])
    if len(rows) < len(jobs):
        raise LookupError("a job has no event")
    events = sorted(rows, key=lambda event: (event["ticket_id"], event["seq"]))
    catalogue, now = await setup.current_catalogue(), clock.now()
    told = [(event, audience) for event in events for audience in _audiences(event)]
    offices = [
        (event["job_id"], person_id)
        for event, audience in told
        if audience is Audience.OFFICE and (person_id := _office(event, catalogue))
    ]
    recipients = await db.execute(
        _SELECT_RECIPIENTS,
        job_ids=[event["job_id"] for event, _ in told],
        names=[audience for _, audience in told],
        office_job_ids=[job_id for job_id, _ in offices],
        office_person_ids=[person_id for _, person_id in offices],
        mine=Group.MINE,
        work=Group.WORK,
    )
    deliveries = [
        delivery for event in events for delivery in webhooks.build_subject_deliveries(event, catalogue)
    ]
    rings = [
        ring
        for event in events
        for ring in robots.build_subject_rings(
            {**event, "id": event["ticket_id"]}, event["type"], event["seq"], catalogue, now
        )
    ]
    paying = [event for event in events if points.paid_event(event)]
    heads = [(event["ticket_id"], event["seq"], event["hash"]) for event in events]
    await db.execute(
        _WRITE,
        now=now,
        end_of_night=end_of_night(now),
        **ledger.seal_values(heads),
        job_ids=[event["job_id"] for event in events],
        award_ids=[ids.new() for _ in paying],
        paid_ids=[event["ticket_id"] for event in paying],
        paid_seqs=[event["seq"] for event in paying],
        notice_ids=[ids.new() for _ in recipients],
        person_ids=[row["person_id"] for row in recipients],
        subject_ids=[row["subject_id"] for row in recipients],
        seqs=[row["seq"] for row in recipients],
        types=[row["type"] for row in recipients],
        **subscriptions.template_columns(),
        **robots.ring_values(rings),
        **webhooks.delivery_values(deliveries),
    )


def _audiences(event: Any) -> frozenset[Audience]:
    life = LIVES[SubjectKind(event["subject"])]
    return life.audiences.get(event["type"].partition(".")[2], frozenset())


def _office(subject: Any, catalogue: Catalogue) -> UUID | None:
    """Return who answers for the first of a subject's units that has somebody who does."""
    units = (subject["grid_id"], subject["community_id"], subject["street_id"])
    posts = (catalogue.responsible_post(unit) for unit in units)
    return next((post.person_id for post in posts if post), None)


_SELECT_EVENTS: Final = Statement("""
SELECT j.id AS job_id, e.ticket_id, e.seq, e.at, e.type, e.hash, e.data, e.subject, s.grid_id, s.community_id, s.street_id,
       s.place_id, s.released, s.kind, s.sort, coalesce(job.payload ->> 'status', s.status) AS status,
       coalesce(v.organisation_id, f.organisation_id) AS organisation_id
FROM unnest(:job_ids::uuid[]) j(id) JOIN job USING (id) JOIN subject s ON s.id = job.ticket_id
JOIN event e ON e.ticket_id = job.ticket_id AND e.seq = job.seq AND e.at >= s.created_at
LEFT JOIN survey v ON v.subject_id = s.id LEFT JOIN offer f ON f.subject_id = s.id
""")
# An author who wrote from a post is not told as the author: the office hears of its own work otherwise. What a subject
# came from: the opinions that led to it, and what it was made of, with the opinions that led to that.
_SELECT_RECIPIENTS: Final = Statement("""
WITH told AS (
    SELECT a.job_id, a.name, s.id AS subject_id, s.source_id, s.author_id, s.post_id, s.person_id, s.place_id,
           s.contact_sealed IS NOT NULL AS has_contact
    FROM unnest(:job_ids::uuid[], :names::text[]) a(job_id, name)
    JOIN job ON job.id = a.job_id JOIN subject s ON s.id = job.ticket_id
), source AS (
    SELECT t.job_id, o.author_id, o.post_id, o.person_id FROM told t JOIN subject o
    ON o.outcome_id IN (t.subject_id, t.source_id) OR o.id = t.source_id WHERE t.name = 'sources'
), recipient AS (
    SELECT job_id, author_id AS person_id, :mine::text AS mute FROM told WHERE name = 'author' AND post_id IS NULL
    UNION SELECT job_id, person_id, :mine FROM told WHERE name = 'speaker'
    UNION SELECT t.job_id, t.author_id, :work FROM told t JOIN place l ON l.id = t.place_id WHERE t.name = 'teller'
        AND t.post_id IS NOT NULL AND t.person_id IS NULL AND (t.has_contact OR l.level = 'room')
    UNION SELECT t.job_id, x.person_id, :mine FROM told t JOIN supporter x USING (subject_id) WHERE t.name = 'supporters'
    UNION SELECT t.job_id, x.person_id, :mine FROM told t JOIN attendance x USING (subject_id) WHERE t.name = 'attendees'
    UNION SELECT t.job_id, (e.data ->> 'moved_up')::uuid, :mine FROM told t JOIN job ON job.id = t.job_id
    JOIN event e ON e.ticket_id = job.ticket_id AND e.seq = job.seq WHERE t.name = 'moved_up'
    UNION SELECT t.job_id, n.id, :mine FROM told t JOIN place h ON t.place_id = ANY(h.path) JOIN person n ON n.home_id = h.id
    WHERE t.name = 'asked'
    UNION SELECT t.job_id, x.person_id, :mine FROM told t JOIN turnout x ON x.survey_id = t.subject_id WHERE t.name = 'answered'
    UNION SELECT t.job_id, p.person_id, :work FROM told t JOIN survey v USING (subject_id)
    JOIN post p ON p.organisation_id = v.organisation_id AND p.ended_at IS NULL WHERE t.name = 'company'
    UNION SELECT t.job_id, r.person_id, :mine FROM told t JOIN side x ON x.subject_id = t.subject_id AND x.left_at IS NULL
        AND t.name IN ('sides', x.role)
    CROSS JOIN LATERAL (
        SELECT n.id AS person_id FROM person n WHERE n.id = x.person_id AND (x.role <> 'household' OR n.household_id = x.place_id)
        UNION ALL SELECT p.person_id FROM post p WHERE p.ended_at IS NULL AND (p.id = x.post_id OR p.organisation_id = x.organisation_id)
    ) r
    UNION SELECT job_id, author_id, :mine FROM source WHERE post_id IS NULL
    UNION SELECT job_id, person_id, :mine FROM source
    UNION SELECT o.job_id, o.person_id, :work::text FROM unnest(:office_job_ids::uuid[], :office_person_ids::uuid[]) o(job_id, person_id)
)
SELECT DISTINCT e.at, n.id AS person_id, e.ticket_id AS subject_id, e.seq, e.type
FROM recipient r JOIN job ON job.id = r.job_id
JOIN event e ON e.ticket_id = job.ticket_id AND e.seq = job.seq
JOIN person n ON n.id = r.person_id AND n.erased_at IS NULL AND NOT r.mute = ANY (n.muted)
WHERE e.person_id IS DISTINCT FROM n.id ORDER BY e.at, e.ticket_id, e.seq
""")
_WRITE: Final = Statement(f"""
WITH {ledger.INSERT_SEAL}, insert_notice AS (
    INSERT INTO notice (id, person_id, subject_id, seq, type, created_at, visible_at)
    SELECT t.id, t.person_id, t.subject_id, t.seq, t.type, :now,
           CASE WHEN n.quiet_nights THEN greatest(:now, :end_of_night::timestamptz) ELSE :now END
    FROM unnest(:notice_ids::uuid[], :person_ids::uuid[], :subject_ids::uuid[], :seqs::int[], :types::text[])
         t(id, person_id, subject_id, seq, type) JOIN person n ON n.id = t.person_id AND n.erased_at IS NULL
    ON CONFLICT (person_id, subject_id, seq) DO NOTHING RETURNING *
), insert_message AS ({subscriptions.insert_messages}
), insert_ring AS ({robots.insert_rings}
), insert_delivery AS ({webhooks.insert_deliveries}
), insert_award AS (
    INSERT INTO job (id, kind, ticket_id, seq, due_at)
    SELECT x.id, '{accounts.AWARD_JOB}', x.subject_id, x.seq, :now
    FROM unnest(:award_ids::uuid[], :paid_ids::uuid[], :paid_seqs::int[]) x(id, subject_id, seq)
)
DELETE FROM job WHERE id = ANY(:job_ids::uuid[])
""")


async def remind_offices() -> int:
    """Tell the offices of subjects whose time is over, and say it in their groups, each once; return how many there were."""
    now = clock.now()
    rows = await db.execute(_SELECT_OVERDUE, now=now, limit=_BATCH)
    if not rows:
        return 0
    catalogue = await setup.current_catalogue()
    rings = [
        ring
        for row in rows
        for ring in robots.build_subject_rings(row, _type_of(row["kind"]), 0, catalogue, now)
    ]
    told = [(row, person) for row in rows if (person := _office(row, catalogue))]
    await db.execute(
        _REMIND,
        now=now,
        subject_ids=[row["id"] for row in rows],
        notice_ids=[ids.new() for _ in told],
        told_ids=[row["id"] for row, _ in told],
        told_types=[_type_of(row["kind"]) for row, _ in told],
        told_seqs=[-row["seq"] if row["kind"] == SubjectKind.RELATIONSHIP else 0 for row, _ in told],
        person_ids=[person_id for _, person_id in told],
        **robots.ring_values(rings),
    )
    return len(rows)


def _type_of(kind: str) -> str:
    return f"{kind}.{MISSED if kind == SubjectKind.RELATIONSHIP else OVERDUE}"


# Of a household that somebody looks after only once the next visit, too, has not come: of the household, nobody's name.
_SELECT_OVERDUE: Final = Statement(f"""
SELECT id, kind, seq, grid_id, community_id, street_id FROM subject
WHERE due_at <= :now AND ended_at IS NULL AND reminded_at IS NULL AND kind <> 'dispute'
  AND due_at + make_interval(days => coalesce(cadence_days, 0) * {MISSED_TIMES - 1}) <= :now ORDER BY due_at LIMIT :limit
""")
_REMIND: Final = Statement(f"""
WITH remind AS (
    UPDATE subject SET reminded_at = :now::timestamptz
    WHERE id = ANY(:subject_ids::uuid[]) AND ended_at IS NULL AND reminded_at IS NULL RETURNING id
), insert_ring AS ({robots.insert_rings}
)
INSERT INTO notice (id, person_id, subject_id, seq, type, created_at, visible_at)
SELECT t.notice_id, t.person_id, r.id, t.seq, t.type, :now, :now
FROM unnest(:notice_ids::uuid[], :told_ids::uuid[], :told_types::text[], :told_seqs::int[], :person_ids::uuid[])
    t(notice_id, id, type, seq, person_id)
JOIN remind r USING (id)
ON CONFLICT (person_id, subject_id, seq) DO NOTHING
""")
