"""Writing a checked import: a few bulk statements in one transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from app import clock, db
from app.services import audit
from app.services.imports import post_statements, statements
from app.services.imports.posts import PostPlan
from app.services.imports.tree import Node
from app.services.tickets import clocks


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Everything an import writes; nodes, grids, covers and communities by their codes."""

    nodes: Mapping[str, Node]
    grids: Sequence[str]  # the grids in the files, whose covers are replaced
    covers: Mapping[str, str]  # grid by place
    organisations: Sequence[dict[str, Any]]
    categories: Sequence[dict[str, Any]]
    days: Sequence[dict[str, Any]]
    posts: PostPlan
    changed_communities: Sequence[str]  # those whose grids change
    actor_id: UUID | None = None  # whose import it is; None on the command line

    @property
    def changes_limits(self) -> bool:
        """Tell whether the time limits of open tickets may change."""
        return bool(self.categories or self.days)


async def write(plan: ImportPlan, version: int, job_id: UUID, counts: Mapping[str, int]) -> bool:
    """Write everything in one transaction; return False, and write nothing, if the setup's version is not `version`.

    If time limits may change, a job `job_id` is inserted that recomputes open tickets. `counts`: the rows by kind, for
    the audit trail.
    """
    async with db.transaction() as session:
        connection = await session.connection()
        bumped = await connection.execute(sa.text(statements.BUMP_VERSION), {"version": version})
        if bumped.first() is None:
            return False
        await _write_places(connection, plan)
        for sql in (
            statements.UPSERT_ORGANISATIONS,
            statements.DELETE_SERVICE_AREAS,
            statements.INSERT_SERVICE_AREAS,
        ):
            await _execute(connection, sql, plan.organisations)
        await _execute(connection, statements.UPSERT_CATEGORIES, plan.categories)
        await _execute(connection, statements.UPSERT_DAYS, plan.days)
        await _write_posts(connection, plan.posts)
        if plan.changes_limits:
            job = {"id": job_id, "kind": clocks.RECOMPUTE_JOB, "due_at": clock.now() + clocks.RECOMPUTE_GRACE}
            await connection.execute(sa.text(statements.INSERT_JOB), job)
        if plan.actor_id:
            entry = audit.entry_values() | {"actor_id": plan.actor_id, "now": clock.now()}
            await connection.execute(
                sa.text(statements.INSERT_AUDIT), entry | {"counts": json.dumps(dict(counts))}
            )
    return True


async def _write_places(connection: AsyncConnection, plan: ImportPlan) -> None:
    nodes, grids = plan.nodes, set(plan.grids)
    covers = [
        {"place_id": str(nodes[place].id), "grid_id": str(nodes[grid].id)}
        for place, grid in plan.covers.items()
        if grid in grids
    ]
    jobs = clocks.reroute_job_rows([nodes[code].id for code in plan.grids if nodes[code].moved])
    job_rows = [json.loads(json.dumps(job._asdict(), default=str)) for job in jobs]
    changed = [node.columns() for node in nodes.values() if node.changed]
    await _execute(connection, statements.UPSERT_PLACES, changed)
    await _execute(connection, statements.BUMP_COMMUNITIES, plan.changed_communities)
    await _execute(connection, statements.DELETE_COVERS, [str(nodes[code].id) for code in plan.grids])
    await _execute(connection, statements.INSERT_COVERS, covers)
    await _execute(connection, statements.INSERT_JOBS, job_rows)


async def _write_posts(connection: AsyncConnection, plan: PostPlan) -> None:
    address = audit.entry_values()["address"]
    await _execute(connection, post_statements.INSERT_POSTS, plan.new, now=clock.now(), address=address)
    await _execute(connection, post_statements.RENEW_INVITATIONS, plan.renewals)
    await _execute(connection, post_statements.CHANGE_CARDS, plan.cards)


async def _execute(connection: AsyncConnection, sql: str, rows: Sequence[Any], **values: Any) -> None:
    """Execute a statement of `statements` or `post_statements`, unless there are no rows."""
    if rows:
        await connection.execute(sa.text(sql), {"rows": json.dumps(rows, ensure_ascii=False), **values})
