"""The queue of subscribe messages: written with the notices, claimed once, settled with what became of each."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, TypedDict
from uuid import UUID

from app import clock, db
from app.rules.subscribe_messages import Template
from app.services.subscriptions.templates import templates
from app.sql import Statement

MAX_AGE: Final = timedelta(hours=24)  # news of yesterday is no news
SENDING: Final = timedelta(seconds=60)  # after that the worker that was sending it has died
KEPT: Final = timedelta(days=7)
BACKOFF: Final = (5, 15, 30, 60)  # seconds before another attempt; the last holds for all later ones

# A CTE of the statement that writes the notices (`insert_notice` returns them). A message is written for whoever has
# said yes to its template; whether that is still so is asked when it is sent.
insert_messages: Final = """
    INSERT INTO wechat_message (id, person_id, ticket_id, subject_id, type, template_id, created_at, due_at)
    SELECT n.id, n.person_id, n.ticket_id, n.subject_id, n.type, s.template_id, n.created_at, n.visible_at
    FROM insert_notice n JOIN unnest(:template_types::text[], :template_ids::text[]) t(type, id) ON t.type = n.type
    JOIN subscription s ON s.person_id = n.person_id AND s.template_id = t.id AND s.remaining > 0
"""


def template_columns() -> dict[str, list[str]]:
    """Return the parameters that `insert_messages` needs."""
    known = templates()
    return {"template_types": list(known), "template_ids": [template.id for template in known.values()]}


class MessageRow(TypedDict):
    """A claimed message, with what may be filled into its template."""

    id: UUID
    person_id: UUID
    ticket_id: UUID | None  # of a subject: None, as all that only tickets have
    subject_id: UUID | None
    subject_kind: str | None
    subject_title: str | None
    is_speaker: bool | None  # who wrote the subject as a resident, or whose words it is
    shown: bool | None  # the subject is theirs, or not hidden
    type: str
    template_id: str
    attempts: int
    openid: str
    no: str | None
    category_name: str | None
    place: str | None
    status: str
    holder_id: UUID | None
    is_reporter: bool
    has_part: bool  # holds a post of a unit or organisation that has to do with the ticket
    is_near: bool  # follows it, or holds some post
    created_at: datetime
    due: datetime | None
    # Besides, the columns of the ticket that decide whether neighbours see it.


class Settled(NamedTuple):
    """What became of a message: see models.wechat.WechatMessage."""

    id: UUID
    outcome: str
    answer: str = ""


async def claim(limit: int) -> list[MessageRow]:
    """Claim due messages, one a person, and take each from what its person allows. WeChat may have them from now on.

    On the way, settle what can no longer be sent: too old, read in the program meanwhile, nobody there, or sent by a
    worker that died before it heard the answer.
    """
    now = clock.now()
    await db.execute(_SETTLE_STALE, now=now, created_before=now - MAX_AGE, sending_before=now - SENDING)
    long_term = [template.id for template in templates().values() if template.long_term]
    return await db.execute(_CLAIM, now=now, limit=limit, long_term=long_term)


_SETTLE_STALE: Final = Statement("""
UPDATE wechat_message m
SET settled_at = :now, outcome = CASE
    WHEN m.sending_since IS NOT NULL THEN 'unknown' WHEN m.created_at < :created_before THEN 'late'
    WHEN n.id IS NULL OR p.openid IS NULL THEN 'gone' ELSE 'read' END
FROM wechat_message x LEFT JOIN notice n ON n.id = x.id LEFT JOIN person p ON p.id = x.person_id
WHERE x.id = m.id AND m.settled_at IS NULL AND m.due_at <= :now AND CASE
    WHEN m.sending_since IS NOT NULL THEN m.sending_since < :sending_before
    ELSE m.created_at < :created_before OR n.id IS NULL OR n.read_at IS NOT NULL OR p.openid IS NULL END
