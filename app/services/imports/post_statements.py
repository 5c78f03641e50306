"""SQL that writes posts of an import; each statement takes its rows as one JSON array, see `write`."""

from typing import Final

from app.services import audit

_AUDIT_DATA: Final = "jsonb_strip_nulls(jsonb_build_object('role', role, 'person', person_id))"


def _insert_entry(type_: str, *, condition: str) -> str:
    return audit.insert_entry(
        type_,
        entry_id="audit_id",
        subject="id",
        source=f"new_post WHERE {condition}",
        data=_AUDIT_DATA,
        person="NULL",
    )


INSERT_POSTS: Final = f"""
WITH new_post AS MATERIALIZED (
    SELECT * FROM json_to_recordset(CAST(:rows AS json)) AS r(id uuid, role text, place_id uuid, organisation text,
        person_id uuid, digest text, until timestamptz, phone_index text, phone_key text, audit_id uuid,
        title text, skills text, phone text, hours text)
), insert_post AS (
    INSERT INTO post (id, role, place_id, organisation_id, person_id, created_at, invitation_digest, invitation_until,
        phone_index, phone_key, title, skills, phone, hours)
    SELECT n.id, n.role, n.place_id, o.id, n.person_id, :now, decode(n.digest, 'hex'), n.until,
        decode(n.phone_index, 'hex'), decode(n.phone_key, 'hex'), n.title,
        coalesce(string_to_array(n.skills, ';'), '{{}}'), n.phone, n.hours
    FROM new_post n LEFT JOIN organisation o ON o.code = n.organisation
), update_person AS (
    UPDATE person SET stamp = stamp + 1 WHERE id IN (SELECT person_id FROM new_post)
), insert_invited_audit AS (
    {_insert_entry("invited", condition="person_id IS NULL")}
)
{_insert_entry("post_bound", condition="person_id IS NOT NULL")}
"""
CHANGE_CARDS: Final = """
UPDATE post SET title = coalesce(r.title, post.title), skills = coalesce(string_to_array(r.skills, ';'), post.skills),
    phone = coalesce(r.phone, post.phone), hours = coalesce(r.hours, post.hours)
FROM json_to_recordset(CAST(:rows AS json)) AS r(id uuid, title text, skills text, phone text, hours text)
WHERE post.id = r.id AND post.ended_at IS NULL
"""
RENEW_INVITATIONS: Final = """
UPDATE post SET invitation_until = r.until, invitation_digest = decode(r.digest, 'hex'),
    phone_index = decode(r.phone_index, 'hex'), phone_key = decode(r.phone_key, 'hex')
FROM json_to_recordset(CAST(:rows AS json)) AS r(id uuid, digest text, until timestamptz, phone_index text, phone_key text)
WHERE post.id = r.id AND post.person_id IS NULL AND post.ended_at IS NULL
"""
