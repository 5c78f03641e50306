"""How a list of tickets is sorted, and where its next page goes on: a table of orders, each by keyset."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app.errors import Invalid
from app.models.ticket import Wanted

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
# The limit that ends next; a resolved ticket has none left and comes last.
_ENDS: Final = """coalesce(least(CASE WHEN status = 'new' THEN accept_due END,
    CASE WHEN status = 'dispatched' AND acknowledged_at IS NULL THEN acknowledge_due END,
    CASE WHEN status <> 'resolved' THEN resolve_due END), '9999-01-01Z')"""


@dataclass(frozen=True, slots=True)
class Order:
    """`keys` sort, in the direction of `by`; `after` holds for what follows a cursor, whose values are $3 and, if any, $6."""

    source: str
    keys: str
    by: str
    after: str
    read: Callable[[str | None], tuple[Any, ...]]
    cursor: Callable[[Any], str]


def _newest(given: str | None) -> tuple[UUID]:
    return (UUID(given) if given else UUID(int=2**128 - 1),)


def _soonest(given: str | None) -> tuple[UUID, datetime]:
    ends, _, ticket_id = (given or f"0_{UUID(int=0)}").partition("_")
    return UUID(ticket_id), _EPOCH + timedelta(microseconds=int(ends))


def _ended(row: Any) -> str:
    return f"{(row['ends'] - _EPOCH) // _MICROSECOND}_{row['id']}"


ORDERS: Final[dict[str, Order]] = {
    "new": Order("ticket", "id", "id DESC", "id < $3", _newest, lambda row: str(row["id"])),
    "due": Order(
        f"(SELECT *, {_ENDS} AS ends FROM ticket) ticket",
        "ends, id",
        "ends, id",
        "(ends, id) > ($6::timestamptz, $3)",
        _soonest,
        _ended,
    ),
}


def start(wanted: Wanted) -> tuple[Any, ...]:
    """Return where a page begins: the last ticket of the page before, and what else the order goes by."""
    try:
        return ORDERS[wanted.order].read(wanted.cursor)
    except (ValueError, OverflowError):
        raise Invalid.at("/cursor", "翻页位置无效，请从第一页开始") from None
