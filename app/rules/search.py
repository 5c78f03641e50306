"""Full-text search of Chinese without a dictionary: texts are indexed by pairs of neighbouring characters."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from app import text

_RUN: Final = re.compile(r"[^\W_]+")
# A ticket's number as people write and dictate it: 261130-1094, #261130—1094, 工单2611301094, 第261130 1094号.
_LABEL: Final = r"(?:工单|(?<!\w)单)?(?:[编尾]?号|第)?(?:no\.?)?[:#\s]*"
_AFTER: Final = r"(?:号(?:工?单)?)?"
_DAY: Final = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_NUMBER: Final = re.compile(
    rf"{_LABEL}(?<!\d)(?:20)?({_DAY})(?:\s*[-\u2010-\u2015\u2212_~/.#一]+\s*(\d+)|\s?(\d{{4}}))(?!\d){_AFTER}",
    re.ASCII | re.IGNORECASE,
)
_LAST_DIGITS: Final = re.compile(
    rf"(?:(?<![^\W_])|(?<=单)|(?<=号)){_LABEL}(\d{{4}}){_AFTER}(?![^\W_])", re.IGNORECASE
)
_DAYS_BACK: Final = 60  # on which a ticket is found by the last digits of its number
# The column a pair comes from, as a PostgreSQL weight, so that the pairs of one column can be replaced.
WEIGHTS: Final[Mapping[str, str]] = {"description": "A", "place_id": "B", "category": "C"}


@lru_cache(maxsize=4096)  # the same places and categories are indexed again and again
def tsvector_literal(value: str | None, weight: str) -> str:
    """Return the literal of a text's tsvector: 灯不亮 → 灯不, 不亮, and 亮, so that single characters are found by prefix.

    Phone numbers, identity numbers and plates are masked: a search must not find what its reader may not see.
    """
    found = dict.fromkeys(term for run in _runs(value or "") for term in (*_pairs(run), run[-1]))
    return " ".join(f"'{term}':1{weight}" for term in found)


class TermMatch(StrEnum):
    """How a term must match; the value is its tsquery suffix."""

    WHOLE = ""
    PREFIX = ":*"


def search_terms(query: str) -> dict[str, TermMatch]:
    """Return the terms of a query: numbers of tickets, each pair of characters, single characters as prefixes."""
    query = unicodedata.normalize("NFKC", query)
    numbers = [f"{match[1]}-{match[2] or match[3]}" for match in _NUMBER.finditer(query)]
    runs = _runs(_NUMBER.sub(" ", query))
    found = dict.fromkeys((*numbers, *(pair for run in runs for pair in _pairs(run))), TermMatch.WHOLE)
    return found | dict.fromkeys((run for run in runs if len(run) == 1), TermMatch.PREFIX)


def split_last_digits(query: str) -> tuple[str, list[str]]:
    """Return a query without the groups of four digits that may end a ticket's number, and these groups."""
    query = unicodedata.normalize("NFKC", query)
    if _NUMBER.search(query):
        return query, []
    return _LAST_DIGITS.sub(" ", query), _LAST_DIGITS.findall(query)


def tsquery_literal(terms: Mapping[str, TermMatch]) -> str:
    """Return the literal of a tsquery that matches all of these terms."""
    return " & ".join(f"'{term}'{kind}" for term, kind in terms.items())


def last_digits_literal(digits: str, today: date) -> str:
    """Return the literal of a tsquery for four digits: in a text, or at the end of a recent ticket's number."""
    days = (today - timedelta(days=back) for back in range(_DAYS_BACK))
    numbers = (f"'{day:%y%m%d}-{digits}'" for day in days)
    return f"({' | '.join((f'({tsquery_literal(search_terms(digits))})', *numbers))})"


def _runs(value: str) -> list[str]:
    return _RUN.findall(unicodedata.normalize("NFKC", text.mask(value)).casefold())


def _pairs(run: str) -> list[str]:
    return [run[n : n + 2] for n in range(len(run) - 1)]
