"""Column kinds the tables share and SQLModel does not guess by itself."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import Field
from sqlmodel.sql.sqltypes import UTCDateTime

from app import ids


def key() -> Any:
    """Return a primary key filled with a UUIDv7."""
    return Field(default_factory=ids.new, primary_key=True)


def uuids() -> Any:
    """Return a list of identifiers, empty by default."""
    return Field(
        default_factory=list[UUID],
        sa_type=postgresql.ARRAY(sa.Uuid()),
        sa_column_kwargs={"server_default": "{}"},
    )


def moments() -> Any:
    """Return a list of moments, empty by default."""
    return Field(
        default_factory=list[datetime],
        sa_type=postgresql.ARRAY(UTCDateTime()),
        sa_column_kwargs={"server_default": "{}"},
    )


def texts() -> Any:
    """Return a list of words, empty by default."""
    return Field(
        default_factory=list[str],
        sa_type=postgresql.ARRAY(sa.Text()),
        sa_column_kwargs={"server_default": "{}"},
    )


def jsonb() -> Any:
    """Return a JSON object the database can look into."""
    return Field(default=None, sa_type=postgresql.JSONB)


def objects() -> Any:
    """Return a list of JSON objects, empty by default."""
    return Field(
        default_factory=list[dict[str, Any]],
        sa_type=postgresql.JSONB,
        nullable=False,
        sa_column_kwargs={"server_default": "[]"},
    )


def number(default: int = 0) -> Any:
    """Return a counter that starts at `default` in the database too."""
    return Field(default=default, sa_column_kwargs={"server_default": str(default)})


def flag(*, default: bool = False) -> Any:
    """Return a yes or no that starts at `default` in the database too."""
    return Field(default=default, sa_column_kwargs={"server_default": sa.true() if default else sa.false()})


def this_transaction() -> Any:
    """Return the number of the transaction that writes the row; the database fills it in."""
    return Field(
        default=0,
        sa_type=sa.BigInteger,
        sa_column_kwargs={"server_default": sa.text("pg_current_xact_id()::text::bigint")},
    )
