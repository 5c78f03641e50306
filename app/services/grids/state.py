"""The current state of a community's grids: covers and posts, read before a change is planned."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from app import db
from app.enums import Level, Role
from app.models.grid import CoverOut, GridPostOut
from app.models.post import PersonRef
from app.rules.titles import NamedPost, Titles, title_of
from app.services import setup
from app.sql import Statement


@dataclass(frozen=True, slots=True)
class Node:
    """A place of the community's address tree, the community itself included."""

    id: UUID
    parent_id: UUID
    level: Level
    label: str
    path: tuple[UUID, ...]

    def to_out(self) -> CoverOut:
        return CoverOut(id=self.id, level=self.level, label=self.label)


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid that has not ended."""

    id: UUID
    code: str
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class CurrentState:
    """A community and its grids, as of one `setup.version`; `version` is the community's own."""

    setup_version: int
    community: Node
    version: int
    nodes: Mapping[UUID, Node]
    grids: Mapping[UUID, Grid]
    covers: Mapping[UUID, UUID]  # grid by place
    posts: Mapping[UUID, list[GridPostOut]]  # by grid
    titles: Titles  # what posts are called in the community


async def load_state(community_id: UUID) -> CurrentState:
    """Read a community. The setup's version is read first, so that a change during the reading is noticed."""
    versions = await db.execute_one(_VERSIONS, community_id=community_id)
    assert versions is not None, "grid_scope has checked it"
    nodes = {row["id"]: _to_node(row) for row in await db.execute(_NODES, community_id=community_id)}
    grids = {row["id"]: Grid(**row) for row in await db.execute(_GRIDS, community_id=community_id)}
    covers = await db.execute(_COVERS, grid_ids=list(grids))
    titles = (await setup.current_catalogue()).titles(nodes[community_id].path)
    posts: dict[UUID, list[GridPostOut]] = {}
    for row in await db.execute(_POSTS, grid_ids=list(grids)):
        posts.setdefault(row["place_id"], []).append(_to_post(row, titles))
    return CurrentState(
        setup_version=versions["setup_version"],
        community=nodes[community_id],
        version=versions["version"],
        nodes=nodes,
        grids=grids,
        covers={row["place_id"]: row["grid_id"] for row in covers},
        posts=posts,
        titles=titles,
    )


_VERSIONS: Final = Statement(
    "SELECT s.version AS setup_version, p.version FROM setup s, place p WHERE p.id = :community_id"
)
_NODES: Final = Statement("""
WITH RECURSIVE tree AS (
    SELECT * FROM place WHERE id = :community_id
    UNION ALL
    SELECT p.* FROM place p JOIN tree t ON p.parent_id = t.id WHERE p.level <> 'grid'
)
SELECT id, parent_id, level, label, path FROM tree ORDER BY cardinality(path), sort, id
""")
_GRIDS: Final = Statement("""
SELECT id, code, name, label FROM place
WHERE parent_id = :community_id AND level = 'grid' AND ended_at IS NULL ORDER BY sort, id
""")
_COVERS: Final = Statement("""
SELECT c.place_id, c.grid_id FROM grid_cover c JOIN place p ON p.id = c.place_id
WHERE c.grid_id = ANY(:grid_ids::uuid[]) ORDER BY cardinality(p.path), p.sort, p.id
""")
_POSTS: Final = Statement("""
SELECT p.*, n.name AS holder FROM post p LEFT JOIN person n ON n.id = p.person_id
WHERE p.place_id = ANY(:grid_ids::uuid[]) AND p.ended_at IS NULL ORDER BY p.id
""")


def _to_node(row: asyncpg.Record) -> Node:
    return Node(row["id"], row["parent_id"], Level(row["level"]), row["label"], tuple(row["path"]))


def _to_post(row: asyncpg.Record, titles: Titles) -> GridPostOut:
    named = NamedPost(Role(row["role"]), Level.GRID, None, row["title"])
    return GridPostOut(
        **{name: row[name] for name in ("id", "absent_from", "absent_until", "invitation_until")},
        role=named.role,
        role_name=title_of(named, titles),
        person=PersonRef(id=row["person_id"], name=row["holder"]) if row["person_id"] else None,
    )
