"""A consistent copy of everything while the server runs, and the way back from it."""

from app.services.backups.restoring import restore
from app.services.backups.taking import take

__all__ = ["restore", "take"]
