"""Acts that move a ticket to another holder or place: return, reassign, not mine."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.errors import Invalid
from app.models import act as shapes
from app.rules import lifecycle, routing
from app.rules.access import Part
from app.rules.facts import changed
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
    changes = {"place_id": spot.id, **routed(scene, spot.path)}
    data = {"place": str(spot.id), **whither(changes)}
    return Effect(limits.all_along(scene, accepting_anew(scene, changes)), data, part=part)


def reroute(scene: Scene) -> Effect:
    """Route a ticket whose grid is no more to whoever covers its place now; its clocks as with `reassign`."""
    changes = routed(scene, scene.place_path)
    data = {"cause": "grids", "from": str(scene.ticket["holder_id"]), **whither(changes)}
    return Effect(accepting_anew(scene, changes), data)


def routed(scene: Scene, path: Sequence[UUID]) -> dict[str, Any]:
    """Return the changes that put a ticket where a report of this place would go today."""
    route = routing.route(path, scene.catalogue.covers, scene.catalogue.units, today())
    return {
        "street_id": route.street_id,
        "community_id": route.community_id,
        "grid_id": route.grid_id,
        "level": route.level,
        "holder_id": route.holder_id,
        "first_unit_id": scene.ticket["first_unit_id"] or route.holder_id,
    }


def sheltered(scene: Scene, changes: dict[str, Any]) -> dict[str, Any]:
    """Route a ticket anew that comes back to work, or down again, in a grid that is no more meanwhile."""
    after = changed(scene.ticket, changes)
    back = scene.ticket["status"] not in lifecycle.UNDER_WAY or "holder_id" in changes
    unit = scene.catalogue.units.get(after["holder_id"]) if after["holder_id"] else None
    if unit is None or not unit.ended or not back or after["status"] not in lifecycle.UNDER_WAY:
        return {}
    return routed(scene, scene.place_path)


def whither(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an event says of where a ticket goes."""
    return {"level": changes["level"], "unit": changes["holder_id"] and str(changes["holder_id"])}


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
