"""Being forgotten: at once and in one statement; what cannot be at once, by the worker; and again after a restore."""

from app.services.erasing.finishing import look, sweep
from app.services.erasing.leaving import leave
from app.services.erasing.register import noted, read, told, written
from app.services.erasing.replaying import replay
from app.services.erasing.statement import erase

__all__ = ["erase", "leave", "look", "noted", "read", "replay", "sweep", "told", "written"]
