"""The queue of what robots say: written with the notices, one robot claimed by one worker, settled with the outcome."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, TypedDict
from uuid import UUID

from app import clock, db, ids
from app.models.event import EventRow
from app.models.robot import NewRing, RingRow
from app.rules.notices import TIMER_DELAY, Audience, visible_from
from app.rules.robots import MAX_AGE, SUBJECT_RINGS, Group, ring
from app.rules.statuses import ENDED, sql_list
from app.rules.workdays import next_in_frame
from app.services import audit
from app.services.setup import Catalogue
from app.sql import Statement

MINUTE: Final = timedelta(minutes=1)
LEASE: Final = timedelta(minutes=5)  # longer than A_MINUTE messages that each take all their time
KEPT: Final = timedelta(days=7)
BACKOFF: Final = (5, 15, 30, 60)  # seconds after failures in a row; the last holds for all later ones


def build_rings(event: EventRow, catalogue: Catalogue, now: datetime) -> list[NewRing]:
    """Return what an event says in groups, one each; whether there is a robot is asked when they are written.

    A robot rings at night. What is counted in office hours only waits for them, as its notice does.
    """
    rules = catalogue.rules((event["street_id"], event["community_id"]))
    danger = rules.categories[event["category"]].level == "E0"
    found = ring(event["type"], event["data"], danger=danger)
    if found is None:
        return []
    kind, groups = found
    due_at = visible_from(
        event["type"],
        Audience.HOLDER,
        event["data"].get("clock"),
        now,
        rules.clocks(event["category"]),
    )
    owner_ids = {owner_id for group in groups if (owner_id := _owner_id(group, event))}
    return [
        NewRing(ids.new(), owner_id, event["ticket_id"], event["seq"], kind, now if danger else due_at)
        for owner_id in sorted(owner_ids)
    ]


def _owner_id(group: Group, event: EventRow) -> UUID | None:
    if group is Group.ORGANISATION:
        return event["organisation_id"]
    offices = (event["community_id"], event["street_id"])
    upwards = [unit_id for unit_id in (event["holder_id"], *offices[event["level"] - 1 :]) if unit_id]
    unit_ids = list(dict.fromkeys(upwards))
    n = 0 if group is Group.HOLDER else 1
    return unit_ids[n] if n < len(unit_ids) else None


def build_subject_rings(
    subject: Mapping[str, Any], type_: str, seq: int, catalogue: Catalogue, now: datetime
) -> list[NewRing]:
    """Return what is said in groups of an event of a subject, or of its time being over (`seq` 0), in office hours.

    `subject`: its kind, id and units.
    """
    row = SUBJECT_RINGS.get(type_)
    if row is None:
        return []
    offices = [subject["community_id"], subject["street_id"]]
    due_at = max(now, next_in_frame(now - TIMER_DELAY, catalogue.rules(tuple(reversed(offices))).calendar))
    owner_ids = {
        owner_id for group in row.groups if (owner_id := _subject_owner(group, subject["grid_id"], offices))
    }
    return [
        NewRing(ids.new(), owner_id, subject["id"], seq, row.kind, due_at, subject["kind"])
        for owner_id in sorted(owner_ids)
    ]


def _subject_owner(group: Group, grid_id: UUID | None, offices: Sequence[UUID | None]) -> UUID | None:
    upwards = offices if group is Group.OFFICE else (grid_id, *offices)
    unit_ids = [unit_id for unit_id in upwards if unit_id]
    n = 1 if group is Group.NEXT else 0
    return unit_ids[n] if n < len(unit_ids) else None


def ring_values(rings: Sequence[NewRing]) -> dict[str, list[Any]]:
    """Return the parameters of `insert_rings`."""
    return {f"ring_{name}": [ring[n] for ring in rings] for n, name in enumerate(NewRing._fields)}


# A CTE of the statement that writes the notices.
insert_rings: Final = """
    INSERT INTO robot_message (id, owner_id, ticket_id, subject, seq, kind, created_at, due_at)
    SELECT n.id, n.owner_id, n.ticket_id, n.subject, n.seq, n.kind, :now, n.due_at
    FROM unnest(:ring_id::uuid[], :ring_owner_id::uuid[], :ring_ticket_id::uuid[], :ring_seq::int[], :ring_kind::text[],
                :ring_due_at::timestamptz[], :ring_subject::text[]) AS n(id, owner_id, ticket_id, seq, kind, due_at, subject)
    JOIN robot r ON r.owner_id = n.owner_id AND r.disabled_at IS NULL
    ON CONFLICT (owner_id, ticket_id, seq) DO NOTHING
