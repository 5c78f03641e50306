"""Follow up events in batches: seal them, write notices, webhook deliveries and content checks, in one statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from app import clock, db
from app.models.content_check import NewCheck
from app.models.event import EventRow
from app.models.job import JobRow
from app.models.notice import NewNotice
from app.models.robot import NewRing
from app.models.webhook import NewDelivery
from app.rules.notices import end_of_night
from app.services import content_checks, ledger, notices, robots, setup, subscriptions, webhooks
from app.sql import Statement


async def follow_events(jobs: Sequence[JobRow]) -> None:
    """Seal the events of a batch of jobs, write their notices, deliveries and checks, and delete the jobs.

    Workers take turns at the chain of seals: none loses a race. Raises Duplicate for an event that is sealed already.
    Raises LookupError for a job without an event.
    """
    events: list[EventRow] = await db.execute(_SELECT_EVENTS, job_ids=[job["id"] for job in jobs])
    if len(events) < len(jobs):
        raise LookupError("a job has no event")
    events.sort(key=lambda event: (event["ticket_id"], event["seq"]))
    catalogue = await setup.cached_catalogue(events[0]["setup_version"])
    followers, now = await notices.followers_by_ticket(events), clock.now()
    new_notices = [
        notice
        for event in events
        for notice in notices.build_notices(event, catalogue, followers.get(event["ticket_id"], ()), now)
    ]
    deliveries = [delivery for event in events for delivery in webhooks.build_deliveries(event, catalogue)]
    checks = [check for event in events for check in content_checks.build_checks(event)]
    rings = [ring for event in events for ring in robots.build_rings(event, catalogue, now)]
    await _write(events, new_notices, deliveries, checks, rings, now)


# The ticket as it is now; ticket_state is of the event's moment. The time bound lets PostgreSQL skip older partitions.
_SELECT_EVENTS: Final = Statement("""
SELECT j.id AS job_id, nullif(job.payload - 'let_go', '{}') AS ticket_state, job.payload -> 'let_go' AS let_go, s.version AS setup_version,
       e.ticket_id, e.seq, e.at, e.type, e.part, e.person_id, e.hash, e.data, coalesce(r.internal, false) AS internal,
       r.text, t.place_note, t.origin, a.openid IS NOT NULL AS known_to_wechat,
       CASE WHEN t.seq > e.seq THEN ARRAY(
           SELECT l.person_id FROM event l
           WHERE l.ticket_id = e.ticket_id AND l.seq > e.seq AND l.at >= e.at AND l.person_id IS NOT NULL
       ) ELSE '{}' END AS acted_since,
       t.no, t.category, t.level, t.reporter_id, p.organisation_id AS reporter_organisation_id,
       t.holder_id, t.community_id, t.street_id, t.organisation_id, t.awaited_ids, t.followers,
       ARRAY[m.holder_id, m.community_id, m.street_id] AS target_unit_ids
FROM unnest(:job_ids::uuid[]) j(id) JOIN job USING (id)
JOIN ticket t ON t.id = job.ticket_id
JOIN event e ON e.ticket_id = job.ticket_id AND e.seq = job.seq AND e.at >= t.created_at
LEFT JOIN remark r ON r.ticket_id = e.ticket_id AND r.seq = e.seq
LEFT JOIN person p ON p.id = t.reporter_id LEFT JOIN person a ON a.id = e.person_id
LEFT JOIN ticket m ON e.type IN ('ticket.merged', 'ticket.undone') AND m.id = (e.data ->> 'into')::uuid CROSS JOIN setup s
""")


async def _write(
    events: Sequence[EventRow],
    new_notices: Sequence[NewNotice],
    deliveries: Sequence[NewDelivery],
    checks: Sequence[NewCheck],
    rings: Sequence[NewRing],
    now: datetime,
) -> None:
    heads = [(event["ticket_id"], event["seq"], event["hash"]) for event in events]
    await db.execute(
        _WRITE,
        now=now,
        end_of_night=end_of_night(now),
        job_ids=[event["job_id"] for event in events],
        **ledger.seal_values(heads),
        **_columns("notice", NewNotice._fields, new_notices),
        **webhooks.delivery_values(deliveries),
        **_columns("check", NewCheck._fields, checks),
        **robots.ring_values(rings),
        **subscriptions.template_columns(),
    )


def _columns(prefix: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """Return rows as arrays for `unnest`, one a column, each named `<prefix>_<column>`."""
    return {f"{prefix}_{name}": [row[n] for row in rows] for n, name in enumerate(names)}


# One statement: killed at any point, a job is still there or all its effects are. Of an act that was undone, notices
# that nobody has read yet vanish; whoever has read theirs is told that it was undone.
_WRITE: Final = Statement(f"""
WITH {ledger.INSERT_SEAL}, withdraw_notice AS (
    DELETE FROM notice o
    USING unnest(:notice_person_id::uuid[], :notice_ticket_id::uuid[], :notice_seq::int[], :notice_type::text[])
          AS n(person_id, ticket_id, seq, type)
    WHERE n.type = 'ticket.undone' AND o.read_at IS NULL
      AND (o.person_id, o.ticket_id, o.seq) = (n.person_id, n.ticket_id, n.seq - 1)
    RETURNING n.person_id, n.ticket_id, n.seq
), insert_notice AS (
    INSERT INTO notice (id, person_id, ticket_id, seq, type, created_at, read_at, visible_at)
    SELECT n.id, n.person_id, n.ticket_id, n.seq, n.type, :now, CASE WHEN n.acted THEN :now END,
           CASE WHEN p.quiet_nights AND NOT 'always' = ANY (string_to_array(n.groups, ','))
                THEN greatest(n.visible_at, :end_of_night::timestamptz) ELSE n.visible_at END
    FROM unnest(:notice_id::uuid[], :notice_person_id::uuid[], :notice_ticket_id::uuid[], :notice_seq::int[],
                :notice_type::text[], :notice_groups::text[], :notice_visible_at::timestamptz[], :notice_acted::bool[])
         AS n(id, person_id, ticket_id, seq, type, groups, visible_at, acted)
    JOIN person p ON p.id = n.person_id
    WHERE p.erased_at IS NULL AND NOT string_to_array(n.groups, ',') <@ p.muted
      AND (n.person_id, n.ticket_id, n.seq) NOT IN (SELECT person_id, ticket_id, seq FROM withdraw_notice)
    ON CONFLICT (person_id, ticket_id, seq) DO NOTHING RETURNING *
), insert_message AS ({subscriptions.insert_messages}
), insert_ring AS ({robots.insert_rings}
), insert_delivery AS ({webhooks.insert_deliveries}
), insert_check AS ({content_checks.insert_checks}
)
DELETE FROM job WHERE id = ANY(:job_ids::uuid[])
""")
