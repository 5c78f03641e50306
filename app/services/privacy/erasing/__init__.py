"""Erasure of a person: one statement at once, the rest by the worker, and a replay after a restore."""

from app.services.privacy.erasing.finish import sweep_erasures
from app.services.privacy.erasing.replay import replay_erasures
from app.services.privacy.erasing.request import erase_me
from app.services.privacy.erasing.statement import erase_person
from app.services.privacy.erasing.tombstones import (
    Tombstone,
    database_tombstones,
    load_tombstones,
    read_tombstones,
    stored_tombstones,
)

__all__ = [
    "Tombstone",
    "database_tombstones",
    "erase_me",
    "erase_person",
    "load_tombstones",
    "read_tombstones",
    "replay_erasures",
    "stored_tombstones",
    "sweep_erasures",
]
