"""Backups: a consistent copy of everything, made while the server runs, and its restoration; what a rollback has lost."""

from app.services.backups.create import create_backup
from app.services.backups.restore import restore_backup
from app.services.backups.witness import Witness, accept_rollback, find_rollback, keep_witness

__all__ = [
    "Witness",
    "accept_rollback",
    "create_backup",
    "find_rollback",
    "keep_witness",
    "restore_backup",
]
