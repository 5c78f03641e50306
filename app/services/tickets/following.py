"""Similar tickets and following them: what residents may know of each other's reports."""

from collections.abc import Callable, Mapping
from typing import Any, Final, cast
from uuid import UUID

from app import clock, db, words
from app.enums import Status
from app.errors import Conflict, Invalid, NotFound
from app.labels import STATUS
from app.models.follower import FollowOut, SimilarOut
from app.rules import access
from app.rules.access import Actor
from app.rules.facts import Facts
from app.rules.statuses import OPEN, sql_list
from app.services import ledger, setup
from app.services.pagination import cursor_before, page_of
from app.services.setup import Catalogue
from app.sql import Statement

# Scans the index ticket_similar backwards: the conditions must match the predicate of that index.
SIMILAR: Final = Statement(f"""
SELECT t.id, t.created_at, t.status, t.followers, t.reporter_id = :person_id AS mine,
       t.followers > 0 AND EXISTS (SELECT FROM follower f WHERE f.ticket_id = t.id AND f.person_id = :person_id) AS following
FROM ticket t
WHERE place_id = :place_id AND category = :category AND NOT anonymous AND id < :before
  AND status IN {sql_list(OPEN)}
ORDER BY id DESC LIMIT :limit
""")


async def similar_tickets(
    actor: Actor, place_id: UUID, category: str, limit: int, cursor: str | None
) -> tuple[list[SimilarOut], str | None]:
    """Return open, public tickets of exactly this place and category, newest first, and the cursor of the next page.

    Raises Invalid for an unknown category or place.
    """
    catalogue = await setup.current_catalogue()
    if category not in catalogue.categories:
        raise Invalid.at("/category", "没有这个问题类别")
    place = await setup.place_ref(catalogue, place_id)
    if place is None:
        raise Invalid.at("/place_id", "没有这个地点，请重新选择")
    before = cursor_before(cursor)
    if not catalogue.is_public(category, place.path):
        return [], None
    rows = await db.execute(
        SIMILAR,
        place_id=place_id,
        category=category,
        person_id=actor.person_id,
        before=before,
        limit=limit + 1,
    )
    common = {
        "category": catalogue.category_ref(category),
        "place": {"id": place.id, "path": place.names, "label": place.label},
    }
    page, next_cursor = page_of(rows, limit)
    items = [
        SimilarOut.model_validate({**row, **common, "status_name": words.say(STATUS[Status(row["status"])])})
        for row in page
    ]
    return items, next_cursor


async def follow(actor: Actor, ticket_id: UUID) -> FollowOut:
    """Follow a ticket that `similar_tickets` lists. Repeating it changes nothing.

    A person who follows because their own ticket was merged into this one stays a follower when it is unmerged.
    Raises NotFound for every other ticket, Conflict for the caller's own report.
    """
    catalogue = await setup.current_catalogue()
    followers = await ledger.join(ticket_id, actor.person_id, clock.now(), _follow_check(actor, catalogue))
    return FollowOut(id=ticket_id, following=True, followers=followers)


def _follow_check(actor: Actor, catalogue: Catalogue) -> Callable[[Mapping[Any, Any] | None], bool]:
    def check(row: Mapping[Any, Any] | None) -> bool:
        listed = row is not None and _is_listed(cast(Facts, row), catalogue)
        if row is None or not (listed or _follows(row, catalogue)):
            raise NotFound
        if row["reporter_id"] == actor.person_id:
            raise Conflict("这是您自己上报的，有进展会直接通知您")
        return listed

    return check


def _is_listed(ticket: Facts, catalogue: Catalogue) -> bool:
    """Tell whether `similar_tickets` lists a ticket."""
    placed_and_open = ticket["place_id"] is not None and ticket["status"] in OPEN
    return placed_and_open and catalogue.is_visible_to_neighbours(ticket)


def _follows(row: Mapping[Any, Any], catalogue: Catalogue) -> bool:
    """Tell whether the person a ticket was locked for follows it, and may."""
    return row["follows"] and catalogue.is_visible_to_neighbours(cast(Facts, row))


async def unfollow(actor: Actor, ticket_id: UUID) -> FollowOut:
    """Stop following a ticket, whether it was followed directly or through a merge.

    Raises NotFound for a ticket that the caller cannot see and `similar_tickets` does not list.
    """
    catalogue = await setup.current_catalogue()

    def check(row: Mapping[Any, Any] | None) -> bool:
        visible = row and (_follows(row, catalogue) or access.find_parts(actor, cast(Facts, row)))
        if row is None or not (visible or _is_listed(cast(Facts, row), catalogue)):
            raise NotFound
        return True

    followers = await ledger.leave(ticket_id, actor.person_id, check)
    return FollowOut(id=ticket_id, following=False, followers=followers)
