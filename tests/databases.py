"""Databases beside the one that all tests share."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app import db


@asynccontextmanager
async def another(database: str) -> AsyncIterator[str]:
    """Make a database without a table and connect the program to it for the length of a block; its DSN."""
    name = f"other_{secrets.token_hex(4)}"
    await db.fetch(f"CREATE DATABASE {name}")
    shared = db._engine, db._pool  # noqa: SLF001 - put back below, with its connections
    dsn = database.replace("/loudeng?", f"/{name}?")
    db.connect(dsn)
    try:
        yield dsn
    finally:
        await db.disconnect()
        db._engine, db._pool = shared  # noqa: SLF001 - as above
        await db.fetch(f"DROP DATABASE {name} WITH (FORCE)")
