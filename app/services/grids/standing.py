"""The grids of a community as they stand: what they cover, who holds their posts, what they leave out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app import db
from app.errors import Invalid, NotFound
from app.models.grid import CoverOut, GridOut, GridPostOut, GridsOut
from app.models.post import PersonRef
from app.rules import routing
from app.rules.access import Actor
from app.rules.routing import SUCCESSION
from app.services import appointing, catalogue
from app.words import ROLE, Level, Role


@dataclass(frozen=True, slots=True)
class Node:
    """A place of the community's address tree, the community itself included."""

    id: UUID
    parent_id: UUID
    level: Level
    label: str
    path: tuple[UUID, ...]

    @property
    def shown(self) -> CoverOut:
        return CoverOut(id=self.id, level=self.level, label=self.label)


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid there is."""

    id: UUID
    code: str
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A community and its grids, as of one `setup.version`; `version` is the community's own."""

    setup_version: int
    community: Node
    version: int
    nodes: Mapping[UUID, Node]
    grids: Mapping[UUID, Grid]
    covers: Mapping[UUID, UUID]  # place → grid
    posts: Mapping[UUID, list[GridPostOut]]  # of each grid


async def scope(actor: Actor, community_id: UUID) -> None:
    """Refuse a place not in sight (404), then one around the caller's own (403), then one that has no grids (422)."""
    row = await db.fetchrow("SELECT level, path FROM place WHERE id = $1 AND ended_at IS NULL", community_id)
    appointing.own_places(actor)
    if row is None:
        raise NotFound
    appointing.require_in_sight(actor, await catalogue.refresh(), [row["path"]])
    appointing.require_all_within(actor, [row["path"]])
    if row["level"] != Level.COMMUNITY:
        raise Invalid.at("/place_id", "网格按社区设置，请选择一个社区")


async def stand(community_id: UUID) -> Standing:
    """Read a community; the version of the setup first, so that whatever changes meanwhile shows."""
    first = await db.fetchrow(
        "SELECT s.version AS setup, p.version FROM setup s, place p WHERE p.id = $1", community_id
    )
    assert first is not None, "asked for in scope"
    nodes = {row["id"]: _node(row) for row in await db.fetch(_NODES, community_id)}
    grids = await db.fetch(_GRIDS, community_id)
    covers = await db.fetch(_COVERS, [row["id"] for row in grids])
    posts: dict[UUID, list[GridPostOut]] = {}
    for row in await db.fetch(_POSTS, [row["id"] for row in grids]):
        posts.setdefault(row["place_id"], []).append(_post(row))
    return Standing(
        first["setup"],
        nodes[community_id],
        first["version"],
        nodes,
        {row["id"]: Grid(**row) for row in grids},
        {row["place_id"]: row["grid_id"] for row in covers},
        posts,
    )


_NODES: Final = """
WITH RECURSIVE below AS (
    SELECT * FROM place WHERE id = $1
    UNION ALL
    SELECT p.* FROM place p JOIN below b ON p.parent_id = b.id WHERE p.level <> 'grid'
)
SELECT id, parent_id, level, label, path FROM below ORDER BY cardinality(path), sort, id
"""
_GRIDS: Final = """
SELECT id, code, name, label FROM place WHERE parent_id = $1 AND level = 'grid' AND ended_at IS NULL ORDER BY sort, id
"""
_COVERS: Final = """
SELECT c.place_id, c.grid_id FROM grid_cover c JOIN place p ON p.id = c.place_id
WHERE c.grid_id = ANY($1::uuid[]) ORDER BY cardinality(p.path), p.sort, p.id
"""
_POSTS: Final = """
SELECT p.*, n.name AS holder FROM post p LEFT JOIN person n ON n.id = p.person_id
WHERE p.place_id = ANY($1::uuid[]) AND p.ended_at IS NULL ORDER BY p.id
"""


def _node(row: Any) -> Node:
    return Node(row["id"], row["parent_id"], Level(row["level"]), row["label"], tuple(row["path"]))


def _post(row: Any) -> GridPostOut:
    return GridPostOut(
        **{name: row[name] for name in ("id", "absent_from", "absent_until", "invitation_until")},
        role=Role(row["role"]),
        role_name=ROLE[Role(row["role"])],
        person=PersonRef(id=row["person_id"], name=row["holder"]) if row["person_id"] else None,
    )


async def read(community_id: UUID) -> GridsOut:
    """Return the grids of a community with the tickets they hold."""
    standing = await stand(community_id)
    held = {row["holder_id"]: row["n"] for row in await db.fetch(_HELD, list(standing.grids))}
    shown = [_shown(grid, standing, held.get(grid.id, 0)) for grid in standing.grids.values()]
    return GridsOut(
        place_id=standing.community.id,
        label=standing.community.label,
        version=standing.version,
        grids=shown,
        without_grid=without(standing.nodes.values(), standing.covers),
    )


_HELD: Final = """
SELECT holder_id, count(*)::int AS n FROM ticket
WHERE holder_id = ANY($1::uuid[]) AND status IN ('new', 'accepted', 'dispatched', 'waiting', 'resolved') GROUP BY 1
"""


def _shown(grid: Grid, standing: Standing, held: int) -> GridOut:
    nodes, posts = standing.nodes, standing.posts.get(grid.id, [])
    covers = [nodes[place].shown for place, of in standing.covers.items() if of == grid.id and place in nodes]
    return GridOut(
        **{name: getattr(grid, name) for name in ("id", "code", "name", "label")},
        covers=covers,
        posts=[*_vacant(posts), *posts],
        open_tickets=held,
    )


def _vacant(posts: Iterable[GridPostOut]) -> list[GridPostOut]:
    """Return those who could answer for the grid and whom nobody has invited."""
    there = {post.role for post in posts}
    missing = [role for role in SUCCESSION[Level.GRID] if role not in there]
    return [GridPostOut(id=None, role=role, role_name=ROLE[role], person=None) for role in missing]


def without(nodes: Iterable[Node], covers: Mapping[UUID, UUID]) -> list[CoverOut]:
    """Return the buildings no grid answers for; one all of whose units are covered is not among them."""
    known, bare, divided = list(nodes), set[UUID](), set[UUID]()
    for node in known:
        if node.level is Level.UNIT:
            (divided if routing.grid_of(node.path, covers) else bare).add(node.parent_id)
    return [
        node.shown
        for node in known
        if node.level is Level.BUILDING
        and routing.grid_of(node.path, covers) is None
        and (node.id in bare or node.id not in divided)
    ]
