"""The grids of a community: read, and cut anew."""

from app.services.grids.cutting import cut
from app.services.grids.own import own
from app.services.grids.standing import read, scope

__all__ = ["cut", "own", "read", "scope"]
