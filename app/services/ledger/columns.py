"""The ticket's columns and their types in PostgreSQL, from which statements are put together."""

from typing import Final

from sqlalchemy.dialects import postgresql

from app.models.ticket import Ticket

COLUMNS: Final = [column.name for column in Ticket.__table__.columns]  # type: ignore[attr-defined]  # SQLModel's stub hides it
TYPES: Final[dict[str, str]] = {
    column.name: column.type.compile(postgresql.dialect())  # type: ignore[no-untyped-call]  # untyped there
    for column in Ticket.__table__.columns  # type: ignore[attr-defined]  # as above
}
# Arrays of these do not unnest by row.
