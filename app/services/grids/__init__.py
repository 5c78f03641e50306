"""The grids of a community: read, and replaced, with what that does to open tickets and posts."""

from app.services.grids.cards import my_grids
from app.services.grids.cut import cut_grids
from app.services.grids.scope import grid_scope
from app.services.grids.serializers import read_grids

__all__ = ["cut_grids", "grid_scope", "my_grids", "read_grids"]
