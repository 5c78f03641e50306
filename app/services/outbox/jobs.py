"""Run due jobs: claim a batch under a lease, retry failures with backoff, give up after the last attempt."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Final

from app import clock, db, log
from app.errors import Duplicate, Unavailable
from app.models.job import JobRow
from app.services import accounts, ledger, subjects
from app.services.outbox import follow_up
from app.services.tickets import clocks
from app.sql import Statement

logger = log.get("jobs")

Handler = Callable[[Sequence[JobRow]], Awaitable[None]]

BATCH_SIZE: Final = 200
# Who runs a batch of each kind of job. They run in this order: quick kinds do not wait for slow ones.
HANDLERS: Final[dict[str, Handler]] = {
    "event": follow_up.follow_events,
    ledger.SUBJECT_JOB: subjects.follow_events,
    ledger.TRANSFER: accounts.follow_transfers,
    accounts.AWARD_JOB: accounts.pay_awards,
    clocks.REROUTE_JOB: clocks.run_reroute_jobs,
    clocks.RECOMPUTE_JOB: clocks.run_recompute_jobs,
}
MAX_IMMEDIATE_RETRIES: Final = 3  # of what was no fault of the job
LEASE: Final = timedelta(seconds=60)
BACKOFF: Final = tuple(timedelta(seconds=s) for s in (1, 5, 30, 300, 1800, 7200, 21600, 43200))
# By the number of attempts: how far ahead a job can be due at most. A new one is due at once; later ones wait for
# their lease or their backoff.
_MAX_DELAYS: Final = [timedelta(), *(max(wait, LEASE) for wait in BACKOFF), LEASE]


async def run_due() -> int:
    """Run a batch of due jobs; return how many were claimed. After a crash they are due again when the lease ends."""
    jobs: list[JobRow] = await db.execute(_CLAIM_JOBS, now=clock.now(), lease=LEASE, batch_size=BATCH_SIZE)
    order = [*HANDLERS, *{job["kind"] for job in jobs}]  # an unknown kind comes last, and fails on its own
    for _, batch in groupby(sorted(jobs, key=lambda job: order.index(job["kind"])), itemgetter("kind")):
        await _run_batch(list(batch))
    return len(jobs)


_CLAIM_JOBS: Final = Statement("""
UPDATE job SET due_at = :now::timestamptz + :lease::interval, attempts = attempts + 1
WHERE id IN (
    SELECT id FROM job WHERE dead_at IS NULL AND due_at <= :now ORDER BY due_at
    LIMIT :batch_size FOR UPDATE SKIP LOCKED
)
RETURNING *
""")


async def _run_batch(jobs: Sequence[JobRow]) -> None:
    """Run jobs of one kind together. When that fails, run each on its own, so that one bad job stops no other."""
    try:
        await HANDLERS[jobs[0]["kind"]](jobs)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is logged, retried and in the end given up
        blameless = isinstance(
            error, Duplicate | Unavailable
        )  # an older worker sealed first, the database was away
        if blameless and max(job["attempts"] for job in jobs) <= MAX_IMMEDIATE_RETRIES:
            await _retry_in(timedelta(), jobs)
        elif len(jobs) > 1:
            for job in jobs:
                await _run_batch([job])
        else:
            await _back_off(jobs[0], error)


async def _back_off(job: JobRow, error: Exception) -> None:
    attempts = job["attempts"]
    if attempts <= len(BACKOFF):
        logger.warning("job_failed", **_named(job), attempts=attempts, error=log.describe(error))
        await _retry_in(BACKOFF[attempts - 1], [job])
        return
    logger.error("job_given_up", **_named(job), error=log.describe(error), exc_info=error)
    await db.execute(_GIVE_UP_JOB, job_id=job["id"], now=clock.now(), error=log.describe(error))


def _named(job: JobRow) -> dict[str, str]:
    return {"job": str(job["id"]), "kind": job["kind"]}


_GIVE_UP_JOB: Final = Statement("UPDATE job SET dead_at = :now, error = :error WHERE id = :job_id")


async def _retry_in(wait: timedelta, jobs: Sequence[JobRow]) -> None:
    await db.execute(_SET_DUE, job_ids=[job["id"] for job in jobs], due_at=clock.now() + wait)


_SET_DUE: Final = Statement("UPDATE job SET due_at = :due_at WHERE id = ANY(:job_ids::uuid[])")


async def clamp_jobs() -> None:
    """Make jobs due at once that are due later than they can be: the clock has been set back."""
    await db.execute(_CLAMP_JOBS, now=clock.now(), max_delays=_MAX_DELAYS, last=len(_MAX_DELAYS) - 1)


_CLAMP_JOBS: Final = Statement("""
UPDATE job SET due_at = :now
WHERE dead_at IS NULL AND due_at > :now
  AND due_at > :now + (:max_delays::interval[])[least(attempts, :last) + 1]
""")
