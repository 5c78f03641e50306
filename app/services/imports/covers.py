"""Which grid covers which place, as the rows of grids say."""

from collections.abc import Mapping, Sequence

from app.services.imports.cells import Cells
from app.services.imports.report import Findings, Row
from app.services.imports.tree import Node, Standing
from app.words import Level


def check(
    grids: Sequence[Row], nodes: Mapping[str, Node], standing: Standing, findings: Findings
) -> dict[str, str]:
    """Return which grid covers which place: a grid the file names covers what the file says, and no more."""
    named = {row.cells["code"] for row in grids}
    covers = {place: grid for place, grid in standing.covers.items() if grid not in named}
    for row in grids:
        code = row.cells["code"]
        for place in Cells(row, findings).codes("covers"):
            if place not in nodes:
                findings.wrong(row, f"covers 里的“{place}”没有这个地址")
            elif nodes[place].level == Level.GRID:
                findings.wrong(row, f"covers 里的“{place}”是网格，不是地址")
            elif covers.setdefault(place, code) != code:
                findings.wrong(row, f"“{place}”已经归网格“{covers[place]}”")
    if findings.clean:
        _check_communities(covers, nodes, findings)
    return covers


def _check_communities(covers: Mapping[str, str], nodes: Mapping[str, Node], findings: Findings) -> None:
    by_id = {node.id: node for node in nodes.values()}
    for code, grid_code in covers.items():
        place, grid = nodes[code], nodes[grid_code]
        if grid.path[-2] in place.path:
            continue
        rows = [grid.row, *(by_id[above].row for above in reversed(place.path))]
        row = next((row for row in rows if row), None)  # without one it was so before
        if row:
            findings.wrong(row, f"“{code}”不在网格“{grid_code}”的社区“{grid.parent}”里")
