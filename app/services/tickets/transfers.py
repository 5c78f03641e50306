"""Actions that move a ticket to another holder or place: return, reassign, not mine."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.enums import Level
from app.errors import Invalid
from app.models import act as shapes
from app.rules import lifecycle, routing
from app.rules.access import Part
from app.rules.facts import Facts, SentBack, with_changes
from app.rules.routing import Route, Unit
from app.rules.statuses import UNRESOLVED
from app.services.setup import PlaceRef, today
from app.services.tickets import limits
from app.services.tickets.context import ActionContext, ActionResult, with_accept_limit


def give_back(context: ActionContext, form: shapes.ReasonIn) -> ActionResult:
    """Return the ticket to the level below. Its clocks keep running."""
    unit = lifecycle.unit_below(context.ticket)
    level = context.ticket["level"] - 1
    changes = {"level": level, "holder_id": unit, "returns": context.ticket["returns"] + 1}
    return ActionResult(changes, {"level": level, "unit": str(unit)}, form.reason)


def reassign(context: ActionContext, form: shapes.ReassignIn) -> ActionResult:
    """Correct the place and route the ticket again, or give it to a grid by hand; with the limits that apply there.

    The accept clock starts again; the resolve clock keeps running. The note on where exactly it is (3楼) goes with the
    place it was about.
    """
    part, changes, data = _to_grid(context, form.grid_id) if form.grid_id else _to_place(context)
    data |= {"from": _last_unit(context.ticket), **destination(changes)}
    return ActionResult(
        limits.limits_from_start(context, with_accept_limit(context, changes)), data, part=part
    )


Target = tuple[Part, dict[str, Any], dict[str, Any]]  # the acting part, the changes, the event data


def _to_place(context: ActionContext) -> Target:
    place = context.new_place
    if place is None:
        raise Invalid.at("/place_id", "没有这个地点，请重新选择")
    part = _part_above(context, place.path)
    if part is None:
        raise Invalid.at("/place_id", "只能改到您管辖范围内的地点")
    changes = {"place_id": place.id, **route_changes(context, place.path)}
    if not _is_same_spot(context, place):
        changes["place_note"] = None
    return part, changes, {"place": str(place.id)}


def _to_grid(context: ActionContext, grid_id: UUID) -> Target:
    """Give the ticket to a grid, whichever grid covers its place; the place stays as it was reported."""
    grid = context.catalogue.units.get(grid_id)
    if grid is None or grid.level is not Level.GRID or grid.ended:
        raise Invalid.at("/grid_id", "没有这个网格，请重新选择")
    part = _part_above(context, grid.path)
    if part is None:
        raise Invalid.at("/grid_id", "只能改派给您管辖范围内的网格")
    if context.ticket["holder_id"] == grid_id:
        raise Invalid.at("/grid_id", f"已经由{grid.label}办理")
    return part, _changes_to_grid(context, grid), {"grid": str(grid_id)}


def _is_same_spot(context: ActionContext, place: PlaceRef) -> bool:
    """Tell whether `place` is the ticket's place so far or lies within it; a position alone may be anywhere."""
    current = context.ticket["place_id"]
    return current is None or current in place.path


def reroute(context: ActionContext) -> ActionResult:
    """Route a ticket of an ended or moved grid to the grid that covers its place now. Clocks as in `reassign`.

    A ticket that was given to its grid by hand stays with it wherever it is moved: no cover says so.
    """
    holder_id = context.ticket["holder_id"]
    grid = context.catalogue.units.get(holder_id) if holder_id else None
    data = {"cause": "grids", "from": str(holder_id)}
    if grid and not grid.ended and context.ticket.get("assigned_by_hand"):
        changes, data = _changes_to_grid(context, grid), data | {"grid": str(grid.id)}
    else:
        changes = route_changes(context, context.place_path)
    return ActionResult(with_accept_limit(context, changes), data | destination(changes))


def route_changes(context: ActionContext, path: Sequence[UUID]) -> dict[str, Any]:
    """Return the changes that route a ticket as a new report from this path would be routed today."""
    return _changes(context, routing.route(path, context.catalogue.covers, context.catalogue.units, today()))


def _changes_to_grid(context: ActionContext, grid: Unit) -> dict[str, Any]:
    return _changes(context, routing.route_to_grid(grid, context.catalogue.units, today()))


def _changes(context: ActionContext, route: Route) -> dict[str, Any]:
    return {
        "street_id": route.street_id,
        "community_id": route.community_id,
        "grid_id": route.grid_id,
        "level": route.level,
        "holder_id": route.holder_id,
        "first_unit_id": context.ticket["first_unit_id"] or route.holder_id,
    }


def route_out_of_ended_unit(context: ActionContext, changes: dict[str, Any]) -> dict[str, Any]:
    """Return the route changes of a ticket that an act puts, or puts back, into a unit that has ended; else none."""
    after = with_changes(context.ticket, changes)
    enters_unit = context.ticket["status"] not in UNRESOLVED or "holder_id" in changes
    unit = context.catalogue.units.get(after["holder_id"]) if after["holder_id"] else None
    if unit is None or not unit.ended or not enters_unit or after["status"] not in UNRESOLVED:
        return {}
    return route_changes(context, context.place_path)


def destination(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event data that say where a ticket goes."""
    return {"level": changes["level"], "unit": changes["holder_id"] and str(changes["holder_id"])}


def _part_above(context: ActionContext, path: Sequence[UUID]) -> Part | None:
    """Return the part of the caller whose community or street contains this path, None if there is none."""
    for part in (Part.COMMUNITY, Part.STREET):
        seat = context.parts.get(part)
        if seat and seat.unit_id in path:
            return part
    return None


def _last_unit(ticket: Facts) -> str | None:
    """Return the unit that holds the ticket, or held it before it was put into the unassigned queue."""
    holder_id, sent_back = ticket["holder_id"], ticket.get("sent_back")
    if holder_id:
        return str(holder_id)
    return sent_back["unit_id"] if sent_back else None


def not_mine(context: ActionContext, form: shapes.ReasonIn) -> ActionResult:
    """Put the ticket into its community's unassigned queue, from which it is reassigned."""
    changes = {"level": 1, "grid_id": None, "holder_id": None}
    unit_id = str(context.ticket["holder_id"])
    return ActionResult(
        with_accept_limit(context, changes),
        {"from": unit_id, "level": 1},
        form.reason,
        extra_fields={"sent_back": SentBack(unit_id=unit_id, reason=form.reason)},
    )
