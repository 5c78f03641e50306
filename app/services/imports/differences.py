"""What writing a plan would change: for a dry run, and for who has the grids before them just now."""

from collections.abc import Mapping, Sequence
from typing import Any

from app import db
from app.services.imports.report import Change
from app.services.imports.tree import Node, Standing
from app.services.imports.writing import Plan
from app.words import Level

_CATEGORY = "SELECT * FROM category"
_DAYS = "SELECT date::text, kind, name, source FROM calendar_day"
_ORGANISATIONS = """
SELECT o.code, o.name, o.kind, o.skills,
       ARRAY(SELECT place_id::text FROM service_area a WHERE a.organisation_id = o.id ORDER BY 1) AS places
FROM organisation o
"""


async def changes(plan: Plan, standing: Standing) -> list[Change]:
    """Return what a plan adds and changes, kind by kind."""
    named = {code: node for code, node in plan.nodes.items() if node.row}
    grids = {code: node for code, node in named.items() if node.level == Level.GRID}
    places = {code: node for code, node in named.items() if node.level != Level.GRID}
    organisations = {
        o["code"]: [*_of(o, "name", "kind", "skills"), sorted(o["places"])] for o in plan.organisations
    }
    found = [
        _change("places", told(places, {}), told(standing.nodes, {})),
        _change("grids", told(grids, plan.covers), told(standing.nodes, standing.covers)),
        _change(
            "organisations",
            organisations,
            {
                row["code"]: [*_of(row, "name", "kind", "skills"), list(row["places"])]
                for row in await db.fetch(_ORGANISATIONS)
            },
        ),
        _change(
            "categories",
            {category["code"]: category for category in plan.categories},
            {row["code"]: dict(row) for row in await db.fetch(_CATEGORY)},
        ),
        _change(
            "calendar",
            {day["date"]: day for day in plan.days},
            {row["date"]: dict(row) for row in await db.fetch(_DAYS)},
        ),
    ]
    if plan.posts.added or plan.posts.same:
        found.append(Change("posts", plan.posts.added, [], len(plan.posts.same)))
    relabelled = [code for code, node in plan.nodes.items() if node.changed and not node.row]
    return [*(one for one in found if one), *([Change("labels", [], relabelled, 0)] if relabelled else [])]


def _of(row: Any, *columns: str) -> list[Any]:
    return [row[column] for column in columns]


def recut(
    plan_grids: Sequence[str], nodes: Mapping[str, Node], covers: Mapping[str, str], standing: Standing
) -> list[str]:
    """Return the communities some of whose grids will not be what they were."""
    before, after = told(standing.nodes, standing.covers), told({g: nodes[g] for g in plan_grids}, covers)
    found = {nodes[code].parent for code in after if after[code] != before.get(code)}
    found |= {standing.nodes[code].parent for code in after if code in before and after[code] != before[code]}
    return sorted(community for community in found if community)


def told(nodes: Mapping[str, Node], covers: Mapping[str, str]) -> dict[str, Any]:
    """Return what files say of places or grids; `standing` may hold both."""
    by_grid: dict[str, set[str]] = {}
    for place, grid in covers.items():
        by_grid.setdefault(grid, set()).add(place)
    return {
        code: (
            *(node.parent, node.level, node.name, node.sort, node.lat, node.lng),
            node.ended_at,
            by_grid.get(code, set()),
        )
        for code, node in nodes.items()
    }


def _change(kind: str, wanted: Mapping[str, Any], there: Mapping[str, Any]) -> Change | None:
    if not wanted:
        return None
    added = [code for code in wanted if code not in there]
    changed = [code for code in wanted if code in there and wanted[code] != there[code]]
    return Change(kind, added, changed, len(wanted) - len(added) - len(changed))
