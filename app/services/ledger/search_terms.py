"""The search index of a ticket, updated with the act that changes the indexed columns."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.rules import search
from app.services import setup
from app.services.setup import Catalogue, PlaceRef


def unchanged_weights(columns: Sequence[str]) -> str:
    """Return the weights (an SQL array literal) of the terms that a change of these columns leaves as they are."""
    weights = {*search.WEIGHTS.values(), "D"} - {search.WEIGHTS[column] for column in columns}
    return "{" + ",".join(sorted(weights)) + "}"


async def search_terms_of(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[str]:
    """Return the tsvector literals of rows, from these columns. Names of places and categories are looked up."""
    if not columns:
        return [""] * len(rows)
    catalogue = await setup.cached_catalogue()
    places = await setup.place_refs(catalogue, [row.get("place_id") for row in rows])
    return [
        " ".join(
            search.tsvector_literal(_text(row, column, catalogue, places), search.WEIGHTS[column])
            for column in columns
        )
        for row in rows
    ]


def _text(
    row: Mapping[str, Any], column: str, catalogue: Catalogue, places: Mapping[UUID | None, PlaceRef]
) -> str | None:
    value = row[column]
    if column == "place_id":
        return places[value].label if value in places else None
    if column == "category":
        return catalogue.categories[value].zh if value in catalogue.categories else None
    text: str | None = value
    return text
