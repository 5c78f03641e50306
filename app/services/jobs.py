"""The outbox: claim what is due under a lease, run it, back off, give up loudly."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from types import ModuleType
from typing import Any, Final

from app import clock, db, log
from app.errors import Duplicate
from app.services import effects, recompute, rerouting

logger = log.get("jobs")

BATCH: Final = 200
# Who follows each kind, by their `follow`; in this order, so that what is quick is not kept waiting.
FOLLOWED: Final[dict[str, ModuleType]] = {
    "event": effects,
    rerouting.JOB: rerouting,
    recompute.JOB: recompute,
}
AT_ONCE: Final = 3  # attempts that may find another worker faster and try again without waiting
LEASE: Final = timedelta(seconds=60)
BACKOFF: Final = tuple(timedelta(seconds=s) for s in (1, 5, 30, 300, 1800, 7200, 21600, 43200))
# The farthest ahead a job is ever due after so many attempts: not at all, then its lease or its backoff.
_GAPS: Final = [timedelta(), *(max(wait, LEASE) for wait in BACKOFF), LEASE]

_CLAIM: Final = """
UPDATE job SET due_at = $1 + $2::interval, attempts = attempts + 1
WHERE id IN (SELECT id FROM job WHERE dead_at IS NULL AND due_at <= $1 ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING *
"""


async def run_due() -> int:
    """Run a batch of what is due; return how many were claimed. A crash returns them when the lease ends."""
    jobs = await db.fetch(_CLAIM, clock.now(), LEASE, BATCH)
    order = [*FOLLOWED, *{job["kind"] for job in jobs}]  # a kind that is not known fails by itself
    for _, alike in groupby(sorted(jobs, key=lambda job: order.index(job["kind"])), itemgetter("kind")):
        await _run(list(alike))
    return len(jobs)


async def _run(jobs: Sequence[Any]) -> None:
    """Run a batch; when it fails, each by itself, so that one bad job stops no other."""
    try:
        await FOLLOWED[jobs[0]["kind"]].follow(jobs)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is logged, backed off and in the end given up
        if isinstance(error, Duplicate) and max(job["attempts"] for job in jobs) <= AT_ONCE:
            await _put_back(jobs, timedelta())  # another worker sealed in between: nothing was written
        elif len(jobs) > 1:
            for job in jobs:
                await _run([job])
        else:
            await _back_off(jobs[0], error)


async def _back_off(job: Any, error: Exception) -> None:
    attempts = job["attempts"]
    if attempts <= len(BACKOFF):
        logger.warning(
            "job_failed", job=str(job["id"]), kind=job["kind"], attempts=attempts, error=repr(error)
        )
        await _put_back([job], BACKOFF[attempts - 1])
        return
    logger.error("job_given_up", job=str(job["id"]), kind=job["kind"], error=repr(error))
    await db.fetch(
        "UPDATE job SET dead_at = $2, error = $3 WHERE id = $1", job["id"], clock.now(), repr(error)[:2000]
    )


async def _put_back(jobs: Sequence[Any], wait: timedelta) -> None:
    await db.fetch(
        "UPDATE job SET due_at = $2 WHERE id = ANY($1::uuid[])",
        [job["id"] for job in jobs],
        clock.now() + wait,
    )


async def pull_in() -> None:
    """Bring back jobs a clock that jumped has put farther away than they ever wait."""
    await db.fetch(
        "UPDATE job SET due_at = $1 WHERE dead_at IS NULL AND due_at > $1 "
        "AND due_at > $1 + ($2::interval[])[least(attempts, $3) + 1]",
        clock.now(),
        _GAPS,
        len(_GAPS) - 1,
    )
