"""Cutting the grids of a community anew: its consequences said first, written in one statement."""

import json
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.errors import Conflict, StaleSettings, Unconfirmed
from app.models.grid import CutOut, EndedGridOut, GridsIn
from app.rules.access import Actor
from app.services import audit, rerouting
from app.services.grids import stakes, standing
from app.services.grids.planning import Plan, plan
from app.services.grids.standing import Standing

ATTEMPTS: Final = 10


async def cut(
    actor: Actor, community_id: UUID, form: GridsIn, *, preview: bool = False, confirm: bool = False
) -> CutOut:
    """Set the grids of a community, or only say what that would do.

    Raises StaleSettings when somebody was faster; Invalid naming every fault; Unconfirmed when tickets or posts of a
    grid that goes are at stake and nobody has said that this is meant.
    """
    for _ in range(ATTEMPTS):
        there = await standing.stand(community_id)
        if form.version != there.version:
            raise StaleSettings(version=there.version)
        wanted = await plan(form, there)
        ended = await stakes.ended(wanted, there)
        if not preview and not confirm and any(one.posts or one.rerouted for one in ended):
            raise Unconfirmed(stakes.warning(ended), version=there.version)
        if preview or await _write(actor, wanted, there):
            return await _shown(wanted, there, ended, preview=preview)
    raise Conflict("有人正在修改设置，请稍后再试")


async def _shown(wanted: Plan, there: Standing, ended: list[EndedGridOut], *, preview: bool) -> CutOut:
    now = await standing.read(there.community.id)
    bare = standing.without(there.nodes.values(), wanted.covers) if preview else now.without_grid
    return CutOut(**dict(now) | {"without_grid": bare}, preview=preview, ended=ended)


async def _write(actor: Actor, wanted: Plan, there: Standing) -> bool:
    """Write the plan; False when somebody changed the setup since it was made."""
    now, gone = clock.now(), [grid.id for grid in wanted.gone]
    ending = [post.id for grid in gone for post in there.posts.get(grid, [])]
    moved = sum(there.covers.get(place) != grid for place, grid in wanted.covers.items())
    done = await db.fetch(
        _CUT,
        *(there.setup_version, there.community.id, now),
        *_columns(
            [(g.id, g.code, g.name, g.label, ids.code(12), n) for n, g in enumerate(wanted.grids, 1)], 6
        ),
        *(gone, list(there.grids), *_columns(list(wanted.covers.items()), 2)),
        *(ending, [ids.new() for _ in ending], *_columns(rerouting.rows(gone), 5)),
        *(ids.new(), actor.person_id, audit.came_from.get()),
        json.dumps(
            {
                "added": [str(grid.id) for grid in wanted.grids if grid.id not in there.grids],
                "ended": [str(grid) for grid in gone],
                "covers": moved + len(there.covers.keys() - wanted.covers.keys()),
            }
        ),
    )
    return bool(done)


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


# Posts are locked before the setup's row, as whoever ends one or marks somebody absent does.
_CUT: Final = """
WITH ending AS MATERIALIZED (
    SELECT id FROM post WHERE id = ANY($14::uuid[]) ORDER BY id FOR UPDATE
), renewed AS (
    UPDATE setup SET version = version + 1 WHERE version = $1 AND (SELECT count(*) FROM ending) >= 0 RETURNING version
), community AS (
    UPDATE place SET version = place.version + 1 FROM renewed WHERE place.id = $2 RETURNING place.id, place.path
), cut AS (
    INSERT INTO place (id, code, parent_id, level, name, label, path, scene, sort)
    SELECT g.id, g.code, c.id, 'grid', g.name, g.label, c.path || g.id, g.scene, g.sort
    FROM unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[]) AS g(id, code, name, label, scene, sort),
         community c
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, label = excluded.label, sort = excluded.sort
), gone AS (
    UPDATE place SET ended_at = $3 FROM renewed WHERE place.id = ANY($10::uuid[])
), uncovered AS (
    DELETE FROM grid_cover c USING renewed WHERE c.grid_id = ANY($11::uuid[]) AND c.place_id <> ALL ($12::uuid[])
), covered AS (
    INSERT INTO grid_cover (place_id, grid_id)
    SELECT c.place_id, c.grid_id FROM unnest($12::uuid[], $13::uuid[]) AS c(place_id, grid_id), renewed
    ON CONFLICT (place_id) DO UPDATE SET grid_id = excluded.grid_id
), ended AS (
    UPDATE post SET ended_at = $3, invitation_digest = NULL, invitation_until = NULL
    FROM renewed WHERE post.id = ANY($14::uuid[]) AND post.ended_at IS NULL RETURNING post.id, post.role, post.person_id
), stamped AS (
    UPDATE person SET stamp = stamp + 1 WHERE id IN (SELECT person_id FROM ended)
), noted AS (
    INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
    SELECT n.id, $3, 'post_ended', $22, e.id, $23, jsonb_build_object('role', e.role, 'person', e.person_id)
    FROM unnest($14::uuid[], $15::uuid[]) AS n(post_id, id) JOIN ended e ON e.id = n.post_id
), left_to_do AS (
    INSERT INTO job (id, kind, payload, due_at, attempts)
    SELECT j.id, j.kind, j.payload::jsonb, j.due_at, j.attempts
    FROM unnest($16::uuid[], $17::text[], $18::text[], $19::timestamptz[], $20::int[]) AS j(id, kind, payload, due_at, attempts),
         renewed
)
INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
SELECT $21, $3, 'grids_cut', $22, $2, $23, $24::jsonb FROM renewed RETURNING id
"""
