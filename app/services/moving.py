"""Acts that move a ticket to another holder or place: return, reassign, not mine."""

from app.errors import Invalid
from app.models import act as shapes
from app.rules import lifecycle, routing
from app.rules.access import Part
from app.services import limits
from app.services.catalogue import Spot, today
from app.services.scene import Effect, Scene, accepting_anew


def give_back(scene: Scene, form: shapes.ReasonIn) -> Effect:
    """Return the ticket to the level below; its clocks go on."""
    unit = lifecycle.below(scene.ticket)
    level = scene.ticket["level"] - 1
    changes = {"level": level, "holder_id": unit, "returns": scene.ticket["returns"] + 1}
    return Effect(changes, {"level": level, "unit": str(unit)}, form.reason)


def reassign(scene: Scene, form: shapes.ReassignIn) -> Effect:
    """Correct the place and route the ticket anew; accept clock anew, resolve clock goes on, by the new place's limits."""
    spot = scene.catalogue.spots.get(form.place_id)
    if spot is None:
        raise Invalid.at("/place_id", "没有这个地点，请重新选择")
    part = _over(scene, spot)
    route = routing.route(spot.path, scene.catalogue.covers, scene.catalogue.units, today())
    changes = {
        "place_id": spot.id,
        "street_id": route.street_id,
        "community_id": route.community_id,
        "grid_id": route.grid_id,
        "level": route.level,
        "holder_id": route.holder_id,
        "first_unit_id": scene.ticket["first_unit_id"] or route.holder_id,
    }
    data = {"place": str(spot.id), "level": route.level, "unit": route.holder_id and str(route.holder_id)}
    return Effect(limits.all_along(scene, accepting_anew(scene, changes)), data, part=part)


def _over(scene: Scene, spot: Spot) -> Part:
    """Return the part whose community or street the place lies in."""
    for part in (Part.COMMUNITY, Part.STREET):
        seat = scene.parts.get(part)
        if seat and seat.unit_id in spot.path:
            return part
    raise Invalid.at("/place_id", "只能改到您管辖范围内的地点")


def not_mine(scene: Scene, form: shapes.ReasonIn) -> Effect:
    """Put the ticket to its community's unassigned queue, to be reassigned from there."""
    changes = {"level": 1, "grid_id": None, "holder_id": None}
    data = {"from": str(scene.ticket["holder_id"]), "level": 1}
    return Effect(accepting_anew(scene, changes), data, form.reason)
