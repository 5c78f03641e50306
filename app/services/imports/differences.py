"""What an import would change: reported by a dry run, and used to find the communities whose grids change."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from app import db
from app.enums import Level
from app.services.imports.report import Change
from app.services.imports.tree import CurrentTree, Node
from app.services.imports.write import ImportPlan

_CATEGORIES: Final = "SELECT * FROM category"
_DAYS: Final = "SELECT date::text, kind, name, source FROM calendar_day"
_ORGANISATIONS: Final = """
SELECT o.code, o.name, o.kind, o.skills,
       ARRAY(SELECT place_id::text FROM service_area a WHERE a.organisation_id = o.id ORDER BY 1) AS places
FROM organisation o
"""


async def list_changes(plan: ImportPlan, current: CurrentTree) -> list[Change]:
    """Return what a plan adds and changes, by kind."""
    in_files = {code: node for code, node in plan.nodes.items() if node.row}
    grids = {code: node for code, node in in_files.items() if node.level == Level.GRID}
    places = {code: node for code, node in in_files.items() if node.level != Level.GRID}
    changes = [
        _compare("places", _node_values(places, {}), _node_values(current.nodes, {})),
        _compare("grids", _node_values(grids, plan.covers), _node_values(current.nodes, current.covers)),
        _compare(
            "organisations",
            {row["code"]: _organisation_values(row) for row in plan.organisations},
            {row["code"]: _organisation_values(row) for row in await db.fetch(_ORGANISATIONS)},
        ),
        _compare(
            "categories",
            {category["code"]: category for category in plan.categories},
            {row["code"]: dict(row) for row in await db.fetch(_CATEGORIES)},
        ),
        _compare(
            "calendar",
            {day["date"]: day for day in plan.days},
            {row["date"]: dict(row) for row in await db.fetch(_DAYS)},
        ),
    ]
    if plan.posts.added or plan.posts.changed or plan.posts.same:
        changes.append(Change("posts", plan.posts.added, plan.posts.changed, len(plan.posts.same)))
    relabelled = [code for code, node in plan.nodes.items() if node.changed and not node.row]
    if relabelled:
        changes.append(Change("labels", [], relabelled, 0))
    return [change for change in changes if change]


def changed_communities(
    grids: Sequence[str], nodes: Mapping[str, Node], covers: Mapping[str, str], current: CurrentTree
) -> list[str]:
    """Return the codes of communities that have a grid which the import changes; `grids` are those in the files."""
    before = _node_values(current.nodes, current.covers)
    after = _node_values({code: nodes[code] for code in grids}, covers)
    communities = {nodes[code].parent for code in after if after[code] != before.get(code)}
    communities |= {
        current.nodes[code].parent for code in after if code in before and after[code] != before[code]
    }
    return sorted(community for community in communities if community)


def _organisation_values(row: Mapping[str, Any]) -> list[Any]:
    return [row["name"], row["kind"], row["skills"], sorted(row["places"])]


def _node_values(nodes: Mapping[str, Node], covers: Mapping[str, str]) -> dict[str, Any]:
    """Return what files can change of places or grids, by code, for comparison."""
    places_by_grid: dict[str, set[str]] = {}
    for place, grid in covers.items():
        places_by_grid.setdefault(grid, set()).add(place)
    return {
        code: (
            *(node.parent, node.level, node.name, node.sort, node.lat, node.lng),
            *(node.phone, node.ended_at),
            places_by_grid.get(code, set()),
        )
        for code, node in nodes.items()
    }


def _compare(kind: str, new: Mapping[str, Any], current: Mapping[str, Any]) -> Change | None:
    if not new:
        return None
    added = [code for code in new if code not in current]
    changed = [code for code in new if code in current and new[code] != current[code]]
    return Change(kind, added, changed, len(new) - len(added) - len(changed))
