"""SQL of an import; each statement takes its rows as one JSON array, so that 2,000 places are one round trip."""

from typing import Final

from app.services import audit

# Inserts the setup row if there is none, unlike setup.bump_version.
BUMP_VERSION: Final = """
INSERT INTO setup (id, version) VALUES (1, 1)
ON CONFLICT (id) DO UPDATE SET version = setup.version + 1 WHERE setup.version = :version
RETURNING version
"""
UPSERT_PLACES: Final = """
INSERT INTO place (id, code, parent_id, level, name, number, label, path, scene, lat, lng, phone, area, sort, ended_at,
    imported)
SELECT id, code, parent_id, level, name, number, label, path, scene, lat, lng, phone, area, sort, ended_at, true
FROM json_to_recordset(CAST(:rows AS json)) AS r(id uuid, code text, parent_id uuid, level text, name text,
    number text, label text, path uuid[], scene text, lat float8, lng float8, phone text, area numeric,
    sort int, ended_at timestamptz)
ON CONFLICT (code) DO UPDATE SET parent_id = excluded.parent_id, level = excluded.level, name = excluded.name,
    number = excluded.number, label = excluded.label, path = excluded.path, lat = excluded.lat, lng = excluded.lng,
    phone = excluded.phone, area = excluded.area, sort = excluded.sort, ended_at = excluded.ended_at,
    imported = true
"""
# A community's version protects a change of its grids that is based on what was read before.
BUMP_COMMUNITIES: Final = """
UPDATE place SET version = version + 1 WHERE code IN (SELECT json_array_elements_text(CAST(:rows AS json)))
"""
DELETE_COVERS: Final = """
DELETE FROM grid_cover WHERE grid_id IN (SELECT CAST(json_array_elements_text(CAST(:rows AS json)) AS uuid))
"""
INSERT_COVERS: Final = """
INSERT INTO grid_cover (place_id, grid_id)
SELECT place_id, grid_id FROM json_to_recordset(CAST(:rows AS json)) AS r(place_id uuid, grid_id uuid)
"""
UPSERT_ORGANISATIONS: Final = """
INSERT INTO organisation (id, code, name, kind, skills)
SELECT id, code, name, kind, skills
FROM json_to_recordset(CAST(:rows AS json)) AS r(id uuid, code text, name text, kind text, skills text[])
ON CONFLICT (code) DO UPDATE SET name = excluded.name, kind = excluded.kind, skills = excluded.skills
"""
DELETE_SERVICE_AREAS: Final = """
DELETE FROM service_area WHERE organisation_id IN (
    SELECT o.id FROM organisation o JOIN json_to_recordset(CAST(:rows AS json)) AS r(code text) USING (code))
"""
INSERT_SERVICE_AREAS: Final = """
INSERT INTO service_area (organisation_id, place_id)
SELECT o.id, p.place_id FROM json_to_recordset(CAST(:rows AS json)) AS r(code text, places uuid[])
    JOIN organisation o USING (code) CROSS JOIN unnest(r.places) AS p(place_id)
"""
_CATEGORY: Final = {  # the types of its columns
    **dict.fromkeys(("code", "zh", "en", "level", "skill"), "text"),
    **dict.fromkeys(("accept_minutes", "acknowledge_minutes", "resolve_minutes"), "int"),
    **dict.fromkeys(("clock_accept", "clock_acknowledge", "clock_resolve"), "text"),
    **dict.fromkeys(("photo_on_resolve", "verify_claim", "public"), "boolean"),
    **dict.fromkeys(("emergency_phone", "source"), "text"),
    "sort": "int",
}
UPSERT_CATEGORIES: Final = f"""
INSERT INTO category ({", ".join(_CATEGORY)})
SELECT {", ".join(_CATEGORY)} FROM json_to_recordset(CAST(:rows AS json))
    AS r({", ".join(f"{column} {kind}" for column, kind in _CATEGORY.items())})
ON CONFLICT (code) DO UPDATE SET {", ".join(f"{column} = excluded.{column}" for column in _CATEGORY)}
"""
UPSERT_DAYS: Final = """
INSERT INTO calendar_day (date, kind, name, source)
SELECT date, kind, name, source
FROM json_to_recordset(CAST(:rows AS json)) AS r(date date, kind text, name text, source text)
ON CONFLICT (date) DO UPDATE SET kind = excluded.kind, name = excluded.name, source = excluded.source
"""
INSERT_JOB: Final = "INSERT INTO job (id, kind, due_at, attempts) VALUES (:id, :kind, :due_at, 1)"
INSERT_JOBS: Final = """
INSERT INTO job (id, kind, payload, due_at, attempts)
SELECT id, kind, CAST(payload AS jsonb), due_at, attempts
FROM json_to_recordset(CAST(:rows AS json)) AS r(id uuid, kind text, payload text, due_at timestamptz, attempts int)
"""
INSERT_AUDIT: Final = audit.insert_entry(
    "data_imported", subject="NULL", source="setup WHERE id = 1", data="CAST(:counts AS jsonb)"
)
