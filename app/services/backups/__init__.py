"""Backups: a consistent copy of everything, made while the server runs, and its restoration."""

from app.services.backups.create import create_backup
from app.services.backups.restore import restore_backup

__all__ = ["create_backup", "restore_backup"]
