"""Keeping the courses up to date: each ticket that has changed is folded anew, in the order of changes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from app import db, log
from app.enums import Level
from app.errors import Unavailable
from app.rules.escalation import Clocks
from app.rules.figures.course import Path, Surroundings, columns, history
from app.services import setup
from app.services.figures import days, storing
from app.services.setup import Catalogue

logger = log.get("figures")
BATCH: Final = 250  # a tenth of a second: the worker does other things beside
MAX_BATCHES: Final = 40  # that a reader waits for; more is left to the worker
_NO_ID: Final = UUID(int=0)


async def require_current() -> None:
    """Fold what has changed since, so that figures count it. Raises Unavailable while there is too much of it."""
    if await keep_up():
        raise Unavailable("正在整理以前的工单，请过几分钟再看", retry_after=60)


async def keep_up() -> bool:
    """Fold tickets that have changed, up to MAX_BATCHES batches; tell whether there may be more."""
    catalogue, position = await setup.current_catalogue(), None
    for _ in range(MAX_BATCHES):
        position = await _fold_next(catalogue, position)
        if position is None:
            return False
    return True


async def add_up() -> bool:
    """Add up a day that is over, once all that happened is folded; tell whether there may be more. For the worker."""
    return not await keep_up() and await days.add_up()


Position = tuple[int, UUID]  # the number of a transaction, and a ticket it changed


async def _fold_next(catalogue: Catalogue, after: Position | None) -> Position | None:
    """Fold a batch of what has changed after a position, else after where the last run stopped; return its end, None if
    there is no more.
    """
    async with db.atomic() as fetch:
        await fetch("SELECT pg_advisory_xact_lock($1)", days.LOCK_KEY)
        (state,) = await fetch(_STATE)
        stored = (state["tx"], state["ticket_id"]) if state["folded"] == state["feed"] else (0, _NO_ID)
        rows = await fetch(_CHANGED, *(after or stored), BATCH)
        await _fold(fetch, rows, catalogue)
        # A lower number may still be committed: the next run begins below the lowest one in progress.
        settled = [(row["changed_tx"], row["id"]) for row in rows if row["changed_tx"] < state["horizon"]]
        if settled:
            await fetch(_MOVE, state["feed"], *settled[-1])
    return (rows[-1]["changed_tx"], rows[-1]["id"]) if len(rows) == BATCH else None


async def rebuild(since: datetime, until: datetime) -> int:
    """Fold anew the tickets submitted in [since, until), whatever is stored of them; return how many there are."""
    catalogue, after, count = await setup.current_catalogue(), _NO_ID, 0
    while True:
        async with db.atomic() as fetch:
            await fetch("SELECT pg_advisory_xact_lock($1)", days.LOCK_KEY)
            rows = await fetch(_SUBMITTED, since, until, after, BATCH)
            await _fold(fetch, rows, catalogue, anew=True)
        if not rows:
            return count
        count, after = count + len(rows), rows[-1]["id"]


_STATE: Final = """
SELECT s.feed, f.feed AS folded, f.tx, f.ticket_id, pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon
FROM setup s LEFT JOIN course_fold f ON f.id = 1
"""
_CHANGED: Final = """
SELECT id, changed_tx, created_at, street_id, community_id FROM ticket
WHERE (changed_tx, id) > ($1::bigint, $2::uuid) ORDER BY changed_tx, id LIMIT $3
"""
_SUBMITTED: Final = """
SELECT id, created_at, street_id, community_id FROM ticket
WHERE created_at >= $1 AND created_at < $2 AND id > $3 ORDER BY id LIMIT $4
"""
_MOVE: Final = """
INSERT INTO course_fold (id, feed, tx, ticket_id) VALUES (1, $1, $2, $3)
ON CONFLICT (id) DO UPDATE SET feed = excluded.feed, tx = excluded.tx, ticket_id = excluded.ticket_id
"""
_EVENTS: Final = """
SELECT ticket_id, seq, at, type, part, data FROM event WHERE ticket_id = ANY ($1::uuid[]) AND at >= $2
ORDER BY ticket_id, seq
"""
_PATHS: Final = """
SELECT p.id, p.path, ARRAY(SELECT a.level FROM unnest(p.path) WITH ORDINALITY AS n(id, i) JOIN place a USING (id) ORDER BY i)
    AS levels
FROM place p WHERE p.id = ANY ($1::uuid[])
"""


async def _fold(fetch: Any, tickets: Sequence[Any], catalogue: Catalogue, *, anew: bool = False) -> None:
    if not tickets:
        return
    ticket_ids = [ticket["id"] for ticket in tickets]
    events = await fetch(_EVENTS, ticket_ids, min(ticket["created_at"] for ticket in tickets))
    paths = await _paths(fetch, events)
    homes = {ticket["id"]: _home(ticket) for ticket in tickets}

    def clocks(category: str, path: Path) -> Clocks:
        return catalogue.rules((path.get(Level.STREET), path.get(Level.COMMUNITY))).clocks(category)

    courses: dict[UUID, list[dict[str, Any]]] = {ticket_id: [] for ticket_id in ticket_ids}
    for ticket_id, own in groupby(events, key=lambda event: event["ticket_id"]):
        around = Surroundings(paths, clocks, homes[ticket_id])
        try:
            courses[ticket_id] = _versions(ticket_id, own, around)
        except Exception:  # of one ticket: verify-ledger says what is wrong with it; all others count
            logger.exception("course_not_folded", ticket=str(ticket_id))
    await storing.store(fetch, courses, anew=anew)


def _versions(ticket_id: UUID, events: Iterator[Any], around: Surroundings) -> list[dict[str, Any]]:
    """Return a ticket's courses as rows, each valid until the next one."""
    courses = list(history(events, around))
    if not courses:  # its first event is not in the ledger: there is nothing to count
        return []
    ends: list[Any] = [at for at, _ in courses[1:]] + ["infinity"]
    return [
        columns(course) | {"ticket_id": ticket_id, "valid_from": at, "valid_until": end}
        for (at, course), end in zip(courses, ends, strict=True)
    ]


def _home(ticket: Any) -> Path:
    home = {Level.STREET: ticket["street_id"], Level.COMMUNITY: ticket["community_id"]}
    return {level: place for level, place in home.items() if place}


# The fields of an event's data that name a place or unit.
_PLACES: Final = ("place_id", "grid_id", "holder_id", "place", "grid", "unit")


async def _paths(fetch: Any, events: Sequence[Any]) -> Mapping[UUID, Path]:
    named = {event["data"].get(name) for event in events for name in _PLACES}
    rows = await fetch(_PATHS, [UUID(place) for place in named if place])
    return {row["id"]: dict(zip(map(Level, row["levels"]), row["path"], strict=True)) for row in rows}
