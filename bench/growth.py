"""Growth: the cost of the same requests with few tickets and with many."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bench import workloads
from bench.harness import Cost, Harness
from bench.results import BenchResult

BASELINE_TICKETS: Final = 10_000
DEFAULT_TICKETS: Final = 1_000_000
GOAL: Final = 1.2


def costs(harness: Harness) -> dict[str, Cost]:
    """Measure each kind of request with the tickets there are now."""
    kinds = (
        workloads.submit(harness.dataset),
        replace(workloads.act(harness.act_tickets, "accept"), name="act"),
        workloads.repeat("list of 25", harness.dataset.requests.inbox(25)),
    )
    return {workload.name: harness.measure(workload, harness.seconds).cost() for workload in kinds}


def results(before: Mapping[str, Cost], after: Mapping[str, Cost], tickets: int) -> list[BenchResult]:
    """Compare the costs before and after growing to `tickets` tickets."""
    return [
        BenchResult(
            f"growth, {BASELINE_TICKETS:,} to {tickets:,} tickets: {label} of one {name}",
            *(getattr(after[name], field), "ms", GOAL, "lower", getattr(before[name], field)),
            ratio=getattr(after[name], field) / getattr(before[name], field),
        )
        for name in after
        for field, label in (("p50_ms", "p50"), ("cpu_ms", "CPU"))
    ]
