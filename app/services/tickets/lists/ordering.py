"""The orders of a list of tickets, and their keyset cursors."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app.errors import Invalid
from app.models.ticket import TicketQuery
from app.rules import deadlines
from app.rules.statuses import UNRESOLVED, sql_list
from app.services.pagination import bad_cursor
from app.services.tickets.lists import filters, scope

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
# Dangers come first until they are resolved; then the next due time. A resolved ticket has none and comes last.
_CALM: Final = f"NOT (status IN {sql_list(UNRESOLVED)} AND {scope.IS_DANGER})"
_NEXT_DUE: Final = deadlines.next_due_sql()


@dataclass(frozen=True, slots=True)
class Order:
    """An order: the rows to sort (`source`), the columns (`keys`), and the ORDER BY clause (`by`).

    `after` is the condition for rows after a cursor, whose values are $3 (the id) and, if there are more, $6 and $7.
    `read` parses a cursor (None: the start) and raises ValueError or OverflowError; `cursor` makes one from a row.
    """

    source: str
    keys: str
    by: str
    after: str
    read: Callable[[str | None], tuple[Any, ...]]
    cursor: Callable[[Any], str]

    @property
    def is_by_creation(self) -> bool:
        """Tell whether the indexes of a scope have this order."""
        return self.keys == "id"


def _read_newest(cursor: str | None) -> tuple[UUID]:
    return (UUID(cursor) if cursor else UUID(int=2**128 - 1),)


def _read_oldest(cursor: str | None) -> tuple[UUID]:
    return (UUID(cursor) if cursor else UUID(int=0),)


_DUE_CURSOR: Final = re.compile(r"[01]_-?\d+_[0-9a-f-]+", re.ASCII)  # int() reads more: +5, 1_0, other digits


def _read_due(cursor: str | None) -> tuple[UUID, datetime, bool]:
    if cursor and not _DUE_CURSOR.fullmatch(cursor):
        raise ValueError
    calm, ends, ticket_id = (cursor or f"0_0_{UUID(int=0)}").split("_")
    return UUID(ticket_id), _EPOCH + timedelta(microseconds=int(ends)), bool(int(calm))


def _due_cursor(row: Any) -> str:
    return f"{row['calm']:d}_{(row['ends'] - _EPOCH) // _MICROSECOND}_{row['id']}"


ORDERS: Final[dict[str, Order]] = {
    "new": Order("ticket", "id", "id DESC", "id < $3", _read_newest, lambda row: str(row["id"])),
    "old": Order("ticket", "id", "id", "id > $3", _read_oldest, lambda row: str(row["id"])),
    "due": Order(
        f"(SELECT *, {_CALM} AS calm, {_NEXT_DUE} AS ends FROM ticket) ticket",
        "calm, ends, id",
        "calm, ends, id",
        "(calm, ends, id) > ($7::bool, $6::timestamptz, $3)",
        _read_due,
        _due_cursor,
    ),
}


def start_after(query: TicketQuery) -> tuple[Any, ...]:
    """Return where a page starts: the id of the last ticket before it, and its other sort values if there are any."""
    if query.day and not query.cursor:
        return (_from_day(query.order, query.day),)
    try:
        return ORDERS[query.order].read(query.cursor)
    except (ValueError, OverflowError):
        raise bad_cursor() from None


def _from_day(order: str, day: date) -> UUID:
    """Return the id after which the tickets of a day come. Raises Invalid for an order that is not by creation."""
    if order == "due":
        raise Invalid.at("/day", "按期限排序时不能跳到某一天")
    return filters.day_after(day) if order == "new" else filters.day_begins(day)
