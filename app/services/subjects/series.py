"""Runs of one course: which is the first, and acts that are done on all that are still to come."""

from typing import Any, Final
from uuid import UUID

from app import db
from app.errors import Invalid
from app.models.activity import SignUpIn
from app.models.fields import Strict
from app.services.subjects.view import SubjectView
from app.sql import Statement

# An activity counts its course where no run of it before did.
ONE_A_SERIES: Final = """NOT EXISTS (SELECT FROM subject x WHERE x.kind = 'activity' AND x.id < s.id
    AND s.series IN (x.id, x.series) AND x.status NOT IN ('draft', 'cancelled'))"""


async def first_run(row: dict[str, Any], run_id: UUID) -> UUID:
    """Return the first run of the course that a new activity is another run of. Raises Invalid for any other."""
    run = await db.execute_one(
        _RUN, run_id=run_id, sort=row["sort"], street_id=row["street_id"], community_id=row["community_id"]
    )
    if run is None:
        raise Invalid.at("/series", "本社区没有这门课程的其他场次，请重新选择")
    first: UUID = run["first"]
    return first


_RUN: Final = Statement("""
SELECT coalesce(series, id) AS first FROM subject
WHERE id = :run_id AND kind = 'activity' AND sort = :sort AND street_id = :street_id
  AND community_id IS NOT DISTINCT FROM :community_id::uuid
""")


async def runs_to_act_on(fetch: db.Fetch, view: SubjectView, form: Strict) -> list[UUID]:
    """Return the subjects an act is for: the one it names, or all runs of its course that are still to come.

    Several are locked in the order of their ids, so that two who sign up at once do not wait for each other.
    """
    subject = view.subject
    if not (isinstance(form, SignUpIn) and form.series):
        return [subject["id"]]
    first = subject["series"] or subject["id"]
    return [row["id"] for row in await fetch(_LOCK.text, *_LOCK.arguments({"first": first}))]


_LOCK: Final = Statement("""
SELECT id FROM subject WHERE (id = :first OR series = :first) AND status = 'published' ORDER BY id FOR UPDATE
""")
