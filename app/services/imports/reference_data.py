"""Organisations, categories and calendar days: read from rows and checked, as JSON for the database."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app import ids
from app.enums import Level, OrganisationKind
from app.rules.workdays import Clock
from app.services.imports.cells import CellReader
from app.services.imports.report import ReportBuilder, Row
from app.services.imports.tree import Node

LEVELS: Final = ("E0", "E1", "E2", "E3")
CLOCKS: Final = tuple(clock.value for clock in Clock)
DAYS: Final = ("holiday", "workday")
MAX_MINUTES: Final = 525_600  # a year; a longer limit is a typing error


def check_organisations(
    rows: Sequence[Row], nodes: Mapping[str, Node], report: ReportBuilder
) -> list[dict[str, Any]]:
    """Return the organisations; `places` are the ids of those they serve."""
    first_rows: dict[str, Row] = {}
    return [_organisation(CellReader(row, report), nodes, first_rows, report) for row in rows]


def _organisation(
    cells: CellReader, nodes: Mapping[str, Node], first_rows: dict[str, Row], report: ReportBuilder
) -> dict[str, Any]:
    code, place_ids = cells.code(), []
    report.check_unique(first_rows, code, cells.row, "单位编号")
    for place in cells.codes("places"):
        node = nodes.get(place)
        if node is None or node.level == Level.GRID:
            cells.error(f"places 里的“{place}”" + ("是网格，不是地址" if node else "没有这个地址"))
        else:
            place_ids.append(str(node.id))
    skills = cells.codes("skills")
    if any(len(skill) > 64 for skill in skills):
        cells.error("skills 里有太长的词，最多 64 个字")
    kind = cells.choice("kind", tuple(kind.value for kind in OrganisationKind))
    name = cells.text("name")
    return {
        "id": str(ids.new()),
        "code": code,
        "name": name,
        "kind": kind,
        "skills": skills,
        "places": place_ids,
    }


def check_categories(rows: Sequence[Row], report: ReportBuilder) -> list[dict[str, Any]]:
    """Return the categories in the order of the file, which is also the display order."""
    first_rows: dict[str, Row] = {}
    return [
        _category(CellReader(row, report), first_rows, report) | {"sort": n} for n, row in enumerate(rows)
    ]


def _category(cells: CellReader, first_rows: dict[str, Row], report: ReportBuilder) -> dict[str, Any]:
    report.check_unique(first_rows, cells.code(), cells.row, "类别编号")
    clocks = ("accept", "acknowledge", "resolve")
    return {
        "code": cells.row.cells["code"],
        "zh": cells.text("zh"),
        "en": cells.text("en", 120),
        "level": cells.choice("level", LEVELS),
        "skill": cells.code("skill"),
        **{f"{clock}_minutes": cells.integer(f"{clock}_minutes", 1, MAX_MINUTES) for clock in clocks},
        **{f"clock_{clock}": cells.choice(f"clock_{clock}", CLOCKS) for clock in clocks},
        **{column: cells.flag(column) for column in ("photo_on_resolve", "verify_claim", "public")},
        "emergency_phone": cells.text("emergency_phone", 20, required=False) or None,
        "source": cells.text("source", 200, required=False) or None,
    }


def check_days(rows: Sequence[Row], report: ReportBuilder) -> list[dict[str, Any]]:
    """Return the holidays and make-up workdays."""
    first_rows: dict[str, Row] = {}
    return [_day(CellReader(row, report), first_rows, report) for row in rows]


def _day(cells: CellReader, first_rows: dict[str, Row], report: ReportBuilder) -> dict[str, Any]:
    day = cells.day("date").isoformat()
    report.check_unique(first_rows, day, cells.row, "日期")
    kind, name = cells.choice("kind", DAYS), cells.text("name")
    return {"date": day, "kind": kind, "name": name, "source": cells.text("source", 200, required=False)}
