"""Phrases to tap when a ticket is resolved, by category: app/phrases.csv, which an office may correct."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parents[2] / "phrases.csv"
ANY: Final = "*"  # instead of a category: for those that have no phrases of their own


def _read() -> dict[str, list[str]]:
    phrases: dict[str, list[str]] = {}
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            phrases.setdefault(row["category"], []).append(row["phrase"])
    return phrases


_PHRASES: Final = _read()


def all_phrases() -> Mapping[str, Sequence[str]]:
    """Return every phrase, by category; `ANY` has those of the categories that have none of their own."""
    return _PHRASES


def phrases_of(category: str) -> list[str]:
    """Return the phrases of a category, the usual one first."""
    return _PHRASES.get(category) or _PHRASES.get(ANY, [])
