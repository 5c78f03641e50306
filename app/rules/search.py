"""How Chinese text is found without a dictionary: by pairs of neighbouring signs."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Final

from app import text

_RUN: Final = re.compile(r"[^\W_]+")
_NUMBER: Final = re.compile(r"\d{6}-\d+", re.ASCII)
# Which part of a ticket a pair comes from: PostgreSQL's weights, so that one part can be replaced.
WEIGHTS: Final[Mapping[str, str]] = {"description": "A", "place_id": "B", "category": "C"}


@lru_cache(maxsize=4096)  # places and categories come again and again
def vector(said: str | None, weight: str) -> str:
    """Return a text as a tsvector's literal: 灯不亮 → 灯不, 不亮, and 亮, so that single signs are found by prefix.

    Phone numbers, identity numbers and plates go in masked: a search must not tell what a reader may not see.
    """
    found = dict.fromkeys(term for run in _runs(said or "") for term in (*_pairs(run), run[-1]))
    return " ".join(f"'{term}':1{weight}" for term in found)


class Kind(StrEnum):
    """How a term is asked for; the value is how a tsquery says it."""

    WHOLE = ""
    BEGINNING = ":*"


def terms(said: str) -> dict[str, Kind]:
    """Return what a search asks for: every pair of `said`, a single sign as a beginning, or a ticket's number."""
    number = unicodedata.normalize("NFKC", said).strip()
    if _NUMBER.fullmatch(number):
        return {number: Kind.WHOLE}
    runs = _runs(said)
    found = dict.fromkeys((pair for run in runs for pair in _pairs(run)), Kind.WHOLE)
    return found | dict.fromkeys((run for run in runs if len(run) == 1), Kind.BEGINNING)


def query(asked: Mapping[str, Kind]) -> str:
    """Return a tsquery's literal that asks for all of these terms."""
    return " & ".join(f"'{term}'{kind}" for term, kind in asked.items())


def _runs(said: str) -> list[str]:
    return _RUN.findall(unicodedata.normalize("NFKC", text.mask(said)).casefold())


def _pairs(run: str) -> list[str]:
    return [run[n : n + 2] for n in range(len(run) - 1)]
