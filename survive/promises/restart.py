"""Killed, the program is healthy again by itself, a hundred thousand tickets or none."""

from app.pg import Cluster
from bench.world import World
from survive.rows import Row
from survive.stand import Stand
from survive.street import Street
from survive.writers import Writers


def measure(stand: Stand) -> list[Row]:
    """Kill the API and the database under load, over a street that was just filled."""
    tickets, times = stand.some(100_000, 1000), stand.some(4, 1)
    program = stand.serve("large")
    cluster = Cluster(stand.folder("large"))
    try:
        World(program.port, cluster.up()).fill(tickets)
    finally:
        cluster.release()
    rows = []
    for victim in ("postmaster", "api"):
        took = []
        with Writers(Street(program.port), 8) as writers:
            for _ in range(times):
                writers.more(stand.some(500, 20))
                took.append(program.revived(victim))
                stand.tell(f"ready {took[-1]:.2f} s after the kill of the {victim}")
        longest = max(took)
        rows.append(
            Row(
                f"restart by itself: kill -9 of the {victim}, {tickets:,} tickets",
                "ready ≤ 3 s",
                f"{longest:.1f} s",
                longest <= 3,
                f"the longest of {times}, under load",
            )
        )
    return rows
