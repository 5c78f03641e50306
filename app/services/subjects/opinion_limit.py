"""The limit of opinions that have no fate follows their office's setting at once."""

from typing import Final

# A part of the statement that changes the setting, whose rows are `upsert_setting`. Without `:opinion_days`, which is the
# limit after the change, nothing happens. What is not overdue any more has its reminder taken back, so that it comes again.
MOVE_OPINIONS: Final = """
    UPDATE subject s SET due_at = s.created_at + make_interval(days => :opinion_days::int),
        reminded_at = CASE WHEN s.created_at + make_interval(days => :opinion_days::int) <= :now::timestamptz THEN s.reminded_at END
    FROM upsert_setting x WHERE :opinion_days::int IS NOT NULL AND s.kind = 'opinion' AND s.ended_at IS NULL
        AND (s.community_id = x.place_id OR s.street_id = x.place_id AND NOT EXISTS (
            SELECT FROM setting o WHERE o.place_id = s.community_id AND o.noun = 'opinions' AND o.own <> '[]'))
    RETURNING s.id, s.reminded_at
"""
TAKE_BACK_REMINDERS: Final = """
    DELETE FROM notice n USING move_opinions m WHERE n.subject_id = m.id AND n.seq = 0 AND m.reminded_at IS NULL
"""
TAKE_BACK_RINGS: Final = """
    DELETE FROM robot_message r USING move_opinions m WHERE r.ticket_id = m.id AND r.seq = 0 AND m.reminded_at IS NULL
"""
