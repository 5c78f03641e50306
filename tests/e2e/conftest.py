"""One program for the tests that need its processes."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.e2e.program import Program, Serving


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """A data directory the database's own user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="loudeng-e2e-"))
    folder.chmod(0o755)
    yield folder / "data"
    shutil.rmtree(folder, ignore_errors=True)


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
