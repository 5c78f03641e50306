"""Who is told of an event, as whom, by what name and when; the table that says so is rules.notices."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app import db
from app.rules.notices import Audience, audiences, group, named, visible_from
from app.services.catalogue import Catalogue, today
from app.words import Role

# Everybody who follows one of a batch's tickets: looked up once for all its events.
_FOLLOWERS: Final = """
SELECT ticket_id, array_agg(DISTINCT person_id) AS persons FROM follower WHERE ticket_id = ANY($1::uuid[]) GROUP BY ticket_id
"""


def told(event: Any, known: Catalogue, followers: Iterable[UUID] = ()) -> dict[UUID, set[Audience]]:
    """Return the persons who hear of an event and as whom; never the one who did it."""
    found: dict[UUID, set[Audience]] = {}
    for audience in _hear(event):
        members = followers if audience is Audience.FOLLOWERS else _members(audience, event, known)
        for person in members:
            if person and person != event["person_id"]:
                found.setdefault(person, set()).add(audience)
    return found


def _hear(event: Any) -> set[Audience]:
    return audiences(event["type"], event["part"], event["data"], internal=event["internal"])


def _members(audience: Audience, event: Any, known: Catalogue) -> list[UUID | None]:
    if audience is Audience.REPORTER:
        return [] if event["reporting_id"] else [event["reporter_id"]]  # an organisation reads no notices
    if audience is Audience.ORGANISATION:
        company = event["data"].get("organisation") or event["organisation_id"]  # it may have moved on since
        return known.agents(UUID(str(company))) if company else []
    if audience is Audience.CALLED:
        called = event["data"].get("organisations") or event["awaited_ids"]
        return [agent for one in called for agent in known.agents(UUID(str(one)))]
    if audience is Audience.DEPUTY:
        unit = known.units.get(event["holder_id"])
        return (
            [p.person_id for p in unit.posts if p.role is Role.DEPUTY and p.answers(today())] if unit else []
        )
    above = _upward(event)
    answering = {
        Audience.NEXT: above[1:],
        Audience.JOINED: event["joined"],
        Audience.COMMUNITY: [event["community_id"], event["street_id"]],
        Audience.STREET: [event["street_id"]],
    }
    return _first(known, answering.get(audience, above))


def _upward(event: Any) -> list[UUID | None]:
    """Return the unit that holds the ticket (its level's own where nobody does yet) and those above it."""
    above = [event["community_id"], event["street_id"]][event["level"] - 1 :]
    return [event["holder_id"], *above]


def _first(known: Catalogue, units: Iterable[UUID | None]) -> list[UUID | None]:
    """Return who answers in the first of these units where anybody does: never nobody as long as there is somebody."""
    return next(([post.person_id] for unit in units if (post := known.answering(unit))), [])


def how(event: Any, hearing: set[Audience], known: Catalogue, now: datetime) -> tuple[str, str, datetime]:
    """Return a notice's type and groups, and when it is to be seen: by whichever of somebody's parts comes first."""
    type_, clocks = named(event["type"], event["data"]), known.clocks(event)
    groups = ",".join(sorted({group(type_, audience) for audience in hearing}))
    clock_ = event["data"].get("clock")
    return type_, groups, min(visible_from(type_, audience, clock_, now, clocks) for audience in hearing)


async def following(rows: Sequence[Any]) -> dict[UUID, Sequence[UUID]]:
    """Return the followers of the tickets whose events they hear of."""
    followed = {row["ticket_id"] for row in rows if row["followers"] and Audience.FOLLOWERS in _hear(row)}
    found = await db.fetch(_FOLLOWERS, list(followed)) if followed else []
    return {row["ticket_id"]: row["persons"] for row in found}
