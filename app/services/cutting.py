"""Cutting the grids of a community anew: checked whole, its consequences said first, written in one statement."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app import clock, db, ids
from app.errors import Conflict, Invalid, StaleSettings, Unconfirmed
from app.models.grid import CutOut, EndedGridOut, GridIn, GridsIn, ReroutedOut
from app.rules import routing
from app.rules.access import Actor
from app.rules.routing import Unit
from app.services import audit, catalogue, grids, rerouting
from app.services.catalogue import Catalogue, today
from app.services.grids import Grid, Standing
from app.words import LEVEL, Level

ATTEMPTS: Final = 10
CODE_LENGTH: Final = 12
Wrong = tuple[str, str]  # a JSON pointer and a sentence


@dataclass(frozen=True, slots=True)
class Plan:
    """The grids as they are to be, what each place is covered by, and the grids that go."""

    grids: Sequence[Grid]
    covers: Mapping[UUID, UUID]
    gone: Sequence[Grid]


async def cut(
    actor: Actor, community_id: UUID, form: GridsIn, *, preview: bool = False, confirm: bool = False
) -> CutOut:
    """Set the grids of a community, or only say what that would do.

    Raises StaleSettings when somebody was faster; Invalid naming every fault; Unconfirmed when tickets or posts of a
    grid that goes are at stake and nobody has said that this is meant.
    """
    for _ in range(ATTEMPTS):
        standing = await grids.stand(community_id)
        if form.version != standing.version:
            raise StaleSettings(version=standing.version)
        plan = await _plan(form, standing)
        ended = await _ended(plan, standing)
        if not preview and not confirm and any(one.posts or one.rerouted for one in ended):
            raise Unconfirmed(_warning(ended), version=standing.version)
        if preview or await _write(actor, plan, standing):
            return await _shown(plan, standing, ended, preview=preview)
    raise Conflict("有人正在修改设置，请稍后再试")


async def _shown(plan: Plan, standing: Standing, ended: list[EndedGridOut], *, preview: bool) -> CutOut:
    now = await grids.read(standing.community.id)
    bare = grids.without(standing.nodes.values(), plan.covers) if preview else now.without_grid
    return CutOut(**dict(now) | {"without_grid": bare}, preview=preview, ended=ended)


async def _plan(form: GridsIn, standing: Standing) -> Plan:
    wrong = [*_misnamed(form.grids, standing), *await _miscoded(form.grids, standing)]
    covers: dict[UUID, UUID] = {}
    made = [_grid(said, standing) for said in form.grids]
    strange: list[tuple[str, UUID]] = []
    for n, (said, grid) in enumerate(zip(form.grids, made, strict=True)):
        for m, place in enumerate(said.covers):
            pointer = f"/grids/{n}/covers/{m}"
            if place not in standing.nodes:
                strange.append((pointer, place))
            elif place in covers:
                wrong.append((pointer, f"“{standing.nodes[place].label}”写了两次，一处地址只能归一个网格"))
            covers.setdefault(place, grid.id)
    wrong += await _elsewhere(strange)
    if wrong:
        raise Invalid(wrong[0][1], errors=[{"pointer": at, "detail": said} for at, said in wrong])
    kept = {grid.id for grid in made}
    return Plan(made, covers, [grid for grid in standing.grids.values() if grid.id not in kept])


def _grid(said: GridIn, standing: Standing) -> Grid:
    was = standing.grids.get(said.id) if said.id else None
    code = was.code if was else said.code or ids.code(CODE_LENGTH)
    return Grid(was.id if was else ids.new(), code, said.name, standing.community.label + said.name)


def _misnamed(said: Sequence[GridIn], standing: Standing) -> Iterator[Wrong]:
    """Yield what is wrong with ids and names: a grid is known by both."""
    identifiers, names = set[UUID](), set[str]()
    for n, one in enumerate(said):
        if one.id and one.id not in standing.grids:
            yield f"/grids/{n}/id", f"这个社区没有编号为 {one.id} 的网格，或它已经撤销"
        elif one.id in identifiers:
            yield f"/grids/{n}/id", f"“{one.name}”和前面的网格是同一个"
        if one.name in names:
            yield f"/grids/{n}/name", f"有两个网格都叫“{one.name}”"
        identifiers |= {one.id} if one.id else set()
        names.add(one.name)


async def _miscoded(said: Sequence[GridIn], standing: Standing) -> list[Wrong]:
    """Return what is wrong with codes: import files know a grid by its code, for good."""
    taken = {row["code"] for row in await db.fetch(_TAKEN, [one.code for one in said if one.code])}
    wrong, seen = list[Wrong](), set[str]()
    for n, one in enumerate(said):
        was = standing.grids.get(one.id) if one.id else None
        if one.code and was and one.code != was.code:
            wrong.append((f"/grids/{n}/code", f"“{was.name}”的编号是“{was.code}”，定了就不能改"))
        elif one.code and not was and (one.code in taken or one.code in seen):
            wrong.append((f"/grids/{n}/code", f"编号“{one.code}”已经用过，请换一个"))
        seen |= {one.code} if one.code else set()
    return wrong


_TAKEN: Final = "SELECT code FROM place WHERE code = ANY($1::text[])"


async def _elsewhere(strange: Sequence[tuple[str, UUID]]) -> list[Wrong]:
    """Say of places that are not the community's whose they are."""
    if not strange:
        return []
    found = {row["id"]: row for row in await db.fetch(_WHOSE, [place for _, place in strange])}
    return [(pointer, _whose(found.get(place))) for pointer, place in strange]


