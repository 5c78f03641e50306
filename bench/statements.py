"""What the bare endpoint says to the database: the rows of a submit, an act and an inbox, with nothing around them."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.models.ticket import Ticket

_OPEN: Final = "status IN ('new', 'accepted', 'dispatched', 'waiting', 'resolved')"
COLUMNS: Final = [column.name for column in Ticket.__table__.columns]  # type: ignore[attr-defined]  # SQLModel's stub hides it
# Taken from a sample ticket as they are; the others are a request's own.
GIVEN: Final = [name for name in COLUMNS if name not in {"id", "no", "created_at", "description"}]

SAMPLE: Final = "SELECT * FROM ticket WHERE id = $1"

# $1 ticket, $2 now, $3 words, $4 salt, $5 job, $6 key, $7 digest, $8 reporter, the rest the sample's.
SUBMIT: Final = f"""
WITH opened AS (
    INSERT INTO ticket (id, no, created_at, description, {", ".join(GIVEN)})
    VALUES ($1, to_char($2::timestamptz, 'YYMMDD-') || nextval('ticket_no'), $2, $3,
            {", ".join(f"${n}" for n in range(9, 9 + len(GIVEN)))})
    RETURNING no
), told AS (
    INSERT INTO event (ticket_id, seq, at, type, part, person_id, data, hash)
    VALUES ($1, 1, $2, 'ticket.submitted', 'reporter', $8, json_build_object('said', encode($7::bytea, 'hex')), $7)
), said AS (
    INSERT INTO remark (ticket_id, seq, text, salt) VALUES ($1, 1, $3, $4)
), left_to_do AS (
    INSERT INTO job (id, kind, ticket_id, seq, due_at) VALUES ($5, 'event', $1, 1, $2)
), remembered AS (
    INSERT INTO idempotency (actor_id, key, digest, ref_id, created_at) VALUES ($8, $6, $7, $1, $2)
)
SELECT no FROM opened
"""

# $1 ticket, $2 version seen, $3 now, $4 job, $5 link of the chain, $6 who, then the columns it changes, words and salt.
_ACT: Final = """
WITH moved AS (
    UPDATE ticket SET updated_at = $3, version = version + 1, seq = seq + 1, head = $5{changes}
    WHERE id = $1 AND version = $2 RETURNING id, seq, version, no
), told AS (
    INSERT INTO event (ticket_id, seq, at, type, part, person_id, data, hash)
    SELECT id, seq, $3, '{event}', 'head', $6, '{{}}', $5 FROM moved
), left_to_do AS (
    INSERT INTO job (id, kind, ticket_id, seq, due_at) SELECT $4, 'event', id, seq, $3 FROM moved
){more}
SELECT no, version FROM moved
"""
_SAID: Final = """, said AS (
    INSERT INTO remark (ticket_id, seq, text, salt) SELECT id, seq, ${text}, ${salt} FROM moved
)"""
_ITS_OWN: Final = {"updated_at", "version", "seq", "head", "changed_tx"}


@dataclass(frozen=True, slots=True)
class BareAct:
    """What an act comes to in the database: one statement and its values beyond a request's own."""

    sql: str
    values: list[Any]
    version: int  # of the ticket before, for acts that do not say it


def act(event: str, before: Mapping[str, Any], after: Mapping[str, Any], text: str | None) -> BareAct:
    """Return the bare twin of an act the real server has done: it changes the same columns to the same values."""
    changed = [name for name in COLUMNS if before[name] != after[name] and name not in _ITS_OWN]
    changes = "".join(f", {name} = ${n}" for n, name in enumerate(changed, 7))
    values = [after[name] for name in changed]
    more = _SAID.format(text=7 + len(values), salt=8 + len(values)) if text else ""
    return BareAct(
        _ACT.format(changes=changes, event=event, more=more),
        [*values, *([text, secrets.token_bytes(16)] if text else [])],
        before["version"],
    )


INBOX: Final = f"SELECT * FROM ticket WHERE holder_id = $1 AND {_OPEN} ORDER BY id DESC LIMIT 20"

# Many tickets at once, copied from samples: `{given}` are changed columns. $1 how many, $2 samples, $3 days they go back.
_WRITTEN: Final = "now() - (interval '1 day' * $3::float8 * n / $1)"
_ID: Final = """(lpad(to_hex((extract(epoch FROM {written}) * 1000)::bigint), 12, '0') || '7'
    || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid"""
