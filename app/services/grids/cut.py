"""Changing the grids of a community: the impact is shown first, then everything is written in one statement."""

import json
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.errors import Conflict, StaleSettings, Unconfirmed
from app.models.grid import CutOut, EndedGridOut, GridsIn
from app.rules.access import Actor
from app.services import audit, setup
from app.services.grids import impact
from app.services.grids.plan import Plan, make_plan
from app.services.grids.serializers import read_grids, uncovered_buildings
from app.services.grids.state import CurrentState, load_state
from app.services.tickets import clocks
from app.sql import Statement

MAX_ATTEMPTS: Final = 10


async def cut_grids(
    actor: Actor, community_id: UUID, form: GridsIn, *, preview: bool = False, confirm: bool = False
) -> CutOut:
    """Set the grids of a community, or with `preview` only return what that would do.

    Raises StaleSettings if the form's version is not the current one, Invalid with all errors, Unconfirmed if tickets
    or posts of an ended grid are affected and `confirm` is not set.
    """
    for _ in range(MAX_ATTEMPTS):
        state = await load_state(community_id)
        if form.version != state.version:
            raise StaleSettings(version=state.version)
        plan = await make_plan(form, state)
        ended = await impact.ended_grids(plan, state)
        if not preview and not confirm and any(grid.posts or grid.rerouted for grid in ended):
            raise Unconfirmed(impact.warning(ended), version=state.version)
        if preview or await _write(actor, plan, state):
            return await _to_out(plan, state, ended, preview=preview)
    raise Conflict("有人正在修改设置，请稍后再试")


async def _to_out(plan: Plan, state: CurrentState, ended: list[EndedGridOut], *, preview: bool) -> CutOut:
    grids = await read_grids(state.community.id)
    without_grid = uncovered_buildings(state.nodes.values(), plan.covers) if preview else grids.without_grid
    return CutOut(**dict(grids) | {"without_grid": without_grid}, preview=preview, ended=ended)


async def _write(actor: Actor, plan: Plan, state: CurrentState) -> bool:
    """Write a plan; return False, and write nothing, if the setup changed since the state was read."""
    ended_ids = [grid.id for grid in plan.ended]
    post_ids = [post.id for grid_id in ended_ids for post in state.posts.get(grid_id, [])]
    grids = [(grid.id, grid.code, grid.name, grid.label, ids.code(12)) for grid in plan.grids]
    return bool(
        await db.execute(
            _CUT_GRIDS,
            now=clock.now(),
            actor_id=actor.person_id,
            setup_version=state.setup_version,
            community_id=state.community.id,
            **_columns(grids, "grid_ids", "grid_codes", "grid_names", "grid_labels", "grid_scenes"),
            ended_grid_ids=ended_ids,
            current_grid_ids=list(state.grids),
            **_columns(list(plan.covers.items()), "cover_place_ids", "cover_grid_ids"),
            ended_post_ids=post_ids,
            post_audit_ids=[ids.new() for _ in post_ids],
            **_columns(
                clocks.reroute_job_rows(ended_ids),
                *("job_ids", "job_kinds", "job_payloads", "job_due_ats", "job_attempts"),
            ),
            **audit.entry_values(),
            audit_data=json.dumps(_audit_data(plan, state)),
        )
    )


def _audit_data(plan: Plan, state: CurrentState) -> dict[str, Any]:
    """Return the grids added and ended, and how many places changed their cover."""
    changed = sum(state.covers.get(place_id) != grid_id for place_id, grid_id in plan.covers.items())
    return {
        "added": [str(grid.id) for grid in plan.grids if grid.id not in state.grids],
        "ended": [str(grid.id) for grid in plan.ended],
        "covers": changed + len(state.covers.keys() - plan.covers.keys()),
    }


def _columns(rows: Sequence[tuple[Any, ...]], *names: str) -> dict[str, list[Any]]:
    """Return the columns of rows by name, as arrays for `unnest`."""
    return {name: [row[n] for row in rows] for n, name in enumerate(names)}


# Posts are locked before the setup row, in the order in which statements that end a post or set an absence lock them.
_LOCKED: Final = "version = :setup_version AND (SELECT count(*) FROM lock_post) >= 0"
_CUT_GRIDS: Final = Statement(f"""
WITH lock_post AS MATERIALIZED (
    SELECT id FROM post WHERE id = ANY(:ended_post_ids::uuid[]) ORDER BY id FOR UPDATE
), bump_version AS (
    {setup.bump_version(f"WHERE {_LOCKED}")} RETURNING version
), update_community AS (
    UPDATE place SET version = place.version + 1 FROM bump_version
    WHERE place.id = :community_id RETURNING place.id, place.path
), upsert_grid AS (
    INSERT INTO place (id, code, parent_id, level, name, label, path, scene, sort)
    SELECT g.id, g.code, c.id, 'grid', g.name, g.label, c.path || g.id, g.scene, g.sort
    FROM unnest(:grid_ids::uuid[], :grid_codes::text[], :grid_names::text[], :grid_labels::text[], :grid_scenes::text[])
             WITH ORDINALITY AS g(id, code, name, label, scene, sort),
         update_community c
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, label = excluded.label, sort = excluded.sort
), end_grid AS (
    UPDATE place SET ended_at = :now FROM bump_version WHERE place.id = ANY(:ended_grid_ids::uuid[])
), delete_cover AS (
    DELETE FROM grid_cover c USING bump_version
    WHERE c.grid_id = ANY(:current_grid_ids::uuid[]) AND c.place_id <> ALL (:cover_place_ids::uuid[])
), upsert_cover AS (
    INSERT INTO grid_cover (place_id, grid_id)
    SELECT c.place_id, c.grid_id
    FROM unnest(:cover_place_ids::uuid[], :cover_grid_ids::uuid[]) AS c(place_id, grid_id), bump_version
    ON CONFLICT (place_id) DO UPDATE SET grid_id = excluded.grid_id
), end_post AS (
    UPDATE post SET ended_at = :now, invitation_digest = NULL, invitation_until = NULL
    FROM bump_version WHERE post.id = ANY(:ended_post_ids::uuid[]) AND post.ended_at IS NULL
    RETURNING post.id, post.role, post.person_id
), update_person AS (
    UPDATE person SET stamp = stamp + 1 WHERE id IN (SELECT person_id FROM end_post)
), select_ended_post AS (
    SELECT n.audit_id, p.* FROM unnest(:ended_post_ids::uuid[], :post_audit_ids::uuid[]) AS n(post_id, audit_id)
    JOIN end_post p ON p.id = n.post_id
), insert_post_audit AS (
    {
    audit.insert_entry(
        "post_ended",
        entry_id="audit_id",
        subject="id",
        source="select_ended_post",
        data="jsonb_build_object('role', role, 'person', person_id)",
    )
}
), insert_job AS (
    INSERT INTO job (id, kind, payload, due_at, attempts)
    SELECT j.id, j.kind, j.payload::jsonb, j.due_at, j.attempts
    FROM unnest(:job_ids::uuid[], :job_kinds::text[], :job_payloads::text[], :job_due_ats::timestamptz[],
                :job_attempts::int[]) AS j(id, kind, payload, due_at, attempts),
         bump_version
)
{
    audit.insert_entry("grids_cut", subject=":community_id", source="bump_version", data=":audit_data::jsonb")
} RETURNING id
""")
