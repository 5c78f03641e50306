"""What somebody may import over HTTP: rows about the places they manage, of kinds that concern nobody else."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from app import db
from app.errors import Forbidden
from app.rules.access import Actor
from app.services import posts
from app.services.imports.posts import PostRequest
from app.services.imports.report import ReportBuilder, Row
from app.services.imports.tree import CurrentTree, Node
from app.services.posts import PlacePath

# Rows that count for every office of this server.
_FOR_ALL: Final = {"categories": "类别", "calendar": "日历"}
_ELSEWHERE: Final = "不在您管理的范围里"


def check_kinds(rows: Mapping[str, Sequence[Row]], report: ReportBuilder) -> None:
    """Report the rows of kinds that count for every office."""
    for kind, zh in _FOR_ALL.items():
        for row in rows[kind]:
            report.add_error(
                row, f"{zh}对这台服务器上所有社区有效，请管理员在服务器上导入；本社区自己的在“设置”里改"
            )


def check_places(
    actor: Actor, nodes: Mapping[str, Node], current: CurrentTree, report: ReportBuilder
) -> None:
    """Report the rows of places and grids that are not, or were not, below a place of the actor's."""
    for node in nodes.values():
        if node.row is None:
            continue
        before = current.nodes.get(node.code)
        paths = [path[:-1] for path in (node.path, before.path if before else None) if path]
        if all(posts.is_within(actor, [path]) for path in paths):
            continue
        if before and _repeats(node, before):
            node.sort = before.sort  # the order of others' places is theirs
        else:
            report.add_error(node.row, f"“{node.code}”{_ELSEWHERE}")


def _repeats(node: Node, before: Node) -> bool:
    """Tell whether a row repeats what is there, as the rows above one's own places in a whole file do."""
    columns = ("parent", "level", "name", "lat", "lng", "phone", "ended_at")
    return all(getattr(node, name) == getattr(before, name) for name in columns)


async def check_organisations(
    actor: Actor,
    organisations: Sequence[Mapping[str, Any]],
    rows: Sequence[Row],
    nodes: Mapping[str, Node],
    report: ReportBuilder,
) -> dict[str, list[PlacePath]]:
    """Report organisations that serve, or served, places outside the actor's; return where each serves after the import."""
    rows_served = await db.fetch(_SERVED)
    served: dict[str, list[PlacePath]] = {
        row["code"]: [tuple(map(UUID, path)) for path in row["paths"]] for row in rows_served
    }
    paths_by_id = {str(node.id): tuple(node.path) for node in nodes.values()}
    for organisation, row in zip(organisations, rows, strict=True):
        paths: list[PlacePath] = [paths_by_id[place_id] for place_id in organisation["places"]]
        for path in (*paths, *served.get(organisation["code"], ())):
            if not posts.is_within(actor, [path]):
                report.add_error(row, f"“{organisation['code']}”服务的地点{_ELSEWHERE}")
        served[organisation["code"]] = paths
    return served


# Paths as JSON: arrays of different lengths do not make one array.
_SERVED: Final = """
SELECT o.code, (SELECT coalesce(json_agg(p.path), '[]') FROM service_area a JOIN place p ON p.id = a.place_id
    WHERE a.organisation_id = o.id) AS paths
FROM organisation o
"""


def check_posts(
    actor: Actor,
    requests: Sequence[PostRequest],
    nodes: Mapping[str, Node],
    served: Mapping[str, Sequence[PlacePath]],
    report: ReportBuilder,
) -> None:
    """Report posts that the actor may not assign."""
    for request in requests:
        paths = [tuple(nodes[request.unit].path)] if request.place_id else list(served.get(request.unit, ()))
        try:
            posts.require_may_appoint(actor, request.role, paths)
        except Forbidden as refusal:
            report.add_error(request.row, str(refusal))