def _whose(row: Any) -> str:
    if row is None:
        return "没有这个地点，请重新选择"
    if row["level"] == Level.GRID:
        return f"“{row['label']}”是网格，不是地址"
    if row["whose"] is None:
        return f"“{row['label']}”是{LEVEL[Level(row['level'])]}，网格只能覆盖本社区的地址"
    return f"“{row['label']}”属于{row['whose']}，不能划给这里的网格"


_WHOSE: Final = """
SELECT p.id, p.level, p.label, c.label AS whose
FROM place p LEFT JOIN place c ON c.id = ANY (p.path) AND c.level = 'community' WHERE p.id = ANY($1::uuid[])
"""


async def _ended(plan: Plan, standing: Standing) -> list[EndedGridOut]:
    """Return what becomes of the grids that go: their tickets routed as they will be, their posts."""
    if not plan.gone:
        return []
    known = await catalogue.current(standing.setup_version)
    rows = await db.fetch(_AT_STAKE, [grid.id for grid in plan.gone])
    await catalogue.spots(known, [row["place_id"] for row in rows])
    units = _units(plan, standing, known)
    counted: dict[UUID, dict[UUID | None, int]] = {}
    for row in rows:
        spot = known.spots.get(row["place_id"]) if row["place_id"] else None
        path = spot.path if spot else standing.community.path
        to = routing.route(path, plan.covers, units, today()).holder_id
        tickets = counted.setdefault(row["holder_id"], {})
        tickets[to] = tickets.get(to, 0) + row["n"]
    return [
        EndedGridOut(
            id=grid.id,
            label=grid.label,
            rerouted=[
                ReroutedOut(to=to, label=units[to].label if to else _QUEUE, tickets=n)
                for to, n in counted.get(grid.id, {}).items()
            ],
            posts=standing.posts.get(grid.id, []),
        )
        for grid in plan.gone
    ]


_QUEUE: Final = "社区待分派"
_AT_STAKE: Final = """
SELECT holder_id, place_id, count(*)::int AS n FROM ticket
WHERE holder_id = ANY($1::uuid[]) AND status IN ('new', 'accepted', 'dispatched', 'waiting') GROUP BY 1, 2 ORDER BY 3 DESC, 2
"""


def _units(plan: Plan, standing: Standing, known: Catalogue) -> dict[UUID, Unit]:
    """Return the units as they will be: nobody answers in a new grid yet."""
    path = standing.community.path
    made = {
        grid.id: Unit(grid.id, Level.GRID, grid.label, (*path, grid.id), ())
        for grid in plan.grids
        if grid.id not in standing.grids
    }
    return {**known.units, **made}


def _warning(ended: Sequence[EndedGridOut]) -> str:
    """Return what is at stake, in a sentence."""
    return (
        "；".join(_said(one) for one in ended if one.posts or one.rerouted)
        + "。确认要这样改，请再提交一次并确认"
    )


def _said(one: EndedGridOut) -> str:
    parts = [f"{moved.tickets}张未办结的工单转给{moved.label}" for moved in one.rerouted]
    if one.posts:
        parts.append(f"{len(one.posts)}个岗位终止")
    return f"撤销{one.label}：" + "，".join(parts)


async def _write(actor: Actor, plan: Plan, standing: Standing) -> bool:
    """Write the plan; False when somebody changed the setup since it was made."""
    now, gone = clock.now(), [grid.id for grid in plan.gone]
    ending = [post.id for grid in gone for post in standing.posts.get(grid, [])]
    moved = sum(standing.covers.get(place) != grid for place, grid in plan.covers.items())
    done = await db.fetch(
        _CUT,
        *(standing.setup_version, standing.community.id, now),
        *_columns([(g.id, g.code, g.name, g.label, ids.code(12), n) for n, g in enumerate(plan.grids, 1)], 6),
        *(gone, list(standing.grids), *_columns(list(plan.covers.items()), 2)),
        *(ending, [ids.new() for _ in ending], *_columns(rerouting.rows(gone), 5)),
        *(ids.new(), actor.person_id, audit.came_from.get()),
        json.dumps(
            {
                "added": [str(grid.id) for grid in plan.grids if grid.id not in standing.grids],
                "ended": [str(grid) for grid in gone],
                "covers": moved + len(standing.covers.keys() - plan.covers.keys()),
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
