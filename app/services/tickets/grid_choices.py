"""The grids that a ticket can be given to by hand, the most likely first."""

from app.enums import Level
from app.models.grid import GridChoiceOut
from app.rules import lifecycle, routing
from app.rules.access import Part
from app.rules.routing import Unit
from app.services.tickets.view import TicketView


def grid_choices(view: TicketView) -> list[GridChoiceOut]:
    """Return the grids within the caller's community or street, without the one that holds the ticket.

    First the one that covers its place, then the others of its community; last the one that sent it back.
    Raises Forbidden for somebody who may never reassign it.
    """
    lifecycle.require_permission("reassign", view.parts)
    own = {seat.unit_id for part in (Part.COMMUNITY, Part.STREET) if (seat := view.parts.get(part))}
    units, holder_id = view.catalogue.units, view.ticket["holder_id"]
    grids = [
        unit
        for unit in units.values()
        if unit.level is Level.GRID
        and not unit.ended
        and unit.id != holder_id
        and not own.isdisjoint(unit.path)
    ]
    choices = [(grid, _choice(grid, view)) for grid in grids]
    community_id = view.ticket["community_id"]
    choices.sort(
        key=lambda pair: (
            pair[1].sent_back,
            not pair[1].covers,
            community_id not in pair[0].path,
        )
    )
    return [choice for _, choice in choices]


def _choice(grid: Unit, view: TicketView) -> GridChoiceOut:
    post, sent_back = view.catalogue.responsible_post(grid.id), view.ticket.get("sent_back")
    return GridChoiceOut(
        id=grid.id,
        label=grid.label,
        name=post and post.name,
        role_name=view.catalogue.unit_role_name(post.role, grid.id, post.title) if post else None,
        covers=routing.covering_grid(view.path, view.catalogue.covers) == grid.id,
        sent_back=sent_back is not None and sent_back["unit_id"] == str(grid.id),
    )
