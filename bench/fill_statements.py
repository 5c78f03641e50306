"""SQL that fills the database with tickets and prepares them for an act."""

from typing import Final

from bench.bare_statements import COLUMNS

# A time-ordered id (UUID version 7) of the moment `{at}`.
UUID7: Final = """(lpad(to_hex((extract(epoch FROM {at}) * 1000)::bigint), 12, '0') || '7'
    || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid"""
_CREATED_AT: Final = "now() - (interval '1 day' * $3::float8 * n / $1)"
_IS_OPEN: Final = "$4::text <> 'mixed' OR n % 3 = 0"  # of 'mixed' tickets, two in three are closed
_FILL_COLUMNS: Final = {
    "id": UUID7.format(at=_CREATED_AT),
    "no": "'bench-' || nextval('ticket_no')",
    "status": f"CASE WHEN $4::text <> 'mixed' THEN $4 WHEN {_IS_OPEN} THEN 'accepted' ELSE 'closed' END",
    "accepted_at": f"CASE WHEN $4::text <> 'new' THEN {_CREATED_AT} END",
    "closed_at": f"CASE WHEN NOT ({_IS_OPEN}) THEN now() END",
    "timer_at": f"CASE WHEN {_IS_OPEN} THEN now() + interval '1 day' * (1 + random()) END",
    "created_at": _CREATED_AT,
}
# Copies of sample tickets. $1 count, $2 sample ids, $3 days their creation is spread over, $4 status or 'mixed'.
FILL_TICKETS: Final = f"""
INSERT INTO ticket ({", ".join(COLUMNS)})
SELECT {", ".join(_FILL_COLUMNS.get(name, f"s.{name}") for name in COLUMNS)}
FROM generate_series(1, $1::int) n
JOIN ticket s ON s.id = ($2::uuid[])[1 + n % cardinality($2::uuid[])]
RETURNING id
"""

# Search words of those copies: their sample's; one ticket in $2 also has RARE_WORD. $1 sample ids.
RARE_WORD: Final = "水表"
FILL_SEARCH_WORDS: Final = f"""
INSERT INTO ticket_words (ticket_id, words)
SELECT t.id, CASE WHEN row_number() OVER (ORDER BY t.id) % $2::int = 0 THEN w.words || array_to_tsvector(ARRAY['{RARE_WORD}'])
                  ELSE w.words END
FROM ticket s JOIN ticket_words w ON w.ticket_id = s.id
JOIN ticket t ON t.place_id = s.place_id AND t.reporter_id = s.reporter_id AND t.no LIKE 'bench-%'
WHERE s.id = ANY ($1::uuid[])
ON CONFLICT DO NOTHING
"""

# Copies of one ticket in its present state. $1 count, $2 ticket.
_COPY_COLUMNS: Final = {"id": UUID7.format(at="now()"), "no": _FILL_COLUMNS["no"]}
COPY_TICKET: Final = f"""
INSERT INTO ticket ({", ".join(COLUMNS)}) SELECT {", ".join(_COPY_COLUMNS.get(name, f"s.{name}") for name in COLUMNS)}
FROM generate_series(1, $1::int) n, ticket s WHERE s.id = $2 RETURNING id
"""
# Rows an act needs besides the ticket. $1 tickets, $2 the neighbour's ticket for each, $3 the neighbour.
ACT_PREPARATION: Final = {
    "unmerge": """
WITH pair AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS p(id, neighbour_id) WHERE $3::uuid IS NOT NULL
), merge_tickets AS (
    UPDATE ticket SET merged_into_id = pair.neighbour_id FROM pair WHERE ticket.id = pair.id
), count_followers AS (
    UPDATE ticket SET followers = 1 FROM pair WHERE ticket.id = pair.neighbour_id
)
INSERT INTO follower (ticket_id, person_id, origin_id, since)
SELECT pair.neighbour_id, t.reporter_id, pair.id, now() FROM pair JOIN ticket t ON t.id = pair.id
""",
    "vote": """
WITH count_followers AS (
    UPDATE ticket SET followers = 1 WHERE id = ANY ($1::uuid[]) AND $2::uuid[] IS NOT NULL
)
INSERT INTO follower (ticket_id, person_id, origin_id, since) SELECT id, $3::uuid, id, now() FROM unnest($1::uuid[]) id
""",
}
