"""One program for the tests that need its processes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import databases
from tests.e2e.program import Program, Serving


@pytest.fixture(scope="session")
async def home(run_folder: Path) -> AsyncIterator[Path]:
    """A data directory the database's own user can enter, with the demo street in it."""
    data_dir = databases.folder(run_folder) / "data"
    await databases.copy_seed(run_folder, data_dir)
    yield data_dir
    databases.remove(data_dir)


@pytest.fixture(scope="session")
async def serving(home: Path) -> AsyncIterator[Serving]:
    """Have the program serving with these settings; the one before goes on when it can."""
    current: list[tuple[Program, dict[str, object]]] = []

    async def serve(**settings: object) -> Program:
        if current:
            program, those = current[-1]
            if program.process.poll() is None and settings == those:
                await program.ready()
                return program
            await program.end()
        current.append((Program(home, **settings), settings))
        await current[-1][0].ready()
        return current[-1][0]

    yield serve
    for program, _ in current:
        await program.end()
