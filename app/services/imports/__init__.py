"""Loading what an office hands in as files: all of it, or nothing and a report of every bad line."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app import db, ids
from app.errors import Conflict
from app.services import recompute
from app.services.imports import catalogue, covers, differences, posts, sheets, tree, writing
from app.services.imports.report import Findings, Line, Report, told
from app.services.imports.sheets import Sheet

__all__ = ["Line", "Report", "load", "load_builtin", "told"]

APP: Final = Path(__file__).parents[2]
ATTEMPTS: Final = 5


async def load(files: Sequence[Path], *, dry: bool = False) -> Report:
    """Load files of places, grids, organisations, categories, calendar days and posts, in any order.

    Everything is checked first and written in one transaction; if any line is bad, or the run `dry`, nothing is.
    """
    for _ in range(ATTEMPTS):
        findings = Findings()
        found = await asyncio.to_thread(sheets.read, files, findings)
        standing = await tree.read()
        plan = await _checked(found, standing, findings)
        if dry and findings.clean:
            return findings.report(await differences.changes(plan, standing))
        if not findings.clean:
            return findings.report()
        if await writing.write(plan, standing.version, job_id := ids.new()):
            if plan.times:  # the limits of what is open are counted by the new ones at once
                await recompute.finish(job_id)
            return findings.report()
    raise Conflict("导入期间组织数据一直有人在改，请稍后再试")


async def load_builtin() -> None:
    """Load the categories and holidays that ship with the program where the database has none yet.

    What an office has made its own is left alone; a year is new when it has no day at all.
    """
    rows = await db.fetch("SELECT DISTINCT extract(year FROM date)::int AS year FROM calendar_day")
    known = {str(row["year"]) for row in rows}
    files = [file for file in sorted((APP / "calendar").glob("*.csv")) if file.stem not in known]
    if not await db.fetch("SELECT FROM category LIMIT 1"):
        files.append(APP / "categories.csv")
    report = await load(files) if files else Report()
    assert report.ok, report.bad


async def _checked(found: Sequence[Sheet], standing: tree.Standing, findings: Findings) -> writing.Plan:
    rows = {
        kind: [row for sheet in found if sheet.kind == kind for row in sheet.rows] for kind in sheets.KINDS
    }
    nodes = tree.check(rows["places"], rows["grids"], standing, findings)
    companies = catalogue.organisations(rows["organisations"], nodes, findings)
    wanted = posts.check(rows["posts"], nodes, await posts.organisations(companies), findings)
    grids = [row.cells["code"] for row in rows["grids"]]
    covered = covers.check(rows["grids"], nodes, standing, findings)
    return writing.Plan(
        nodes=nodes,
        grids=grids,
        covers=covered,
        recut=differences.recut(grids, nodes, covered, standing) if findings.clean else [],
        organisations=companies,
        categories=catalogue.categories(rows["categories"], findings),
        days=catalogue.days(rows["calendar"], findings),
        posts=await posts.plan(wanted, findings) if findings.clean else posts.Plan(),
    )
