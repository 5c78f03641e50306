"""Exporting a list of tickets: the pages of the list one after the other, with its scope and its masks."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from app import db, words
from app.models.ticket import TicketFilters, TicketQuery
from app.rules.access import Actor
from app.services import audit
from app.services.exports.columns import Cell, Column, require_columns
from app.services.exports.formats import FORMATS, Writer
from app.services.tickets import TicketView, lists, serialize_facts

TITLE: Final = "工单"
PAGE: Final = 200  # tickets read, written and sent in turn: others are served in between
PAGE_SECONDS: Final = 5.0  # that a page may wait for the database
MAX_ROWS: Final = 1_000_000  # a sheet of Excel has little more
_MORE: Final = "还有更多，请缩小范围后再导出"


async def export_tickets(
    actor: Actor, filters: TicketFilters, format_: str, columns: Sequence[str]
) -> AsyncIterator[bytes]:
    """Return the pieces of an export, newest ticket first; it is recorded in the audit trail before anything is read.

    Raises Invalid, before the first piece, for filters and columns that make no sense.
    """
    chosen = require_columns(columns)
    query = TicketQuery.model_construct(**filters.model_dump(), limit=PAGE)
    first = await lists.ticket_page(actor, query)
    await audit.record("tickets_exported", person_id=actor.person_id, **_record(filters, format_, columns))
    return _pieces(actor, query, chosen, FORMATS[format_].writer(words.say(TITLE)), first)


def _record(filters: TicketFilters, format_: str, columns: Sequence[str]) -> dict[str, Any]:
    """Return what the audit trail keeps of an export; of a search only that there was one: its words may name somebody."""
    asked = filters.model_dump(mode="json", exclude_defaults=True)
    return {
        "format": format_,
        "columns": list(columns),
        "filters": asked | ({"q": True} if filters.q else {}),
    }


async def _pieces(
    actor: Actor,
    query: TicketQuery,
    columns: Sequence[Column],
    writer: Writer,
    page: tuple[list[TicketView], str | None],
) -> AsyncIterator[bytes]:
    yield writer.rows([[words.say(column.head) for column in columns]])
    views, cursor = page
    written = len(views)
    yield writer.rows(map(_row(columns), views))
    while cursor and written < MAX_ROWS:
        with db.within(PAGE_SECONDS):
            views, cursor = await lists.ticket_page(actor, query.model_copy(update={"cursor": cursor}))
        written += len(views)
        yield writer.rows(map(_row(columns), views))
    if cursor:
        yield writer.rows([[words.say(_MORE)]])
    yield writer.end()


def _row(columns: Sequence[Column]) -> Any:
    def row(view: TicketView) -> list[Cell]:
        fields = serialize_facts(view)
        return [column.cell(fields, view) for column in columns]

    return row
