"""How a command gets its database, and how it prints."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeAlias

from app import db

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse gives it no public name


def with_database(work: Callable[[], Coroutine[Any, Any, int]], *, uses_keys: bool = True) -> int:
    from app.serve import prepare

    async def prepared(_: str, __: Path | None) -> int:
        await prepare(uses_keys=uses_keys)
        return await work()

    return with_server(prepared)


def with_server(work: Callable[[str, Path | None], Coroutine[Any, Any, int]]) -> int:
    """Run `work` with the database as it is, its address, and where the embedded one's programs lie."""
    from app.serve import database

    async def connected(dsn: str, folder: Path | None) -> int:
        db.connect(dsn)
        try:
            return await work(dsn, folder)
        finally:
            await db.disconnect()

    with database() as (dsn, cluster):
        return asyncio.run(connected(dsn, cluster.bin if cluster else None))


def print_line(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