_BULK_OPEN: Final = "$4::text <> 'mixed' OR n % 3 = 0"  # of 'mixed', two in three are closed
_CHANGED: Final = {
    "id": _ID.format(written=_WRITTEN),
    "no": "'bench-' || nextval('ticket_no')",
    "status": f"CASE WHEN $4::text <> 'mixed' THEN $4 WHEN {_BULK_OPEN} THEN 'accepted' ELSE 'closed' END",
    "accepted_at": f"CASE WHEN $4::text <> 'new' THEN {_WRITTEN} END",
    "closed_at": f"CASE WHEN NOT ({_BULK_OPEN}) THEN now() END",
    "timer_at": f"CASE WHEN {_BULK_OPEN} THEN now() + interval '1 day' * (1 + random()) END",
    "created_at": _WRITTEN,
}
# Copies of a ticket as it stands, as if each had come to there by itself. $1 how many, $2 the ticket.
_TWIN: Final = {"id": _ID.format(written="now()"), "no": _CHANGED["no"]}
TWINS: Final = f"""
INSERT INTO ticket ({", ".join(COLUMNS)}) SELECT {", ".join(_TWIN.get(name, f"s.{name}") for name in COLUMNS)}
FROM generate_series(1, $1::int) n, ticket s WHERE s.id = $2 RETURNING id
"""
# What else stands where an act begins. $1 the tickets, $2 the neighbours' tickets beside them, $3 the neighbour.
BESIDE: Final = {
    "unmerge": """
WITH pair AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS p(id, other) WHERE $3::uuid IS NOT NULL
), merged AS (
    UPDATE ticket SET merged_into_id = pair.other FROM pair WHERE ticket.id = pair.id
), followed AS (
    UPDATE ticket SET followers = 1 FROM pair WHERE ticket.id = pair.other
)
INSERT INTO follower (ticket_id, person_id, origin_id, since)
SELECT pair.other, t.reporter_id, pair.id, now() FROM pair JOIN ticket t ON t.id = pair.id
""",
    "vote": """
WITH followed AS (
    UPDATE ticket SET followers = 1 WHERE id = ANY ($1::uuid[]) AND $2::uuid[] IS NOT NULL
)
INSERT INTO follower (ticket_id, person_id, origin_id, since) SELECT id, $3::uuid, id, now() FROM unnest($1::uuid[]) id
""",
}
BULK: Final = f"""
INSERT INTO ticket ({", ".join(COLUMNS)})
SELECT {", ".join(_CHANGED.get(name, f"s.{name}") for name in COLUMNS)}
FROM generate_series(1, $1::int) n
JOIN ticket s ON s.id = ($2::uuid[])[1 + n % cardinality($2::uuid[])]
RETURNING id
"""
# The words of those copies are their sample's; one in $2 has one more. $1 the samples.
RARE: Final = "水表"
WORDS: Final = f"""
INSERT INTO ticket_words (ticket_id, words)
SELECT t.id, CASE WHEN row_number() OVER (ORDER BY t.id) % $2::int = 0 THEN w.words || array_to_tsvector(ARRAY['{RARE}'])
                  ELSE w.words END
FROM ticket s JOIN ticket_words w ON w.ticket_id = s.id
JOIN ticket t ON t.place_id = s.place_id AND t.reporter_id = s.reporter_id AND t.no LIKE 'bench-%'
WHERE s.id = ANY ($1::uuid[])
ON CONFLICT DO NOTHING
"""

# Messages to a webhook as large as an act's; and how long each took that is delivered.
_NOW: Final = """(lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7'
    || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid"""
MESSAGES: Final = f"""
INSERT INTO delivery (id, webhook_id, ticket_id, seq, type, body, created_at, due_at)
SELECT {_NOW}, $1, gen_random_uuid(), 1, 'ticket.unmerged',
       json_build_object('type', 'ticket.unmerged', 'timestamp', clock_timestamp(), 'data', repeat('x', 500)),
       clock_timestamp(), clock_timestamp()
FROM generate_series(1, $2::int)
"""
DELIVERED: Final = """
SELECT extract(epoch FROM settled_at - created_at)::float8 AS took FROM delivery WHERE webhook_id = $1 AND delivered
"""
