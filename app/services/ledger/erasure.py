"""Erasing personal data from tickets: the person's texts, contact data and follows. The events stay.

`ERASE_WORDS` are CTEs by name, parts of the one statement that erases a person. That statement has a CTE `erase_person` of
one row with the person's id, and the parameters `:keep_open_tickets` (open tickets are left alone until they close) and
`:erased_text` (what replaces words).
"""

from typing import Final

from app.rules.statuses import ENDED, sql_list
from app.sql import Statement

_ENDED: Final = f"status IN {sql_list(ENDED)}"
# Reports of staff and of companies are the office's records: their texts stay, but names and phones are erased.
_OFFICE: Final = "origin IN ('staff', 'partner')"
_OWN_WORDS: Final = "e.post_id IS NULL AND e.part IN ('reporter', 'follower')"

# `clear_ticket` runs before photos are deleted: actions lock a ticket before its photos, and an erasure must do the same.
ERASE_WORDS: Final[dict[str, str]] = {
    "own_tickets": f"""
    SELECT t.id, t.{_OFFICE} AS office, t.place_id IS NOT NULL OR t.{_ENDED} AS placed
    FROM ticket t JOIN erase_person p ON t.reporter_id = p.id WHERE NOT :keep_open_tickets::bool OR t.{_ENDED}
""",
    "clear_ticket": """
    UPDATE ticket t SET changed_tx = pg_current_xact_id()::text::bigint,
        description = CASE WHEN office THEN description ELSE :erased_text::text END,
        place_note = CASE WHEN office OR place_note IS NULL THEN place_note ELSE :erased_text::text END,
        photo_ids = CASE WHEN office THEN photo_ids ELSE '{}' END,
        lat = CASE WHEN office OR NOT placed THEN lat END, lng = CASE WHEN office OR NOT placed THEN lng END,
        contact_sealed = NULL, contact_masked = NULL, on_behalf_name_sealed = NULL
    FROM own_tickets o WHERE t.id = o.id AND (
        contact_sealed IS NOT NULL OR contact_masked IS NOT NULL OR on_behalf_name_sealed IS NOT NULL
        OR NOT office AND (description IS DISTINCT FROM :erased_text::text OR place_note <> :erased_text::text OR photo_ids <> '{}'
                           OR placed AND lat IS NOT NULL))
    RETURNING t.id
""",
    "clear_ticket_words": """
    UPDATE ticket_words w SET words = ts_filter(w.words, '{b,c,d}') FROM own_tickets o
    WHERE w.ticket_id = o.id AND NOT office AND w.words <> ts_filter(w.words, '{b,c,d}')
""",
    "own_remarks": f"""
    SELECT e.ticket_id, e.seq FROM own_tickets o JOIN event e ON e.ticket_id = o.id JOIN erase_person p ON e.person_id = p.id
    WHERE {_OWN_WORDS}
    UNION SELECT e.ticket_id, e.seq FROM event e JOIN erase_person p ON e.person_id = p.id WHERE e.part = 'follower'
""",
    "delete_follower": """
    DELETE FROM follower f USING erase_person p WHERE f.person_id = p.id RETURNING f.ticket_id
""",
    "update_ticket": """
    UPDATE ticket t SET changed_tx = pg_current_xact_id()::text::bigint, followers = t.followers - 1
    FROM (SELECT DISTINCT ticket_id FROM delete_follower) f WHERE t.id = f.ticket_id
""",
    "clear_remark": """
    UPDATE remark r SET text = NULL, salt = '' FROM own_remarks o
    WHERE r.ticket_id = o.ticket_id AND r.seq = o.seq AND (r.text IS NOT NULL OR r.salt <> '')
""",
}

# The first words of the subjects that the CTEs `erase_subject_author_id` and `erase_subject_person_id` name: what a
# resident wrote, or said to somebody who wrote it down.
CLEAR_SUBJECT_REMARK: Final = """
    UPDATE remark r SET text = NULL, salt = '' FROM (
        SELECT id FROM erase_subject_author_id UNION SELECT id FROM erase_subject_person_id
    ) own WHERE r.ticket_id = own.id AND r.seq = 1 AND (r.text IS NOT NULL OR r.salt <> '')
"""

