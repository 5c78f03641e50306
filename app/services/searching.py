"""How words are looked for in a list: rare ones by the index, common ones on the way from the newest."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from app import db
from app.errors import Invalid
from app.models.ticket import Wanted
from app.rules import search

FEW: Final = 2000  # found by the index, they are looked at one by one


@dataclass(frozen=True, slots=True)
class Words:
    """What to search for, and the tickets it is found in where they are few."""

    query: str
    few: list[UUID] | None = None


async def look_up(wanted: Wanted) -> Words | None:
    """Look a search up first: few tickets are then looked at one by one, many are met soon on the way from the newest."""
    if wanted.q is None:
        return None
    query = search.query(wanted.q)
    if query is None:
        raise Invalid.at("/q", "请输入要找的字")
    rows = await db.fetch(_FEW, query, FEW + 1)
    return Words(query, [row["ticket_id"] for row in rows] if len(rows) <= FEW else None)


_FEW: Final = "SELECT ticket_id FROM ticket_words WHERE words @@ $1::text::tsquery LIMIT $2"
# A subquery of its own, so that it is asked ticket by ticket on the way and never first of all tickets.
_HAS: Final = " AND (SELECT w.words @@ ${n}::text::tsquery FROM ticket_words w WHERE w.ticket_id = ticket.id)"


def condition(words: Words | None, args: list[Any]) -> str:
    """Return the condition of a search, its value added to `args`."""
    if words is None:
        return ""
    args.append(words.query if words.few is None else words.few)
    return _HAS.format(n=len(args)) if words.few is None else f" AND id = ANY (${len(args)}::uuid[])"