"""


class RobotRow(TypedDict):
    """A claimed robot. `sent`: how many messages it has sent within the last minute."""

    owner_id: UUID
    sealed: bytes
    failures: int
    sent: int


async def claim_robots(limit: int) -> list[RobotRow]:
    """Claim robots that have something to say and are not busy; the claim ends by itself after LEASE."""
    now = clock.now()
    return await db.execute(
        _CLAIM, now=now, busy_until=now + LEASE, since=now - MINUTE, created_before=now - MAX_AGE, limit=limit
    )


# What a subject needs is no news: it counts from the office hours in which it is to be said.
_SINCE: Final = "CASE m.subject WHEN 'ticket' THEN m.created_at ELSE m.due_at END"
# What has grown too old or ended meanwhile is settled on the way.
_CLAIM: Final = Statement(f"""
WITH settle_late AS (
    UPDATE robot_message m SET settled_at = :now, outcome = CASE WHEN {_SINCE} < :created_before THEN 'late' ELSE 'gone' END
    WHERE m.settled_at IS NULL AND m.due_at <= :now AND ({_SINCE} < :created_before OR CASE m.subject
        WHEN 'ticket' THEN EXISTS (SELECT FROM ticket t WHERE t.id = m.ticket_id AND t.status IN {sql_list(ENDED)})
        ELSE EXISTS (SELECT FROM subject s WHERE s.id = m.ticket_id AND s.ended_at IS NOT NULL) END) RETURNING m.id
), select_robot AS (
    SELECT r.owner_id FROM robot r WHERE r.disabled_at IS NULL AND (r.busy_until IS NULL OR r.busy_until <= :now)
      AND EXISTS (SELECT FROM robot_message m WHERE m.owner_id = r.owner_id AND m.settled_at IS NULL AND m.due_at <= :now
                  AND m.id NOT IN (SELECT id FROM settle_late))
    LIMIT :limit FOR UPDATE SKIP LOCKED
)
UPDATE robot r SET busy_until = :busy_until, sent_at = ARRAY(SELECT at FROM unnest(r.sent_at) at WHERE at > :since)
FROM select_robot s WHERE r.owner_id = s.owner_id
RETURNING r.owner_id, r.sealed, r.failures, cardinality(r.sent_at) AS sent
""")


async def due_messages(owner_id: UUID) -> list[RingRow]:
    """Return what a robot is to say now, with what its ticket or subject is now; the oldest first."""
    return await db.execute(_SELECT_DUE, owner_id=owner_id, now=clock.now())


_SELECT_DUE: Final = Statement("""
SELECT m.id, m.ticket_id, m.subject, m.kind, c.zh AS category, l.label AS place,
       CASE WHEN s.id IS NOT NULL THEN s.due_at WHEN t.status = 'new' THEN t.accept_due ELSE t.resolve_due END AS due
FROM robot_message m LEFT JOIN ticket t ON t.id = m.ticket_id LEFT JOIN category c ON c.code = t.category
LEFT JOIN subject s ON s.id = m.ticket_id LEFT JOIN place l ON l.id = coalesce(t.place_id, s.place_id)
WHERE m.owner_id = :owner_id AND m.settled_at IS NULL AND m.due_at <= :now ORDER BY m.id LIMIT 1000
""")


async def settle(owner_id: UUID, message_ids: Sequence[UUID], outcome: str) -> None:
    """Write what became of messages that were one message in the group, and count it."""
    await db.execute(
        _SETTLE, owner_id=owner_id, message_ids=list(message_ids), outcome=outcome, now=clock.now()
    )


_SETTLE: Final = Statement("""
WITH settle_message AS (
    UPDATE robot_message SET settled_at = :now, outcome = :outcome::text WHERE id = ANY(:message_ids::uuid[])
)
UPDATE robot SET sent_at = sent_at || :now::timestamptz, failures = 0 WHERE owner_id = :owner_id
""")


async def release(robot: RobotRow, *, wait: timedelta | None = None, failed: bool = False) -> None:
    """Give a robot back: at once, after `wait`, or after its rest when a message has failed."""
    failures = robot["failures"] + 1 if failed else 0
    if failed:
        wait = timedelta(seconds=BACKOFF[min(failures, len(BACKOFF)) - 1])
    await db.execute(
        _RELEASE,
        owner_id=robot["owner_id"],
        failures=failures,
        busy_until=clock.now() + wait if wait else None,
    )


_RELEASE: Final = Statement("""
UPDATE robot SET busy_until = :busy_until, failures = :failures WHERE owner_id = :owner_id
""")


async def disable(owner_id: UUID) -> None:
    """Disable a robot that WeCom does not know, with an audit entry, and tell those who can set another."""
    rows = await db.execute(_SELECT_CONTACTS, owner_id=owner_id)
    values: dict[str, Any] = {
        "notice_ids": [ids.new() for _ in rows],
        "person_ids": [row["person_id"] for row in rows],
    }
    await db.execute(_DISABLE, owner_id=owner_id, now=clock.now(), **values, **audit.entry_values())


_SELECT_CONTACTS: Final = Statement("""
SELECT DISTINCT p.person_id FROM robot r JOIN post p ON p.organisation_id = r.organisation_id
    OR (p.place_id = r.place_id AND p.role IN ('head', 'deputy', 'community', 'street'))
WHERE r.owner_id = :owner_id AND p.ended_at IS NULL AND p.person_id IS NOT NULL
""")
_ENTRY: Final = audit.insert_entry(
    "robot_disabled",
    person="NULL",
    subject="coalesce(organisation_id, place_id)",
    source="disable_robot",
)
_DISABLE: Final = Statement(f"""
WITH disable_robot AS (
    UPDATE robot SET disabled_at = :now, busy_until = NULL WHERE owner_id = :owner_id AND disabled_at IS NULL RETURNING *
), settle_message AS (
    UPDATE robot_message m SET settled_at = :now, outcome = 'gone' FROM disable_robot r
    WHERE m.owner_id = r.owner_id AND m.settled_at IS NULL
), insert_audit AS ({_ENTRY})
INSERT INTO notice (id, person_id, unit_id, type, created_at, visible_at)
SELECT n.id, n.person_id, r.place_id, 'robot.disabled', :now, :now
FROM disable_robot r, unnest(:notice_ids::uuid[], :person_ids::uuid[]) n(id, person_id)
""")


async def sweep_messages() -> None:
    """Delete messages settled long ago."""
    await db.execute(_SWEEP, settled_before=clock.now() - KEPT)


_SWEEP: Final = Statement("DELETE FROM robot_message WHERE settled_at < :settled_before")
