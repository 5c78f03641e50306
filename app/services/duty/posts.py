"""The posts of a roster: who can be put on shift, and whom a colleague can ask to take one."""

from uuid import UUID

from app.errors import NotFound
from app.models.duty import UnitRef
from app.models.shift import RosterPostOut
from app.rules import shifts as rules
from app.rules.access import Actor
from app.rules.routing import SUCCESSION, Unit, UnitPost
from app.services import setup
from app.services.duty.shifts import named, plans, sees
from app.services.pagination import page_after
from app.services.setup import Catalogue


async def post_page(
    actor: Actor, place_id: UUID | None, limit: int, cursor: str | None
) -> tuple[list[RosterPostOut], str | None]:
    """Return a page of the posts that can be on shift in the actor's units and those below, by unit, in the order in which
    they answer. Raises NotFound for a place out of their sight.
    """
    catalogue = await setup.current_catalogue()
    units = [unit for unit in catalogue.units.values() if sees(actor, unit) and not unit.ended]
    if place_id:
        units = [unit for unit in units if place_id in unit.path]
        if not units:
            raise NotFound
    units.sort(key=lambda unit: (len(unit.path), unit.id))  # as they were made: labels do not count
    found = [(unit, post) for unit in units for post in _in_order(unit)]
    page, next_cursor = page_after(found, limit, cursor, lambda pair: pair[1].id)
    return [_row(actor, catalogue, *pair) for pair in page], next_cursor


def _in_order(unit: Unit) -> list[UnitPost]:
    order = SUCCESSION[unit.level]
    able = [post for post in unit.posts if rules.can_be_on_shift(unit, post)]
    return sorted(able, key=lambda post: order.index(post.role) if post.role in order else len(order))


def _row(actor: Actor, catalogue: Catalogue, unit: Unit, post: UnitPost) -> RosterPostOut:
    return RosterPostOut(
        **named(catalogue, unit, post.id),
        unit=UnitRef(id=unit.id, level=unit.level, label=unit.label),
        mine=any(seat.id == post.id for seat in actor.seats),
        plans=plans(actor, unit),
    )
