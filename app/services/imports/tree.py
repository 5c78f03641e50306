"""The tree of places and grids: what the database has, changed by the rows, checked as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app import db, ids
from app.rules import address
from app.services.imports.cells import Cells
from app.services.imports.report import Findings, Row
from app.words import LEVEL, Level

TREE: Final = tuple(level.value for level in Level if level is not Level.GRID)
_RANK: Final = {"street": 0, "community": 1, "grid": 2, "estate": 2, "building": 3, "unit": 4}
_COUNTED: Final = (Level.BUILDING, Level.UNIT)
LARGEST: Final = 2**31 - 1


@dataclass(slots=True)
class Node:
    """A place or grid as it will be; `row` is the line that asks for it, `changed` whether it has to be written."""

    code: str
    parent: str | None
    level: str
    name: str
    sort: int
    lat: float | None = None
    lng: float | None = None
    ended_at: datetime | None = None  # of a grid that is no more; a row that names it brings it back
    row: Row | None = None
    id: UUID = field(default_factory=ids.new)
    scene: str = field(default_factory=lambda: ids.code(12))
    label: str = ""
    path: list[UUID] = field(default_factory=list)
    changed: bool = False
    moved: bool = False  # a grid that belongs to another community now

    def columns(self) -> dict[str, Any]:
        """Return its row, ready for JSON."""
        kept = ("code", "level", "name", "sort", "lat", "lng", "scene", "label")
        path = [str(node) for node in self.path]
        above = path[-2] if self.parent else None
        number = address.number_of(self.name) if self.level in _COUNTED else None
        named = {column: getattr(self, column) for column in kept}
        named["ended_at"] = self.ended_at and self.ended_at.isoformat()
        return {**named, "id": path[-1], "parent_id": above, "number": number, "path": path}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the database has, as of one `setup.version`."""

    version: int
    nodes: Mapping[str, Node]
    covers: Mapping[str, str]  # place → grid, by code


async def read() -> Standing:
    """Read the tree; the version first, so that whatever changes meanwhile shows."""
    version = await db.fetchrow("SELECT version FROM setup WHERE id = 1")
    places = await db.fetch(_PLACES)
    covers = await db.fetch(_COVERS)
    nodes = {row["code"]: Node(**row) for row in places}
    return Standing(
        version["version"] if version else 0, nodes, {row["place"]: row["grid"] for row in covers}
    )


_PLACES: Final = """
SELECT p.id, p.code, a.code AS parent, p.level, p.name, p.sort, p.lat, p.lng, p.ended_at, p.scene, p.label, p.path
FROM place p LEFT JOIN place a ON a.id = p.parent_id
"""
_COVERS: Final = """
SELECT p.code AS place, g.code AS grid FROM grid_cover c JOIN place p ON p.id = c.place_id JOIN place g ON g.id = c.grid_id
"""


def check(
    places: Sequence[Row], grids: Sequence[Row], standing: Standing, findings: Findings
) -> dict[str, Node]:
    """Return the tree as it will be; paths and labels only when nothing is wrong."""
    nodes, seen = dict(standing.nodes), dict[str, Row]()
    new = [_place(Cells(row, findings), n) for n, row in enumerate(places, 1)]
    new += [_grid(Cells(row, findings), n) for n, row in enumerate(grids, 1)]
    for node in new:
        assert node.row is not None
        if findings.once(seen, node.code, node.row, "编号") and node.code:
            nodes[node.code] = _succeeding(node, standing.nodes.get(node.code), findings)
    for node in nodes.values():
        _check_parent(node, nodes, findings)
    if findings.clean:
        _grow(nodes)
    return nodes


def _place(cells: Cells, n: int) -> Node:
    code, parent = cells.code(), cells.code("parent", needed=False)
    level, name = cells.choice("level", TREE), cells.text("name")
    lat, lng = cells.degrees("lat", 90), cells.degrees("lng", 180)
    if (lat is None) != (lng is None):
        cells.wrong("lat 和 lng 要么都填，要么都不填")
    sort = cells.whole("sort", -LARGEST, LARGEST) if cells.row.cells.get("sort") else n
    if level and not parent and level != Level.STREET:
        cells.wrong(f"{LEVEL[Level(level)]}要写明上级 parent")
    return Node(code, parent or None, level, name, sort, lat, lng, row=cells.row)


def _grid(cells: Cells, n: int) -> Node:
    return Node(cells.code(), cells.code("community"), Level.GRID.value, cells.text("name"), n, row=cells.row)


def _succeeding(node: Node, was: Node | None, findings: Findings) -> Node:
    """Let a row take the place of what the database has by that code: it keeps its id and its scanned code."""
    if was is not None:
        node.id, node.scene = was.id, was.scene
        node.moved = node.level == Level.GRID and node.parent != was.parent
        if Level.GRID in {was.level, node.level} and was.level != node.level and node.row:
            findings.wrong(node.row, f"编号“{node.code}”已经是{LEVEL[Level(was.level)]}“{was.label}”")
    return node


def _check_parent(node: Node, nodes: Mapping[str, Node], findings: Findings) -> None:
    if node.parent is None:
        return
    parent = nodes.get(node.parent)
    # A place no file names may be wrong under one that a file changes.
    row = node.row or (parent.row if parent else None)
    if row is None:
        return
    if parent is None:
        findings.wrong(row, f"上级“{node.parent}”不存在")
    elif circle := _circle(node, nodes):
        findings.wrong(row, f"上级绕成了圈：{' → '.join(circle)}")
    elif node.level == Level.GRID and parent.level != Level.COMMUNITY:
        findings.wrong(row, f"网格“{node.code}”要归社区，“{parent.code}”不是社区")
    elif parent.level == Level.GRID:
        findings.wrong(row, f"“{parent.code}”是网格，不能做“{node.code}”的上级")
    elif node.level and parent.level and _RANK[node.level] <= _RANK[parent.level]:
        own, above = LEVEL[Level(node.level)], LEVEL[Level(parent.level)]
        findings.wrong(row, f"{own}“{node.code}”不能在{above}“{parent.code}”之下")


def _circle(node: Node, nodes: Mapping[str, Node]) -> list[str]:
    """Return the way from a place up to itself; no sound way is longer than there are levels."""
    way, above = [node.code], nodes.get(node.parent or "")
    while above is not None and len(way) <= len(_RANK) * 2:
        way.append(above.code)
        if above.code == node.code:
            return way
        above = nodes.get(above.parent or "")
    return []


def _grow(nodes: Mapping[str, Node]) -> None:
    """Write path and label of every place, from the street down."""
    for node in sorted(nodes.values(), key=lambda node: _RANK[node.level]):
        above = nodes[node.parent] if node.parent else None
        before = node.path, node.label
        node.path = [*(above.path if above else ()), node.id]
        within = above is not None and (node.level == Level.GRID or _RANK[above.level] >= _RANK[Level.ESTATE])
        node.label = above.label + node.name if above and within else node.name
        node.changed = node.row is not None or before != (node.path, node.label)
