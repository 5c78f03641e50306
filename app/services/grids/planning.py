"""What somebody asks for, checked against the community as it stands: every fault named where it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app import db, ids
from app.errors import Invalid
from app.models.grid import GridIn, GridsIn
from app.services.grids.standing import Grid, Standing
from app.words import LEVEL, Level

CODE_LENGTH: Final = 12
Wrong = tuple[str, str]  # a JSON pointer and a sentence


@dataclass(frozen=True, slots=True)
class Plan:
    """The grids as they are to be, what each place is covered by, and the grids that go."""

    grids: Sequence[Grid]
    covers: Mapping[UUID, UUID]
    gone: Sequence[Grid]


async def plan(form: GridsIn, standing: Standing) -> Plan:
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
