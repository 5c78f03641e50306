"""The setup of an office (units, posts, categories, calendar), cached by each process, and the rules it implies."""

from app.services.setup.catalogue import (
    Catalogue,
    bump_version,
    cached_catalogue,
    current_catalogue,
    today,
)
from app.services.setup.phrases import ANY, all_phrases, phrases_of
from app.services.setup.place_cache import PlaceRef, path_of, place_ref, place_refs
from app.services.setup.rulebook import NO_OVERRIDES, Rulebook, day_ranges, time_frames

__all__ = [
    "ANY",
    "NO_OVERRIDES",
    "Catalogue",
    "PlaceRef",
    "Rulebook",
    "all_phrases",
    "bump_version",
    "cached_catalogue",
    "current_catalogue",
    "day_ranges",
    "path_of",
    "phrases_of",
    "place_ref",
    "place_refs",
    "time_frames",
    "today",
]
