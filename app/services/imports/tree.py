"""The tree of places and grids: the current tree with the rows applied, checked as a whole."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app import db, ids
from app.enums import Level
from app.labels import LEVEL
from app.rules import address
from app.services.imports.cells import CellReader
from app.services.imports.report import ReportBuilder, Row

TREE: Final = tuple(level.value for level in Level if level is not Level.GRID)
_RANK: Final = {"street": 0, "community": 1, "grid": 2, "estate": 2, "building": 3, "unit": 4, "room": 5}
_NUMBERED_LEVELS: Final = (Level.BUILDING, Level.UNIT)
MAX_INT: Final = 2**31 - 1


@dataclass(slots=True)
class Node:
    """A place or grid after the import; `row` is its line in the files, `changed` whether it has to be written."""

    code: str
    parent: str | None
    level: str
    name: str
    sort: int
    lat: float | None = None
    lng: float | None = None
    phone: str | None = None  # for the public
    area: float | None = None  # of a room, in square metres
    ended_at: datetime | None = None  # of an ended grid; a row in the files restores it
    row: Row | None = None
    id: UUID = field(default_factory=ids.new)
    scene: str = field(default_factory=lambda: ids.code(12))
    label: str = ""
    path: list[UUID] = field(default_factory=list)
    changed: bool = False
    moved: bool = False  # of a grid: to another community

    def columns(self) -> dict[str, Any]:
        """Return the database row, as JSON takes it."""
        names = ("code", "level", "name", "sort", "lat", "lng", "phone", "area", "scene", "label")
        path = [str(node) for node in self.path]
        parent_id = path[-2] if self.parent else None
        number = address.number_of(self.name) if self.level in _NUMBERED_LEVELS else None
        if self.level == Level.ROOM:
            number = self.name
        columns = {name: getattr(self, name) for name in names}
        columns["ended_at"] = self.ended_at and self.ended_at.isoformat()
        return {**columns, "id": path[-1], "parent_id": parent_id, "number": number, "path": path}


@dataclass(frozen=True, slots=True)
class CurrentTree:
    """The tree in the database, as of one `setup.version`."""

    version: int
    nodes: Mapping[str, Node]
    covers: Mapping[str, str]  # grid by place; both by their codes


async def read_tree() -> CurrentTree:
    """Read the tree. The setup's version is read first, so that a change during the reading is noticed."""
    version = await db.fetchrow("SELECT version FROM setup WHERE id = 1")
    places = await db.fetch(_PLACES)
    covers = await db.fetch(_COVERS)
    nodes = {row["code"]: Node(**row) for row in places}
    return CurrentTree(
        version["version"] if version else 0, nodes, {row["place"]: row["grid"] for row in covers}
    )


_PLACES: Final = """
SELECT p.id, p.code, a.code AS parent, p.level, p.name, p.sort, p.lat, p.lng, p.phone, p.area::float8, p.ended_at, p.scene, p.label, p.path
FROM place p LEFT JOIN place a ON a.id = p.parent_id
ORDER BY p.code
"""
_COVERS: Final = """
SELECT p.code AS place, g.code AS grid FROM grid_cover c JOIN place p ON p.id = c.place_id JOIN place g ON g.id = c.grid_id
"""


def check_tree(
    places: Sequence[Row], grids: Sequence[Row], current: CurrentTree, report: ReportBuilder
) -> dict[str, Node]:
    """Return the nodes after the import, by code; with paths and labels only if nothing is wrong."""
    nodes, first_rows = dict(current.nodes), dict[str, Row]()
    new_nodes = [_place(CellReader(row, report), n) for n, row in enumerate(places, 1)]
    new_nodes += [_grid(CellReader(row, report), n) for n, row in enumerate(grids, 1)]
    for node in new_nodes:
        assert node.row is not None
        if report.check_unique(first_rows, node.code, node.row, "编号") and node.code:
            nodes[node.code] = _inherit(node, current.nodes.get(node.code), report)
    for node in nodes.values():
        _check_parent(node, nodes, report)
    _check_names(nodes, current, report)
    if report.ok:
        _derive_paths(nodes)
    return nodes


