"""Full-text search in a list: common words among the newest tickets, rare words by the index, others while scanning."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app import clock, db, process_state
from app.enums import SHANGHAI
from app.errors import Invalid
from app.models.ticket import TicketQuery
from app.rules import search
from app.sql import Statement

MAX_LISTED: Final = 2000  # at most so many tickets found by the index are passed on by id
COMMON_SHARE: Final = 0.01  # of all tickets; for a common word the index would read every match first
NEWEST_SEARCHED: Final = 4000  # newest tickets searched for common words: more than a page of them match
SHARES_LIFETIME_SECONDS: Final = 300.0


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """What to search for, and where: only the newest tickets (`near`), only `ticket_ids`, or the whole list."""

    query: str
    near: bool = False
    ticket_ids: list[UUID] | None = None


async def begin_search(ticket_query: TicketQuery) -> SearchTerms | None:
    """Return how to start a search; None if the query has none. Raises Invalid if it has no searchable character."""
    if ticket_query.q is None:
        return None
    rest, last_digits = search.split_last_digits(ticket_query.q)
    terms = search.search_terms(rest)
    if not terms and not last_digits:
        raise Invalid.at("/q", "请输入要找的字")
    query = search.tsquery_literal(terms)
    if last_digits:
        today = clock.now().astimezone(SHANGHAI).date()
        numbers = (search.last_digits_literal(digits, today) for digits in last_digits)
        return await look_up(" & ".join(filter(None, (query, *numbers))))
    if ticket_query.order == "new" and await _all_common(terms):
        return SearchTerms(query, near=True)
    return await look_up(query)


async def look_up(query: str) -> SearchTerms:
    """Search the index. Few matches are passed on by id; with more, the list is scanned from the newest ticket."""
    rows = await db.execute(_FIND_TICKETS, query=query, limit=MAX_LISTED + 1)
    ticket_ids = [row["ticket_id"] for row in rows] if len(rows) <= MAX_LISTED else None
    return SearchTerms(query, ticket_ids=ticket_ids)


async def _all_common(terms: Mapping[str, search.TermMatch]) -> bool:
    shares = await _shares()
    return all(_share(shares, term, kind) >= COMMON_SHARE for term, kind in terms.items())


def _share(shares: Mapping[str, float], term: str, kind: search.TermMatch) -> float:
    if kind is search.TermMatch.PREFIX:
        return max((share for word, share in shares.items() if word.startswith(term)), default=0)
    return shares.get(term, 0)


_word_shares: tuple[float, Mapping[str, float]] = (-SHARES_LIFETIME_SECONDS, {})


@process_state.on_forget
def _forget() -> None:
    global _word_shares  # noqa: PLW0603 - as below
    _word_shares = (-SHARES_LIFETIME_SECONDS, {})


async def _shares() -> Mapping[str, float]:
    """Return the share of tickets that contain a word, for the most common words, from the planner's statistics."""
    global _word_shares  # noqa: PLW0603 - one per process, replaced whole
    read_at, shares = _word_shares
    if time.monotonic() >= read_at + SHARES_LIFETIME_SECONDS:
        shares = {row["term"]: row["share"] for row in await db.execute(_SHARES)}
        _word_shares = time.monotonic(), shares
    return shares


# Autovacuum updates these statistics whenever a tenth of the tickets has changed.
_SHARES: Final = Statement("""
SELECT term, share FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common(term, share)
WHERE schemaname = current_schema() AND tablename = 'ticket_words' AND attname = 'words' AND term IS NOT NULL
""")
_FIND_TICKETS: Final = Statement(
    "SELECT ticket_id FROM ticket_words WHERE words @@ :query::text::tsquery LIMIT :limit"
)
# A scalar subquery, so that the planner checks ticket by ticket while scanning instead of searching all tickets first.
_HAS_WORDS: Final = (
    " AND (SELECT w.words @@ ${n}::text::tsquery FROM ticket_words w WHERE w.ticket_id = ticket.id)"
)


def search_condition(terms: SearchTerms | None, args: list[Any]) -> str:
    """Return the condition of a search with a leading AND, empty without one; its value is appended to `args`."""
    if terms is None:
        return ""
    if terms.ticket_ids is not None:
        args.append(terms.ticket_ids)
        return f" AND id = ANY (${len(args)}::uuid[])"
    args.append(terms.query)
    return _HAS_WORDS.format(n=len(args))
