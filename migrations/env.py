"""Where Alembic finds the tables and the connection; run by services.schema."""

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import app.models  # noqa: F401 - fills the metadata


def _ours(_object: object, name: str | None, kind: str, _reflected: bool, _compare: object) -> bool:
    """Leave partitions out: monthly ones are services.schema's, the two of `course` those of its migration."""
    partitions = ("event_", "audit_", "course_now", "course_past")
    return not (kind == "table" and name is not None and name.startswith(partitions))


def run(connection: Connection) -> None:
    """Migrate over a connection somebody else opened, in one transaction."""
    context.configure(connection=connection, target_metadata=SQLModel.metadata, include_object=_ours)
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
