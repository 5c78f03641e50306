"""Organisations, categories and calendar days: read from rows, checked."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app import ids
from app.rules.workdays import Clock
from app.services.imports.cells import Cells
from app.services.imports.report import Findings, Row
from app.services.imports.tree import Node
from app.words import Kind, Level

LEVELS: Final = ("E0", "E1", "E2", "E3")
CLOCKS: Final = tuple(clock.value for clock in Clock)
DAYS: Final = ("holiday", "workday")
A_YEAR: Final = 525_600  # minutes; a longer limit is a slip of the pen


def organisations(rows: Sequence[Row], nodes: Mapping[str, Node], findings: Findings) -> list[dict[str, Any]]:
    """Return organisations by code, `places` being the ids of those they serve."""
    seen: dict[str, Row] = {}
    return [_organisation(Cells(row, findings), nodes, seen, findings) for row in rows]


def _organisation(
    cells: Cells, nodes: Mapping[str, Node], seen: dict[str, Row], findings: Findings
) -> dict[str, Any]:
    code, served = cells.code(), []
    findings.once(seen, code, cells.row, "单位编号")
    for place in cells.codes("places"):
        node = nodes.get(place)
        if node is None or node.level == Level.GRID:
            cells.wrong(f"places 里的“{place}”" + ("是网格，不是地址" if node else "没有这个地址"))
        else:
            served.append(str(node.id))
    skills = cells.codes("skills")
    if any(len(skill) > 64 for skill in skills):
        cells.wrong("skills 里有太长的词，最多 64 个字")
    kind = cells.choice("kind", tuple(kind.value for kind in Kind))
    name = cells.text("name")
    return {
        "id": str(ids.new()),
        "code": code,
        "name": name,
        "kind": kind,
        "skills": skills,
        "places": served,
    }


def categories(rows: Sequence[Row], findings: Findings) -> list[dict[str, Any]]:
    """Return categories in the order of the file, which is the order people are shown."""
    seen: dict[str, Row] = {}
    return [_category(Cells(row, findings), seen, findings) | {"sort": n} for n, row in enumerate(rows)]


def _category(cells: Cells, seen: dict[str, Row], findings: Findings) -> dict[str, Any]:
    findings.once(seen, cells.code(), cells.row, "类别编号")
    clocks = ("accept", "acknowledge", "resolve")
    return {
        "code": cells.row.cells["code"],
        "zh": cells.text("zh"),
        "en": cells.text("en", 120),
        "level": cells.choice("level", LEVELS),
        "skill": cells.code("skill"),
        **{f"{clock}_minutes": cells.whole(f"{clock}_minutes", 1, A_YEAR) for clock in clocks},
        **{f"clock_{clock}": cells.choice(f"clock_{clock}", CLOCKS) for clock in clocks},
        **{column: cells.flag(column) for column in ("photo_on_resolve", "verify_claim", "public")},
        "emergency_phone": cells.text("emergency_phone", 20, needed=False) or None,
        "source": cells.text("source", 200, needed=False) or None,
    }


def days(rows: Sequence[Row], findings: Findings) -> list[dict[str, Any]]:
    """Return the days that differ from Monday to Friday."""
    seen: dict[str, Row] = {}
    return [_day(Cells(row, findings), seen, findings) for row in rows]


def _day(cells: Cells, seen: dict[str, Row], findings: Findings) -> dict[str, Any]:
    day = cells.day("date").isoformat()
    findings.once(seen, cells.row.cells["date"], cells.row, "日期")
    kind, name = cells.choice("kind", DAYS), cells.text("name")
    return {"date": day, "kind": kind, "name": name, "source": cells.text("source", 200, needed=False)}
