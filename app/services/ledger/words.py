"""What tickets are found by, as it is written with the act that changes it."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.rules import search
from app.services import catalogue
from app.services.catalogue import Catalogue


def kept(worded: Sequence[str]) -> str:
    """Return the weights of the words an act leaves as they are."""
    kept = {*search.WEIGHTS.values(), "D"} - {search.WEIGHTS[column] for column in worded}
    return "{" + ",".join(sorted(kept)) + "}"


async def of(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[str]:
    """Return what tickets are found by, as far as it comes from these columns; the names of places are loaded."""
    if not columns:
        return [""] * len(rows)
    known = await catalogue.current()
    await catalogue.spots(known, [row.get("place_id") for row in rows])
    return [
        " ".join(search.vector(_said(row, column, known), search.WEIGHTS[column]) for column in columns)
        for row in rows
    ]


def _said(row: Mapping[str, Any], column: str, known: Catalogue) -> str | None:
    value = row[column]
    if column == "place_id":
        return known.spots[value].label if value in known.spots else None
    if column == "category":
        return known.categories[value].zh if value in known.categories else None
    said: str | None = value
    return said
