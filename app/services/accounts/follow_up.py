"""What follows a transfer: it is sealed."""

from collections.abc import Sequence
from typing import Final

from app import clock, db
from app.models.job import JobRow
from app.services import ledger
from app.sql import Statement


async def follow_transfers(jobs: Sequence[JobRow]) -> None:
    """Seal the events of a batch of jobs and delete the jobs, in one statement.

    Raises Duplicate for an event that is sealed already, LookupError for a job without a transfer.
    """
    rows = await db.execute(_SELECT, job_ids=[job["id"] for job in jobs])
    if len(rows) < len(jobs):
        raise LookupError("a job has no transfer")
    heads = sorted((row["id"], 1, row["head"]) for row in rows)
    await db.execute(
        _WRITE, now=clock.now(), job_ids=[row["job_id"] for row in rows], **ledger.seal_values(heads)
    )


_SELECT: Final = Statement("""
SELECT j.id AS job_id, t.id, t.head FROM unnest(:job_ids::uuid[]) j(id) JOIN job USING (id)
JOIN transfer t ON t.id = job.ticket_id
""")
_WRITE: Final = Statement(f"""
WITH {ledger.INSERT_SEAL}
DELETE FROM job WHERE id = ANY(:job_ids::uuid[])
""")
