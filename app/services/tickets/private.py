"""Letting neighbours go from open tickets whose category an office has made private."""

from typing import Final, cast
from uuid import UUID

from app import db, log
from app.rules.facts import Facts
from app.rules.statuses import OPEN, sql_list
from app.services import setup
from app.services.tickets import actions
from app.services.tickets.context import ActionResult, timer_context
from app.sql import Statement

logger = log.get("private")
BATCH_SIZE: Final = 250
_FIRST_ID: Final = UUID(int=0)


async def let_neighbours_go(place_id: UUID | None = None) -> int:
    """Let the followers of open tickets (of a street or community) go where neighbours may not see them any more, and
    give the reports merged into them back; return of how many tickets. Running it twice changes nothing.

    Call it after the setting is committed: from then on nobody reads a ticket as its neighbour.
    """
    count, after = 0, _FIRST_ID
    while rows := await db.execute(_FOLLOWED, place_id=place_id, after=after, limit=BATCH_SIZE):
        for row in rows:
            count += await _let_go(row["id"])
        after = rows[-1]["id"]
    if count:
        logger.info("let_neighbours_go", tickets=count)
    return count


_FOLLOWED: Final = Statement(f"""
SELECT id FROM ticket t WHERE status IN {sql_list(OPEN)} AND id > :after
  AND (:place_id::uuid IS NULL OR street_id = :place_id OR community_id = :place_id)
  AND (followers > 0 OR EXISTS (SELECT FROM ticket m WHERE m.merged_into_id = t.id)) ORDER BY id LIMIT :limit
""")
_LOAD: Final = Statement("""
SELECT t.*, s.version AS setup_version, EXISTS (SELECT FROM ticket m WHERE m.merged_into_id = t.id) AS has_merged
FROM setup s JOIN ticket t ON t.id = :ticket_id
""")


async def _let_go(ticket_id: UUID) -> bool:
    """Tell whether neighbours had to be let go of a ticket. One that fails is logged, and stops no other."""
    try:
        for _ in range(actions.MAX_ATTEMPTS):  # somebody may act on it at the same time
            row = await db.execute_one(_LOAD, ticket_id=ticket_id)
            catalogue = row and await setup.cached_catalogue(row["setup_version"])
            if row is None or catalogue is None or row["status"] not in OPEN:
                return False
            ticket = cast(Facts, dict(row))
            if catalogue.is_visible_to_neighbours(ticket) or not (ticket["followers"] or row["has_merged"]):
                return False
            context = timer_context(ticket, None, catalogue, actions.ticket_now(ticket))
            if await actions.carry_out(context, "make_private", ActionResult(event="made_private")):
                return True
        logger.error("let_go_gave_up", ticket=str(ticket_id))
    except Exception:
        logger.exception("let_go_failed", ticket=str(ticket_id))
    return False
