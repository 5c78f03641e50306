"""Words leave the ledger, its events do not: what the tickets of somebody who leaves lose, as parts of one statement.

The statement has `gone`, one row with the person's id, and these parameters: $2 now, $3 whether open tickets are kept as
they are until they close, $7 what stands in place of words.
"""

from typing import Final

_ENDED: Final = "status IN ('closed', 'rejected', 'merged')"
# What staff report from a post, and companies of places they serve, is the office's record; names and phones go all the same.
_OFFICE: Final = "origin IN ('staff', 'partner')"
_OWN_WORDS: Final = "e.post_id IS NULL AND e.part IN ('reporter', 'follower')"

# `blanked` comes before photos: acts lock a ticket before its photos, and so does this.
FORGETTING: Final[dict[str, str]] = {
    "own": f"""
    SELECT t.id, t.{_OFFICE} AS office, t.place_id IS NOT NULL OR t.{_ENDED} AS placed
    FROM ticket t JOIN gone ON t.reporter_id = gone.id WHERE NOT $3::bool OR t.{_ENDED}
""",
    "blanked": """
    UPDATE ticket t SET changed_tx = pg_current_xact_id()::text::bigint,
        description = CASE WHEN office THEN description ELSE $7::text END,
        place_note = CASE WHEN office OR place_note IS NULL THEN place_note ELSE $7::text END,
        photo_ids = CASE WHEN office THEN photo_ids ELSE '{}' END,
        lat = CASE WHEN office OR NOT placed THEN lat END, lng = CASE WHEN office OR NOT placed THEN lng END,
        contact_sealed = NULL, contact_masked = NULL, on_behalf_name_sealed = NULL
    FROM own WHERE t.id = own.id AND (
        contact_sealed IS NOT NULL OR contact_masked IS NOT NULL OR on_behalf_name_sealed IS NOT NULL
        OR NOT office AND (description IS DISTINCT FROM $7::text OR place_note <> $7::text OR photo_ids <> '{}'
                           OR placed AND lat IS NOT NULL))
    RETURNING t.id
""",
    "unfound": """
    UPDATE ticket_words w SET words = ts_filter(w.words, '{b,c,d}') FROM own
    WHERE w.ticket_id = own.id AND NOT office AND w.words <> ts_filter(w.words, '{b,c,d}')
""",
    "said": f"""
    SELECT e.ticket_id, e.seq FROM own JOIN event e ON e.ticket_id = own.id JOIN gone ON e.person_id = gone.id
    WHERE {_OWN_WORDS}
    UNION SELECT e.ticket_id, e.seq FROM event e JOIN gone ON e.person_id = gone.id WHERE e.part = 'follower'
""",
    "unfollowed": """
    DELETE FROM follower f USING gone WHERE f.person_id = gone.id RETURNING f.ticket_id
""",
    "counted": """
    UPDATE ticket t SET changed_tx = pg_current_xact_id()::text::bigint, followers = t.followers - 1
    FROM (SELECT DISTINCT ticket_id FROM unfollowed) f WHERE t.id = f.ticket_id
""",
    "unsaid": """
    UPDATE remark r SET text = NULL, salt = '' FROM said
    WHERE r.ticket_id = said.ticket_id AND r.seq = said.seq AND (r.text IS NOT NULL OR r.salt <> '')
""",
}

# Contact data of tickets that ended long ago: before $1, so many at a time.
ANONYMISE: Final = f"""
UPDATE ticket SET contact_sealed = NULL, contact_masked = NULL, on_behalf_name_sealed = NULL,
    changed_tx = pg_current_xact_id()::text::bigint
WHERE id IN (
    SELECT id FROM ticket
    WHERE (contact_sealed IS NOT NULL OR on_behalf_name_sealed IS NOT NULL) AND {_ENDED}
      AND coalesce(closed_at, rejected_at, updated_at) < $1 ORDER BY id LIMIT $2
) AND {_ENDED} RETURNING id
"""

# Photos of tickets that ended long ago; their files follow from `discard`.
UNSHOW: Final = f"""
WITH old AS MATERIALIZED (
    SELECT p.id, p.ticket_id FROM photo p JOIN ticket t ON t.id = p.ticket_id
    WHERE p.ticket_id IS NOT NULL AND p.created_at < $1 AND t.{_ENDED}
      AND coalesce(t.closed_at, t.rejected_at, t.updated_at) < $1 ORDER BY p.created_at LIMIT $2
), unshown AS (
    UPDATE ticket t SET photo_ids = ARRAY(SELECT u FROM unnest(t.photo_ids) u WHERE u NOT IN (SELECT id FROM old)),
        resolution_photo_ids = ARRAY(SELECT u FROM unnest(t.resolution_photo_ids) u WHERE u NOT IN (SELECT id FROM old)),
        changed_tx = pg_current_xact_id()::text::bigint
    WHERE t.id IN (SELECT ticket_id FROM old) RETURNING t.id
), removed AS (
    DELETE FROM photo p USING old WHERE p.id = old.id AND (SELECT count(*) FROM unshown) >= 0 RETURNING p.id
)
INSERT INTO discard (photo_id, since) SELECT id, $3 FROM removed ON CONFLICT DO NOTHING RETURNING photo_id
"""
