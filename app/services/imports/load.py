"""Importing an office's files: everything is written, or nothing and a report of every bad line."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app import db, ids
from app.errors import Conflict
from app.rules.access import Actor
from app.services import setup
from app.services.imports import (
    differences,
    grid_covers,
    own_rows,
    posts,
    reference_data,
    sheets,
    tree,
    write,
)
from app.services.imports.kinds import KINDS
from app.services.imports.report import Change, Report, ReportBuilder
from app.services.imports.sheets import Sheet
from app.services.tickets import clocks

_APP_DIR: Final = Path(__file__).parents[2]
CATEGORIES_FILE: Final = _APP_DIR / "categories.csv"
CALENDAR_FILES: Final = sorted((_APP_DIR / "calendar").glob("*.csv"))  # by year
DEMO_FILES: Final = sorted((_APP_DIR / "demo").glob("*.csv"))  # by kind
MAX_ATTEMPTS: Final = 5


async def load_files(files: Sequence[Path], *, dry: bool = False, actor: Actor | None = None) -> Report:
    """Import files of places, grids, organisations, categories, calendar days and posts, in any order.

    Everything is checked first, then written in one transaction. Nothing is written if a line is bad, or in a `dry` run.
    With an `actor`, only rows are taken that they may write, and the import is audited. Raises Conflict if the setup keeps
    changing meanwhile.
    """
    for _ in range(MAX_ATTEMPTS):
        report = ReportBuilder()
        parsed_sheets = await asyncio.to_thread(sheets.read_sheets, files, report)
        current = await tree.read_tree()
        plan = await _make_plan(parsed_sheets, current, report, actor)
        if dry and report.ok:
            return report.build(await differences.list_changes(plan, current))
        if not report.ok:
            return report.build()
        if await write.write(plan, current.version, job_id := ids.new(), report.counts):
            if plan.changes_limits:  # open tickets get their new limits at once
                await clocks.finish_recompute(job_id)
            return report.build()
    raise Conflict("导入期间组织数据一直有人在改，请稍后再试")


async def load_builtin() -> None:
    """Import the program's own categories and holidays if the database has none.

    Existing rows are left alone. Holidays are imported by year, if the database has no day of that year.
    """
    rows = await db.fetch("SELECT DISTINCT extract(year FROM date)::int AS year FROM calendar_day")
    years = {str(row["year"]) for row in rows}
    files = [file for file in CALENDAR_FILES if file.stem not in years]
    if not await db.fetch("SELECT FROM category LIMIT 1"):
        files.append(CATEGORIES_FILE)
    report = await load_files(files) if files else Report()
    assert report.ok, report.bad


async def list_shipped_changes(*, demo: bool) -> list[tuple[Change, list[Path]]]:
    """Return in what the data shipped with the program differ from those in force, and the files to import to take them.

    With the places and organisations of the demo street, unless they no longer fit.
    """
    report = await load_files([*CALENDAR_FILES, CATEGORIES_FILE], dry=True)
    changes = list(report.changes)
    if demo:
        changes += (await load_files(DEMO_FILES, dry=True)).changes
    found = [(change, _files_with(change)) for change in changes if change.added or change.changed]
    return [(change, files) for change, files in found if files]


def _files_with(change: Change) -> list[Path]:
    if change.kind == "calendar":
        years = {day[:4] for day in (*change.added, *change.changed)}
        return [file for file in CALENDAR_FILES if file.stem in years]
    return [file for file in (CATEGORIES_FILE, *DEMO_FILES) if file.stem == change.kind]


async def _make_plan(
    parsed_sheets: Sequence[Sheet], current: tree.CurrentTree, report: ReportBuilder, actor: Actor | None
) -> write.ImportPlan:
    """Check all rows and return what to write; of use only if the report is ok."""
    rows = {
        kind: [row for sheet in parsed_sheets if sheet.kind == kind for row in sheet.rows] for kind in KINDS
    }
    nodes = await asyncio.to_thread(tree.check_tree, rows["places"], rows["grids"], current, report)
    organisations = reference_data.check_organisations(rows["organisations"], nodes, report)
    organisation_names = await posts.organisation_names(organisations)
    catalogue = await setup.current_catalogue()
    post_requests = posts.check_posts(rows["posts"], nodes, organisation_names, catalogue, report)
    named = await posts.named_posts(post_requests, report)
    if actor:
        own_rows.check_kinds(rows, report)
    if actor and report.ok:
        own_rows.check_places(actor, nodes, current, report)
        served = await own_rows.check_organisations(
            actor, organisations, rows["organisations"], nodes, report
        )
        changing = [request for request in post_requests if not posts.repeats(request, named)]
        own_rows.check_posts(actor, changing, nodes, served, report)
    grids = [row.cells["code"] for row in rows["grids"]]
    covers = await asyncio.to_thread(grid_covers.check_covers, rows["grids"], nodes, current, report)
    if report.ok and (rows["places"] or rows["grids"]):
        report.note_uncovered(grid_covers.uncovered_places(nodes, covers))
    return write.ImportPlan(
        nodes=nodes,
        grids=grids,
        covers=covers,
        changed_communities=(
            differences.changed_communities(grids, nodes, covers, current) if report.ok else []
        ),
        organisations=organisations,
        categories=reference_data.check_categories(rows["categories"], report),
        days=reference_data.check_days(rows["calendar"], report),
        posts=await posts.plan_posts(post_requests, named, report) if report.ok else posts.PostPlan(),
        actor_id=actor.person_id if actor else None,
    )
