"""How words are looked for in a list: common ones among the newest, rare ones by the index, and all the way what is neither."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app import db
from app.errors import Invalid
from app.models.ticket import Wanted
from app.rules import search

FEW: Final = 2000  # found by the index, they are looked at one by one
COMMON: Final = 0.01  # of all tickets; the index would count every one of them before it gave the first
NEAR: Final = 4000  # of the newest, looked through for common words: a page and more of them is met there
FRESH: Final = 300.0  # seconds the shares of words are remembered


@dataclass(frozen=True, slots=True)
class Words:
    """What to search for: among the newest only (`near`), among the few tickets it was found in, or all the way."""

    query: str
    near: bool = False
    few: list[UUID] | None = None


async def begin(wanted: Wanted) -> Words | None:
    """Return how a search begins; None where nothing is searched for."""
    if wanted.q is None:
        return None
    terms = search.terms(wanted.q)
    if not terms:
        raise Invalid.at("/q", "请输入要找的字")
    query = search.query(terms)
    if wanted.order == "new" and await _are_common(terms):
        return Words(query, near=True)
    return await look_up(query)


async def look_up(query: str) -> Words:
    """Ask the index: few tickets are then looked at one by one; more are met on the way from the newest."""
    rows = await db.fetch(_FEW, query, FEW + 1)
    return Words(query, few=[row["ticket_id"] for row in rows] if len(rows) <= FEW else None)


async def _are_common(terms: Mapping[str, search.Kind]) -> bool:
    shares = await _shares()
    return all(_share(shares, term, kind) >= COMMON for term, kind in terms.items())


def _share(shares: Mapping[str, float], term: str, kind: search.Kind) -> float:
    if kind is search.Kind.BEGINNING:
        return max((share for known, share in shares.items() if known.startswith(term)), default=0)
    return shares.get(term, 0)


_remembered: tuple[float, Mapping[str, float]] = (-FRESH, {})


async def _shares() -> Mapping[str, float]:
    """Return how many of all tickets have a word, for the most common ones, as the database last counted."""
    global _remembered  # noqa: PLW0603 - one for the process, as the catalogue is
    read_at, shares = _remembered
    if time.monotonic() >= read_at + FRESH:
        shares = {row["term"]: row["share"] for row in await db.fetch(_SHARES)}
        _remembered = time.monotonic(), shares
    return shares


# Autovacuum counts them anew whenever a tenth of the tickets has changed.
_SHARES: Final = """
SELECT term, share FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common(term, share)
WHERE schemaname = current_schema() AND tablename = 'ticket_words' AND attname = 'words' AND term IS NOT NULL
"""
_FEW: Final = "SELECT ticket_id FROM ticket_words WHERE words @@ $1::text::tsquery LIMIT $2"
# A subquery of its own, so that it is asked ticket by ticket on the way and never first of all tickets.
_HAS: Final = " AND (SELECT w.words @@ ${n}::text::tsquery FROM ticket_words w WHERE w.ticket_id = ticket.id)"


def condition(words: Words | None, args: list[Any]) -> str:
    """Return the condition of a search, its value added to `args`."""
    if words is None:
        return ""
    args.append(words.query if words.few is None else words.few)
    return _HAS.format(n=len(args)) if words.few is None else f" AND id = ANY (${len(args)}::uuid[])"
