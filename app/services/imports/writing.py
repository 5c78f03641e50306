"""Writing what was checked: a few bulk statements in one transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from app import clock, db
from app.services import recompute, rerouting
from app.services.imports import posts
from app.services.imports.tree import Node


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything an import will write."""

    nodes: Mapping[str, Node]
    grids: Sequence[str]  # those whose covers the files say anew
    covers: Mapping[str, str]
    organisations: Sequence[dict[str, Any]]
    categories: Sequence[dict[str, Any]]
    days: Sequence[dict[str, Any]]
    posts: posts.Plan
    recut: Sequence[str]  # communities whose grids are not what they were

    @property
    def times(self) -> bool:
        """Tell whether limits are counted otherwise once it is written."""
        return bool(self.categories or self.days)


# Each statement takes its rows as one JSON array, so that two thousand places are one round trip.
_VERSION: Final = """
INSERT INTO setup (id, version) VALUES (1, 1)
ON CONFLICT (id) DO UPDATE SET version = setup.version + 1 WHERE setup.version = :version
RETURNING version
"""
_PLACES: Final = """
INSERT INTO place (id, code, parent_id, level, name, number, label, path, scene, lat, lng, sort, ended_at)
SELECT id, code, parent_id, level, name, number, label, path, scene, lat, lng, sort, ended_at
FROM json_to_recordset(CAST(:rows AS json)) AS r(id uuid, code text, parent_id uuid, level text, name text,
    number text, label text, path uuid[], scene text, lat float8, lng float8, sort int, ended_at timestamptz)
ON CONFLICT (code) DO UPDATE SET parent_id = excluded.parent_id, level = excluded.level, name = excluded.name,
    number = excluded.number, label = excluded.label, path = excluded.path, lat = excluded.lat, lng = excluded.lng,
    sort = excluded.sort, ended_at = excluded.ended_at
"""
# Who has the grids of these communities before them must look again; tickets of a grid that moved are routed anew.
_RECUT: Final = """
UPDATE place SET version = version + 1 WHERE code IN (SELECT json_array_elements_text(CAST(:rows AS json)))
"""
_REROUTE: Final = """
INSERT INTO job (id, kind, payload, due_at, attempts)
SELECT id, kind, CAST(payload AS jsonb), due_at, attempts
FROM json_to_recordset(CAST(:rows AS json)) AS r(id uuid, kind text, payload text, due_at timestamptz, attempts int)
"""
_NO_COVERS: Final = "DELETE FROM grid_cover WHERE grid_id IN (SELECT CAST(json_array_elements_text(CAST(:rows AS json)) AS uuid))"
_COVERS: Final = """
INSERT INTO grid_cover (place_id, grid_id)
SELECT place_id, grid_id FROM json_to_recordset(CAST(:rows AS json)) AS r(place_id uuid, grid_id uuid)
"""
_ORGANISATIONS: Final = """
INSERT INTO organisation (id, code, name, kind, skills)
SELECT id, code, name, kind, skills
FROM json_to_recordset(CAST(:rows AS json)) AS r(id uuid, code text, name text, kind text, skills text[])
ON CONFLICT (code) DO UPDATE SET name = excluded.name, kind = excluded.kind, skills = excluded.skills
"""
_NO_AREAS: Final = """
DELETE FROM service_area WHERE organisation_id IN (
    SELECT o.id FROM organisation o JOIN json_to_recordset(CAST(:rows AS json)) AS r(code text) USING (code))
"""
_AREAS: Final = """
INSERT INTO service_area (organisation_id, place_id)
SELECT o.id, place_id FROM json_to_recordset(CAST(:rows AS json)) AS r(code text, places uuid[])
    JOIN organisation o USING (code) CROSS JOIN unnest(r.places) AS served(place_id)
"""
_CATEGORY: Final = {
    **dict.fromkeys(("code", "zh", "en", "level", "skill"), "text"),
    **dict.fromkeys(("accept_minutes", "acknowledge_minutes", "resolve_minutes"), "int"),
    **dict.fromkeys(("clock_accept", "clock_acknowledge", "clock_resolve"), "text"),
    **dict.fromkeys(("photo_on_resolve", "verify_claim", "public"), "boolean"),
    **dict.fromkeys(("emergency_phone", "source"), "text"),
    "sort": "int",
}
_CATEGORIES: Final = f"""
INSERT INTO category ({", ".join(_CATEGORY)})
SELECT {", ".join(_CATEGORY)} FROM json_to_recordset(CAST(:rows AS json))
    AS r({", ".join(f"{column} {kind}" for column, kind in _CATEGORY.items())})
ON CONFLICT (code) DO UPDATE SET {", ".join(f"{column} = excluded.{column}" for column in _CATEGORY)}
"""
_DAYS: Final = """
INSERT INTO calendar_day (date, kind, name, source)
SELECT date, kind, name, source
FROM json_to_recordset(CAST(:rows AS json)) AS r(date date, kind text, name text, source text)
ON CONFLICT (date) DO UPDATE SET kind = excluded.kind, name = excluded.name, source = excluded.source
"""


_LEFT_TO_DO: Final = "INSERT INTO job (id, kind, due_at, attempts) VALUES (:id, :kind, :due_at, 1)"


async def write(plan: Plan, version: int, job_id: UUID) -> bool:
    """Write all of it in one transaction; False when somebody changed the setup since `version`.

    Where limits change, the job `job_id` is left: to recompute what is open.
    """
    async with db.transaction() as session:
        connection = await session.connection()
        mine = await connection.execute(sa.text(_VERSION), {"version": version})
        if mine.first() is None:
            return False
        await _write_places(connection, plan)
        for sql in (_ORGANISATIONS, _NO_AREAS, _AREAS):
            await _run(connection, sql, plan.organisations)
        await _run(connection, _CATEGORIES, plan.categories)
        await _run(connection, _DAYS, plan.days)
        await _run(connection, posts.MADE, plan.posts.made)
        await _run(connection, posts.RENEWED, plan.posts.renewed)
        if plan.times:
            job = {"id": job_id, "kind": recompute.JOB, "due_at": clock.now() + recompute.GRACE}
            await connection.execute(sa.text(_LEFT_TO_DO), job)
    return True


async def _write_places(connection: AsyncConnection, plan: Plan) -> None:
    nodes = plan.nodes
    grids = [str(nodes[code].id) for code in plan.grids]
    await _run(connection, _PLACES, [node.columns() for node in nodes.values() if node.changed])
    await _run(connection, _RECUT, plan.recut)
    await _run(connection, _NO_COVERS, grids)
    named = set(plan.grids)
    covers = [(place, grid) for place, grid in plan.covers.items() if grid in named]
    pairs = [{"place_id": str(nodes[place].id), "grid_id": str(nodes[grid].id)} for place, grid in covers]
    await _run(connection, _COVERS, pairs)
    jobs = rerouting.rows([nodes[code].id for code in plan.grids if nodes[code].moved])
    await _run(connection, _REROUTE, [json.loads(json.dumps(job._asdict(), default=str)) for job in jobs])


async def _run(connection: AsyncConnection, sql: str, rows: Sequence[Any]) -> None:
    if rows:
        await connection.execute(sa.text(sql), {"rows": json.dumps(rows, ensure_ascii=False)})
