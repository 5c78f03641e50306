"""A change of grids, checked against the current state; every error names its field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg

from app import db, ids
from app.enums import Level
from app.errors import Invalid
from app.labels import LEVEL
from app.models.grid import GridIn, GridsIn
from app.services.grids.state import CurrentState, Grid
from app.sql import Statement

CODE_LENGTH: Final = 12


class FieldError(NamedTuple):
    """A JSON pointer and a sentence."""

    pointer: str
    detail: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The grids after the change, the grid of each covered place, and the grids that end."""

    grids: Sequence[Grid]
    covers: Mapping[UUID, UUID]  # grid by place
    ended: Sequence[Grid]


async def make_plan(form: GridsIn, state: CurrentState) -> Plan:
    """Return the plan of a change. Raises Invalid with all errors."""
    errors = [*_name_errors(form.grids, state), *await _code_errors(form.grids, state)]
    covers: dict[UUID, UUID] = {}
    grids = [_build_grid(item, state) for item in form.grids]
    foreign: list[tuple[str, UUID]] = []
    for n, (item, grid) in enumerate(zip(form.grids, grids, strict=True)):
        for m, place_id in enumerate(item.covers):
            pointer = f"/grids/{n}/covers/{m}"
            if place_id not in state.nodes:
                foreign.append((pointer, place_id))
            elif place_id in covers:
                label = state.nodes[place_id].label
                errors.append(FieldError(pointer, f"“{label}”写了两次，一处地址只能归一个网格"))
            covers.setdefault(place_id, grid.id)
    errors += await _foreign_place_errors(foreign)
    if errors:
        raise Invalid(errors[0].detail, errors=[error._asdict() for error in errors])
    remaining = {grid.id for grid in grids}
    return Plan(grids, covers, [grid for grid in state.grids.values() if grid.id not in remaining])


def _build_grid(item: GridIn, state: CurrentState) -> Grid:
    current = state.grids.get(item.id) if item.id else None
    code = current.code if current else item.code or ids.code(CODE_LENGTH)
    return Grid(current.id if current else ids.new(), code, item.name, state.community.label + item.name)


def _name_errors(items: Sequence[GridIn], state: CurrentState) -> Iterator[FieldError]:
    """Yield unknown and repeated ids, and repeated names."""
    grid_ids, names = set[UUID](), set[str]()
    for n, item in enumerate(items):
        if item.id and item.id not in state.grids:
            yield FieldError(f"/grids/{n}/id", f"这个社区没有编号为 {item.id} 的网格，或它已经撤销")
        elif item.id in grid_ids:
            yield FieldError(f"/grids/{n}/id", f"“{item.name}”和前面的网格是同一个")
        if item.name in names:
            yield FieldError(f"/grids/{n}/name", f"有两个网格都叫“{item.name}”")
        grid_ids |= {item.id} if item.id else set()
        names.add(item.name)


async def _code_errors(items: Sequence[GridIn], state: CurrentState) -> list[FieldError]:
    """Return changed and repeated codes: import files refer to a grid by its code, so it never changes."""
    rows = await db.execute(_EXISTING_CODES, codes=[item.code for item in items if item.code])
    used = {row["code"] for row in rows}
    errors = list[FieldError]()
    for n, item in enumerate(items):
        current = state.grids.get(item.id) if item.id else None
        if item.code and current and item.code != current.code:
            detail = f"“{current.name}”的编号是“{current.code}”，定了就不能改"
            errors.append(FieldError(f"/grids/{n}/code", detail))
        elif item.code and not current and item.code in used:
            errors.append(FieldError(f"/grids/{n}/code", f"编号“{item.code}”已经用过，请换一个"))
        used |= {item.code} if item.code else set()
    return errors


_EXISTING_CODES: Final = Statement("SELECT code FROM place WHERE code = ANY(:codes::text[])")


async def _foreign_place_errors(foreign: Sequence[tuple[str, UUID]]) -> list[FieldError]:
    """Return an error for each place (pointer, id) outside the community."""
    if not foreign:
        return []
    rows = await db.execute(_FOREIGN_PLACES, ids=[place_id for _, place_id in foreign])
    places = {row["id"]: row for row in rows}
    return [FieldError(pointer, _foreign_place_error(places.get(place_id))) for pointer, place_id in foreign]


def _foreign_place_error(row: asyncpg.Record | None) -> str:
    if row is None:
        return "没有这个地点，请重新选择"
    if row["level"] == Level.GRID:
        return f"“{row['label']}”是网格，不是地址"
    if row["community"] is None:
        return f"“{row['label']}”是{LEVEL[Level(row['level'])]}，网格只能覆盖本社区的地址"
    return f"“{row['label']}”属于{row['community']}，不能划给这里的网格"


_FOREIGN_PLACES: Final = Statement("""
SELECT p.id, p.level, p.label, c.label AS community
FROM place p LEFT JOIN place c ON c.id = ANY (p.path) AND c.level = 'community' WHERE p.id = ANY(:ids::uuid[])
""")
