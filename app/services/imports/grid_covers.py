"""Which grid covers which place, from the rows of grids."""

from collections.abc import Mapping, Sequence
from typing import Final

from app.enums import Level
from app.services.imports.cells import CellReader
from app.services.imports.report import ReportBuilder, Row
from app.services.imports.tree import CurrentTree, Node

_REPORTED_LEVELS: Final = (Level.ESTATE, Level.BUILDING, Level.UNIT)


def check_covers(
    grids: Sequence[Row], nodes: Mapping[str, Node], current: CurrentTree, report: ReportBuilder
) -> dict[str, str]:
    """Return the grid of each covered place, by code. A grid in the files covers exactly what its row lists."""
    in_files = {row.cells["code"] for row in grids}
    covers = {place: grid for place, grid in current.covers.items() if grid not in in_files}
    for row in grids:
        code = row.cells["code"]
        for place in CellReader(row, report).codes("covers"):
            if place not in nodes:
                report.add_error(row, f"covers 里的“{place}”没有这个地址")
            elif nodes[place].level == Level.GRID:
                report.add_error(row, f"covers 里的“{place}”是网格，不是地址")
            elif covers.setdefault(place, code) != code:
                report.add_error(row, f"“{place}”已经归网格“{covers[place]}”")
    if report.ok:
        _check_communities(covers, nodes, report)
    return covers


def _check_communities(covers: Mapping[str, str], nodes: Mapping[str, Node], report: ReportBuilder) -> None:
    """Check that each place lies in the community of its grid."""
    by_id = {node.id: node for node in nodes.values()}
    for code, grid_code in covers.items():
        place, grid = nodes[code], nodes[grid_code]
        if grid.path[-2] in place.path:
            continue
        rows = [grid.row, *(by_id[node_id].row for node_id in reversed(place.path))]
        row = next((row for row in rows if row), None)  # none: the files do not touch it, it was wrong before
        if row:
            report.add_error(row, f"“{code}”不在网格“{grid_code}”的社区“{grid.parent}”里")


def uncovered_places(nodes: Mapping[str, Node], covers: Mapping[str, str]) -> list[str]:
    """Return the labels of the estates, buildings and units without a grid; of each only the topmost without one below."""
    covered = {nodes[place].id for place in covers}
    above_covered = {node_id for place in covers for node_id in nodes[place].path}
    bare = {
        node.id: node
        for node in nodes.values()
        if node.level in _REPORTED_LEVELS and not covered & {*node.path} and node.id not in above_covered
    }
    return [node.label for node in bare.values() if node.path[-2] not in bare]
