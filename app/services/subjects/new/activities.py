"""What an activity begins with: its room, its course; if it is over, its end and what was said there."""

from typing import Any, Final

from app import db
from app.enums import ActivitySort, SubjectKind
from app.errors import Invalid
from app.rules.subjects import STAFF
from app.services.subjects import recorded
from app.services.subjects.new.beginning import SHARED, Beginning, New, new_row
from app.services.subjects.new.opinions import fate_due, find_room
from app.services.subjects.pairings import note_visit
from app.services.subjects.series import first_run
from app.services.subjects.venues import book


async def _find_parts(new: New) -> None:
    """Add the part of who looks after the household that is visited."""
    if new.form.kind is ActivitySort.CARE and STAFF.isdisjoint(new.parts):
        new.parts = {**new.parts, **await recorded.helpers_parts(new.actor, new.form)}


def _columns(new: New) -> dict[str, Any]:
    form = new.form
    if form.done is not None:
        recorded.require_over(form, new.now)
    elif form.ends_at <= new.now:
        raise Invalid.at("/ends_at", "活动时间已经过了")
    names = ("title", "text", "source_id", "starts_at", "ends_at", "venue", "capacity")
    return {name: getattr(form, name) for name in names} | {"sort": form.kind}


async def _check(new: New) -> None:
    new.heard = await recorded.heard_at(new.form, new.part)
    if new.form.series:
        new.row["series"] = await first_run(new.row, new.form.series)


async def _before(fetch: db.Fetch, new: New) -> None:
    await find_room(fetch, new)
    if new.form.done is None:
        await book(fetch, new.row, new.row["starts_at"], new.row["ends_at"])


async def _after(fetch: db.Fetch, new: New) -> None:
    """Close an activity that is over, with what was said there; whom it visited has been visited."""
    form, row = new.form, new.row
    if form.done is None:
        return
    await recorded.close_at_once(fetch, new.actor, row, new.parts, new.part, form.done)
    await note_visit(fetch, new.actor, row, new.part, new.parts.get(new.part))
    for columns in new.heard:
        opinion = new_row(SubjectKind.OPINION, new.actor, {name: row[name] for name in SHARED})
        opinion |= columns | {"source_id": row["id"], "due_at": fate_due(opinion, new.catalogue)}
        await new.insert(fetch, opinion)


ACTIVITY: Final = Beginning(
    find_parts=_find_parts,
    columns=_columns,
    check=_check,
    sources=frozenset({SubjectKind.TOPIC}),
    before=_before,
    after=_after,
)
