"""Accounts: transfers a second, each with its event and balances, and how long a hundred thousand accounts take to prove."""

import asyncio
import statistics
import time
from typing import Final
from uuid import UUID

import uvloop

from app import clock, db, ids
from app.enums import AccountSort, CircleKind, TransferReason
from app.rules.access import Part
from app.services import accounts, ledger
from app.services.ledger import verify_accounts
from bench.harness import Harness
from bench.results import BenchResult

ACCOUNTS: Final = 100_000
_BATCH: Final = 2_000
CLIENTS: Final = 10  # that write at once, each one transfer after another
SECONDS: Final = 2.0

_OPEN: Final = """
INSERT INTO account (id, circle_id, sort, created_at) SELECT id, $2, 'person', now() FROM unnest($1::uuid[]) t(id)
"""


def results(harness: Harness) -> list[BenchResult]:
    """Measure transfers within the one circle of a community, whose own account all of them move, and the proof."""
    harness.progress.step(f"open {ACCOUNTS:,} accounts, pay and prove them")

    async def run() -> tuple[float, float]:
        db.connect(harness.dataset.dsn)
        try:
            return await _measure(harness.rounds)
        finally:
            await db.disconnect()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        rate, proof_s = runner.run(run())
    return [
        BenchResult("accounts: transfers of one circle", rate, "/s", 500, "higher"),
        BenchResult(f"accounts: {ACCOUNTS:,} proven", proof_s, "s", 5, "lower"),
    ]


async def _measure(rounds: int) -> tuple[float, float]:
    """Return the median rate of transfers over the rounds, and the seconds of the proof."""
    row = await db.fetchrow("SELECT id FROM place WHERE level = 'community' ORDER BY id LIMIT 1")
    assert row is not None
    circle = await accounts.points_circle(db.fetch, CircleKind.RESIDENTS, row["id"])
    issue = await accounts.open_account(db.fetch, circle, AccountSort.ISSUE)
    people = [ids.new() for _ in range(ACCOUNTS)]
    for first in range(0, ACCOUNTS, _BATCH):
        batch = people[first : first + _BATCH]
        await db.fetch(_OPEN, batch, circle)
        await ledger.write_transfers(db.fetch, [_award(circle, issue, own) for own in batch])
    rates = [await _rate(circle, issue, people[:CLIENTS]) for _ in range(rounds)]
    began = time.monotonic()
    fault = await verify_accounts.first_fault()
    assert fault is None, fault
    return statistics.median(rates), time.monotonic() - began


async def _rate(circle: UUID, issue: UUID, people: list[UUID]) -> float:
    end = time.monotonic() + SECONDS

    async def pay(own: UUID) -> int:
        count = 0
        while time.monotonic() < end:
            await ledger.write_transfers(db.fetch, [_award(circle, issue, own)])
            count += 1
        return count

    return sum(await asyncio.gather(*(pay(own) for own in people))) / SECONDS


def _award(circle: UUID, issue: UUID, own: UUID) -> ledger.Transfer:
    return ledger.Transfer(
        id=ids.new(),
        circle_id=circle,
        from_id=issue,
        to_id=own,
        amount=10,
        reason=TransferReason.AWARD,
        at=clock.now(),
        part=Part.TIMER,
    )
