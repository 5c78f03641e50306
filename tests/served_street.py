"""One program that serves the demo street to file after file of tests: it is begun once, the street is laid out anew.

A program takes seconds of a processor to begin, and there are thirty files that need one.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from app import db
from tests import databases
from tests.e2e.program import Program

_TRIES = 5


class ServedStreet:
    """The demo street as a program serves it, and the rows it began with."""

    def __init__(self, program: Program, dsn: str, begun: databases.Copy) -> None:
        self._program, self._dsn, self._begun = program, dsn, begun

    async def renewed(self) -> str:
        """Lay the street out as it was loaded, nobody signed in and no ticket; its address."""
        async with databases.connected(self._dsn):
            version = (await db.fetch("SELECT version FROM setup"))[0]["version"]
            await self._restore()
            # What the program remembers is of an older version of the setup, never of one that comes again.
            await db.fetch(f"UPDATE setup SET version = {version + 1}")
        await self._program.ready()
        return self._program.url

    async def _restore(self) -> None:
        """Restore the rows. The program's worker, which ends what the last file began, may stand in the way."""
        for left in reversed(range(_TRIES)):
            try:
                return await self._begun.restore()
            except asyncpg.DeadlockDetectedError:
                if not left:
                    raise
        return None


@asynccontextmanager
async def serving(run: Path) -> AsyncIterator[ServedStreet]:
    """Serve the demo street for the length of a block."""
    data_dir = databases.folder(run) / "data"
    await databases.copy_seed(run, data_dir)
    with databases.running(data_dir) as dsn:  # the program uses it too
        program = Program(data_dir)
        try:
            await program.ready()
            async with databases.connected(dsn):
                begun = await databases.Copy.taken(())
            yield ServedStreet(program, dsn, begun)
        finally:
            await program.end()
    databases.remove(data_dir)
