"""Seeing similar tickets and following them: what neighbours may know of each other's reports."""

from collections.abc import Callable, Mapping
from typing import Any, Final, cast
from uuid import UUID

from app import clock, db
from app.errors import Conflict, Invalid, NotFound
from app.models.follower import FollowOut, SimilarOut
from app.rules import access
from app.rules.access import Actor
from app.rules.facts import Facts
from app.rules.lifecycle import OPEN
from app.services import catalogue, ledger
from app.services.catalogue import Catalogue
from app.services.notices import before
from app.words import STATUS, Status

# Walks the index ticket_similar backwards: its condition, word for word.
SIMILAR: Final = """
SELECT t.id, t.created_at, t.status, t.followers, t.reporter_id = $3 AS mine,
       t.followers > 0 AND EXISTS (SELECT FROM follower f WHERE f.ticket_id = t.id AND f.person_id = $3) AS following
FROM ticket t
WHERE place_id = $1 AND category = $2 AND NOT anonymous AND id < $4
  AND status IN ('new', 'accepted', 'dispatched', 'waiting', 'resolved')
ORDER BY id DESC LIMIT $5
"""


async def similar(
    actor: Actor, place_id: UUID, category: str, limit: int, cursor: str | None
) -> tuple[list[SimilarOut], str | None]:
    """Return open tickets of just this place and category, newest first; none of what neighbours may not know of."""
    known = await catalogue.refresh()
    if category not in known.categories:
        raise Invalid.at("/category", "没有这个问题类别")
    await catalogue.spots(known, [place_id])
    spot = known.spots.get(place_id)
    if spot is None:
        raise Invalid.at("/place_id", "没有这个地点，请重新选择")
    last = before(cursor)
    if not _shown(known, category):
        return [], None
    rows = await db.fetch(SIMILAR, place_id, category, actor.person_id, last, limit + 1)
    alike = {
        "category": known.category_refs[category],
        "place": {"id": spot.id, "path": spot.names, "label": spot.label},
    }
    items = [
        SimilarOut.model_validate({**row, **alike, "status_name": STATUS[Status(row["status"])]})
        for row in rows[:limit]
    ]
    return items, str(items[-1].id) if len(rows) > limit else None


def _shown(known: Catalogue, category: str) -> bool:
    return known.categories[category].public and category not in access.PRIVATE


async def follow(actor: Actor, ticket_id: UUID) -> FollowOut:
    """Follow a ticket that `similar` would show; doing it again changes nothing. NotFound for every other ticket.

    Who was brought here with a merged ticket stays by this wish when that one leaves.
    """
    known = await catalogue.refresh()
    followers = await ledger.join(ticket_id, actor.person_id, clock.now(), _followable(actor, known))
    return FollowOut(id=ticket_id, following=True, followers=followers)


def _followable(actor: Actor, known: Catalogue) -> Callable[[Mapping[Any, Any] | None], bool]:
    def check(row: Mapping[Any, Any] | None) -> bool:
        shown = row is not None and _is_shown(cast(Facts, row), known)
        if row is None or not (row["follows"] or shown):
            raise NotFound
        if row["reporter_id"] == actor.person_id:
            raise Conflict("这是您自己上报的，有进展会直接通知您")
        return shown

    return check


def _is_shown(ticket: Facts, known: Catalogue) -> bool:
    """Tell whether `similar` shows a ticket."""
    public = known.categories[ticket["category"]].public
    placed_and_open = ticket["place_id"] is not None and ticket["status"] in OPEN
    return placed_and_open and access.neighbourly(ticket, public=public)


async def unfollow(actor: Actor, ticket_id: UUID) -> FollowOut:
    """Follow a ticket no more, however one came to it; NotFound for one the caller neither sees nor is shown."""
    known = await catalogue.refresh()

    def check(row: Mapping[Any, Any] | None) -> bool:
        seen = row and (row["follows"] or access.parts(actor, cast(Facts, row)))
        if row is None or not (seen or _is_shown(cast(Facts, row), known)):
            raise NotFound
        return True

    followers = await ledger.leave(ticket_id, actor.person_id, check)
    return FollowOut(id=ticket_id, following=False, followers=followers)
