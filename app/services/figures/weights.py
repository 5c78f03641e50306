"""The weights in force at a place at a moment: those of the nearest office that has entered any."""

from datetime import datetime
from typing import Final

from app import db
from app.enums import SettingKind
from app.rules.figures.composite import Weights, weights_of
from app.services.figures.scope import FigurePlace


async def weights_at(place: FigurePlace, as_of: datetime) -> Weights:
    """Return the weights known at `as_of`; what was entered later does not change what a figure said then."""
    row = await db.fetchrow(_WEIGHTS, list(place.path), SettingKind.WEIGHTS, as_of)
    return weights_of(row["own"]) if row else {}


_WEIGHTS: Final = """
SELECT own FROM setting
WHERE place_id = ANY ($1::uuid[]) AND noun = $2 AND changed_at < $3 AND own::text <> '[]'
ORDER BY array_position($1::uuid[], place_id) DESC LIMIT 1
"""