def _place(cells: CellReader, n: int) -> Node:
    code, parent = cells.code(), cells.code("parent", required=False)
    level, name = cells.choice("level", TREE), cells.text("name")
    lat, lng = cells.degrees("lat", 90), cells.degrees("lng", 180)
    if (lat is None) != (lng is None):
        cells.error("lat 和 lng 要么都填，要么都不填")
    sort = cells.integer("sort", -MAX_INT, MAX_INT) if cells.row.cells.get("sort") else n
    if level and not parent and level != Level.STREET:
        cells.error(f"{LEVEL[Level(level)]}要写明上级 parent")
    if level == Level.ROOM:
        name = name.removesuffix("室")
    area = cells.square_metres("area")
    if area is not None and level != Level.ROOM:
        cells.error("只有户室 room 填面积 area")
    return Node(code, parent or None, level, name, sort, lat, lng, cells.phone("phone"), area, row=cells.row)


def _grid(cells: CellReader, n: int) -> Node:
    code, community, name = cells.code(), cells.code("community"), cells.text("name")
    return Node(code, community, Level.GRID.value, name, n, phone=cells.phone("phone"), row=cells.row)


def _inherit(node: Node, current: Node | None, report: ReportBuilder) -> Node:
    """Return the node of a row with the id and the QR code of the current node with the same code, if there is one."""
    if current is not None:
        node.id, node.scene = current.id, current.scene
        if node.row and "phone" not in node.row.cells:  # the file has no such column
            node.phone = current.phone
        if node.row and "area" not in node.row.cells:
            node.area = current.area
        node.moved = node.level == Level.GRID and node.parent != current.parent
        if Level.GRID in {current.level, node.level} and current.level != node.level and node.row:
            report.add_error(
                node.row, f"编号“{node.code}”已经是{LEVEL[Level(current.level)]}“{current.label}”"
            )
    return node


def _check_parent(node: Node, nodes: Mapping[str, Node], report: ReportBuilder) -> None:
    if node.parent is None:
        return
    parent = nodes.get(node.parent)
    # A place that is in no file may be wrong below one that a file changes.
    row = node.row or (parent.row if parent else None)
    if row is None:
        return
    if parent is None:
        report.add_error(row, f"上级“{node.parent}”不存在")
    elif cycle := _find_cycle(node, nodes):
        report.add_error(row, f"上级绕成了圈：{' → '.join(cycle)}")
    elif node.level == Level.GRID and parent.level != Level.COMMUNITY:
        report.add_error(row, f"网格“{node.code}”要归社区，“{parent.code}”不是社区")
    elif parent.level == Level.GRID:
        report.add_error(row, f"“{parent.code}”是网格，不能做“{node.code}”的上级")
    elif node.level and parent.level and _RANK[node.level] <= _RANK[parent.level]:
        level, parent_level = LEVEL[Level(node.level)], LEVEL[Level(parent.level)]
        report.add_error(row, f"{level}“{node.code}”不能在{parent_level}“{parent.code}”之下")


def _check_names(nodes: Mapping[str, Node], current: CurrentTree, report: ReportBuilder) -> None:
    """Refuse a new place or grid whose name another one at the same parent has, written alike: 3号 and ３号."""
    first: dict[tuple[str | None, str, str], Node] = {}
    known_first = sorted(nodes.values(), key=lambda node: node.code not in current.nodes)
    for node in known_first:
        written = "".join(unicodedata.normalize("NFKC", node.name).split()).casefold()
        if not written or node.ended_at:
            continue
        other = first.setdefault((node.parent, node.level, written), node)
        if other is not node and node.row and node.code not in current.nodes:
            where = f"“{node.parent}”之下" if node.parent else ""
            report.add_error(
                node.row,
                f"{where}已有“{other.name}”（编号 {other.code}），“{node.name}”是同一处；请用原来的编号，不是同一处就换个名称",
            )


def _find_cycle(node: Node, nodes: Mapping[str, Node]) -> list[str]:
    """Return the codes from a node up to itself; an empty list if there is no cycle."""
    codes, above = [node.code], nodes.get(node.parent or "")
    while (
        above is not None and len(codes) <= len(_RANK) * 2
    ):  # bounded, since a cycle above the node has no end
        codes.append(above.code)
        if above.code == node.code:
            return codes
        above = nodes.get(above.parent or "")
    return []


def _derive_paths(nodes: Mapping[str, Node]) -> None:
    """Set path and label of every node, from the street down."""
    for node in sorted(nodes.values(), key=lambda node: _RANK[node.level]):
        parent = nodes[node.parent] if node.parent else None
        before = node.path, node.label
        node.path = [*(parent.path if parent else ()), node.id]
        # Labels begin at the estate; a grid's label begins with its community's name.
        if parent and (node.level == Level.GRID or _RANK[parent.level] >= _RANK[Level.ESTATE]):
            node.label = parent.label + node.name
        else:
            node.label = node.name
        node.changed = node.row is not None or before != (node.path, node.label)
