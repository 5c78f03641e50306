"""Writing courses: those before the days that are added up are final, those since are written anew."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic_core import to_json

from app import db
from app.services.figures import days

Rows = Sequence[dict[str, Any]]  # a ticket's courses in order


async def store(fetch: db.Fetch, courses: Mapping[UUID, Rows], *, anew: bool) -> None:
    """Write the courses of tickets in place of what is stored of them; `anew`: also of what is final.

    A ticket with a past that was not known when its days were added up has them added up again.
    """
    final = None if anew else await days.final_before(fetch)
    kept = await _with_the_same_past(fetch, courses, final) if final else {}
    others = [ticket_id for ticket_id in courses if ticket_id not in kept]
    began = [row["valid_from"] for row in await fetch(_FORGET, others)]
    began += [row["valid_from"] for ticket_id in others for row in courses[ticket_id][:1]]
    if began:
        await days.reopen(fetch, min(began))
    rows = [row for ticket_id in others for row in courses[ticket_id]]
    if final and kept:
        rows += await _continue(fetch, {ticket_id: courses[ticket_id] for ticket_id in kept}, final)
    await fetch(_INSERT, to_json(rows).decode())


async def _with_the_same_past(
    fetch: db.Fetch, courses: Mapping[UUID, Rows], final: datetime
) -> Mapping[UUID, Rows]:
    """Return the tickets whose courses before a moment began when the stored ones did."""
    stored: dict[UUID, list[datetime]] = {ticket_id: [] for ticket_id in courses}
    for row in await fetch(_BEGAN, list(courses), final):
        stored[row["ticket_id"]].append(row["valid_from"])
    return {
        ticket_id: rows
        for ticket_id, rows in courses.items()
        if [row["valid_from"] for row in rows if row["valid_from"] < final] == stored[ticket_id]
    }


async def _continue(fetch: db.Fetch, courses: Mapping[UUID, Rows], final: datetime) -> list[dict[str, Any]]:
    """Forget the courses since a moment, end those before it where they end now; return what is to be written."""
    await fetch(_FORGET_SINCE, list(courses), final)
    since = {
        ticket_id: [row for row in rows if row["valid_from"] >= final] for ticket_id, rows in courses.items()
    }
    ends = {
        ticket_id: rows[0]["valid_from"].isoformat() if rows else "infinity"
        for ticket_id, rows in since.items()
    }
    await fetch(_END, list(ends), list(ends.values()), final)
    return [row for rows in since.values() for row in rows]


_FORGET: Final = "DELETE FROM course WHERE ticket_id = ANY ($1::uuid[]) RETURNING valid_from"
_FORGET_SINCE: Final = "DELETE FROM course WHERE ticket_id = ANY ($1::uuid[]) AND valid_from >= $2"
_BEGAN: Final = """
SELECT ticket_id, valid_from FROM course WHERE ticket_id = ANY ($1::uuid[]) AND valid_from < $2 ORDER BY 1, 2
"""
_END: Final = """
UPDATE course c SET valid_until = e.until::timestamptz FROM unnest($1::uuid[], $2::text[]) AS e (ticket_id, until)
WHERE c.ticket_id = e.ticket_id AND c.valid_from < $3 AND c.valid_until >= $3 AND c.valid_until <> e.until::timestamptz
"""
_INSERT: Final = "INSERT INTO course SELECT * FROM jsonb_populate_recordset(NULL::course, $1::jsonb)"
