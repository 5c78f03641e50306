"""Keyset pagination: how a list is cut into pages, and where the next page starts."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from app.errors import Invalid

T = TypeVar("T")


def bad_cursor() -> Invalid:
    """Return the refusal of a cursor that no page of the list gave."""
    return Invalid.at("/cursor", "翻页位置无效，请从第一页开始")


def cursor_before(cursor: str | None) -> UUID:
    """Return the id below which a page starts; the greatest UUID without a cursor. Raises Invalid for a bad cursor."""
    try:
        return UUID(cursor) if cursor else UUID(int=2**128 - 1)
    except ValueError:
        raise bad_cursor() from None


def _id_of(row: Any) -> str:
    return str(row["id"])


def page_of(
    rows: Sequence[T], limit: int, cursor_of: Callable[[T], str] = _id_of
) -> tuple[Sequence[T], str | None]:
    """Return the first `limit` of the rows, which were read up to one beyond it, and the cursor of the next page."""
    page = rows[:limit]
    return page, cursor_of(page[-1]) if len(rows) > limit else None


def page_after(
    items: Sequence[T], limit: int, cursor: str | None, key: Callable[[T], object]
) -> tuple[list[T], str | None]:
    """Return a page of a list that is in memory as a whole, and the cursor of the next page: the `key` of its last item.

    Raises Invalid for a cursor that is no item's key, also when the item has left the list since.
    """
    keys = [str(key(item)) for item in items]
    if cursor and cursor not in keys:
        raise bad_cursor()
    start = keys.index(cursor) + 1 if cursor else 0
    page, next_cursor = page_of(items[start : start + limit + 1], limit, lambda item: str(key(item)))
    return list(page), next_cursor
