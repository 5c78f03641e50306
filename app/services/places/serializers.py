"""Rows of places as the API shows them."""

from typing import Any, Final

import asyncpg

from app import words
from app.enums import Level
from app.labels import LEVEL

_COLUMNS: Final = ("id", "parent_id", "level", "name", "label", "lat", "lng")


def place_fields(row: asyncpg.Record) -> dict[str, Any]:
    """Return the fields of PlaceOut."""
    return {column: row[column] for column in _COLUMNS} | {
        "level_name": words.say(LEVEL[Level(row["level"])])
    }
