"""Column types shared by the tables that SQLModel does not derive by itself."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlmodel import Field
from sqlmodel.sql.sqltypes import UTCDateTime

from app import ids


def primary_key() -> Any:
    """Return a primary key filled with a UUIDv7."""
    return Field(default_factory=ids.new, primary_key=True)


def uuids() -> Any:
    """Return a list of identifiers, empty by default."""
    return Field(
        default_factory=list[UUID],
        sa_type=postgresql.ARRAY(sa.Uuid()),
        sa_column_kwargs={"server_default": "{}"},
    )


def optional_uuids() -> Any:
    """Return a list of identifiers, or nothing."""
    return Field(default=None, sa_type=postgresql.ARRAY(sa.Uuid()))


def timestamps() -> Any:
    """Return a list of timestamps, empty by default."""
    return Field(
        default_factory=list[datetime],
        sa_type=postgresql.ARRAY(UTCDateTime()),
        sa_column_kwargs={"server_default": "{}"},
    )


def texts() -> Any:
    """Return a list of texts, empty by default."""
    return Field(
        default_factory=list[str],
        sa_type=postgresql.ARRAY(sa.Text()),
        sa_column_kwargs={"server_default": "{}"},
    )


def jsonb() -> Any:
    """Return a JSON object."""
    return Field(default=None, sa_type=postgresql.JSONB)


def json_text() -> Any:
    """Return a JSON object that is only written and read whole: as text it is read faster than as JSONB."""
    return Field(default=None, sa_type=sa.JSON)


def json_objects() -> Any:
    """Return a list of JSON objects, empty by default."""
    return Field(
        default_factory=list[dict[str, Any]],
        sa_type=postgresql.JSONB,
        nullable=False,
        sa_column_kwargs={"server_default": "[]"},
    )


def number(default: int = 0) -> Any:
    """Return an integer with a default in the database, too."""
    return Field(default=default, sa_column_kwargs={"server_default": str(default)})


def flag(*, default: bool = False) -> Any:
    """Return a boolean with a default in the database, too."""
    return Field(default=default, sa_column_kwargs={"server_default": sa.true() if default else sa.false()})


def current_transaction() -> Any:
    """Return the id of the transaction that inserts the row; the database fills it in."""
    return Field(
        default=0,
        sa_type=sa.BigInteger,
        sa_column_kwargs={"server_default": sa.text("pg_current_xact_id()::text::bigint")},
    )
