"""Who may give and end which role where: one table; and what lies within somebody's own place."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from app.errors import Forbidden, NotFound
from app.rules.access import GRID_ROLES, Actor, Seat
from app.services.catalogue import Catalogue
from app.words import ROLE, Role

Path = Sequence[UUID]  # from the street to a place

# Below one's own place one gives these. Colleagues of one's own level only an admin gives: the second person whose
# consent opens an anonymous report must not be of the first one's making.
GIVES: Final[dict[Role, frozenset[Role]]] = {
    Role.COMMUNITY: GRID_ROLES | {Role.AGENT},
    Role.STREET: GRID_ROLES | {Role.AGENT, Role.COMMUNITY, Role.AUDITOR},
    Role.ADMIN: frozenset(Role),
}
_RUN: Final = frozenset(GIVES)


def own_places(actor: Actor) -> list[UUID]:
    """Return the places somebody runs, as community, street or admin; Forbidden for who runs none."""
    places = actor.units(_RUN)
    if not places:
        raise Forbidden
    return places


def is_within(actor: Actor, paths: Sequence[Path]) -> bool:
    """Tell whether one of `paths` lies within a place somebody runs."""
    own = set(actor.units(_RUN))
    return any(not own.isdisjoint(path) for path in paths)


def require_in_sight(actor: Actor, known: Catalogue, paths: Sequence[Path]) -> None:
    """Refuse as not found what lies neither within a place somebody runs nor around it, like what is not there."""
    own = own_places(actor)
    around = {node for place in own if place in known.units for node in known.units[place].path}
    if not is_within(actor, paths) and not any(path[-1] in around for path in paths):
        raise NotFound


def require_all_within(actor: Actor, paths: Sequence[Path]) -> None:
    """Refuse what does not lie wholly within a place somebody runs."""
    if not all(is_within(actor, [path]) for path in paths):
        raise Forbidden("这里有您辖区以外的地点，您没有权限做这件事")


def require_gives(actor: Actor, role: Role, paths: Sequence[Path]) -> None:
    """Refuse whoever may not give or end a role at a place, or with an organisation that serves these places."""
    if not any(_gives(seat, role, paths) for seat in actor.seats):
        raise Forbidden(f"您不能安排或调整这里的{ROLE[role]}")


def _gives(seat: Seat, role: Role, paths: Sequence[Path]) -> bool:
    if role not in GIVES.get(seat.role, ()) or not paths:
        return False
    if not all(seat.unit_id in path for path in paths):
        return False
    own_level = any(path[-1] == seat.unit_id for path in paths)
    return seat.role is Role.ADMIN or role is Role.AGENT or not own_level
