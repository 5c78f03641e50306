"""The columns of `ticket` and their PostgreSQL types, from which statements are built."""

import json
from typing import Any, Final

from sqlalchemy.dialects import postgresql

from app.models.ticket import Ticket

COLUMNS: Final = [column.name for column in Ticket.__table__.columns]  # type: ignore[attr-defined]  # not in SQLModel's stub
TYPES: Final[dict[str, str]] = {
    column.name: column.type.compile(postgresql.dialect())  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
    for column in Ticket.__table__.columns  # type: ignore[attr-defined]  # as above
}
# `unnest` flattens arrays of arrays, so these are sent as text.
_ARRAYS: Final = {"UUID[]": "::uuid[]", "TIMESTAMP WITH TIME ZONE[]": "::timestamptz[]"}
_JSON: Final = {"JSONB": "::jsonb", "JSON": "::json"}
AS_TEXT: Final = _ARRAYS | _JSON


def parameter_type(name: str) -> str:
    """Return the type of the parameter that carries a column's new value."""
    return "text" if TYPES[name] in AS_TEXT else TYPES[name]


def to_parameter(name: str, value: Any) -> Any:
    """Return a column's new value as its parameter takes it."""
    if TYPES[name] in _ARRAYS:
        return "{" + ",".join(map(str, value)) + "}"
    if TYPES[name] in _JSON:
        return None if value is None else json.dumps(value, default=str)
    return value