""")
# One a person: WeChat refuses two at once to somebody. Who has nothing left allows nothing more.
_CLAIM: Final = Statement("""
WITH select_due AS MATERIALIZED (
    SELECT id, person_id, template_id FROM wechat_message WHERE settled_at IS NULL AND sending_since IS NULL
      AND due_at <= :now ORDER BY due_at LIMIT :limit * 4 FOR UPDATE SKIP LOCKED
), choose AS (
    SELECT DISTINCT ON (person_id) id, person_id, template_id FROM select_due d
    WHERE NOT EXISTS (SELECT FROM wechat_message o WHERE o.person_id = d.person_id AND o.sending_since IS NOT NULL
                      AND o.settled_at IS NULL)
    ORDER BY person_id, id
), select_chosen AS (
    SELECT * FROM choose ORDER BY id LIMIT :limit
), spend AS (
    UPDATE subscription s SET remaining = s.remaining - CASE WHEN s.template_id = ANY(:long_term::text[]) THEN 0 ELSE 1 END
    FROM select_chosen c WHERE s.person_id = c.person_id AND s.template_id = c.template_id AND s.remaining > 0
    RETURNING s.person_id
), settle_unallowed AS (
    UPDATE wechat_message m SET settled_at = :now, outcome = 'unsubscribed' FROM select_chosen c
    WHERE m.id = c.id AND NOT EXISTS (SELECT FROM spend WHERE spend.person_id = c.person_id)
), claim_message AS (
    UPDATE wechat_message m SET sending_since = :now, attempts = m.attempts + 1
    FROM select_chosen c JOIN spend USING (person_id) WHERE m.id = c.id RETURNING m.*
)
SELECT m.id, m.person_id, m.ticket_id, m.subject_id, m.type, m.template_id, m.attempts, m.created_at, p.openid, t.no,
       coalesce(t.status, s.status) AS status, s.kind AS subject_kind, s.title AS subject_title,
       m.person_id IN (CASE WHEN s.post_id IS NULL THEN s.author_id END, s.person_id) AS is_speaker,
       s.released OR m.person_id IN (s.author_id, s.person_id) AS shown,
       t.holder_id, t.reporter_id = m.person_id AS is_reporter, c.zh AS category_name, l.label AS place,
       t.category, t.anonymous, t.community_id, t.street_id,
       EXISTS (SELECT FROM post o WHERE o.person_id = m.person_id AND o.ended_at IS NULL AND (
           o.place_id IN (t.holder_id, t.grid_id, t.community_id, t.street_id)
           OR o.organisation_id = t.organisation_id OR o.organisation_id = ANY(t.called_ids))) AS has_part,
       EXISTS (SELECT FROM follower f WHERE f.ticket_id = t.id AND f.person_id = m.person_id)
           OR EXISTS (SELECT FROM post o WHERE o.person_id = m.person_id AND o.ended_at IS NULL
                      AND o.role <> 'steward') AS is_near,
       CASE WHEN s.id IS NOT NULL THEN CASE s.kind WHEN 'activity' THEN s.starts_at ELSE s.ends_at END
            WHEN t.status = 'new' THEN t.accept_due ELSE t.resolve_due END AS due
FROM claim_message m JOIN person p ON p.id = m.person_id
LEFT JOIN ticket t ON t.id = m.ticket_id LEFT JOIN subject s ON s.id = m.subject_id
LEFT JOIN category c ON c.code = t.category LEFT JOIN place l ON l.id = coalesce(t.place_id, s.place_id) ORDER BY m.id
""")


async def settle(settled: Sequence[Settled]) -> None:
    """Write what became of messages."""
    await db.execute(
        _SETTLE,
        now=clock.now(),
        ids=[one.id for one in settled],
        outcomes=[one.outcome for one in settled],
        answers=[one.answer for one in settled],
    )


_SETTLE: Final = Statement("""
WITH result AS (
    SELECT * FROM unnest(:ids::uuid[], :outcomes::text[], :answers::text[]) r(id, outcome, answer)
), end_subscription AS (
    UPDATE subscription s SET remaining = 0 FROM result r JOIN wechat_message m USING (id)
    WHERE r.outcome = 'unsubscribed' AND s.person_id = m.person_id AND s.template_id = m.template_id
)
UPDATE wechat_message m SET settled_at = :now, sending_since = NULL, outcome = r.outcome, answer = r.answer
FROM result r WHERE m.id = r.id
""")


async def put_back(messages: Sequence[MessageRow], template_by_id: Mapping[str, Template]) -> None:
    """Send messages again later that WeChat has not taken, and give back what was taken from their persons."""
    now = clock.now()
    waits = [BACKOFF[min(message["attempts"], len(BACKOFF)) - 1] for message in messages]
    counted = [not template_by_id[message["template_id"]].long_term for message in messages]
    values: dict[str, Any] = {"ids": [message["id"] for message in messages], "counted": counted}
    await db.execute(_PUT_BACK, due=[now + timedelta(seconds=wait) for wait in waits], **values)


_PUT_BACK: Final = Statement("""
WITH result AS (
    SELECT * FROM unnest(:ids::uuid[], :due::timestamptz[], :counted::bool[]) r(id, due, counted)
), give_back AS (
    UPDATE subscription s SET remaining = s.remaining + 1 FROM result r JOIN wechat_message m USING (id)
    WHERE r.counted AND s.person_id = m.person_id AND s.template_id = m.template_id
)
UPDATE wechat_message m SET sending_since = NULL, due_at = r.due FROM result r WHERE m.id = r.id
""")


async def sweep_messages() -> None:
    """Delete messages settled long ago."""
    await db.execute(_SWEEP, settled_before=clock.now() - KEPT)


_SWEEP: Final = Statement("DELETE FROM wechat_message WHERE settled_at < :settled_before")
