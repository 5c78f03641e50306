"""Who receives a notice of an event, of which type and when; rules.notices has the tables."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from app import db, ids
from app.enums import Role
from app.models.event import EventRow
from app.models.notice import NewNotice
from app.rules.notices import Audience, audiences, group, notice_type, visible_from
from app.services.setup import Catalogue, today
from app.sql import Statement


def build_notices(
    event: EventRow, catalogue: Catalogue, followers: Iterable[UUID], now: datetime
) -> list[NewNotice]:
    """Return the notices of an event, one a recipient. `followers`: the persons who follow its ticket."""
    if not catalogue.is_public(event["category"], (event["street_id"], event["community_id"])):
        followers = ()  # those who are still to be let go
    recipients = _recipients(event, catalogue, followers)
    let_go = {UUID(person_id): {Audience.LET_GO} for person_id in event["let_go"] or ()}
    return [
        _notice(event, person_id, person_audiences, catalogue, now)
        for person_id, person_audiences in (let_go | recipients).items()
    ]


def _notice(
    event: EventRow, person_id: UUID, person_audiences: set[Audience], catalogue: Catalogue, now: datetime
) -> NewNotice:
    type_ = notice_type(event["type"], event["data"], next(iter(person_audiences)))
    return NewNotice(
        id=ids.new(),
        person_id=person_id,
        ticket_id=event["ticket_id"],
        seq=event["seq"],
        type=type_,
        groups=",".join(sorted({group(type_, audience) for audience in person_audiences})),
        visible_at=_visible_at(event, person_audiences, catalogue, now),
        acted=person_id in event["acted_since"],
    )


async def followers_by_ticket(events: Sequence[EventRow]) -> dict[UUID, Sequence[UUID]]:
    """Return the followers of the tickets that have an event followers hear of; one query for the whole batch."""
    ticket_ids = {
        event["ticket_id"]
        for event in events
        if event["followers"] and Audience.FOLLOWERS in _audiences(event)
    }
    if not ticket_ids:
        return {}
    rows = await db.execute(_SELECT_FOLLOWERS, ticket_ids=list(ticket_ids))
    return {row["ticket_id"]: row["person_ids"] for row in rows}


_SELECT_FOLLOWERS: Final = Statement("""
SELECT ticket_id, array_agg(DISTINCT person_id) AS person_ids
FROM follower WHERE ticket_id = ANY(:ticket_ids::uuid[]) GROUP BY ticket_id
""")


def _recipients(
    event: EventRow, catalogue: Catalogue, followers: Iterable[UUID]
) -> dict[UUID, set[Audience]]:
    """Return the persons who receive a notice, with the audiences each belongs to; never the one who acted."""
    recipients: dict[UUID, set[Audience]] = {}
    for audience in _audiences(event):
        members = followers if audience is Audience.FOLLOWERS else _members(audience, event, catalogue)
        for person_id in members:
            if person_id and person_id != event["person_id"]:
                recipients.setdefault(person_id, set()).add(audience)
    return recipients


def _audiences(event: EventRow) -> set[Audience]:
    return audiences(event["type"], event["part"], event["data"], internal=event["internal"])


def _members(audience: Audience, event: EventRow, catalogue: Catalogue) -> list[UUID | None]:
    """Return the persons of an audience other than the followers; None for a vacant post."""
    if audience is Audience.REPORTER:
        # What an organisation's system reported has a reporter who reads no notices.
        return [] if event["reporter_organisation_id"] else [event["reporter_id"]]
    if audience is Audience.ORGANISATION:
        # The event's own comes first: the ticket may be with another by now.
        organisation_id = event["data"].get("organisation") or event["organisation_id"]
        return catalogue.agents(UUID(str(organisation_id))) if organisation_id else []
    if audience is Audience.CALLED:
        organisation_ids = event["data"].get("organisations") or event["awaited_ids"]
        return [agent for one in organisation_ids for agent in catalogue.agents(UUID(str(one)))]
    if audience is Audience.DEPUTY:
        return _deputies(event, catalogue)
    return _first_answering(catalogue, _units(audience, event))


def _deputies(event: EventRow, catalogue: Catalogue) -> list[UUID | None]:
    unit = catalogue.units.get(event["holder_id"]) if event["holder_id"] else None
    posts = unit.posts if unit else ()
    return [post.person_id for post in posts if post.role is Role.DEPUTY and post.is_available(today())]


def _units(audience: Audience, event: EventRow) -> list[UUID | None]:
    """Return the units of an audience, the first choice first; None where there is no such unit."""
    offices = [event["community_id"], event["street_id"]]
    # The unit that holds the ticket, and those above it; where nobody holds it yet, those from its level up.
    upwards = [event["holder_id"], *offices[event["level"] - 1 :]]
    units = {
        Audience.NEXT: upwards[1:],
        Audience.JOINED: event["target_unit_ids"],
        Audience.COMMUNITY: offices,
        Audience.STREET: offices[1:],
    }
    return units.get(audience, upwards)


def _first_answering(catalogue: Catalogue, unit_ids: Iterable[UUID | None]) -> list[UUID | None]:
    """Return who answers for the first of these units that has somebody who does."""
    return next(
        ([post.person_id] for unit_id in unit_ids if (post := catalogue.responsible_post(unit_id))), []
    )


def _visible_at(
    event: EventRow, person_audiences: set[Audience], catalogue: Catalogue, now: datetime
) -> datetime:
    """Return when a notice becomes visible: the earliest moment of the audiences its recipient belongs to."""
    clocks = catalogue.rules((event["street_id"], event["community_id"])).clocks(event["category"])
    clock_name = event["data"].get("clock")
    return min(
        visible_from(event["type"], audience, clock_name, now, clocks) for audience in person_audiences
    )
