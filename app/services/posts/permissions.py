"""Who may assign and end which role where, and whether a place lies within what somebody manages."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from app.enums import Role
from app.errors import Forbidden, NotFound
from app.labels import ROLE
from app.rules.access import GRID_ROLES, Actor, Seat
from app.services.setup import Catalogue

PlacePath = Sequence[UUID]  # from the street down to the place itself

# The roles somebody may assign below their own place. At the place itself only an admin assigns roles: otherwise one
# person could appoint the second person whose consent opens an anonymous report.
ASSIGNABLE_ROLES: Final[dict[Role, frozenset[Role]]] = {
    Role.COMMUNITY: GRID_ROLES | {Role.AGENT, Role.STEWARD},
    Role.STREET: GRID_ROLES | {Role.AGENT, Role.COMMUNITY, Role.AUDITOR, Role.STEWARD},
    Role.ADMIN: frozenset(Role),
}
_MANAGER_ROLES: Final = frozenset(ASSIGNABLE_ROLES)


def own_places(actor: Actor) -> list[UUID]:
    """Return the places the actor manages, as community, street or admin. Raises Forbidden if there are none."""
    places = actor.units(_MANAGER_ROLES)
    if not places:
        raise Forbidden
    return places


def is_within(actor: Actor, paths: Sequence[PlacePath]) -> bool:
    """Tell whether at least one of `paths` lies within a place the actor manages."""
    own = set(actor.units(_MANAGER_ROLES))
    return any(not own.isdisjoint(path) for path in paths)


def require_visible(actor: Actor, catalogue: Catalogue, paths: Sequence[PlacePath]) -> None:
    """Raise NotFound unless one of `paths` lies within a place the actor manages, or ends in one above such a place.

    Raises Forbidden for an actor who manages no place.
    """
    own = own_places(actor)
    above = {node for place in own if place in catalogue.units for node in catalogue.units[place].path}
    if not is_within(actor, paths) and not any(path[-1] in above for path in paths):
        raise NotFound


def require_all_within(actor: Actor, paths: Sequence[PlacePath]) -> None:
    """Raise Forbidden unless every one of `paths` lies within a place the actor manages."""
    if not all(is_within(actor, [path]) for path in paths):
        raise Forbidden("这里有您辖区以外的地点，您没有权限做这件事")


def require_may_appoint(actor: Actor, role: Role, paths: Sequence[PlacePath]) -> None:
    """Raise Forbidden unless the actor may assign and end a role at `paths`.

    `paths` is the one path of a place, or the paths of all places an organisation serves.
    """
    if not any(_may_appoint(seat, role, paths) for seat in actor.seats):
        raise Forbidden(f"您不能安排或调整这里的{ROLE[role]}")


def _may_appoint(seat: Seat, role: Role, paths: Sequence[PlacePath]) -> bool:
    if role not in ASSIGNABLE_ROLES.get(seat.role, ()) or not paths:
        return False
    if not all(seat.unit_id in path for path in paths):
        return False
    at_own_place = any(path[-1] == seat.unit_id for path in paths)
    return seat.role is Role.ADMIN or role is Role.AGENT or not at_own_place
