"""Whose webhooks somebody manages: those of their organisation, community or street."""

from typing import NamedTuple
from uuid import UUID

from app.enums import Role
from app.errors import Forbidden
from app.rules.access import Actor


class Owner(NamedTuple):
    """The owner of a webhook: an organisation, or a community or street (`place_id`)."""

    organisation_id: UUID | None = None
    place_id: UUID | None = None

    @property
    def id(self) -> UUID:
        """The id that is set."""
        owner_id = self.organisation_id or self.place_id
        assert owner_id is not None
        return owner_id


def owners(actor: Actor) -> list[Owner]:
    """Return the owners whose webhooks the actor manages, narrowest first. Raises Forbidden if there are none."""
    managed = [
        Owner(seat.organisation_id) if seat.organisation_id else Owner(None, seat.unit_id)
        for seat in actor.seats
        if seat.organisation_id or seat.role in {Role.COMMUNITY, Role.STREET}
    ]
    if not managed:
        raise Forbidden
    return managed
