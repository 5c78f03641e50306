"""The ticket's columns and their types in PostgreSQL, from which statements are put together."""

import json
from typing import Any, Final

from sqlalchemy.dialects import postgresql

from app.models.ticket import Ticket

COLUMNS: Final = [column.name for column in Ticket.__table__.columns]  # type: ignore[attr-defined]  # SQLModel's stub hides it
TYPES: Final[dict[str, str]] = {
    column.name: column.type.compile(postgresql.dialect())  # type: ignore[no-untyped-call]  # untyped there
    for column in Ticket.__table__.columns  # type: ignore[attr-defined]  # as above
}
# Arrays of these do not unnest by row: they are sent as text.
_ARRAYS: Final = {"UUID[]": "::uuid[]", "TIMESTAMP WITH TIME ZONE[]": "::timestamptz[]"}
AS_TEXT: Final = _ARRAYS | {"JSONB": "::jsonb"}


def sent_type(name: str) -> str:
    """Return the type whose array a column's new values arrive in."""
    return "text" if TYPES[name] in AS_TEXT else TYPES[name]


def as_sent(name: str, value: Any) -> Any:
    """Return a column's new value as its array takes it."""
    if TYPES[name] in _ARRAYS:
        return "{" + ",".join(map(str, value)) + "}"
    if TYPES[name] == "JSONB":
        return None if value is None else json.dumps(value, default=str)
    return value