# What a party of a dispute, or somebody in a relationship, wrote there; what a mediator or an office wrote stays with it.
DELETE_ENCRYPTED_WORDS: Final = """
    DELETE FROM encrypted_text t USING erase_side_person_id x, erase_person p, event e
    WHERE t.subject_id = x.subject_id AND e.ticket_id = t.subject_id AND e.seq = t.seq AND e.person_id = p.id
        AND e.part IN ('party', 'side')
"""

# Removes the contact data of tickets that ended before `:ended_before`, at most `:limit`.
ANONYMISE: Final = Statement(f"""
UPDATE ticket SET contact_sealed = NULL, contact_masked = NULL, on_behalf_name_sealed = NULL,
    changed_tx = pg_current_xact_id()::text::bigint
WHERE id IN (
    SELECT id FROM ticket
    WHERE (contact_sealed IS NOT NULL OR on_behalf_name_sealed IS NOT NULL) AND {_ENDED}
      AND coalesce(closed_at, rejected_at, updated_at) < :ended_before ORDER BY id LIMIT :limit
) AND {_ENDED} RETURNING id
""")

# The same of opinions whose speakers have no account.
ANONYMISE_SUBJECTS: Final = Statement("""
UPDATE subject SET contact_sealed = NULL, contact_masked = NULL, on_behalf_name_sealed = NULL
WHERE id IN (
    SELECT id FROM subject
    WHERE (contact_sealed IS NOT NULL OR on_behalf_name_sealed IS NOT NULL) AND ended_at < :ended_before
    ORDER BY ended_at LIMIT :limit
) RETURNING id
""")

# Deletes the photos of subjects that ended before `:ended_before`, as the next does those of tickets.
DETACH_SUBJECT_PHOTOS: Final = Statement("""
WITH delete_photo AS (
    DELETE FROM photo WHERE id IN (
        SELECT p.id FROM photo p JOIN subject s ON s.id = p.subject_id
        WHERE p.subject_id IS NOT NULL AND p.created_at < :ended_before AND s.ended_at < :ended_before
        ORDER BY p.created_at LIMIT :limit
    ) RETURNING id
)
INSERT INTO discard (photo_id, since) SELECT id, :now FROM delete_photo ON CONFLICT DO NOTHING RETURNING photo_id
""")

# Deletes the photos of tickets that ended before `:ended_before`, at most `:limit`. `discard` lists their files for removal.
DETACH_PHOTOS: Final = Statement(f"""
WITH old_photos AS MATERIALIZED (
    SELECT p.id, p.ticket_id FROM photo p JOIN ticket t ON t.id = p.ticket_id
    WHERE p.ticket_id IS NOT NULL AND p.created_at < :ended_before AND t.{_ENDED}
      AND coalesce(t.closed_at, t.rejected_at, t.updated_at) < :ended_before ORDER BY p.created_at LIMIT :limit
), update_ticket AS (
    UPDATE ticket t SET photo_ids = ARRAY(SELECT u FROM unnest(t.photo_ids) u WHERE u NOT IN (SELECT id FROM old_photos)),
        resolution_photo_ids = ARRAY(SELECT u FROM unnest(t.resolution_photo_ids) u WHERE u NOT IN (SELECT id FROM old_photos)),
        changed_tx = pg_current_xact_id()::text::bigint
    WHERE t.id IN (SELECT ticket_id FROM old_photos) RETURNING t.id
), delete_photo AS (
    DELETE FROM photo p USING old_photos o WHERE p.id = o.id AND (SELECT count(*) FROM update_ticket) >= 0 RETURNING p.id
)
INSERT INTO discard (photo_id, since) SELECT id, :now FROM delete_photo ON CONFLICT DO NOTHING RETURNING photo_id
""")
