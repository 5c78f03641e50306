"""What is left of a person: every row of the database, every file and every line of the logs is searched for it."""

import io
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg

from app.pg import Cluster
from tests import databases


@asynccontextmanager
async def session(home: Path) -> AsyncIterator[asyncpg.Connection]:
    """Have a session of our own in the database of a running program."""
    with databases.running(home) as dsn:
        connection = await asyncpg.connect(dsn)
        try:
            yield connection
        finally:
            await connection.close()


async def dump(home: Path) -> dict[str, bytes]:
    """Return the content of every table of the database as COPY writes it, every column, whatever its schema."""
    tables: dict[str, bytes] = {}
    async with session(home) as connection:
        for row in await connection.fetch(_TABLES):
            out = io.BytesIO()
            await connection.copy_from_query(f"SELECT * FROM {row['name']}", output=out)
            tables[row["name"]] = out.getvalue()
    return tables


_TABLES = """
SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm', 'S', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1
"""


async def row_of(home: Path, table: str, identifier: str) -> dict[str, Any]:
    """Return a row by its id."""
    async with session(home) as connection:
        row = await connection.fetchrow(f"SELECT * FROM {table} WHERE id = $1", identifier)
    assert row is not None
    return dict(row)


async def count(home: Path, rows: str) -> int:
    """Return how many rows there are of what stands after FROM."""
    async with session(home) as connection:
        return int(await connection.fetchval(f"SELECT count(*) FROM {rows}"))


def files(home: Path) -> dict[str, bytes]:
    """Return every file of the data directory and beside it: photos, lists, logs; not those of PostgreSQL's own."""
    own = Cluster(home).home
    paths = [path for path in home.parent.rglob("*") if path.is_file() and own not in path.parents]
    return {str(path.relative_to(home.parent)): path.read_bytes() for path in paths}


def forms(said: str | bytes) -> Iterator[bytes]:
    """Yield how something may be written in a dump, a file or a log."""
    plain = said if isinstance(said, bytes) else said.encode()
    yield from (plain, plain.hex().encode(), b64encode(plain).rstrip(b"="))
    if isinstance(said, str):
        yield from (json.dumps(said)[1:-1].encode(), quote(said).encode())


def masked(number: str) -> str:
    """Return a number as others see it."""
    return f"{number[:3]}****{number[7:]}"


def phone_forms(number: str) -> list[str]:
    """Return a number as people, programs and screens write it."""
    parts = (number[:3], number[3:7], number[7:])
    return [number, masked(number), " ".join(parts), "-".join(parts), f"+86{number}"]


def found(places: dict[str, bytes], traces: Iterable[str | bytes]) -> set[tuple[str, str | bytes]]:
    """Return where which of the traces is, in whatever form."""
    return {
        (name, trace)
        for trace in traces
        for form in forms(trace)
        for name, content in places.items()
        if form in content
    }
