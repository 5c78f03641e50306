"""The command `python -m bench.capacity`: what a ticket takes on disk and in a backup, for docs/capacity.md.

The tickets are those of the demo street's past: whole lives with their events, seals, notices and words, without photos.
"""

import argparse
import asyncio
import subprocess
import sys
import time
from pathlib import Path
from typing import Final, NamedTuple

import asyncpg

from app.pg import Cluster
from bench.results import align_columns, describe_machine
from bench.server import Server, server_environment, temporary_root

COMMAND_TIMEOUT: Final = 900.0  # seconds
_EPILOG: Final = """examples:
  python -m bench.capacity                     prints a table; three minutes, 1 GB of disk
"""
# Partitions count to their table.
_SIZES: Final = """
SELECT coalesce(parent.relname, c.relname) AS name, sum(pg_total_relation_size(c.oid))::bigint AS bytes
FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class parent ON parent.oid = i.inhparent
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' GROUP BY 1 ORDER BY 2 DESC
"""


class Measured(NamedTuple):
    """What there was, and what it took. Sizes in bytes."""

    tickets: int
    events: int
    sizes: dict[str, int]
    backup_bytes: int
    backup_seconds: float


def _run(data_dir: Path, *arguments: str) -> None:
    subprocess.run(  # noqa: S603 - our own arguments, no shell
        [sys.executable, "-m", "app", *arguments],
        cwd=data_dir.parent,
        env=server_environment(data_dir),
        stdout=subprocess.DEVNULL,
        timeout=COMMAND_TIMEOUT,
        check=True,
    )


def _step(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


async def _count(dsn: str) -> tuple[int, int, dict[str, int]]:
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        await connection.execute("VACUUM ANALYZE")
        tickets, events = await connection.fetchrow(
            "SELECT (SELECT count(*) FROM ticket), (SELECT count(*) FROM event)"
        )
        return tickets, events, {row["name"]: row["bytes"] for row in await connection.fetch(_SIZES)}
    finally:
        await connection.close()


def _measure(root: Path) -> Measured:
    data_dir, file = root / "data", root / "backup.tar"
    _step("an empty street")
    Server(data_dir).stop()
    cluster = Cluster(data_dir)
    try:
        dsn = cluster.up()
        _, _, empty = asyncio.run(_count(dsn))
        _step("its past")
        _run(data_dir, "demo", "--history")
        _step("count")
        tickets, events, full = asyncio.run(_count(dsn))
        _step("a backup")
        start = time.monotonic()
        _run(data_dir, "backup", str(file))
        seconds = time.monotonic() - start
    finally:
        cluster.release()
    grown = {name: size - empty.get(name, 0) for name, size in full.items() if size > empty.get(name, 0)}
    return Measured(tickets, events, grown, file.stat().st_size, seconds)


def _table(found: Measured) -> str:
    total = sum(found.sizes.values())
    rows = [
        ("tickets", f"{found.tickets:,}"),
        ("events a ticket", f"{found.events / found.tickets:.1f}"),
        ("disk a ticket, indexes too", f"{total / found.tickets / 1000:.1f} kB"),
        *(
            (f"  {name}", f"{size / found.tickets / 1000:.1f} kB")
            for name, size in list(found.sizes.items())[:8]
        ),
        ("backup a ticket", f"{found.backup_bytes / found.tickets / 1000:.2f} kB"),
        ("backup", f"{found.backup_seconds:.1f} s"),
    ]
    return align_columns(rows)


def main() -> int:
    """Measure and print."""
    argparse.ArgumentParser(
        prog="python -m bench.capacity",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()
    with temporary_root("loudeng-capacity-") as root:
        found = _measure(root)
    sys.stdout.write(f"{describe_machine()}\n\n{_table(found)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
